"""Other tables in the sheet of a bank's export: they are no movements of the account, and are not lost either."""

from __future__ import annotations

from decimal import Decimal
from itertools import takewhile
from typing import TYPE_CHECKING, Final

from app.modules.imports.domain.canonical import CanonicalDocument, DocumentType, Evidence
from app.modules.imports.mapping.bank_readings import is_proved
from app.modules.imports.mapping.bank_row_kinds import is_unbooked_title
from app.modules.imports.mapping.conventions import read_number
from app.modules.imports.mapping.dates import looks_dated
from app.modules.imports.mapping.numbers import looks_numeric
from app.modules.imports.mapping.other_tables import tables_above, tables_below

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from app.modules.imports.mapping.bank_document import Sheet
    from app.modules.imports.mapping.other_tables import OtherTable

    Row = tuple[object, ...]

_ZERO: Final = Decimal(0)
_LONGEST: Final = 300


def end_of_movements(rows: Sequence[Row], sheet: Sheet) -> int | None:
    """The row of the first other headings below movements, where what stands under them is read as more of these, or
    cannot be; None where a balance proves all that was read.
    """
    below = _below(rows, sheet)
    if not below:
        return None
    end = below[0].part.row - 1
    runs_on = sheet.movements[-1].place >= end
    if runs_on and is_proved(sheet.money):
        return None
    return end if runs_on or sheet.survey.unread else None


def other_tables(rows: Sequence[Row], sheet: Sheet) -> tuple[CanonicalDocument, ...]:
    """Each other table as a document that is of no kind to be booked, so that a person sees it. Summaries of the very
    movements are none.
    """
    read = {movement.place + 1 for movement in sheet.movements}
    known = _sums(sheet)
    return tuple(
        _as_document(other, sheet.first_row)
        for other in (*tables_above(rows[: sheet.heading]), *_below(rows, sheet))
        if not any(place in read for place, _ in other.rows) and not _sums_up(other, sheet, known)
    )


def tables_of_sheet(rows: Sequence[Row], name: str) -> tuple[CanonicalDocument, ...]:
    """The same of each table in a sheet of which no movements were read, in a workbook that has some."""
    return tuple(_as_document(other, 0, name) for other in tables_above(rows))


def _below(rows: Sequence[Row], sheet: Sheet) -> list[OtherTable]:
    start = sheet.movements[0].place
    booked = list(takewhile(lambda row: not is_unbooked_title(row), rows[start:]))
    return tables_below([*rows[:start], *booked], sheet.header, start)


def _as_document(other: OtherTable, first_row: int, sheet: str = "") -> CanonicalDocument:
    places = [first_row + place for place, _ in other.rows]
    headings = ", ".join(other.part.header)[:_LONGEST]
    where = Evidence(source="cell", path=f"{sheet and f'{sheet}: '}rows {places[0]} to {places[-1]}", text=headings)
    return CanonicalDocument(
        doc_type=DocumentType.OTHER,
        description=headings,
        format="table",
        evidence={"description": where},
        findings=("other_table",),
    )


def _sums_up(other: OtherTable, sheet: Sheet, known: set[Decimal]) -> bool:
    """Whether every number of a table is one that the movements lead to."""
    found = {abs(number) for _, row in other.rows for number in _numbers(row, sheet)}
    return bool(found) and found <= known


def _numbers(row: Row, sheet: Sheet) -> Iterator[Decimal]:
    for cell in row:
        if cell not in (None, "") and looks_numeric(cell) and not looks_dated(cell):
            number = read_number(cell, sheet.money.mark.value)
            if number is not None:
                yield number


def _sums(sheet: Sheet) -> set[Decimal]:
    amounts, balances = sheet.money.amounts, [b for b in sheet.money.balances if b is not None]
    out, into = ([min(a, _ZERO) for a in amounts], [max(a, _ZERO) for a in amounts])
    sums = [sum(out, _ZERO), sum(into, _ZERO), sum(amounts, _ZERO), _ZERO]
    counts = [len(amounts), sum(map(bool, out)), sum(map(bool, into))]
    ends = [balance - amount for balance, amount in zip(balances, amounts)]  # noqa: B905  (some movements state none)
    return {abs(number) for number in (*sums, *balances, *ends, *map(Decimal, counts))}
