"""Splits a table into its rows, each ready to become an item of its own."""

from __future__ import annotations

from collections import deque
from datetime import date
from decimal import Decimal
from functools import lru_cache
from itertools import chain, groupby, islice
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

from app.modules.imports.mapping.cells import printed, printed_number
from app.modules.imports.mapping.cut_numbers import refuse_cut_numbers
from app.modules.imports.mapping.invoice_lines import join_lines
from app.modules.imports.mapping.mended_numbers import with_whole_numbers
from app.modules.imports.mapping.numbers import looks_numeric
from app.modules.imports.mapping.other_tables import ANOTHER_TABLE, TablePart, split_tables, tables_above
from app.modules.imports.mapping.tables import HEAD_ROWS, filled, find_table
from app.modules.imports.mapping.vocabulary import fold_header

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from app.modules.imports.ports import Table

    Row = tuple[object, ...]

_SUMMARY: Final = frozenset({"total", "totales", "totals", "subtotal", "subtotales", "suma", "sumas", "sum", "soma"})
_SUMMARY_WORDS: Final = 3
_MOST_HELD: Final = 50
_DAYS_KEPT: Final = 4_000
_EXACT_LENGTH: Final = 16
"""Fifteen digits and the point: as many as a double keeps, so that it prints the same digits again."""


def read_table_rows(table: Table, start: int = 0) -> Iterator[tuple[int | None, dict[str, object]]]:
    """The data rows, those of one invoice joined where the table proves how (``LINES``). Raises ``Unreadable``:
    ``numbers_cut``.
    """
    table = with_whole_numbers(table)
    return join_lines(_plain_rows(table, start), (row for _, row in _plain_rows(table)))


def _plain_rows(table: Table, start: int = 0) -> Iterator[tuple[int | None, dict[str, object]]]:
    """The data rows as (where the sheet goes on behind it, heading → value), streamed; values are ready for JSON.

    Empty rows, repeated headings, totals and closing notes are no data. Rows of another table in the sheet stand under
    their own headings and are marked (``ANOTHER_TABLE``). ``start`` is where to go on: what comes before is passed over
    without being looked at. None behind a row of which only the rows around it say that it is data, or of which table.
    """
    stream = iter(table.rows())
    head = list(islice(stream, HEAD_ROWS))
    found = find_table(head)
    if found is None:
        return
    first = max(found.data_start, start)
    placed = enumerate(chain(head[first:], islice(stream, max(0, first - HEAD_ROWS), None)), first + 1)
    if found.header_row is None:
        yield from ((place, _named(found.header, row)) for place, row in _without_notes(placed, found.header))
        return
    if not start:
        yield from _above(head[: found.header_row])
    main = TablePart(header=found.header, row=found.header_row + 1, printed=head[found.header_row])
    tables = split_tables(placed, main, is_begun=start > found.data_start)
    for part, rows in groupby(tables, itemgetter(0)):
        for place, row in _without_notes(map(itemgetter(1), rows), part.header):
            if place is not None and len(row) > len(part.header):
                refuse_cut_numbers(part.header, row, place)
            yield (place, _named(part.header, row)) if part is main else (None, _told_apart(part, row, place))


def _above(rows: Sequence[Row]) -> Iterator[tuple[None, dict[str, object]]]:
    for other in tables_above(rows):
        yield from ((None, _told_apart(other.part, row, place)) for place, row in other.rows)


def _told_apart(part: TablePart, row: Row, place: int | None) -> dict[str, object]:
    """The row under the headings of its own table, with a note that no mapping of another table is for it."""
    where = f"row {place}, " if place is not None else ""
    return {**_named(part.header, row), ANOTHER_TABLE: f"{where}below the headings in row {part.row}"}


def jsonable(value: object) -> object:
    """A cell as JSON holds it: dates as text, numbers as text or, with decimals, as numbers."""
    if value is None or isinstance(value, (bool, str)):
        return value
    return _json_number(value) if isinstance(value, Decimal) else printed(value)


def _json_number(value: Decimal) -> object:
    """A number of the sheet stays one in JSON where its point could be taken for a mark of thousands: the decimal mark
    of a table is how its texts are written, and says nothing of its numbers. Whole ones read the same as text.
    """
    text = printed_number(value)
    return float(text) if "." in text and len(text) <= _EXACT_LENGTH else text


def _without_notes(rows: Iterable[tuple[int, Row]], header: tuple[str, ...]) -> Iterator[tuple[int | None, Row]]:
    """Drops empty rows, totals, and notes that only follow the last row of data; what stands between data is data."""
    held: deque[tuple[None, Row]] = deque()
    narrow = len(header) > 2  # noqa: PLR2004  (of two columns, one filled is an ordinary row)
    most_of_summary = len(header) // 2 + 1
    for place, row in rows:
        count = filled(row)
        if not count or (_is_summary(row) and (count <= most_of_summary or _holds_sums(row, len(header) - count))):
            continue
        is_narrow = narrow and count == 1
        if is_narrow and len(held) < _MOST_HELD:
            held.append((None, row))
            continue
        yield from held
        held.clear()
        yield None if is_narrow else place, row
    if len(held) == _MOST_HELD:
        yield from held


def _is_summary(row: Row) -> bool:
    first = next((cell for cell in row if cell not in (None, "")), None)
    if not isinstance(first, str):
        return False
    words = fold_header(first).split()
    return bool(words) and words[0] in _SUMMARY and len(words) <= _SUMMARY_WORDS


def _holds_sums(row: Row, blank: int) -> bool:
    """Whether numbers only follow the word, and columns are left blank: a book has a sum under most of its own."""
    _, *others = (cell for cell in row if cell not in (None, ""))
    return blank > 1 and all(looks_numeric(cell) for cell in others)


def _named(header: tuple[str, ...], row: Row) -> dict[str, object]:
    cells = [cell if type(cell) is str or cell is None else _JSON_OF.get(type(cell), jsonable)(cell) for cell in row]
    values = dict(zip(header, cells))  # noqa: B905  (rows may be shorter or longer than the heading)
    if len(cells) > len(header):
        beyond = enumerate(cells[len(header) :], len(header) + 1)
        values.update({f"column_{place}": cell for place, cell in beyond if cell not in (None, "")})
    return values


_JSON_OF: Final[Mapping[type, Callable[[Any], object]]] = {
    Decimal: _json_number,
    date: lru_cache(_DAYS_KEPT)(date.isoformat),  # ten years: a column has many rows of few days
}
"""The usual cells of a workbook, by the short way to what ``jsonable`` makes of them."""
