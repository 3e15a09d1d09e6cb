"""Splits a table into its rows, each ready to become an item of its own."""

from __future__ import annotations

from collections import deque
from datetime import date
from decimal import Decimal
from functools import lru_cache
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Final

from app.modules.imports.mapping.cells import printed, printed_number
from app.modules.imports.mapping.tables import HEAD_ROWS, filled, find_table
from app.modules.imports.mapping.vocabulary import fold_header

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from app.modules.imports.ports import Table

    Row = tuple[object, ...]

_SUMMARY: Final = frozenset({"total", "totales", "totals", "subtotal", "subtotales", "suma", "sumas", "sum", "soma"})
_SUMMARY_WORDS: Final = 3
_MOST_HELD: Final = 50
_DAYS_KEPT: Final = 4_000
_TEXT_OF: Final[Mapping[type, Callable[[Any], object]]] = {
    Decimal: printed_number,
    date: lru_cache(_DAYS_KEPT)(date.isoformat),  # ten years: a column has many rows of few days
}
"""The usual cells of a workbook, by the short way to what ``jsonable`` makes of them."""


def read_table_rows(table: Table) -> Iterator[tuple[int, dict[str, object]]]:
    """The data rows as (0-based position, heading → value), streamed; values are str, bool or None, ready for JSON.

    Empty rows, repeated headings, totals and closing notes are no data. The same sheet gives the same positions.
    """
    stream = iter(table.rows())
    head = list(islice(stream, HEAD_ROWS))
    found = find_table(head)
    if found is None:
        return
    heading = head[found.header_row] if found.header_row is not None else None
    rows = (row for row in chain(head[found.data_start :], stream) if row != heading)
    for position, row in enumerate(_without_notes(rows, found.header)):
        yield position, _named(found.header, row)


def jsonable(value: object) -> object:
    """A cell as JSON holds it: decimals and dates as text."""
    return value if value is None or isinstance(value, (bool, str)) else printed(value)


def _without_notes(rows: Iterable[Row], header: tuple[str, ...]) -> Iterator[Row]:
    """Drops empty rows, totals, and notes that only follow the last row of data; what stands between data is data."""
    held: deque[Row] = deque()
    narrow = len(header) > 2  # noqa: PLR2004  (of two columns, one filled is an ordinary row)
    most_of_summary = len(header) // 2 + 1
    for row in rows:
        count = filled(row)
        if not count or (count <= most_of_summary and _is_summary(row)):
            continue
        if narrow and count == 1 and len(held) < _MOST_HELD:
            held.append(row)
            continue
        yield from held
        held.clear()
        yield row
    if len(held) == _MOST_HELD:
        yield from held


def _is_summary(row: Row) -> bool:
    first = next((cell for cell in row if cell not in (None, "")), None)
    if not isinstance(first, str):
        return False
    words = fold_header(first).split()
    return bool(words) and words[0] in _SUMMARY and len(words) <= _SUMMARY_WORDS


def _named(header: tuple[str, ...], row: Row) -> dict[str, object]:
    cells = [cell if type(cell) is str or cell is None else _TEXT_OF.get(type(cell), jsonable)(cell) for cell in row]
    values = dict(zip(header, cells))  # noqa: B905  (rows may be shorter or longer than the heading)
    if len(cells) > len(header):
        beyond = enumerate(cells[len(header) :], len(header) + 1)
        values.update({f"column_{place}": cell for place, cell in beyond if cell not in (None, "")})
    return values
