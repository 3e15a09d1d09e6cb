"""Closes a reading of the totals: finds the printed total that it adds up to, before or after what is withheld."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from app.modules.imports.fields.taxrows import CENT, share

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from app.modules.imports.fields.money import Money
    from app.modules.imports.fields.taxrows import TaxRow

ZERO: Final = Decimal(0)
COIN: Final = Decimal("0.10")
"""Cash is rounded by less than this."""
_TOTALS: Final = ("gross", "payable", "total", "said")
"""Roles of a total; ``said`` where a sentence tells it, as ``asciende a``, which letters on invoices do as well."""
_WITHHELD = tuple(Decimal(rate) for rate in (15, 19, 7, 24, 2, 1, 20, 21, 18, 9, 35, 25, "11.5", 23))


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """One reading of the totals. What is not printed is None; ``proven`` when an identity of the page holds."""

    rows: tuple[TaxRow, ...] = ()
    exempt: tuple[Money, ...] = ()
    net: Money | None = None
    tax: Money | None = None
    gross: Money | None = None
    payable: Money | None = None
    withheld: Money | None = None
    withheld_rate: Decimal | None = None
    prepaid: Money | None = None
    unrounded: Money | None = None
    """The total before cash was rounded."""
    several: tuple[Money, ...] = ()
    """Taxes of several rates whose bases are not printed."""
    extras: tuple[Money, ...] = ()
    """Amounts that are part of the total and of no base: ICE, tip, suplidos."""
    proven: bool = False
    unsettled: bool = False
    """What is to be paid is printed and not understood: the total is then not known to be it."""
    score: float = 0.0

    @property
    def top(self) -> int:
        """The first row that belongs to the totals."""
        return min((self.top_without_bases, *(row.base.amount.row.number for row in self.rows)))

    @property
    def top_without_bases(self) -> int:
        """The same, not counting the bases of single rates."""
        parts = (self.net, self.tax, self.gross, self.payable, *self.several, *(row.tax for row in self.rows))
        return min((part.amount.row.number for part in parts if part), default=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The amounts of a document as the solver looks at them."""

    money: Sequence[Money]
    cents: Sequence[Money]
    by_value: Mapping[Decimal, list[Money]]
    largest: Decimal
    exempt: tuple[Money, ...] = ()
    tendered: tuple[Money, ...] = ()
    """Amounts handed over or given back."""
    withheld: tuple[Money, ...] = ()
    roundings: tuple[Money, ...] = ()

    def may_close(self, total: Decimal) -> bool:
        """Whether a sum, or what is left of it after withholding, is printed at all: asked before anything dearer."""
        left = (
            total,
            *(total - abs(each.value) for each in self.withheld),
            *(total + abs(each.value) for each in self.withheld),
        )
        return any(value + slip in self.by_value for value in left for slip in (ZERO, CENT, -CENT))

    def find(self, value: Decimal, *roles: str) -> Money | None:
        """The occurrence of a value that its labels speak for most; later ones first among equals."""
        found = self.by_value.get(value, ())
        return max(found, key=lambda each: (each.strength(*roles), each.amount.row.number), default=None)


def closed(figures: Figures, shape: Solution, total: Decimal, net: Decimal) -> Iterator[Solution]:
    """The shape with a printed total, before or after withholding, that it adds up to."""
    agreement = sum(
        (each.strength(role) for each, role in ((shape.net, "net"), (shape.tax, "tax")) if each),
    )  # fmt: skip
    gross = _total(figures, total)
    named = gross is not None and is_named(gross)
    shape = replace(shape, score=shape.score + agreement, proven=named or agreement >= 1)
    if gross is not None:
        paid, prepaid = _prepaid(figures, gross)
        whole = replace(
            shape,
            gross=gross,
            payable=paid,
            prepaid=prepaid,
            score=shape.score + (3 if named else 1) + belief_in(figures, gross),
        )
        yield whole
        yield from after_rounding(figures, whole)
    for withheld, rate in _withholdings(figures, net):
        paid = _total(figures, total - _signed(withheld, total))
        if paid is not None:
            printed = _total(figures, total)
            # Where both are printed, that one less what is withheld is the other speaks for both, whichever is named.
            belief = max(belief_in(figures, each) for each in (paid, printed) if each is not None)
            yield replace(
                shape, gross=printed, proven=True, payable=paid, withheld=withheld, withheld_rate=rate,
                score=shape.score + 6 + belief + (1 if printed else 0),
            )  # fmt: skip


def is_named(total: Money) -> bool:
    """Called a total, and not rather a sum before tax: a subtotal often stands in a column headed ``Total``."""
    return total.strength(*_TOTALS) > total.strength("net")


def _total(figures: Figures, value: Decimal) -> Money | None:
    for slip in (ZERO, CENT, -CENT):
        found = figures.find(value + slip, *_TOTALS)
        if found is not None and (slip == 0 or found.strength(*_TOTALS)):
            return found
    return None


def belief_in(figures: Figures, total: Money) -> float:
    """How much labels and size speak for an amount being the total."""
    strong = total.strength("gross", "payable")
    score = max(4 * strong, 3 * total.strength("total", "said"))
    score += 1 if abs(total.value) == figures.largest else 0
    score += 0.5 if len(figures.by_value[total.value]) > 1 else 0
    score += 0.5 if total.amount.currency else 0
    score -= 2 if not total.strength(*_TOTALS) else 0
    score -= 5 * total.strength("prepaid", "discount", "quantity_total")
    return score


def after_rounding(figures: Figures, whole: Solution) -> Iterator[Solution]:
    """Where cash is rounded, the total is what is printed after the adjustment."""
    for adjustment in figures.roundings:
        if whole.gross is None or adjustment.amount.row.number < whole.gross.amount.row.number:
            continue
        for value in (whole.gross.value + adjustment.value, whole.gross.value - adjustment.value):
            final = _later(figures, value, adjustment)
            if final is not None:
                belief = belief_in(figures, final) - belief_in(figures, whole.gross)
                belief = max(belief, 0.0) if is_tendered(figures, final) else belief
                yield replace(whole, gross=final, unrounded=whole.gross, score=whole.score + 3 + belief)


def _later(figures: Figures, value: Decimal, after: Money) -> Money | None:
    """The best-labelled occurrence of a value below another amount."""
    found = [each for each in figures.by_value.get(value, ()) if each.amount.row.number >= after.amount.row.number]
    return max(found, key=lambda each: each.strength(*_TOTALS), default=None)


def _prepaid(figures: Figures, gross: Money) -> tuple[Money | None, Money | None]:
    """What is left to pay after a prepayment: total − prepaid, printed as payable."""
    for prepaid in figures.cents:
        if prepaid.strength("prepaid") and prepaid.value:
            left = figures.find(gross.value - abs(prepaid.value), "payable")
            if left is not None and left.strength("payable"):
                return left, prepaid
    return None, None


def _signed(withheld: Money, total: Decimal) -> Decimal:
    return abs(withheld.value) if total >= 0 else -abs(withheld.value)


def _withholdings(figures: Figures, net: Decimal) -> Iterator[tuple[Money, Decimal | None]]:
    """Amounts labelled as withheld; their rate where base × rate gives them."""
    for each in figures.withheld:
        printed = (each.rate,) if each.rate else ()
        rates = (*printed, *_WITHHELD)
        rate = next((rate for rate in rates if abs(share(abs(net), rate) - abs(each.value)) <= CENT), None)
        yield each, rate


def is_tendered(figures: Figures, total: Money) -> bool:
    """Cash − change = total; a change of nothing has to be printed to count."""
    values = {each.value for each in figures.tendered}
    return total.value > 0 and any(value >= total.value and value - total.value in values for value in values)
