"""How the content of a mail's part was made fit for transport, and how it is undone (RFC 2045 §6; uuencode: POSIX).

Senders write it loosely: the name with blanks or a comment, base64 in chunks that are padded each, lines of a mailing
list behind it. Nothing of that may cut a file short without a word.
"""

from __future__ import annotations

import base64
import binascii
import copy
import quopri
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message

_COMMENT: Final = re.compile(r"\([^()]*\)")
_NAME: Final = re.compile(r"[\w.-]+")
_UU_NAMES: Final = frozenset({"x-uuencode", "uuencode", "uue", "x-uue"})
_NOT_BASE64: Final = re.compile(rb"[^A-Za-z0-9+/=]")
_USUAL: Final = re.compile(rb"[A-Za-z0-9+/\r\n]*={0,2}[\r\n]*")
"""Nothing foreign in it, and one group."""
_GROUP: Final = re.compile(rb"[A-Za-z0-9+/]+")
_QUANTUM: Final = 4
_MOSTLY: Final = 0.9
"""A line of which less belongs to base64, or with words in it, is a text."""
_CERTAIN: Final = 60
"""No line of prose is that long without a blank."""
_UU_BLOCK: Final = re.compile(
    rb"^begin [0-7]{3,4} ([^\r\n]+)\r?\n((?:[ -`]{1,85}\r?\n)*?)(?:`|[ ])?\r?\nend\s*$", re.MULTILINE
)


class BrokenEncodingError(ValueError):
    """The content cannot be had back as it was sent."""


def decoded(part: Message) -> bytes:
    """The content of a part that is no multipart. Raises BrokenEncodingError."""
    return undone(str(part.get("Content-Transfer-Encoding", "")), transported(part))


def transported(part: Message) -> bytes:
    """The content as it travelled, byte for byte."""
    bare = copy.copy(part)
    del bare["Content-Transfer-Encoding"]  # of the copy alone; without it nothing is undone
    content = bare.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def undone(encoding: str, content: bytes) -> bytes:
    """The content without an encoding of this name. Raises BrokenEncodingError."""
    match normal_name(encoding):
        case "base64":
            return from_base64(content)
        case "quoted-printable":
            return quopri.decodestring(content)
        case name if name in _UU_NAMES:
            return from_uu(content)
        case _:
            return content


def normal_name(encoding: str) -> str:
    """Without comments, blanks and what stands behind it; in small letters."""
    name = _NAME.search(_COMMENT.sub(" ", encoding))
    return "" if name is None else name.group().lower()


def from_base64(content: bytes) -> bytes:
    """Group by group: each padding ends one, and another may follow. Raises BrokenEncodingError for a rest."""
    is_usual = _USUAL.fullmatch(content) is not None
    groups = _GROUP.findall(content.translate(None, b"\r\n") if is_usual else b"".join(_base64_lines(content)))
    if content.strip() and not groups:
        raise BrokenEncodingError("nothing in it is base64")
    if any(len(group) % _QUANTUM == 1 for group in groups):
        raise BrokenEncodingError("a group of base64 is not whole")
    return b"".join(base64.b64decode(group + b"=" * (-len(group) % _QUANTUM)) for group in groups)


def from_uu(content: bytes) -> bytes:
    """With or without the lines that open and close it. Raises BrokenEncodingError."""
    block = _UU_BLOCK.search(content)
    lines = (content if block is None else block.group(2)).splitlines()
    try:
        return b"".join(binascii.a2b_uu(_whole_uu(line)) for line in lines if line.strip())
    except binascii.Error as error:
        raise BrokenEncodingError("uuencoded lines are damaged") from error


def uuencoded(content: bytes) -> Iterator[tuple[str, bytes]]:
    """Name and lines of the files that stand in a text."""
    return ((as_text(block.group(1)).strip(), block.group(2)) for block in _UU_BLOCK.finditer(content))


def as_text(raw: bytes) -> str:
    """Of a name whose character set nobody states: UTF-8 where it is, what Windows writes in the West otherwise."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def _base64_lines(content: bytes) -> Iterator[bytes]:
    """The lines that are base64, without foreign characters; lines of text behind them are no part of it."""
    lines, begun = content.splitlines(), False
    for number, line in enumerate(lines):
        kept = _NOT_BASE64.sub(b"", line)
        if not line.strip():
            continue
        if _is_text(line.strip(), kept):
            if not begun:
                continue
            if any(_is_certain(later) for later in lines[number:]):
                raise BrokenEncodingError("base64 goes on behind a text")
            return
        begun = True
        yield kept


def _is_text(line: bytes, kept: bytes) -> bool:
    return len(kept) < _MOSTLY * len(line) or (b" " in line and len(max(line.split(), key=len)) < _CERTAIN)


def _is_certain(line: bytes) -> bool:
    return len(line.strip()) >= _CERTAIN and not _NOT_BASE64.search(line.strip())


def _whole_uu(line: bytes) -> bytes:
    """Exactly as long as its first character says: some programs add a checksum, others drop blanks at the end."""
    length = 1 + -(-((line[0] - 32) & 63) // 3) * 4
    return line[:length].ljust(length)
