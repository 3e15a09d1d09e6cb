"""Which characters a run of bytes means: byte order mark, then UTF-8, then the Western code pages of old exports."""

from __future__ import annotations

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BARE_XML = ((b"<\0?\0", "utf-16-le"), (b"\0<\0?", "utf-16-be"), (b"<\0\0\0", "utf-32-le"), (b"\0\0\0<", "utf-32-be"))
# Tab, line ends, form feed, SUB (the end-of-file mark of DOS) and ESC occur in honest text; SWIFT frames with SOH/ETX.
_STRANGE = re.compile("[\x00\x02\x04-\x08\x0e-\x19\x1c-\x1f\x7f-\x9f]")
_MAX_CONTROL_SHARE = 0.02
_PADDING = b"\0\x1a \t\r\n"


def decode_head(head: bytes, *, complete: bool) -> tuple[str, str] | None:
    """The text of a file's head and the encoding it was read with; None when the bytes are not text.

    ``complete`` is false when the file goes on after the head, which may then end within a character.
    """
    for mark, encoding in (*_MARKS, *_BARE_XML):
        if head.startswith(mark):
            text = _decode(head, encoding, complete=complete)
            return None if text is None else (text, encoding)
    if b"\0" in head:
        head, complete = head.rstrip(_PADDING), True
        if b"\0" in head or not head.lstrip().startswith(b"<"):
            return None  # markup alone says where it ends: what fills up the block of a host behind it is nothing
    for encoding in ("utf-8", "cp1252", "latin-1"):
        text = _decode(head, encoding, complete=complete)
        if text is not None:
            return (text, encoding) if _looks_written(text) else None
    return None


def _decode(head: bytes, encoding: str, *, complete: bool) -> str | None:
    try:
        return codecs.getincrementaldecoder(encoding)().decode(head, final=complete)
    except UnicodeDecodeError:
        return None


def _looks_written(text: str) -> bool:
    return len(_STRANGE.findall(text)) <= len(text) * _MAX_CONTROL_SHARE
