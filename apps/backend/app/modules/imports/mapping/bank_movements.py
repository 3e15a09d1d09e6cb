"""The movements of a bank's export: which rows are movements, what they amount to, and what the balance proves."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from app.modules.imports.mapping.balances import count_held, signs_by_balance
from app.modules.imports.mapping.bank_columns import BankColumns, sign_of
from app.modules.imports.mapping.bank_preamble import is_opening
from app.modules.imports.mapping.conventions import Decided, decide_mark, read_date, read_number
from app.modules.imports.mapping.numbers import looks_numeric

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.modules.imports.mapping.numbers import Mark

    Row = tuple[object, ...]
    Amounts = tuple[Decimal, ...]

_BROKEN_DATE: Final = re.compile(r"\s*[0-9]{1,4}[-/. ][0-9A-Za-z]{1,10}[-/. ][0-9]{1,4}")
_NOT_BOOKED: Final = re.compile(
    r"(movimientos|operaciones|transacciones|transactions|pagos)\s+(pendientes|retenid|por\s|pending|en curso)"
    r"|^pending\b",
    re.IGNORECASE,
)
_NO_MOVEMENT: Final = re.compile(r"\s*(sub)?total|\s*suma|\s*saldo|\s*(opening|closing|ending) balance", re.IGNORECASE)
_ZERO: Final = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """A row that moves money. ``place`` is its 0-based row in the sheet; ``day`` stands in for a date left blank."""

    place: int
    row: Row
    day: object


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """Signed amounts and the balance after each, in the file's order."""

    amounts: Amounts
    balances: tuple[Decimal | None, ...]
    mark: Decided[Mark]
    balance_column: int | None
    first_sign_guessed: bool = False
    """The amounts have no signs, and no balance before the oldest movement tells its own."""


def cell(row: Row, place: int | None) -> object:
    """The cell, None when the row is shorter or there is no such column."""
    return row[place] if place is not None and place < len(row) else None


def find_movements(rows: Sequence[Row], start: int, columns: BankColumns) -> tuple[tuple[Movement, ...], object]:
    """The movements from a row on, and the opening balance that a row among them states."""
    movements: list[Movement] = []
    opening: object = None
    day: object = None
    for place, row in enumerate(rows[start:], start):
        if movements and _begins_unbooked(row):
            break
        dated = next((found for c in columns.dates if (found := cell(row, c)) not in (None, "")), None)
        if _announces_opening(row, columns):
            opening = next((b for c in columns.balances if _is_sum(b := cell(row, c))), opening)
            opening = opening if opening is not None else cell(row, columns.amount)
        elif _moves_money(row, columns) and (dated is not None or (day is not None and _has_text(row, columns))):
            if dated is not None and not _may_be_date(dated):
                continue
            day = dated if dated is not None else day
            movements.append(Movement(place=place, row=row, day=day))
    return tuple(movements), opening


def read_money(movements: Sequence[Movement], columns: BankColumns, opening: object) -> Money:
    """Reads amounts and balances under the mark that the table shows or its arithmetic proves."""
    rows = [movement.row for movement in movements]
    cells = [[cell(row, place) for row in rows] for place in columns.sums]
    mark = decide_mark(cells, lambda tried: _read(rows, columns, tried, opening)[2])
    amounts, (column, balances), _ = _read(rows, columns, mark.value, opening)
    printed = _readings(rows, columns, mark.value)[0]
    return Money(
        amounts=amounts,
        balances=balances,
        mark=mark,
        balance_column=column,
        first_sign_guessed=opening is None and min(printed) >= 0 > min(amounts),
    )


def _read(
    rows: Sequence[Row], columns: BankColumns, mark: Mark, opening: object
) -> tuple[Amounts, tuple[int | None, tuple[Decimal | None, ...]], int]:
    """Amounts, the balance column that they prove best, and how many of its steps they prove."""
    blank: tuple[int | None, tuple[Decimal | None, ...]] = (None, (None,) * len(rows))
    balances = [blank]
    if columns.balances:
        balances = [(c, tuple(read_number(cell(row, c), mark) for row in rows)) for c in columns.balances]
    readings = _readings(rows, columns, mark)
    if (unsigned := readings[0]) and columns.balances and min(unsigned, default=_ZERO) >= 0:
        before = read_number(opening, mark)
        guesses = (signs_by_balance(unsigned, column, before) for _, column in balances)
        readings = [*readings, *(guess for guess in guesses if guess)]
    scored = [
        (max(count_held(amounts, column)[:2]), -i, -j)
        for i, amounts in enumerate(readings)
        for j, (_, column) in enumerate(balances)
    ]
    held, i, j = max(scored)
    return readings[-i], balances[-j], held


def _readings(rows: Sequence[Row], columns: BankColumns, mark: Mark) -> list[Amounts]:
    """The ways in which the columns may be meant, the usual one first."""

    def sums(place: int | None) -> list[Decimal]:
        return [read_number(cell(row, place), mark) or _ZERO for row in rows]

    if columns.amount is None:
        sides = list(zip(sums(columns.debit), sums(columns.credit), strict=True))
        usual: Callable[[Decimal, Decimal], Decimal] = lambda out, into: into - abs(out)  # noqa: E731
        return [tuple(usual(*side) for side in sides), tuple(into - out for out, into in sides)]
    amounts = sums(columns.amount)
    if columns.signs is None:
        return [tuple(amounts)]
    signs = [sign_of(cell(row, columns.signs)) or 1 for row in rows]
    signed = tuple(abs(a) * s for a, s in zip(amounts, signs, strict=True))
    return [signed, tuple(a * s for a, s in zip(amounts, signs, strict=True)), tuple(amounts)]


def _begins_unbooked(row: Row) -> bool:
    """A heading over what the bank only holds back: none of it is in the balance."""
    cells = [value for value in row if value not in (None, "")]
    return len(cells) == 1 and isinstance(cells[0], str) and bool(_NOT_BOOKED.search(cells[0]))


def _moves_money(row: Row, columns: BankColumns) -> bool:
    return any(_is_sum(cell(row, place)) for place in (columns.amount, columns.debit, columns.credit))


def _is_sum(value: object) -> bool:
    return value is not None and looks_numeric(value)


def _may_be_date(value: object) -> bool:
    return read_date(value, "dmy") is not None or (isinstance(value, str) and bool(_BROKEN_DATE.match(value)))


def _has_text(row: Row, columns: BankColumns) -> bool:
    texts = [text for place in columns.descriptions if isinstance(text := cell(row, place), str) and text.strip()]
    return bool(texts) and not any(isinstance(c, str) and _NO_MOVEMENT.match(c) for c in row)


def _announces_opening(row: Row, columns: BankColumns) -> bool:
    if not any(is_opening(value) for value in row):
        return False
    return not any(read_number(cell(row, c), ".") for c in (columns.debit, columns.credit)) or not _moves_money(
        row, columns
    )
