"""Puts numbers together again that were cut at their decimal comma, where the headings and every row tell how.

A file whose cells end at commas and whose amounts have one, without quotes, has two cells for each amount. It is
mended only if all of its rows agree: each number under a heading of money is followed by two digits, the cells then are
as many as the headings, and some of the digits begin with a nought, as no number of its own does.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Final

from app.modules.imports.domain.canonical import DocumentType
from app.modules.imports.mapping.bank_headings import heading_roles
from app.modules.imports.mapping.tables import HEAD_ROWS, count_known, filled, is_heading
from app.modules.imports.mapping.vocabulary import fold_header, headings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from app.modules.imports.ports import Table

    Row = tuple[object, ...]

_WHOLE: Final = re.compile(r"\s*[-+]?\s*[€$]?\s*(?:\d{1,3}(?:\.\d{3})+|\d+)")
_CENTS: Final = re.compile(r"\d\d(?:\s*[€$])?\s*")
_WHOLE_NUMBER: Final = re.compile(r"\d,\d|\d\.\d{1,2}(?!\d)\s*[€$]?\s*$")
"""A number with its decimals in one cell: then commas were quoted, or decimals have a point."""
_NOUGHT: Final = re.compile(r"\d,0\d")
_LEAST_ROWS: Final = 2
_MONEY: Final = re.compile(r"totals\.|entry\.(amount|debit|credit|balance)$|product\.(unit_price|cost)$|(base|amount)$")
_ROLES: Final = frozenset({"amount", "debit", "credit", "both_sides", "balance"})
_TARGETS: Final = (
    DocumentType.INVOICE,
    DocumentType.BANK_MOVEMENT,
    DocumentType.PRODUCT,
    DocumentType.WITHHOLDING,
)


def with_whole_numbers(table: Table) -> Table:
    """The table with its numbers put together; the table itself where they are whole, or where something is unsure."""
    head = list(islice(table.rows(), HEAD_ROWS))
    start = next((place for place, row in enumerate(head, 1) if _are_headings(row)), None)
    below = next((row for row in head[start:] if filled(row) > 1), ()) if start is not None else ()
    if start is None or len(below) <= len(head[start - 1]) or any(map(_has_numbers, head[: start - 1])):
        return table
    header = head[start - 1]
    if not _tell(islice(table.rows(), start, None), header, len(below)):
        return table
    is_money = tuple(map(_is_of_money, header))
    return replace(table, rows=lambda: _mended_rows(table, start, is_money))


def _mended_rows(table: Table, start: int, is_money: Sequence[bool]) -> Iterator[Row]:
    for place, row in enumerate(table.rows()):
        yield row if place < start or filled(row) <= 1 else _mended(row, is_money) or row


def _tell(rows: Iterator[Row], header: Row, width: int) -> bool:
    """Whether all rows tell which commas are whose, in the same number of cells."""
    is_money = tuple(map(_is_of_money, header))
    count, has_nought = 0, False
    for row in rows:
        if filled(row) <= 1:
            continue
        mended = _mended(row, is_money) if len(row) == width else None
        if mended is None or any(map(_is_whole_number, row)):
            return False
        has_nought = has_nought or any(isinstance(cell, str) and _NOUGHT.search(cell) for cell in mended)
        count += 1
    return count >= _LEAST_ROWS and has_nought


def _mended(row: Row, is_money: Sequence[bool]) -> Row | None:
    """The row under its headings: of money a blank, or a number out of two cells. None where it does not come out."""
    cells: list[object] = []
    place = 0
    for money in is_money:
        if place >= len(row):
            return None
        cell = row[place]
        if money and isinstance(cell, str) and _WHOLE.fullmatch(cell):
            cents = row[place + 1] if place + 1 < len(row) else None
            if not isinstance(cents, str) or not _CENTS.fullmatch(cents):
                return None
            cell, place = f"{cell},{cents}", place + 1
        elif cell is not None and (money or not isinstance(cell, str)):
            return None
        cells.append(cell)
        place += 1
    return tuple(cells) if place == len(row) else None


def _are_headings(row: Row) -> bool:
    cells = [cell for cell in row if cell not in (None, "")]
    return len(cells) > 1 and all(map(is_heading, cells)) and count_known(cells) > 1 and any(map(_is_of_money, cells))


def _is_of_money(name: object) -> bool:
    if not isinstance(name, str):
        return False
    folded = fold_header(name)
    paths = (path for target in _TARGETS for path, _ in headings(target).get(folded, ()))
    return any(map(_MONEY.search, paths)) or not _ROLES.isdisjoint(heading_roles(name))


def _has_numbers(row: Row) -> bool:
    return any(isinstance(cell, str) and _WHOLE.fullmatch(cell) for cell in row)


def _is_whole_number(cell: object) -> bool:
    return isinstance(cell, str) and bool(_WHOLE_NUMBER.search(cell))
