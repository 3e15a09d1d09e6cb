"""Whether the totals and the closing balance that a bank prints among the movements agree with them."""

from __future__ import annotations

from decimal import Decimal
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from app.modules.imports.mapping.bank_row_kinds import cell
from app.modules.imports.mapping.conventions import read_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from app.modules.imports.mapping.bank_columns import BankColumns
    from app.modules.imports.mapping.bank_movements import Money, Survey

_ZERO: Final = Decimal(0)
_MOST_TOTALS: Final = 30
"""More are totals of days, whose movements stand right above them: these are enough to tell."""


def contradicts_closing(survey: Survey, money: Money, closing: Decimal | None) -> bool:
    """Whether a closing balance printed below the movements is not the one that they lead to."""
    printed = read_number(survey.closing, money.mark.value)
    return None not in (printed, closing) and printed != closing


def contradicts_totals(survey: Survey, money: Money, columns: BankColumns) -> bool:
    """Whether a printed total is no sum of the movements above it, nor of all of them."""
    mark = money.mark.value
    carried = read_number(survey.opening, mark) or _ZERO
    known = {abs(balance) for balance in money.balances if balance is not None}
    for place, row in survey.totals[:_MOST_TOTALS]:
        above = sum(1 for movement in survey.movements if movement.place < place)
        for column in columns.moved:
            stated = read_number(cell(row, column), mark)
            if not stated or abs(stated) in known:
                continue
            summed = _of_column(survey, columns, column, money)
            if not any(_is_some_sum(abs(stated), summed, above, start) for start in (_ZERO, carried)):
                return True
    return False


def _of_column(survey: Survey, columns: BankColumns, column: int, money: Money) -> tuple[tuple[Decimal, ...], ...]:
    """What a total in a column may sum up: its cells; of one for both sides also what goes out, or comes in, alone."""
    if column != columns.amount:
        read = (read_number(cell(movement.row, column), money.mark.value) for movement in survey.movements)
        return (tuple(number or _ZERO for number in read),)
    out = tuple(min(amount, _ZERO) for amount in money.amounts)
    into = tuple(max(amount, _ZERO) for amount in money.amounts)
    return money.amounts, out, into, tuple(map(abs, money.amounts))


def _is_some_sum(stated: Decimal, columns: Iterable[Sequence[Decimal]], above: int, start: Decimal) -> bool:
    return any(stated == abs(start + found) for amounts in columns for found in _sums(amounts, above))


def _sums(amounts: Sequence[Decimal], above: int) -> Iterator[Decimal]:
    """The sums of the runs that end above the total, and of everything."""
    yield sum(amounts, _ZERO)
    yield from accumulate(reversed(amounts[:above]))
