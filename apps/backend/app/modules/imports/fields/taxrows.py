"""Pairs of amounts that prove each other: base × rate = tax, to the cent."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Final

from app.modules.imports import plugins
from app.modules.imports.fields.money import printed_rates

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from app.modules.imports.fields.money import Money

CENT: Final = Decimal("0.01")
_PERCENT: Final = Decimal(100)
_ABROAD: Final = frozenset(
    Decimal(rate)
    for rate in (
        "5",
        "5.5",
        "6",
        "7",
        "8",
        "9",
        "10",
        "13",
        "15",
        "16",
        "19",
        "20",
        "21",
        "22",
        "23",
        "25",
        "2.1",
        "8.1",
        "7.7",
        "2.6",
    )
)
"""Usual rates of countries without a pack; believed only when printed."""
_SURCHARGE: Final = {
    Decimal(rate): Decimal(extra)
    for rate, extra in (
        ("21", "5.2"),
        ("10", "1.4"),
        ("4", "0.5"),
        ("5", "0.62"),
        ("7.5", "1"),
        ("2", "0.26"),
        ("18", "4"),
        ("8", "1"),
        ("16", "4"),
    )
}
"""Recargo de equivalencia (Ley 37/1992, art. 161) for documents read without the Spanish pack's own table."""
_OCCURRENCES: Final = 8
_UNPRINTED: Final = -3.0
_UNLAWFUL: Final = -2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxRow:
    """One rate with its base and its tax; ``score`` says how well the page's geometry and labels agree."""

    rate: Decimal
    base: Money
    tax: Money | None
    surcharge_rate: Decimal | None = None
    surcharge: Money | None = None
    score: float = 0.0

    @property
    def tax_code(self) -> str | None:
        """The tax as its label calls it, where it is one of those told apart by law."""
        named = (self.tax.label if self.tax else "") + self.base.label
        return next((code for code in ("IGIC", "IPSI", "IVA") if code.lower() in named), None)

    @property
    def taxes(self) -> Decimal:
        extra = self.surcharge.value if self.surcharge else Decimal(0)
        return (self.tax.value if self.tax else Decimal(0)) + extra

    @property
    def gross(self) -> Decimal:
        return self.base.value + self.taxes


def rounded(value: Decimal) -> Decimal:
    """Half up to the cent."""
    return value.quantize(CENT, ROUND_HALF_UP)


def share(base: Decimal, rate: Decimal) -> Decimal:
    """The tax on a base, to the cent."""
    return rounded(base * rate / _PERCENT)


def plain(rate: Decimal) -> Decimal:
    """The rate without trailing zeros and without an exponent."""
    return Decimal(f"{rate.normalize():f}")


def lawful_rates() -> frozenset[Decimal]:
    """All rates that the country packs know, of whatever date."""
    packs = (plain(rate.rate) for country in plugins.countries().values() for rate in country.rates)
    return frozenset(packs) | _ABROAD | frozenset(_SURCHARGE)


def index(money: Iterable[Money]) -> dict[Decimal, list[Money]]:
    """Amounts by value."""
    found: defaultdict[Decimal, list[Money]] = defaultdict(list)
    for each in money:
        found[each.value].append(each)
    return found


def find_tax_rows(money: Sequence[Money], cents: Sequence[Money]) -> dict[Decimal, list[TaxRow]]:
    """For each rate, rows in falling order of belief. ``cents`` are those of ``money`` that can be sums."""
    by_value = index(cents)
    lawful = lawful_rates()
    printed = printed_rates(money, lawful)
    rows: dict[Decimal, list[TaxRow]] = {}
    for rate in _sensible(printed) | lawful:
        weight = _weight(rate, printed, lawful)
        found = [row for base in by_value for row in _rows_for(rate, base, by_value) if _good(row, weight)]
        if found:
            rows[rate] = sorted((_weighed(row, weight) for row in found), key=lambda row: -row.score)
    return rows


def _weight(rate: Decimal, printed: frozenset[Decimal], lawful: frozenset[Decimal]) -> float:
    if rate not in printed:
        return _UNPRINTED
    return 0.0 if rate in lawful else _UNLAWFUL


def _sensible(rates: frozenset[Decimal]) -> frozenset[Decimal]:
    return frozenset(rate for rate in rates if Decimal("0.9") < rate <= Decimal(27))


def _good(row: TaxRow, weight: float) -> bool:
    return row.score + weight > 0


def _weighed(row: TaxRow, weight: float) -> TaxRow:
    return replace(row, score=row.score + weight)


def _rows_for(rate: Decimal, base: Decimal, by_value: dict[Decimal, list[Money]]) -> Iterator[TaxRow]:
    if base == 0:
        return
    expected = share(base, rate)
    for slip in (Decimal(0), CENT, -CENT):
        taxes = by_value.get(expected + slip) if expected + slip else None
        if taxes:
            best = max(
                (
                    (_agreement(rate, one, other), one, other)
                    for one in by_value[base][-_OCCURRENCES:]
                    for other in taxes[-_OCCURRENCES:]
                ),
                key=lambda each: each[0],
            )
            penalty = 0.0 if slip == 0 else 1.0
            yield TaxRow(rate=rate, base=best[1], tax=best[2], score=best[0] - penalty)


def _agreement(rate: Decimal, base: Money, tax: Money) -> float:
    """How much place and labels speak for base and tax belonging together."""
    if base is tax:
        return -9.0
    score = 1.5 * base.strength("net") + 1.5 * tax.strength("tax")
    if base.amount.row is tax.amount.row:
        score += 2
        score += 1.5 if _row_shows(rate, base) else 0.0
    elif tax.amount.row.page == base.amount.row.page and 0 < tax.amount.row.number - base.amount.row.number <= 4:  # noqa: PLR2004 [a totals block]
        score += 0.5
    if tax.rate is not None:
        score += 2.0 if tax.rate == rate else -3.0
    if base.rate is not None:
        score += 1.0 if base.rate == rate else -3.0
    return score


def _row_shows(rate: Decimal, base: Money) -> bool:
    return any(_reads_as(token.text, rate) for token in base.amount.row.tokens)


def _reads_as(text: str, rate: Decimal) -> bool:
    bare = text.strip("()%:. ").replace(",", ".")
    try:
        return Decimal(bare) == rate
    except ArithmeticError:
        return False


def with_surcharges(rows: Sequence[TaxRow], cents: Sequence[Money]) -> Iterator[TaxRow]:
    """The same rows with the recargo de equivalencia that goes with their base, where the page shows one."""
    by_value = index(cents)
    for row in rows:
        extra = _SURCHARGE.get(row.rate)
        amounts = by_value.get(share(row.base.value, extra), ()) if extra else ()
        labelled = [each for each in amounts if each.strength("surcharge") or _row_shows_extra(each, extra)]
        if extra and labelled:
            yield replace(row, surcharge_rate=extra, surcharge=labelled[0], score=row.score + 2)


def _row_shows_extra(each: Money, extra: Decimal | None) -> bool:
    return extra is not None and _row_shows(extra, each)
