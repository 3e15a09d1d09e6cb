"""The movements of a bank's export: which rows are movements, what they amount to, and what the balance proves."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from app.modules.imports.mapping.balances import count_held, signs_by_balance
from app.modules.imports.mapping.bank_row_kinds import (
    RowKind,
    cell,
    day_of,
    kind_of,
    stated_balance,
    states_balance,
)
from app.modules.imports.mapping.conventions import Decided, decide_mark, read_number

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from app.modules.imports.mapping.bank_columns import BankColumns
    from app.modules.imports.mapping.numbers import Mark

    Row = tuple[object, ...]
    Amounts = tuple[Decimal, ...]

__all__ = ["Money", "Movement", "Survey", "cell", "find_movements", "read_money", "survey_rows"]

_ZERO: Final = Decimal(0)
_BREAKS: Final = frozenset({RowKind.BLANK, RowKind.TITLE, RowKind.UNBOOKED_TITLE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """A row that moves money. ``place`` is its 0-based row in the sheet; ``day`` stands in for a date left blank."""

    place: int
    row: Row
    day: object
    more: tuple[Row, ...] = ()
    """Rows below it that go on with its text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What the rows below the headings hold."""

    movements: tuple[Movement, ...]
    opening: object = None
    closing: object = None
    totals: tuple[tuple[int, Row], ...] = ()
    """Rows of totals, by their places."""
    unread: int = 0
    unbooked: int = 0
    """Rows left out because their status says that they were never booked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """Signed amounts and the balance after each, in the file's order."""

    amounts: Amounts
    balances: tuple[Decimal | None, ...]
    mark: Decided[Mark]
    balance_column: int | None
    first_sign_guessed: bool = False
    """The amounts have no signs, and no balance before the oldest movement tells its own."""
    signs_unstated: bool = False
    """Nothing in the row of some movement says which way its money went."""


def find_movements(rows: Sequence[Row], start: int, columns: BankColumns) -> tuple[tuple[Movement, ...], object]:
    """The movements from a row on, and the opening balance that a row among them states."""
    found = survey_rows(rows, start, columns)
    return found.movements, found.opening


def survey_rows(rows: Sequence[Row], start: int, columns: BankColumns, *, with_unbooked: bool = False) -> Survey:
    """Sorts the rows from one on; ``with_unbooked`` takes for movements what a status says was never booked."""
    kinds = [(place, row, kind_of(row, columns)) for place, row in enumerate(rows[start:], start)]
    if with_unbooked:
        kinds = [(place, row, _as_booked(row, kind, columns)) for place, row, kind in kinds]
    booked = list(_booked(kinds))
    by_kind = {
        kind: [(place, row) for place, row, of_kind in booked if of_kind is kind]
        for kind in (RowKind.OPENING, RowKind.CLOSING, RowKind.TOTAL, RowKind.UNREAD, RowKind.UNBOOKED)
    }
    opened, closed = (
        [b for _, row in by_kind[kind] if (b := stated_balance(row, columns)) is not None]
        for kind in (RowKind.OPENING, RowKind.CLOSING)
    )
    return Survey(
        movements=tuple(_movements(booked, columns)),
        opening=opened[-1] if opened else None,
        closing=closed[0] if len(set(closed)) == 1 else None,
        totals=tuple(by_kind[RowKind.TOTAL]),
        unread=len(by_kind[RowKind.UNREAD]),
        unbooked=len(by_kind[RowKind.UNBOOKED]),
    )


def _as_booked(row: Row, kind: RowKind, columns: BankColumns) -> RowKind:
    if kind is not RowKind.UNBOOKED:
        return kind
    return RowKind.UNDATED if day_of(row, columns) is None else RowKind.DATED


def _booked(kinds: Sequence[tuple[int, Row, RowKind]]) -> Iterator[tuple[int, Row, RowKind]]:
    """The rows up to a title over what is only held back."""
    is_begun = False
    for place, row, kind in kinds:
        if is_begun and kind is RowKind.UNBOOKED_TITLE:
            return
        is_begun = is_begun or kind is RowKind.DATED
        yield place, row, kind


def _movements(rows: Sequence[tuple[int, Row, RowKind]], columns: BankColumns) -> list[Movement]:
    """The rows of movements: an undated one is of the day above, unless a blank row or a title stands between.

    Where every dated row states its balance, one without is a line of a summary.
    """
    dated = [row for _, row, kind in rows if kind is RowKind.DATED]
    all_balanced = all(states_balance(row, columns) for row in dated)
    found: list[Movement] = []
    day: object = None
    is_open = False
    for place, row, kind in rows:
        if kind is RowKind.DATED:
            day = day_of(row, columns)
        belongs = states_balance(row, columns) if all_balanced else is_open
        if kind is RowKind.DATED or (kind is RowKind.UNDATED and day is not None and belongs):
            found.append(Movement(place=place, row=row, day=day))
        elif kind is RowKind.TEXT and is_open and found:
            found[-1] = replace(found[-1], more=(*found[-1].more, row))
        is_open = kind not in _BREAKS and (is_open or kind is RowKind.DATED)
    return found


def read_money(movements: Sequence[Movement], columns: BankColumns, opening: object) -> Money:
    """Reads amounts and balances under the mark that the table shows or its arithmetic proves."""
    rows = [movement.row for movement in movements]
    cells = [[cell(row, place) for row in rows] for place in columns.sums]
    mark = decide_mark(cells, lambda tried: _read(rows, columns, tried, opening)[2])
    amounts, (column, balances), _ = _read(rows, columns, mark.value, opening)
    is_unstated = _is_sign_unstated(rows, columns, _readings(rows, columns, mark.value)[-1])
    return Money(
        amounts=amounts,
        balances=balances,
        mark=mark,
        balance_column=column,
        first_sign_guessed=opening is None and is_unstated and min(amounts) < 0,
        signs_unstated=is_unstated,
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
    if columns.balances and min(readings[-1], default=_ZERO) >= 0:
        before = read_number(opening, mark)
        guesses = (signs_by_balance(readings[0], column, before) for _, column in balances)
        readings = [*readings, *(guess for guess in guesses if guess)]
    if columns.amount is None and not columns.are_sides_told:
        readings += _reversed_sides(readings[0], balances)
    scored = [
        (max(count_held(amounts, column)[:2]), -i, -j)
        for i, amounts in enumerate(readings)
        for j, (_, column) in enumerate(balances)
    ]
    held, i, j = max(scored)
    return readings[-i], balances[-j], held


def _reversed_sides(
    amounts: Amounts, balances: Sequence[tuple[int | None, tuple[Decimal | None, ...]]]
) -> list[Amounts]:
    """The account as a ledger keeps it, with money in on the debit side: only where every balance says so."""
    turned = tuple(-amount for amount in amounts)
    counts = (count_held(turned, column) for _, column in balances)
    return [turned] if any(0 < checks == max(rising, falling) for rising, falling, checks in counts) else []


def _readings(rows: Sequence[Row], columns: BankColumns, mark: Mark) -> list[Amounts]:
    """The ways in which the columns may be meant, the usual one first."""

    def sums(place: int | None) -> list[Decimal]:
        return [read_number(cell(row, place), mark) or _ZERO for row in rows]

    if columns.amount is None:
        sides = list(zip(sums(columns.debit), sums(columns.credit), strict=True))
        return [tuple(into - abs(out) for out, into in sides), tuple(into - out for out, into in sides)]
    amounts = sums(columns.amount)
    if columns.fee_factor:
        amounts = [a + columns.fee_factor * fee for a, fee in zip(amounts, sums(columns.fee), strict=True)]
    if columns.signs is None:
        return [tuple(amounts)]
    signs = [sign or 1 for sign in _directions(rows, columns)]
    signed = tuple(abs(a) * s for a, s in zip(amounts, signs, strict=True))
    return [signed, tuple(a * s for a, s in zip(amounts, signs, strict=True)), tuple(amounts)]


def _directions(rows: Sequence[Row], columns: BankColumns) -> list[int | None]:
    """The sign of each row by its mark. Where only one side is marked, a blank is the other."""
    marks = [cell(row, columns.signs) for row in rows]
    signs = [columns.direction(mark) for mark in marks]
    meant = {sign for sign in signs if sign is not None}
    other = -meant.pop() if len(meant) == 1 else None
    return [other if mark in (None, "") else sign for mark, sign in zip(marks, signs, strict=True)]


def _is_sign_unstated(rows: Sequence[Row], columns: BankColumns, amounts: Amounts) -> bool:
    """Whether some amount, as printed, may be of either sign for all that its row says."""
    if columns.amount is None:
        return False
    if columns.signs is not None:
        directions = _directions(rows, columns)
        return any(sign is None and amount > 0 for sign, amount in zip(directions, amounts, strict=True))
    has_sign = any(str(cell(row, columns.amount)).lstrip().startswith("+") for row in rows)
    return min(amounts) >= 0 < max(amounts) and not has_sign
