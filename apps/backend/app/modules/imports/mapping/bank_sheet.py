"""Recognises a bank's export (a table of dates, texts and amounts) and reads it as a statement for each account in it.

Mark and order are deduced from whole columns; the running balance is the strongest proof of all: where the headings may
be meant in several ways, the one that it proves is taken.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Final

from app.modules.imports.domain.canonical import DocumentType
from app.modules.imports.mapping.bank_accounts import split_at_headings, split_by_account
from app.modules.imports.mapping.bank_columns import find_columns
from app.modules.imports.mapping.bank_document import make_statement
from app.modules.imports.mapping.bank_headings import heading_roles
from app.modules.imports.mapping.bank_neighbours import end_of_movements, other_tables
from app.modules.imports.mapping.bank_or_cash import is_no_banks
from app.modules.imports.mapping.bank_preamble import complete_preamble
from app.modules.imports.mapping.bank_readings import build_sheet, is_proved, readings
from app.modules.imports.mapping.bank_row_kinds import cell
from app.modules.imports.mapping.bank_shapes import name_by_shape
from app.modules.imports.mapping.cut_numbers import refuse_cut_numbers
from app.modules.imports.mapping.dates import looks_dated
from app.modules.imports.mapping.mended_numbers import with_whole_numbers
from app.modules.imports.mapping.numbers import looks_numeric
from app.modules.imports.mapping.tables import HEAD_ROWS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from app.modules.imports.domain.canonical import CanonicalDocument
    from app.modules.imports.mapping.bank_document import Sheet
    from app.modules.imports.ports import Table

    Row = tuple[object, ...]
    Heading = tuple[int, tuple[object, ...], int]
    """Row, headings, first row below."""

MOST_ROWS: Final = 50_000
"""A longer sheet is no statement that a person would look at; its rows become items of their own."""
_SAMPLE: Final = 300
_LEAST_ROLES: Final = 2
_MOST_HEADINGS: Final = 6
_FEW: Final = 3
"""Rows of a summary above the table proper, which its own headings make look like movements."""


def read_bank_sheets(table: Table, above: Sequence[Row] = ()) -> tuple[CanonicalDocument, ...]:
    """The statements in a table, an account each; none when the table is no bank's export. ``above`` are rows of other
    tables in the file that may name its account.

    Findings: ``balance_mismatch``, ``printed_total_differs``, ``ambiguous_dates``, ``ambiguous_numbers``, ``bad_date``,
    ``rows_unread``, ``unbooked_left_out``, ``mixed_currencies``, ``unsigned_amounts`` (some sign is a guess),
    ``oldest_amount_open``, ``several_accounts``; ``other_table`` on a document of its own for each table beside the
    movements; ``cash_book_suspected`` on what nothing says to be a bank's. Raises ``Unreadable``: ``numbers_cut``.
    """
    rows = list(islice(with_whole_numbers(table).rows(), MOST_ROWS + 1))
    if len(rows) > MOST_ROWS:
        return ()
    headers = [rows[place] for place, _, _ in _named_headings(rows)]
    parts = split_at_headings(rows, headers)
    found: list[CanonicalDocument] = []
    for start, end in parts:
        sheet = _read_part(rows[start:end], start, above)
        if sheet is not None:
            above_it = rows[start : start + sheet.heading]
            found += (_as_said(one, table.name, above_it) for one in split_by_account(sheet))
            found += other_tables(rows[start:end], sheet)
    return tuple(found)


def _as_said(sheet: Sheet, name: str, above: Sequence[Row]) -> CanonicalDocument:
    """A statement; what may be a cash book, or a list of what was spent, is of no kind until a person says which."""
    statement = make_statement(sheet)
    if not is_no_banks(sheet, name, above):
        return statement
    return replace(statement, doc_type=DocumentType.OTHER, findings=(*statement.findings, "cash_book_suspected"))


def _read_part(rows: Sequence[Row], first_row: int, above: Sequence[Row]) -> Sheet | None:
    """The sheet under its headings; without any, under those that its cells prove. It ends where another table begins
    that would be taken for more of it.
    """
    sheet = _read_whole(rows, first_row)
    end = end_of_movements(rows, sheet) if sheet is not None else None
    sheet = (_read_whole(rows[:end], first_row) if end is not None else None) or sheet
    return replace(sheet, preamble=complete_preamble(sheet.preamble, above)) if sheet and above else sheet


def _read_whole(rows: Sequence[Row], first_row: int) -> Sheet | None:
    sheet = _best_sheet(rows, islice(_named_headings(rows), _MOST_HEADINGS), first_row)
    if sheet is not None and not is_proved(sheet.money):
        for movement in sheet.movements:
            refuse_cut_numbers(sheet.header, movement.row, first_row + movement.place + 1)
    return sheet or _best_sheet(rows, _without_headings(rows), first_row)


def _best_sheet(rows: Sequence[Row], headings: Iterable[Heading], first_row: int) -> Sheet | None:
    """The sheet as the balance proves it; unproved, under the likeliest headings."""
    usual: Sheet | None = None
    for place, header, start in headings:
        columns = None if usual and _holds_values(header) else find_columns(header, _sample(rows[start:]))
        for reading in readings(rows, start, columns, header) if columns else ():
            sheet = build_sheet(rows, place, header, reading, first_row)
            if reading.is_proved and (usual is None or _covers(sheet, usual, place)):
                return sheet
            usual = usual or sheet
    return usual


def _holds_values(header: Sequence[object]) -> bool:
    return any(looks_dated(name) or looks_numeric(name) for name in header)


def _covers(sheet: Sheet, usual: Sheet, place: int) -> bool:
    """Whether other headings leave out no movement, save a few lines above them."""
    above = sum(1 for movement in usual.movements if movement.place < place)
    return above <= _FEW and len(sheet.movements) >= len(usual.movements) - above


def _named_headings(rows: Sequence[Row]) -> Iterator[Heading]:
    scored = sorted((-sum(1 for name in row if _is_heading(name)), place) for place, row in enumerate(rows[:HEAD_ROWS]))
    for count, place in scored:
        if -count < _LEAST_ROLES:
            break
        below = rows[place + 1] if place + 1 < len(rows) else ()
        if _goes_on(below):
            yield place, _merged(rows[place], below), place + 2
        yield place, rows[place], place + 1


def _goes_on(row: Row) -> bool:
    """Headings of two rows: what stands below is words only, where a movement has a date and an amount."""
    cells = [c for c in row if c not in (None, "")]
    return len(cells) >= _LEAST_ROLES and all(
        isinstance(c, str) and not looks_dated(c) and not looks_numeric(c) for c in cells
    )


def _without_headings(rows: Sequence[Row]) -> Iterator[Heading]:
    start = next((place for place, row in enumerate(rows[:HEAD_ROWS]) if any(map(looks_dated, row))), None)
    header = name_by_shape(rows[start : start + _SAMPLE]) if start is not None else None
    if start is not None and header is not None:
        yield start, header, start


def _is_heading(name: object) -> bool:
    return isinstance(name, str) and not looks_dated(name) and not looks_numeric(name) and bool(heading_roles(name))


def _merged(first: Row, second: Row) -> tuple[object, ...]:
    width = max(len(first), len(second))
    return tuple(
        " ".join(part for part in (cell(first, i), cell(second, i)) if isinstance(part, str)) for i in range(width)
    )


def _sample(rows: Sequence[Row]) -> list[Row]:
    filled = [row for row in rows[:_SAMPLE] if sum(1 for c in row if c not in (None, "")) >= _LEAST_ROLES]
    return [row for row in filled if any(looks_dated(c) for c in row)] or filled
