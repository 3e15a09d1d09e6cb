"""Names in the central directory of a zip, read within fixed bounds and without unpacking anything.

PKWARE APPNOTE 6.3 §4.3.12-16, https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_NAMES = 10_000
_MAX_DIRECTORY = 4 * 1024 * 1024
_TAIL = 65_557  # the end record with the longest comment
_END = struct.Struct("<4s4H2LH")
_END64 = struct.Struct("<4sQ2H2L4Q")
_END64_LOCATOR = 20
ENTRY = struct.Struct("<4s6H3L5H2L")
UTF8_NAME = 0x800
_IN_ZIP64 = 0xFFFFFFFF


def read_names(file: BinaryIO, size: int) -> tuple[str, ...]:
    """Up to ``MAX_NAMES`` member names; none when the directory is damaged."""
    return tuple(_names(read_directory(file, size)[1]))


def read_directory(file: BinaryIO, size: int) -> tuple[int, bytes]:
    """Where it begins and, up to a bound, what it says; nothing when it is not found."""
    tail_start = max(0, size - _TAIL)
    file.seek(tail_start)
    tail = file.read(_TAIL)
    end = tail.rfind(b"PK\5\6")
    if end < 0 or len(tail) - end < _END.size:
        return 0, b""
    length = _END.unpack_from(tail, end)[5]
    directory_end = tail_start + end
    if length == _IN_ZIP64:
        record = tail.rfind(b"PK\6\6", 0, max(0, end - _END64_LOCATOR))
        if record < 0 or len(tail) - record < _END64.size:
            return 0, b""
        length, directory_end = _END64.unpack_from(tail, record)[8], tail_start + record
    # Counted back from the end record: data put before the archive (a self-extractor) moves every stated offset.
    start = max(0, directory_end - length)
    file.seek(start)
    return start, file.read(min(length, _MAX_DIRECTORY))


def _names(directory: bytes) -> Iterator[str]:
    at = 0
    for _ in range(MAX_NAMES):
        if directory[at : at + 4] != b"PK\1\2" or at + ENTRY.size > len(directory):
            return
        fields = ENTRY.unpack_from(directory, at)
        flags, (name, extra, comment) = fields[3], fields[10:13]
        at += ENTRY.size
        encoding = "utf-8" if flags & UTF8_NAME else "cp437"
        yield directory[at : at + name].decode(encoding, errors="replace")
        at += name + extra + comment
