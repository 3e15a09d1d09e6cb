"""The ways in which a bank's export may be meant: which column is the amount, with which rows. The balance decides."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from app.modules.imports.mapping.balances import count_held
from app.modules.imports.mapping.bank_document import Sheet
from app.modules.imports.mapping.bank_movements import Money, Survey, cell, read_money, survey_rows
from app.modules.imports.mapping.bank_preamble import find_currency, read_preamble
from app.modules.imports.mapping.conventions import decide_order, read_number

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from app.modules.imports.mapping.bank_columns import BankColumns
    from app.modules.imports.mapping.bank_movements import Movement
    from app.modules.imports.mapping.bank_preamble import Preamble

    Row = tuple[object, ...]

_FOOTER: Final = 15
_TRIED_ON: Final = 100
"""Movements on which another reading is tried before all are read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Columns in one meaning, and what they give."""

    columns: BankColumns
    survey: Survey
    money: Money
    is_rivalled: bool = False
    """The balance proves other columns as well, which say something else of the oldest movement."""

    @property
    def is_proved(self) -> bool:
        return is_proved(self.money)


def readings(rows: Sequence[Row], start: int, columns: BankColumns, header: Sequence[object] = ()) -> Iterator[Reading]:
    """The usual reading, then those that its balance proves where it does not prove that one."""
    survey = survey_rows(rows, start, columns)
    if not survey.movements:
        return
    usual = _read(columns, survey)
    if usual.is_proved:
        others = () if columns.is_net else tuple(_proved(meanings(columns, survey), survey))
        yield _chosen(usual, others, header)
        return
    yield usual
    if survey.unbooked and columns.balances:
        # Some lists have a state of the order, not of the booking: then the balance counts these rows in.
        yield from _proved([columns], survey_rows(rows, start, columns, with_unbooked=True))
    yield from _proved(meanings(columns, survey), survey)


def is_proved(money: Money) -> bool:
    """Whether every balance follows from the one before: one that never changes proves nothing."""
    rising, falling, checks = count_held(money.amounts, money.balances)
    return 0 < checks == max(rising, falling) and len(set(money.balances) - {None}) > 1


def build_sheet(rows: Sequence[Row], place: int, header: tuple[object, ...], reading: Reading, first_row: int) -> Sheet:
    """The sheet of a reading, under the headings of a row, with what stands around its movements."""
    movements = reading.survey.movements
    around = [*rows[:place], *rows[movements[-1].place + 1 :][:_FOOTER]]
    preamble = read_preamble(around)
    columns = reading.columns
    opening = reading.survey.opening
    money = reading.money if opening is not None else _read_from(columns, movements, preamble, reading.money)
    days = [[m.day for m in movements], [cell(m.row, columns.dates[1]) for m in movements]]
    return Sheet(
        header=header,
        columns=columns,
        survey=reading.survey,
        money=money,
        order=decide_order(days, preamble.dates),
        preamble=preamble,
        heading=place,
        first_row=first_row,
        is_rivalled=reading.is_rivalled,
    )


def _read_from(columns: BankColumns, movements: Sequence[Movement], preamble: Preamble, money: Money) -> Money:
    """Read anew where the opening balance around the table tells the sign of the oldest movement."""
    is_needed = preamble.opening is not None and (money.first_sign_guessed or money.signs_unstated)
    return read_money(movements, columns, preamble.opening) if is_needed else money


def _read(columns: BankColumns, survey: Survey) -> Reading:
    return Reading(columns=columns, survey=survey, money=read_money(survey.movements, columns, survey.opening))


def _proved(meanings: Sequence[BankColumns], survey: Survey) -> Iterator[Reading]:
    few = replace(survey, movements=survey.movements[:_TRIED_ON])
    for columns in meanings:
        if _read(columns, few).is_proved and (reading := _read(columns, survey)).is_proved:
            yield reading


def meanings(columns: BankColumns, survey: Survey) -> list[BankColumns]:
    """The other columns of money as the amount; the amount after a fee beside it. Only a balance can tell."""
    found: list[BankColumns] = []
    if not columns.balances:
        return found
    if columns.amount is not None and any(_is_something(cell(m.row, columns.fee)) for m in survey.movements):
        found += [replace(columns, fee_factor=factor) for factor in (-1, 1)]
    signs = columns.signs if columns.amount is not None else None
    others = (replace(columns, amount=place, debit=None, credit=None, signs=signs) for place in columns.more_sums)
    return [*found, *others]


def _is_something(value: object) -> bool:
    return bool(read_number(value, "."))


def _chosen(usual: Reading, others: Sequence[Reading], header: Sequence[object]) -> Reading:
    """Of readings that the balance all proves: it says nothing of the oldest movement, on which they may differ. Two
    that agree win over the usual one; so does a column headed by a currency where the rows have several.
    """
    rivals = [other for other in others if other.money.amounts != usual.money.amounts]
    for place, rival in enumerate(rivals):
        if any(rival.money.amounts == other.money.amounts for other in rivals[place + 1 :]):
            return rival
        if _is_of_account(rival, header) and not _is_of_account(usual, header) and _has_currencies(usual):
            return rival
    return replace(usual, is_rivalled=bool(rivals))


def _is_of_account(reading: Reading, header: Sequence[object]) -> bool:
    place = reading.columns.amount
    return place is not None and place < len(header) and find_currency(header[place]) is not None


def _has_currencies(reading: Reading) -> bool:
    named = {cell(movement.row, reading.columns.currency) for movement in reading.survey.movements}
    return len(named - {None, ""}) > 1
