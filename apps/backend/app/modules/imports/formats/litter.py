"""What operating systems and mail programs leave among files, and what no sender meant as a document."""

from __future__ import annotations

import re
from typing import Final

_NAMES: Final = frozenset(
    {".ds_store", "thumbs.db", "desktop.ini", ".directory", "icon\r", "icon\r\n", "smime.p7s", "daticert.xml"}
)
"""Of folders (macOS, Windows, KDE), of S/MIME and of Italian certified mail."""
_SUFFIXES: Final = (".ics", ".vcf")
_FOOTER: Final = re.compile(r"att\d{5,}\.(?:txt|html?)")
"""Outlook's and Exchange's name for the text that a mailing list or a disclaimer adds behind the attachments."""
_LOCK: Final = "~$"
_APPLE_DOUBLE: Final = b"\x00\x05\x16\x07"
"""RFC 1740: the other half of a Macintosh file; what it says of the file is no document."""


def is_litter(name: str) -> bool:
    """By its name alone, of which folders are a part."""
    *folders, last = name.replace("\\", "/").split("/")
    low = last.lower()
    return (
        "__MACOSX" in folders
        or low in _NAMES
        or low.startswith(_LOCK)
        or low.endswith(_SUFFIXES)
        or _FOOTER.fullmatch(low) is not None
    )


def is_other_half(content: bytes) -> bool:
    """An AppleDouble header, whatever its name: only its content tells."""
    return content.startswith(_APPLE_DOUBLE)
