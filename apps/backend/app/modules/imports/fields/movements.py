"""Reads the movements of a printed bank account: balances that follow from one another prove their rows and signs."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from app.modules.imports.domain.canonical import BankEntry

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from app.modules.imports.fields.amounts import Amount
    from app.modules.imports.fields.dates import DateFound
    from app.modules.imports.fields.labelling import Labels
    from app.modules.imports.fields.layout import Row, Sheet
    from app.modules.imports.fields.money import Money

_ZERO = Decimal(0)
_LEAD = 6
"""A movement begins with its date, after no more than a few letters."""
_FEWEST = 3
"""So many rows in a chain are no accident."""
_NEAR = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """A row with its dates and amounts; ``amount`` is signed once the balances have told the sign."""

    row: Row
    dates: tuple[DateFound, ...]
    amount: Amount
    value: Decimal
    balance: Amount | None

    @property
    def entry(self) -> BankEntry:
        """The same as the canonical document holds it."""
        booked = self.dates[0].value
        return BankEntry(
            booking_date=booked,
            value_date=self.dates[1].value if len(self.dates) > 1 else None,
            amount=self.value,
            description=_text(self),
            balance=self.balance.value if self.balance else None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Movements:
    """The movements of an account. ``proven`` when the balances lead through all of them."""

    rows: tuple[Movement, ...]
    opening: Money | None
    closing: Money | None
    last: Amount | None
    """The balance printed beside the latest movement."""
    period: tuple[date, date] | None
    proven: bool


def find_movements(
    sheet: Sheet, money: Sequence[Money], dates: Sequence[DateFound], labels: Labels,
) -> Movements | None:  # fmt: skip
    """The movements, where there are any."""
    opening, closing = _stated(money, "opening"), _stated(money, "closing")
    rows = list(_dated_rows(sheet, money, dates))
    for order in (rows, rows[::-1]):
        chained = _chained(order, opening)
        if chained is not None:
            found = tuple(chained if order is rows else reversed(chained))
            return Movements(
                rows=found, opening=opening, closing=closing, last=chained[-1].balance, proven=True,
                period=_period(sheet, dates, found[0].row, labels),
            )  # fmt: skip
    summed = _summed(rows, opening, closing)
    if summed is None:
        return None
    period = _period(sheet, dates, summed[0].row, labels)
    return Movements(rows=summed, opening=opening, closing=closing, last=None, period=period, proven=True)


def are_movements(rows: Movements | None) -> bool:
    """Whether they alone are enough to call the document a bank statement."""
    return rows is not None and len(rows.rows) >= _FEWEST and rows.last is not None


@dataclass(frozen=True, slots=True)
class _Dated:
    row: Row
    dates: tuple[DateFound, ...]
    figures: tuple[Amount, ...]


def _dated_rows(sheet: Sheet, money: Sequence[Money], dates: Sequence[DateFound]) -> Iterator[_Dated]:
    """Rows that begin with a date and have an amount of money after it."""
    figures: dict[int, list[Amount]] = {}
    for each in money:
        if each.amount.cents:
            figures.setdefault(each.amount.row.number, []).append(each.amount)
    by_row: dict[int, list[DateFound]] = {}
    for found in dates:
        by_row.setdefault(found.row.number, []).append(found)
    for row in sheet.rows:
        known = sorted(by_row.get(row.number, ()), key=lambda each: each.tokens[0].start)
        if known and known[0].tokens[0].start <= _LEAD:
            after = tuple(
                each for each in figures.get(row.number, ()) if each.tokens[0].start > known[0].tokens[0].start
            )
            taken = {token for each in known for token in each.tokens}
            after = tuple(each for each in after if not taken & set(each.tokens))
            if after:
                yield _Dated(row, tuple(known), after)


def _chained(rows: Sequence[_Dated], opening: Money | None) -> list[Movement] | None:
    """Each balance is the one before and the amount of its own row; the difference tells the sign."""
    rows = [each for each in rows if len(each.figures) > 1]
    if len(rows) < _FEWEST:
        return None
    found = []
    for before, each in pairwise(rows):
        change = each.figures[-1].value - before.figures[-1].value
        amount = next((one for one in each.figures[:-1] if abs(one.value) == abs(change)), None)
        if amount is None:
            return None
        found.append(_movement(each, amount, change))
    first = _first(rows[0], found, opening)
    return [first, *found] if first is not None else None


def _movement(each: _Dated, amount: Amount, value: Decimal) -> Movement:
    before = tuple(one for one in each.dates if one.tokens[0].start < amount.tokens[0].start)
    return Movement(row=each.row, dates=before[:2], amount=amount, value=value, balance=each.figures[-1])


def _first(each: _Dated, others: Sequence[Movement], opening: Money | None) -> Movement | None:
    """The first row has no balance before it: the opening balance, its printed sign or its column tells the sign."""
    amounts = [one for one in each.figures[:-1] if one.value] or list(each.figures[:-1])
    if opening is not None:
        change = each.figures[-1].value - opening.value
        told = next((one for one in amounts if abs(one.value) == abs(change)), None)
        if told is not None:
            return _movement(each, told, change)
    amount = amounts[-1]
    signed = any(other.amount.value < 0 for other in others) or amount.value < 0
    if signed:
        return _movement(each, amount, amount.value)
    near = [other for other in others if abs(other.amount.box.right - amount.box.right) < _NEAR * each.row.height]
    signs = {other.value < 0 for other in near}
    if len(signs) != 1:
        return None
    return _movement(each, amount, -amount.value if signs.pop() else amount.value)


def _summed(rows: Sequence[_Dated], opening: Money | None, closing: Money | None) -> tuple[Movement, ...] | None:
    """Without balances beside the rows: the opening balance and all amounts make the closing one."""
    if opening is None or closing is None or not rows:
        return None
    change = closing.value - opening.value
    edges = sorted({round(each.figures[0].box.right) for each in rows})
    middle = (edges[0] + edges[-1]) / 2
    for left, right in ((1, 1), (-1, 1), (1, -1)):
        values = [each.figures[0].value * (left if each.figures[0].box.right <= middle else right) for each in rows]
        if sum(values, _ZERO) == change:
            return tuple(
                Movement(row=each.row, dates=each.dates[:2], amount=each.figures[0], value=value, balance=None)
                for each, value in zip(rows, values, strict=True)
            )
    return None


def _stated(money: Sequence[Money], role: str) -> Money | None:
    return next((each for each in money if each.amount.cents and each.strength(role) >= 1), None)


def _period(
    sheet: Sheet, dates: Sequence[DateFound], first: Row, labels: Labels,
) -> tuple[date, date] | None:  # fmt: skip
    """Two dates on a row over the movements that a word for a period announces."""
    by_row: Mapping[int, list[date]] = {
        row.number: [each.value for each in dates if each.row is row] for row in sheet.rows[: first.number]
    }
    for number, values in by_row.items():
        announced = any("other_date" in label.roles for label in labels.by_row.get(number, ()))
        if announced and len(values) > 1 and values[0] <= values[1]:
            return values[0], values[1]
    return None


def _text(movement: Movement) -> str | None:
    """What stands between the dates and the amounts."""
    dated = {token for each in movement.dates for token in each.tokens}
    end = movement.amount.tokens[0].start
    balance = set(movement.balance.tokens) if movement.balance else set()
    words = [token.text for token in movement.row.tokens if token.start < end and token not in dated | balance]
    return " ".join(words) or None
