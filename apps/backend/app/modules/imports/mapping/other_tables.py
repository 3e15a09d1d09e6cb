"""Where in a sheet another table begins: headings of its own, with values below them.

What stands under other headings is no data of the table beside it, although it may fit in there: a customer under
``Proveedor``, a summary under ``Total``.
"""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final

from app.modules.imports.domain.canonical import DocumentType
from app.modules.imports.mapping.headings import infer_mapping
from app.modules.imports.mapping.tables import count_known, filled, is_heading, is_typed, merge_headings, unique_names
from app.modules.imports.mapping.vocabulary import fold_header

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    Row = tuple[object, ...]
    Placed = tuple[int, Row]

ANOTHER_TABLE: Final = "another table"
"""The key by which a row says that it is of another table than its mapping is for, and of which."""
_PLAIN_VALUE: Final = re.compile(r"[-+]?[0-9][-0-9.,/: ]*").fullmatch
_LEAST: Final = 2
_LOOK_BELOW: Final = 3
_WHOLE_IN_ONE_ROW: Final = frozenset({DocumentType.INVOICE, DocumentType.WITHHOLDING})
"""A table though it has one row; of other fields one row in front of a table is what a report says of itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TablePart:
    """A table of a sheet: its headings, and the 1-based row in which they stand."""

    header: tuple[str, ...]
    row: int
    printed: Row | None = None
    """The row itself, where it is known: when it comes again it is no data."""

    @property
    def folded(self) -> tuple[str, ...]:
        return tuple(fold_header(name) for name in self.header)


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherTable:
    """A whole table beside the one that is read. ``rows`` are its data with their 1-based places."""

    part: TablePart
    rows: tuple[Placed, ...]


def split_tables(rows: Iterable[Placed], main: TablePart, *, is_begun: bool) -> Iterator[tuple[TablePart, Placed]]:
    """The rows, each with the table that it is of; without headings, also without those that come again. ``is_begun``
    says that there was data before: right below headings stand no others, but a second row of them.
    """
    ahead = _Ahead(rows)
    part, before = main, None
    for place, row in ahead:
        if is_begun and _may_be_headings(row):
            found = find_headings(row, ahead.peek(), is_apart=_is_apart(row, before))
            if found is not None:
                header, height = found
                ahead.skip(height - 1)
                part = _known_part(TablePart(header=header, row=place, printed=row), part, main)
                before, is_begun = row, False
                continue
        if row == main.printed:
            part = main
            continue
        is_begun = is_begun or filled(row) >= _LEAST
        before = row
        yield part, (place, row)


def find_headings(row: Row, below: Sequence[Row], *, is_apart: bool) -> tuple[tuple[str, ...], int] | None:
    """The headings that begin with this row, and how many rows they take: one, or two that are read together. They
    name known fields, or stand apart from what is above, with as many cells as the row of values below.
    """
    worded = [under for under in below if filled(under)]
    if not worded or not _may_be_headings(row):
        return None
    under, height, cells = worded[0], 1, row
    if not is_typed(under) and len(worded) > 1 and under is below[0]:
        under, height, cells = worded[1], 2, merge_headings(row, under)
        if count_known(cells) < max(1, count_known(row)):
            return None
    is_table = _holds_values(under) and (_are_known(cells, under) or (is_apart and _fit(cells, under)))
    return (unique_names(cells), height) if is_table else None


def tables_above(rows: Sequence[Row]) -> list[OtherTable]:
    """The tables among the rows in front of another: of several rows, or of invoices."""
    found = []
    place = 0
    while place < len(rows):
        headings = _headings_at(rows, place, is_apart=True)
        if headings is None:
            place += 1
            continue
        part = TablePart(header=headings[0], row=place + 1)
        start = place + headings[1]
        data = _data_from(rows, start)
        if _is_no_preamble(part, data):
            found.append(OtherTable(part=part, rows=data))
        place = start + len(data)
    return found


def tables_below(rows: Sequence[Row], header: Sequence[object], start: int) -> list[OtherTable]:
    """The tables below the data of one that begins at a 0-based row."""
    main = TablePart(header=unique_names(tuple(header)), row=start)
    groups: dict[int, tuple[TablePart, list[Placed]]] = {}
    for part, placed in split_tables(enumerate(rows[start:], start + 1), main, is_begun=False):
        if part is not main and filled(placed[1]) >= _LEAST:
            groups.setdefault(part.row, (part, []))[1].append(placed)
    return [OtherTable(part=part, rows=tuple(data)) for part, data in groups.values()]


class _Ahead:
    """Rows of which the next ones can be seen before they are taken."""

    def __init__(self, rows: Iterable[Placed]) -> None:
        self._rows = iter(rows)
        self._seen: deque[Placed] = deque()

    def __iter__(self) -> Iterator[Placed]:
        while True:
            if self._seen:
                yield self._seen.popleft()
            elif (placed := next(self._rows, None)) is not None:
                yield placed
            else:
                return

    def peek(self) -> list[Row]:
        self._seen.extend(islice(self._rows, max(0, _LOOK_BELOW - len(self._seen))))
        return [row for _, row in self._seen]

    def skip(self, count: int) -> None:
        for _ in range(count):
            self._seen.popleft()


def _headings_at(rows: Sequence[Row], place: int, *, is_apart: bool) -> tuple[tuple[str, ...], int] | None:
    return find_headings(rows[place], rows[place + 1 : place + 1 + _LOOK_BELOW], is_apart=is_apart)


def _data_from(rows: Sequence[Row], start: int) -> tuple[Placed, ...]:
    """The rows up to a blank one, a title or other headings."""
    found: list[Placed] = []
    for place, row in enumerate(rows[start:], start):
        if filled(row) < _LEAST or (found and _headings_at(rows, place, is_apart=_is_apart(row, rows[place - 1]))):
            break
        found.append((place + 1, row))
    return tuple(found)


def _is_apart(row: Row, before: Row | None) -> bool:
    """Whether a blank row or a title stands above, or a row that has its cells in other columns."""
    return before is None or filled(before) < _LEAST or _places(before) != _places(row)


def _known_part(found: TablePart, *known: TablePart) -> TablePart:
    """Headings that come again, perhaps written another way, are of the same table."""
    return next((part for part in known if part.folded == found.folded), found)


def _may_be_headings(row: Row) -> bool:
    """Whether all cells are words, and different ones. Nearly every row of data is answered by its first number."""
    for cell in row:
        if cell is not None and (type(cell) is not str or _PLAIN_VALUE(cell)):
            return False
    cells = _cells(row)
    return (
        len(cells) >= _LEAST
        and all(map(is_heading, cells))
        and len({fold_header(cell) for cell in cells}) == len(cells)
    )


def _are_known(cells: Row, under: Row) -> bool:
    """Whether most of them name fields, and the row below has its values under them."""
    named = _places(cells)
    known = count_known(cells)
    return known >= _LEAST and known * 2 >= len(named) and len(_places(under) - named) * 2 < len(named)


def _fit(cells: Row, under: Row) -> bool:
    """Whether words without digits stand over the row below, cell for cell."""
    return _places(cells) == _places(under) and not any(c.isdigit() for cell in _cells(cells) for c in cell)


def _is_no_preamble(part: TablePart, data: Sequence[Placed]) -> bool:
    mapping = infer_mapping(part.header)
    least = 1 if mapping is not None and mapping.target in _WHOLE_IN_ONE_ROW else _LEAST
    return sum(1 for _, row in data if _holds_values(row)) >= least


def _holds_values(row: Row) -> bool:
    return filled(row) >= _LEAST and is_typed(row)


def _cells(row: Row) -> list[str]:
    return [cell for cell in row if isinstance(cell, str) and cell and not cell.isspace()]


def _places(row: Row) -> set[int]:
    return {place for place, cell in enumerate(row) if cell not in (None, "")}
