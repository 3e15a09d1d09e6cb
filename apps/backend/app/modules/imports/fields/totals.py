"""Chooses net, taxes, withholding and total together: the reading that the page's own arithmetic proves."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, islice, product
from typing import TYPE_CHECKING, Final

from app.modules.imports.fields.closing import (
    COIN,
    ZERO,
    Figures,
    Solution,
    after_rounding,
    belief_in,
    closed,
    is_named,
    is_tendered,
)
from app.modules.imports.fields.exempt import find_exempt
from app.modules.imports.fields.taxrows import CENT, find_tax_rows, index, rounded, with_surcharges

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from decimal import Decimal

    from app.modules.imports.fields.money import Money
    from app.modules.imports.fields.taxrows import TaxRow

_PER_RATE = 4
_COMBINATIONS = 600
_EXEMPT_BASES = 4
_EXTRAS = 3
_PAIRS = 40
_FEW = 8
_LAST = 80
"""Candidates for the total are looked for among the last amounts that may be one."""
_PROOF = 1.5
_LOWER = 0.3
_HEADED = 0.8
_MOST_TAXES = 6
_BASES: Final = frozenset({"baseirpf", "baseretencion"})


def solve(money: Sequence[Money]) -> Solution:
    """The best-supported reading of the totals; empty when the page has no amounts."""
    figures = _figures(money)
    best = max(_solutions(figures), key=lambda each: each.score - _ignored(figures, each), default=Solution())
    unsettled = _leaves_withheld(figures, best) or _leaves_payable(figures, best)
    doubtful = unsettled or _leaves_larger(figures, best)
    return replace(best, proven=False, unsettled=unsettled) if doubtful else best


def _leaves_larger(figures: Figures, solution: Solution) -> bool:
    """Another amount is called the total on its own row and is larger: what adds up is then only a part of it."""
    read = [abs(each.value) for each in (solution.gross, solution.payable, solution.unrounded) if each]
    return any(
        each.strength("gross", "payable") >= 1 and abs(each.value) > max(read, default=ZERO) for each in figures.cents
    )


def _leaves_payable(figures: Figures, solution: Solution) -> bool:
    """Amounts are printed as what is to be paid, and none of them is in this reading."""
    read = {abs(each.value) for each in (solution.gross, solution.payable, solution.unrounded) if each}
    told = {abs(each.value) for each in figures.cents if each.strength("payable") >= _HEADED and each.value}
    return bool(told) and not told & read


def _leaves_withheld(figures: Figures, solution: Solution) -> bool:
    """An amount is printed as withheld, and in this reading nothing is: what is to be paid is then not what it says."""
    told = (each for each in figures.withheld if each.strength("withholding") >= 1 and not each.amount.percent)
    return solution.withheld is None and any(each.label not in _BASES for each in told)


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
    exempt = tuple(find_exempt(cents, money))
    largest = max((abs(value) for value in by_value), default=ZERO)
    tendered = tuple(each for each in cents if each.strength("prepaid") >= 1)
    return Figures(
        money=money,
        cents=cents,
        by_value=by_value,
        largest=largest,
        exempt=exempt,
        tendered=tendered,
        withheld=tuple(each for each in cents if each.strength("withholding") and each.value)[:_FEW],
        roundings=tuple(each for each in cents if each.strength("rounding") and 0 < abs(each.value) < COIN)[:_FEW],
    )


def _solutions(figures: Figures) -> Iterator[Solution]:
    for rows in _combinations(figures):
        yield from _with_rows(figures, rows)
    yield from _without_rate(figures)
    yield from _without_bases(figures)
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
        picked = tuple(row for row in chosen if row is not None)
        if picked and _disjoint(picked):
            yield picked


def _disjoint(rows: tuple[TaxRow, ...]) -> bool:
    """No amount is base or tax twice."""
    used = [id(each) for row in rows for each in (row.base, row.tax) if each]
    return len(used) == len(set(used))


def _with_rows(figures: Figures, rows: tuple[TaxRow, ...]) -> Iterator[Solution]:
    """Totals that the sum of the rows, with what may stand beside them, agrees with."""
    net = sum((row.base.value for row in rows), ZERO)
    tax = sum((row.taxes for row in rows), ZERO)
    belief = sum(row.score for row in rows) / 2 + len(rows)
    for exempt in _exempt_parts(figures, rows):
        for extras in _extra_parts(figures):
            bare = net + sum((each.value for each in exempt), ZERO)
            total = bare + tax + sum((each.value for each in extras), ZERO)
            if not figures.may_close(total):
                continue
            shape = Solution(
                rows=rows, exempt=exempt, extras=extras, score=belief + len(exempt) + len(extras),
                net=_agreeing(figures, bare, "net"), tax=_agreeing(figures, tax, "tax"),
            )  # fmt: skip
            yield from closed(figures, shape, total, bare)


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
    extras = [each for each in figures.cents if each.strength("ice", "tip", "passed_on") >= _HEADED and each.value]
    extras = extras[-_EXTRAS:]
    for size in range(len(extras), 0, -1):
        yield from combinations(extras, size)


def _agreeing(figures: Figures, value: Decimal, role: str) -> Money | None:
    for slip in (ZERO, CENT, -CENT):
        found = figures.find(value + slip, role)
        if found is not None and (slip == 0 or found.strength(role) >= 1):
            return found
    return None


def _without_rate(figures: Figures) -> Iterator[Solution]:
    """Net + tax = total where no rate explains the tax."""
    nets = _best(figures.cents, "net")
    taxes = _best(figures.cents, "tax")
    extra_parts = list(_extra_parts(figures))
    for net, tax in product(nets, taxes):
        if net is tax or not tax.value or abs(tax.value) >= abs(net.value):
            continue
        score = 2 * net.strength("net") + 2 * tax.strength("tax") - 2
        for extras in extra_parts:
            total = net.value + tax.value + sum((each.value for each in extras), ZERO)
            if not figures.may_close(total):
                continue
            shape = Solution(net=net, tax=tax, extras=extras, score=score + len(extras))
            yield from closed(figures, shape, total, net.value)


def _without_bases(figures: Figures) -> Iterator[Solution]:
    """Net + the taxes of several rates = total, where nothing says how much of the net each rate is on."""
    taxes = [each for each in figures.cents if _is_sole_tax(each)][-_MOST_TAXES:]
    for count in range(len(taxes), 1, -1):
        for net, start in product(_best(figures.cents, "net"), range(len(taxes) - count + 1)):
            chosen = taxes[start : start + count]
            for extras in _extra_parts(figures):
                total = sum((each.value for each in (net, *chosen, *extras)), ZERO)
                if net not in chosen and figures.may_close(total):
                    summed = sum((each.value for each in chosen), ZERO)
                    shape = Solution(
                        net=net, tax=_agreeing(figures, summed, "tax"), several=tuple(chosen), extras=extras,
                        score=2 * net.strength("net") + count + len(extras),
                    )  # fmt: skip
                    yield from closed(figures, shape, total, net.value)


def _is_sole_tax(each: Money) -> bool:
    """A tax by label or heading, and nothing else more: the column ``% IVA`` goes on over what was paid on account."""
    strength = each.strength("tax", "surcharge")
    return bool(each.value) and strength >= _HEADED and strength > each.strength("net", "prepaid", "payable")


def _best(cents: Iterable[Money], role: str) -> list[Money]:
    labelled = [each for each in cents if each.strength(role)]
    return sorted(labelled, key=lambda each: -each.strength(role))[:_PAIRS]


def _untaxed(figures: Figures) -> Iterator[Solution]:
    """Net = total, with a tax of zero printed or none at all."""
    zero = max(figures.by_value.get(ZERO, ()), key=lambda each: each.strength("tax"), default=None)
    tax = zero if zero is not None and zero.strength("tax") else None
    for net in _best(figures.cents, "net"):
        if not net.value or (tax is None and not net.strength("net") >= 1):
            continue
        for extras in _extra_parts(figures):
            total = net.value + sum((each.value for each in extras), ZERO)
            score = 2 * net.strength("net") - (2 if tax else 5) + 3 * len(extras)
            shape = Solution(net=net, tax=tax, extras=extras, score=score)
            others = [each for each in figures.by_value.get(total, ()) if each is not net and is_named(each)]
            if others and tax is not None:
                yield from closed(figures, shape, total, net.value)
            yield from (each for each in closed(figures, shape, total, net.value) if each.withheld)


def _labelled(figures: Figures) -> Iterator[Solution]:
    """Totals that only their label speaks for."""
    for each in [each for each in figures.cents if _may_be_total(figures, each)][-_LAST:]:
        support = is_tendered(figures, each) + _column_adds_up(figures, each)
        score = belief_in(figures, each) - 1 + _PROOF * support
        score += _LOWER * each.amount.row.number / max(figures.cents[-1].amount.row.number, 1)
        # Lines prove the sum that they add up to; whether that is the total or only the net, the label has to say.
        labelled = Solution(gross=each, score=score, proven=support > 0 and is_named(each))
        yield labelled
        yield from after_rounding(figures, labelled)


def _may_be_total(figures: Figures, each: Money) -> bool:
    named = each.strength("gross", "payable", "total", "said") > 0 or each.strength("net") >= 1
    return named or abs(each.value) == figures.largest or is_tendered(figures, each)


def _column_adds_up(figures: Figures, total: Money) -> bool:
    """The amounts over the total, right edges in line, sum up to it."""
    height = total.amount.row.height
    running = ZERO
    count = 0
    for each in reversed(figures.cents):
        if each.amount.row.number >= total.amount.row.number or each.amount.row.page != total.amount.row.page:
            continue
        if abs(each.amount.box.right - total.amount.box.right) > height:
            continue
        running += each.value
        count += 1
        if running == total.value and (count > 1 or _is_sole_line(figures, total, each)):
            return True
    return False


def _is_sole_line(figures: Figures, total: Money, line: Money) -> bool:
    """Quantity × price, and nothing on the page is larger than the total that is the same."""
    if total.value != figures.largest:
        return False
    row = [each.amount.value for each in figures.money if each.amount.row is line.amount.row and each is not line]
    return any(rounded(one * other) == line.value for one, other in combinations(row, 2))
