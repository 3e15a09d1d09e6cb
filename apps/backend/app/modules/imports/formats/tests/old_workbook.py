"""Writes the smallest .xls there can be: a BIFF8 workbook ([MS-XLS]) in a compound file ([MS-CFB]) of 512-byte sectors."""

from __future__ import annotations

import struct
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_SECTOR = 512
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_LARGEST_OF_MINI_STREAM = 4096
_GENERAL, _DATE = 0, 14
_EPOCH_1900 = 693594
"""Ordinal of 1899-12-30, the day 0 of a workbook for every date after February 1900."""


def old_workbook(rows: Iterable[Sequence[object]], name: str = "Hoja") -> bytes:
    """A workbook with one sheet. Cells are text, numbers, days or None."""
    sheet = _sheet(rows)
    head, end = _begin(0x0005) + _format(_GENERAL) + _format(_DATE), _record(0x0A, b"")
    at = len(head) + len(_entry_of_sheet(0, name)) + len(end)
    return _compound(head + _entry_of_sheet(at, name) + end + sheet)


def _entry_of_sheet(at: int, name: str) -> bytes:
    return _record(0x85, struct.pack("<LHBB", at, 0, len(name), 0) + name.encode("latin-1"))


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def _begin(what: int) -> bytes:
    return _record(0x0809, struct.pack("<HHHHLL", 0x0600, what, 0x0DBB, 0x07CC, 0, 6))


def _format(number: int) -> bytes:
    return _record(0xE0, struct.pack("<HHH", 0, number, 0) + bytes(14))


def _sheet(rows: Iterable[Sequence[object]]) -> bytes:
    cells = [_cell(at, column, value) for at, row in enumerate(rows) for column, value in enumerate(row)]
    return _begin(0x0010) + b"".join(cells) + _record(0x0A, b"")


def _cell(row: int, column: int, value: object) -> bytes:
    match value:
        case None:
            return b""
        case str():
            text = value.encode("utf-16-le")
            return _record(0x0204, struct.pack("<HHHHB", row, column, 0, len(text) // 2, 1) + text)
        case int() | float():
            return _record(0x0203, struct.pack("<HHHd", row, column, 0, value))
        case date():
            return _record(0x0203, struct.pack("<HHHd", row, column, 1, value.toordinal() - _EPOCH_1900))
        case _:
            raise TypeError(value)


def _compound(stream: bytes) -> bytes:
    """One stream in sectors after the directory and the allocation table."""
    stream = stream.ljust(_LARGEST_OF_MINI_STREAM, b"\0")
    sectors = -(-len(stream) // _SECTOR)
    assert sectors + 2 <= _SECTOR // 4, "one sector of allocation table has to do"
    chain = [_FAT, _END, *range(3, sectors + 2), _END]
    table = struct.pack("<128L", *chain, *[_FREE] * (128 - len(chain)))
    directory = _entry("Root Entry", 5, _END, 0, child=1) + _entry("Workbook", 2, 2, len(stream)) + bytes(256)
    return _header() + table + directory + stream.ljust(sectors * _SECTOR, b"\0")


def _header() -> bytes:
    signature = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16)
    version = struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    counts = struct.pack("<LLLLLLLLL", 0, 1, 1, 0, _LARGEST_OF_MINI_STREAM, _END, 0, _END, 0)
    return signature + version + counts + struct.pack("<109L", 0, *[_FREE] * 108)


def _entry(name: str, kind: int, start: int, size: int, *, child: int = _FREE) -> bytes:
    text = (name + "\0").encode("utf-16-le")
    links = struct.pack("<LLL", _FREE, _FREE, child)
    return (
        text.ljust(64, b"\0")
        + struct.pack("<HBB", len(text), kind, 1)
        + links
        + bytes(36)
        + struct.pack("<LQ", start, size)
    )
