"""Whether a file is of the kind that its name says; a name that lies is worth a look, and decides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from app.modules.imports.ports import Probe

_PICTURE: Final = ("image/",)
_MARKUP: Final = ("application/xml", "text/", "application/pkcs7")
_TEXT: Final = ("text/", "message/", "application/xml", "application/json")
_PROGRAM: Final = ()
"""What can be run is never what we read."""
_KINDS: Final[dict[str, tuple[str, ...]]] = {
    "pdf": ("application/pdf",),
    **dict.fromkeys(("xml", "xsig", "p7m", "p7s"), _MARKUP),
    # Phones and chats rename pictures of one format as another; that deceives nobody.
    **dict.fromkeys(("jpg", "jpeg", "png", "gif", "tif", "tiff", "bmp", "webp", "heic", "heif"), _PICTURE),
    **dict.fromkeys(("csv", "txt", "tsv", "eml"), _TEXT),
    "zip": ("application/",),
    **dict.fromkeys(
        ("exe", "com", "bat", "cmd", "scr", "pif", "msi", "js", "jse", "vbs", "wsf", "hta", "ps1", "jar", "lnk"),
        _PROGRAM,
    ),
}


def name_notes(probe: Probe) -> tuple[str, ...]:
    """``type_mismatch`` when the ending of the name promises something else; nothing for endings not known here."""
    kinds = _KINDS.get(probe.name.lower().rpartition(".")[2]) if "." in probe.name else None
    return () if kinds is None or probe.media_type.startswith(kinds) else ("type_mismatch",)
