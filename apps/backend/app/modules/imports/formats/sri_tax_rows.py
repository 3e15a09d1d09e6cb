"""Taxes of an SRI voucher: rows of its summary, rows of its details, and whether the two say the same of the IVA."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from app.modules.imports.domain.canonical import Tax
from app.modules.imports.formats import arithmetic
from app.modules.imports.formats.printed_values import decimal_value
from app.modules.imports.formats.sri_codes import IVA, IVA_RATES, TAXES
from app.modules.imports.formats.xml import Element, find, find_all, text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from decimal import Decimal

    from app.modules.imports.formats.sri_codes import Voucher
    from app.modules.imports.formats.xml_reading import XmlReading

_HALF_A_CENT: Final = arithmetic.CENT / 2


@dataclass(slots=True)
class LineTaxes:
    """What the details say of one codigoPorcentaje of the IVA. A figure that cannot be read makes its sum unknown."""

    bases: list[Decimal | None] = field(default_factory=list)
    amounts: list[Decimal | None] = field(default_factory=list)
    rates: dict[Decimal | None, Element] = field(default_factory=dict)
    """Each tarifa, and the first detail that states it."""
    rated: bool = True
    """Whether each detail's own tax is its base at the tarifa that it states itself."""

    @property
    def base(self) -> Decimal | None:
        return _sum(self.bases)

    @property
    def amount(self) -> Decimal | None:
        return _sum(self.amounts)

    def hold(self, rate: Decimal | None) -> bool:
        """Whether each detail's own tax is its base at the rate, rounded or cut to the cent."""
        return all(
            arithmetic.rate_agrees(base, rate, amount, arithmetic.CENT)
            for base, amount in zip(self.bases, self.amounts, strict=True)
        )


def taxes_of_lines(root: Element) -> Mapping[str | None, LineTaxes]:
    """By codigoPorcentaje, the IVA of the details; nothing when some detail states none."""
    found: dict[str | None, LineTaxes] = defaultdict(LineTaxes)
    for detail in find_all(root, "detalles/detalle"):
        row = iva_row(detail)
        if row is None:
            return {}
        taxes = found[text_of(find(row, "codigoPorcentaje"))]
        base, rate, amount = (_amount(row, name) for name in ("baseImponible", "tarifa", "valor"))
        taxes.bases.append(base)
        taxes.amounts.append(amount)
        taxes.rates.setdefault(rate, row)
        taxes.rated = taxes.rated and arithmetic.rate_agrees(base, rate, amount)
    return found


def iva_row(detail: Element) -> Element | None:
    rows = find_all(detail, "impuestos/impuesto")
    return next((row for row in rows if text_of(find(row, "codigo")) == IVA), None)


def summary_row(reading: XmlReading, row: Element, name: str, lines: Mapping[str | None, LineTaxes]) -> Tax:
    """A row of the summary; its tarifa is optional there, and then follows from its code or from the details."""
    code = reading.text(row, "codigo", required=True)
    category = reading.text(row, "codigoPorcentaje", f"{name}.category")
    rate = stated_rate(reading, row, f"{name}.rate")
    if rate is None and code == IVA and category in lines:
        rate = _rate_of_lines(reading, lines[category], f"{name}.rate")
    return Tax(
        tax_code=TAXES.get(code or "", code),
        category=category,
        rate=rate,
        base=reading.amount(row, "baseImponible", f"{name}.base", required=True),
        amount=reading.amount(row, "valor", f"{name}.amount", required=True),
    )


def stated_rate(reading: XmlReading, row: Element, name: str) -> Decimal | None:
    """The tarifa, or what the codigoPorcentaje of the IVA stands for."""
    stated = reading.amount(row, "tarifa", name)
    if stated is not None or text_of(find(row, "codigo")) != IVA:
        return stated
    return reading.formed(row, "codigoPorcentaje", IVA_RATES.get, name)


def _rate_of_lines(reading: XmlReading, lines: LineTaxes, name: str) -> Decimal | None:
    if len(lines.rates) != 1:
        return None
    [(rate, row)] = lines.rates.items()
    reading.prove(name, find(row, "tarifa") if rate is not None else None)
    return rate


def row_agrees(row: Tax, lines: Mapping[str | None, LineTaxes]) -> bool:
    """Whether the IVA is base × rate, or what its details make, each of which may be rounded.

    ICE and IRBPNR also have amounts by unit (``further_agree``).
    """
    if row.tax_code != TAXES[IVA]:
        return True
    of_lines = lines.get(row.category, LineTaxes())
    allowed = max(arithmetic.ROUNDING, _HALF_A_CENT * len(of_lines.amounts))
    if arithmetic.rate_agrees(row.base, row.rate, row.amount, allowed):
        return True
    return of_lines.amount is not None and of_lines.amount == row.amount and of_lines.hold(row.rate)


def bases_agree(
    rows: Sequence[Tax], net: Decimal | None, discounts: Decimal, lines: Mapping[str | None, LineTaxes]
) -> bool:
    """Whether the bases of the IVA make the total without taxes: every detail has its IVA, be it of nothing.

    The reasons of a nota de débito may lie outside of the IVA, so that its bases may make less.

    ICE is part of the base; IRBPNR and a discount of the whole document are where issuers count them in.
    """
    iva = [row for row in rows if row.tax_code == TAXES[IVA]]
    bases = _sum([row.base for row in iva])
    if not iva or net is None or bases is None or (not lines and bases <= net):
        return True
    return arithmetic.agree_with_some(net, bases, _further(rows, discounts))


def lines_agree(rows: Sequence[Tax], lines: Mapping[str | None, LineTaxes], discounts: Decimal) -> bool:
    """Whether the details make the rows of the IVA, one codigoPorcentaje as the other, each at its own tarifa."""
    summary: dict[str | None, list[Tax]] = defaultdict(list)
    for row in rows:
        if row.tax_code == TAXES[IVA]:
            summary[row.category].append(row)
    further = _further(rows, discounts)
    return not lines or all(
        lines.get(code, LineTaxes()).rated and _make(lines.get(code, LineTaxes()), summary.get(code, ()), further)
        for code in {*lines, *summary}
    )


def further_agree(info: Element, root: Element, kind: Voucher) -> bool:
    """Whether the ICE, and so the IRBPNR, of the summary is that of the details, where both state it.

    That is all the voucher says: the tarifa of a row may be a percentage, US dollars by the unit, by the litre of pure
    alcohol or by 100 grams of sugar, or one of the two parts of a mixed one (ficha técnica, table 18), and nothing says
    which, nor of how many units.
    """
    of_lines = _amounts_by_tax(find_all(root, "detalles/detalle/impuestos/impuesto"))
    of_summary = _amounts_by_tax(find_all(info, kind.taxes))
    return all(
        arithmetic.agree(
            _sum(of_lines[code]), _sum(amounts), max(arithmetic.ROUNDING, arithmetic.CENT * len(of_lines[code]))
        )
        for code, amounts in of_summary.items()
        if code != IVA and code in of_lines
    )


def _amounts_by_tax(rows: Iterable[Element]) -> Mapping[str | None, Sequence[Decimal | None]]:
    found: dict[str | None, list[Decimal | None]] = defaultdict(list)
    for row in rows:
        found[text_of(find(row, "codigo"))].append(_amount(row, "valor"))
    return found


def _make(lines: LineTaxes, rows: Iterable[Tax], further: Sequence[Decimal]) -> bool:
    base, amount = _sum([row.base for row in rows]), _sum([row.amount for row in rows])
    if arithmetic.agree(lines.base, base, arithmetic.ROUNDING):
        allowed = max(arithmetic.ROUNDING, arithmetic.CENT * len(lines.amounts))
        return arithmetic.agree(lines.amount, amount, allowed)
    return arithmetic.agree_with_some(lines.base, base, further)


def _further(rows: Iterable[Tax], discounts: Decimal) -> list[Decimal]:
    """What a base of the IVA may hold beside the price."""
    sums = {code: arithmetic.ZERO for code in TAXES.values() if code != TAXES[IVA]}
    for row in rows:
        if row.tax_code in sums and row.amount is not None:
            sums[row.tax_code] += row.amount
    return [*sums.values(), -discounts]


def _amount(row: Element, name: str) -> Decimal | None:
    # What is malformed there is no value of the document, and so no fault of it either.
    return decimal_value(text_of(find(row, name)) or "")


def _sum(amounts: Sequence[Decimal | None]) -> Decimal | None:
    """The sum, unknown where one of the amounts is; of none, nothing."""
    known = [amount for amount in amounts if amount is not None]
    return sum(known, arithmetic.ZERO) if len(known) == len(amounts) else None
