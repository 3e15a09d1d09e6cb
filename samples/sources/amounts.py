"""Lines of a sample document and what follows from them, exact to the cent."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

_CENT: Final = Decimal("0.01")


def cents(amount: Decimal) -> Decimal:
    """Rounded half up to the cent."""
    return amount.quantize(_CENT, ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Line:
    """What is sold; ``rate`` is the percentage of tax."""

    code: str
    text: str
    quantity: Decimal
    price: Decimal
    rate: Decimal

    @property
    def net(self) -> Decimal:
        return cents(self.quantity * self.price)


@dataclass(frozen=True, slots=True)
class TaxRow:
    """One rate of tax with its base."""

    rate: Decimal
    base: Decimal

    @property
    def amount(self) -> Decimal:
        return cents(self.base * self.rate / 100)


@dataclass(frozen=True, slots=True)
class Amounts:
    """A document's lines with their sums; ``held_rate`` is the percentage of income tax withheld."""

    lines: tuple[Line, ...]
    held_rate: Decimal = Decimal(0)

    @property
    def net(self) -> Decimal:
        return sum((line.net for line in self.lines), Decimal(0))

    @property
    def rows(self) -> tuple[TaxRow, ...]:
        rates = sorted({line.rate for line in self.lines}, reverse=True)
        return tuple(TaxRow(rate, sum((n.net for n in self.lines if n.rate == rate), Decimal(0))) for rate in rates)

    @property
    def tax(self) -> Decimal:
        return sum((row.amount for row in self.rows), Decimal(0))

    @property
    def gross(self) -> Decimal:
        return self.net + self.tax

    @property
    def held(self) -> Decimal:
        return cents(self.net * self.held_rate / 100)

    @property
    def payable(self) -> Decimal:
        return self.gross - self.held


def amounts(rows: Sequence[tuple[str, str, str, str, str]], held_rate: str = "0") -> Amounts:
    """From (code, text, quantity, price, rate)."""
    lines = (Line(code, text, Decimal(count), Decimal(price), Decimal(rate)) for code, text, count, price, rate in rows)
    return Amounts(tuple(lines), Decimal(held_rate))
