"""A zip's directory without two mistakes of packers that other programs pass over and Python's reader stops at: a name
that is said to be UTF-8 and is none, and an extra field that is longer than the room for it.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, BinaryIO, Final

from app.modules.imports.formats.zip_directory import ENTRY, UTF8_NAME, read_directory

if TYPE_CHECKING:
    from collections.abc import Iterator

_FLAGS_AT: Final = 8
_UNKNOWN: Final = 0xFFFF
"""A kind of extra field that nobody uses."""


class MendedZip:
    """The file, but for its directory. It is read and nothing else."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file = file
        self._start, directory = read_directory(file, size)
        self._directory = _mended(directory)

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._file.tell()

    def seek(self, offset: int, whence: int = 0, /) -> int:
        return self._file.seek(offset, whence)

    def read(self, size: int = -1, /) -> bytes:
        is_directory = self._file.tell() == self._start and size == len(self._directory)
        content = self._file.read(size)
        return self._directory if is_directory else content


def _mended(directory: bytes) -> bytes:
    mended = bytearray(directory)
    for at, name, extra in _places(directory):
        flags = struct.unpack_from("<H", directory, at + _FLAGS_AT)[0]
        if flags & UTF8_NAME and not _is_utf8(directory[name : extra.start]):
            struct.pack_into("<H", mended, at + _FLAGS_AT, flags & ~UTF8_NAME)
        too_long = _too_long(directory, extra)
        if too_long is not None:
            struct.pack_into("<2H", mended, too_long, _UNKNOWN, extra.stop - too_long - 4)
    return bytes(mended)


def _places(directory: bytes) -> Iterator[tuple[int, int, range]]:
    """Of each entry: where it, its name and its extra fields stand."""
    at = 0
    while directory[at : at + 4] == b"PK\1\2" and at + ENTRY.size <= len(directory):
        name_length, extra_length, comment_length = ENTRY.unpack_from(directory, at)[10:13]
        name = at + ENTRY.size
        extra = name + name_length
        after = extra + extra_length
        yield at, name, range(min(extra, len(directory)), min(after, len(directory)))
        at = after + comment_length


def _too_long(directory: bytes, extra: range) -> int | None:
    at = extra.start
    while at + 4 <= extra.stop:
        after = at + 4 + int.from_bytes(directory[at + 2 : at + 4], "little")
        if after > extra.stop:
            return at
        at = after
    return None


def _is_utf8(name: bytes) -> bool:
    try:
        name.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
