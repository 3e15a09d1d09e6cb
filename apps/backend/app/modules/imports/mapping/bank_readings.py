"""The ways in which a bank's export may be meant: which column is the amount, with which rows. The balance decides."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from app.modules.imports.mapping.balances import count_held
from app.modules.imports.mapping.bank_document import Sheet
from app.modules.imports.mapping.bank_movements import Money, Survey, cell, read_money, survey_rows
from app.modules.imports.mapping.bank_preamble import read_preamble
from app.modules.imports.mapping.conventions import decide_order

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

    @property
    def is_proved(self) -> bool:
        """Whether every balance follows from the one before: one that never changes proves nothing."""
        return is_proved(self.money)


def readings(rows: Sequence[Row], start: int, columns: BankColumns) -> Iterator[Reading]:
    """The usual reading, then those that its balance proves where it does not prove that one."""
    survey = survey_rows(rows, start, columns)
    if not survey.movements:
        return
    usual = _read(columns, survey)
    yield usual
    if usual.is_proved or not columns.balances:
        return
    if survey.unbooked:
        # Some lists have a state of the order, not of the booking: then the balance counts these rows in.
        yield from _proved([columns], survey_rows(rows, start, columns, with_unbooked=True))
    yield from _proved(_meanings(columns), survey)


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
        first_row=first_row,
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


def _meanings(columns: BankColumns) -> list[BankColumns]:
    """The other columns of money as the amount; the amount after a fee beside it."""
    found = []
    if columns.amount is not None and columns.fee is not None:
        found += [replace(columns, fee_factor=factor) for factor in (-1, 1)]
    signs = columns.signs if columns.amount is not None else None
    for place in columns.more_sums:
        found.append(replace(columns, amount=place, debit=None, credit=None, signs=signs))
    return found
