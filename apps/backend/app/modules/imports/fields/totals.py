"""Chooses net, taxes, withholding and total together: of all readings of a page the one that its own arithmetic proves."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import combinations, islice, product
from typing import TYPE_CHECKING

from app.modules.imports.fields.taxrows import CENT, find_tax_rows, index, share, with_surcharges

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from app.modules.imports.fields.money import Money
    from app.modules.imports.fields.taxrows import TaxRow

_PER_RATE = 4
_COMBINATIONS = 1500
_EXEMPT_BASES = 4
_PAIRS = 40
_ZERO = Decimal(0)
_COIN = Decimal("0.10")
_EXEMPT = ("exent", "noobjeto", "nosujet", "exempt", "steuerfrei")
_WITHHELD = tuple(Decimal(rate) for rate in "15 19 7 24 2 1 20 21 18 9 35 25 11.5 23".split())


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
    extras: tuple[Money, ...] = ()
    """Amounts that are part of the total and of no base: ICE, tip."""
    proven: bool = False
    score: Decimal = _ZERO

    @property
    def top(self) -> int:
        """The first row that belongs to the totals."""
        parts = (self.net, self.tax, self.gross, self.payable, *(row.base for row in self.rows))
        return min((part.amount.row.number for part in parts if part), default=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The amounts of a document as the solver looks at them."""

    money: Sequence[Money]
    cents: Sequence[Money]
    by_value: Mapping[Decimal, list[Money]]
    largest: Decimal
    exempt: tuple[Money, ...] = field(default=())

    def find(self, value: Decimal, *roles: str) -> Money | None:
        """The occurrence of a value that its labels speak for most; later ones first among equals."""
        found = self.by_value.get(value, ())
        return max(found, key=lambda each: (each.strength(*roles), each.amount.row.number), default=None)


def solve(money: Sequence[Money]) -> Solution:
    """The best-supported reading of the totals; empty when the page has no amounts."""
    figures = _figures(money)
    return max(_solutions(figures), key=lambda each: each.score - _ignored(figures, each), default=Solution())


def _ignored(figures: Figures, solution: Solution) -> int:
    """A reading that leaves out an amount the page itself calls payable is hardly the right one."""
    used = {each.value for each in (solution.gross, solution.payable, solution.unrounded) if each}
    payable = {each.value for each in figures.cents if each.strength("payable") >= 1 and each.value}
    gross = {each.value for each in figures.cents if each.strength("gross") >= 1 and each.value}
    return (4 if payable and not payable & used else 0) + (2 if gross and not gross & used else 0)


def _figures(money: Sequence[Money]) -> Figures:
    cents = [each for each in money if each.amount.cents]
    if not cents:
        whole = [each for each in money if not each.amount.percent and each.amount.decimals == 0]
        cents = [
            each for each in whole if each.amount.currency or each.strength("gross", "total", "payable", "net", "tax")
        ]
    by_value = index(cents)
    exempt = tuple(_exempt(cents, money))
    return Figures(
        money=money, cents=cents, by_value=by_value, largest=max((abs(value) for value in by_value), default=_ZERO), exempt=exempt,
    )  # fmt: skip


def _exempt(cents: Sequence[Money], money: Sequence[Money]) -> Iterator[Money]:
    """Bases without tax: labelled so, or standing on a row of their own with a rate or a tax of zero."""
    by_row: dict[int, list[Money]] = {}
    for each in money:
        by_row.setdefault(each.amount.row.number, []).append(each)
    for each in cents:
        row = by_row[each.amount.row.number]
        labelled = each.strength("net") >= 1 and _named_exempt(each)
        tabled = (
            each.strength("net") > 0
            and any(_is_zero_tax(other) for other in row)
            and not any(_is_tax(other) for other in row)
        )
        if each.value and (labelled or tabled):
            yield each


def _named_exempt(each: Money) -> bool:
    return each.rate == 0 or any(word in each.label for word in _EXEMPT)


def _is_zero_tax(each: Money) -> bool:
    return not each.value and (each.amount.percent or each.strength("tax", "rate") > 0)


def _is_tax(each: Money) -> bool:
    return bool(each.value) and each.amount.cents and each.strength("tax") > 0 and not each.strength("net")


def _solutions(figures: Figures) -> Iterator[Solution]:
    for rows in _combinations(figures):
        yield from _with_rows(figures, rows)
    yield from _without_rate(figures)
    yield from _untaxed(figures)
    yield from _labelled(figures)


def _combinations(figures: Figures) -> Iterator[tuple[TaxRow, ...]]:
    """Sets of tax rows of different rates, the more believable ones first."""
    options: list[list[TaxRow | None]] = []
    by_rate = find_tax_rows(figures.money, figures.cents)
    for rows in sorted(by_rate.values(), key=lambda each: -each[0].score)[:5]:
        best = rows[:_PER_RATE]
        options.append([*with_surcharges(best, figures.cents), *best, None])
    for chosen in islice(product(*options), _COMBINATIONS):
        rows = tuple(row for row in chosen if row is not None)
        if rows and _disjoint(rows):
            yield rows


def _disjoint(rows: tuple[TaxRow, ...]) -> bool:
    """No amount is base or tax twice."""
    used = [id(each) for row in rows for each in (row.base, row.tax) if each]
    return len(used) == len(set(used))


def _with_rows(figures: Figures, rows: tuple[TaxRow, ...]) -> Iterator[Solution]:
    """Totals that the sum of the rows, with what may stand beside them, agrees with."""
    net = sum((row.base.value for row in rows), _ZERO)
    tax = sum((row.taxes for row in rows), _ZERO)
    belief = sum((row.score for row in rows), _ZERO) / 2 + len(rows)
    for exempt in _exempt_parts(figures, rows):
        for extras in _extra_parts(figures):
            bare = net + sum((each.value for each in exempt), _ZERO)
            total = bare + tax + sum((each.value for each in extras), _ZERO)
            shape = Solution(
                rows=rows, exempt=exempt, extras=extras, score=belief + len(exempt) + len(extras),
                net=_agreeing(figures, bare, "net"), tax=_agreeing(figures, tax, "tax"),
            )  # fmt: skip
            yield from _closed(figures, shape, total, bare)


def _exempt_parts(figures: Figures, rows: tuple[TaxRow, ...]) -> Iterator[tuple[Money, ...]]:
    """Sets of untaxed bases, larger sets first; of equal amounts one is enough."""
    free = list(
        {each.value: each for each in figures.exempt if all(each.value != row.base.value for row in rows)}.values()
    )
    free = free[-_EXEMPT_BASES:]
    yield ()
    for size in range(len(free), 0, -1):
        yield from combinations(free, size)


def _extra_parts(figures: Figures) -> Iterator[tuple[Money, ...]]:
    yield ()
    extras = [each for each in figures.cents if each.strength("ice", "tip") >= 1 and each.value][:_EXEMPT_BASES]
    for size in range(len(extras), 0, -1):
        yield from combinations(extras, size)


def _agreeing(figures: Figures, value: Decimal, role: str) -> Money | None:
    for slip in (_ZERO, CENT, -CENT):
        found = figures.find(value + slip, role)
        if found is not None and (slip == 0 or found.strength(role) >= 1):
            return found
    return None


def _closed(figures: Figures, shape: Solution, total: Decimal, net: Decimal) -> Iterator[Solution]:
    """The shape with a printed total, before or after withholding, that it adds up to."""
    agreement = sum(
        (Decimal(str(each.strength(role))) for each, role in ((shape.net, "net"), (shape.tax, "tax")) if each), _ZERO,
    )  # fmt: skip
    shape = replace(shape, score=shape.score + agreement, proven=True)
    gross = _total(figures, total)
    if gross is not None:
        paid, prepaid = _prepaid(figures, gross)
        whole = replace(
            shape, gross=gross, payable=paid, prepaid=prepaid, score=shape.score + 3 + _belief(figures, gross)
        )
        yield whole
        yield from _after_rounding(figures, whole)
    for withheld, rate in _withholdings(figures, net):
        paid = _total(figures, total - _signed(withheld, total))
        if paid is not None:
            printed = _total(figures, total)
            yield replace(
                shape, gross=printed, payable=paid, withheld=withheld, withheld_rate=rate,
                score=shape.score + 6 + _belief(figures, paid) + (1 if printed else 0),
            )  # fmt: skip


def _total(figures: Figures, value: Decimal) -> Money | None:
    for slip in (_ZERO, CENT, -CENT):
        found = figures.find(value + slip, "gross", "payable", "total")
        if found is not None and (slip == 0 or found.strength("gross", "payable", "total")):
            return found
    return None


def _belief(figures: Figures, total: Money) -> Decimal:
    """How much labels and size speak for an amount being the total."""
    strong = Decimal(str(total.strength("gross", "payable")))
    score = max(4 * strong, 3 * Decimal(str(total.strength("total"))))
    score += 1 if abs(total.value) == figures.largest else 0
    score += Decimal("0.5") if len(figures.by_value[total.value]) > 1 else 0
    score += Decimal("0.5") if total.amount.currency else 0
    score -= 2 if not total.strength("gross", "payable", "total") else 0
    score -= 3 * Decimal(str(total.strength("prepaid", "discount", "quantity_total")))
    return score


def _after_rounding(figures: Figures, whole: Solution) -> Iterator[Solution]:
    """Where cash is rounded, the total is what is printed after the adjustment."""
    for adjustment in figures.cents:
        if whole.gross is None or not adjustment.strength("rounding") or not 0 < abs(adjustment.value) < _COIN:
            continue
        if adjustment.amount.row.number < whole.gross.amount.row.number:
            continue
        for value in (whole.gross.value + adjustment.value, whole.gross.value - adjustment.value):
            final = _later(figures, value, adjustment)
            if final is not None:
                belief = _belief(figures, final) - _belief(figures, whole.gross)
                belief = max(belief, _ZERO) if _tendered(figures, final) else belief
                yield replace(whole, gross=final, unrounded=whole.gross, score=whole.score + 3 + belief)


def _later(figures: Figures, value: Decimal, after: Money) -> Money | None:
    """The best-labelled occurrence of a value below another amount."""
    found = [each for each in figures.by_value.get(value, ()) if each.amount.row.number >= after.amount.row.number]
    return max(found, key=lambda each: each.strength("gross", "payable", "total"), default=None)


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
    for each in figures.cents:
        if each.strength("withholding") and each.value:
            printed = (each.rate,) if each.rate else ()
            rates = (*printed, *_WITHHELD)
            rate = next((rate for rate in rates if abs(share(abs(net), rate) - abs(each.value)) <= CENT), None)
            yield each, rate


def _without_rate(figures: Figures) -> Iterator[Solution]:
    """Net + tax = total where no rate explains the tax."""
    nets = _best(figures.cents, "net")
    taxes = _best(figures.cents, "tax")
    extra_parts = list(_extra_parts(figures))
    for net, tax in product(nets, taxes):
        if net is tax or not tax.value or abs(tax.value) >= abs(net.value):
            continue
        score = 2 * Decimal(str(net.strength("net"))) + 2 * Decimal(str(tax.strength("tax"))) - 2
        for extras in extra_parts:
            total = net.value + tax.value + sum((each.value for each in extras), _ZERO)
            shape = Solution(net=net, tax=tax, extras=extras, score=score + len(extras))
            yield from _closed(figures, shape, total, net.value)


def _best(cents: Iterable[Money], role: str) -> list[Money]:
    labelled = [each for each in cents if each.strength(role)]
    return sorted(labelled, key=lambda each: -each.strength(role))[:_PAIRS]


def _untaxed(figures: Figures) -> Iterator[Solution]:
    """Net = total, with a tax of zero printed or none at all."""
    zero = max(figures.by_value.get(_ZERO, ()), key=lambda each: each.strength("tax"), default=None)
    tax = zero if zero is not None and zero.strength("tax") else None
    for net in _best(figures.cents, "net"):
        if not net.value or (tax is None and not net.strength("net") >= 1):
            continue
        shape = Solution(net=net, tax=tax, score=2 * Decimal(str(net.strength("net"))) - (2 if tax else 5))
        others = [
            each
            for each in figures.by_value[net.value]
            if each is not net and each.strength("gross", "payable", "total")
        ]
        if others and tax is not None:
            yield from _closed(figures, shape, net.value, net.value)
        yield from (each for each in _closed(figures, shape, net.value, net.value) if each.withheld)


def _labelled(figures: Figures) -> Iterator[Solution]:
    """Totals that only their label speaks for."""
    for each in figures.cents:
        change = _tendered(figures, each)
        if change or each.strength("gross", "payable", "total") > 0 or abs(each.value) == figures.largest:
            lines = _column_adds_up(figures, each)
            score = _belief(figures, each) - 1 + Decimal("1.5") * (change + lines)
            score += Decimal("0.3") * each.amount.row.number / max(figures.cents[-1].amount.row.number, 1)
            labelled = Solution(gross=each, score=score, proven=bool(change or lines))
            yield labelled
            yield from _after_rounding(figures, labelled)


def _tendered(figures: Figures, total: Money) -> bool:
    """Cash − change = total."""
    prepaid = [each for each in figures.cents if each.strength("prepaid") >= 1]
    values = {each.value for each in prepaid}
    return total.value > 0 and any(each.value > total.value and each.value - total.value in values for each in prepaid)


def _column_adds_up(figures: Figures, total: Money) -> bool:
    """The amounts over the total, right edges in line, sum up to it."""
    height = total.amount.row.height
    running = _ZERO
    count = 0
    for each in reversed(figures.cents):
        if each.amount.row.number >= total.amount.row.number or each.amount.row.page != total.amount.row.page:
            continue
        if abs(each.amount.box.right - total.amount.box.right) > height:
            continue
        running += each.value
        count += 1
        if running == total.value and count > 1:
            return True
        if abs(running) > abs(total.value):
            running, count = _ZERO, 0
    return False
