"""Rows of output tax of a Facturae invoice: base × rate of the row, or rounded in every line by itself."""

from __future__ import annotations

from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Final, TypeAlias

from app.modules.imports.domain.canonical import Tax
from app.modules.imports.formats import arithmetic
from app.modules.imports.formats.xml import Element, find_all

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from app.modules.imports.formats.facturae_reading import FacturaeReading

_TAXES: Final = {"01": "IVA", "02": "IPSI", "03": "IGIC", "04": "IRPF"}

_PERCENTAGES: Final = frozenset([*_TAXES.values(), "17", "18", "19", "20"])
"""With the schemes of travel agencies, whose codes some programs write the recargo de equivalencia with, and the tax on
insurance premiums (TaxTypeCodeType of schema 3.2.2).
"""

_DIGITS: Final = 20

_Share: TypeAlias = "tuple[Decimal | None, Decimal | None, Decimal | None]"
"""Base, rate and amount."""
_Kind: TypeAlias = "tuple[str | None, Decimal | None, Decimal | None]"
"""Tax, rate and rate of surcharge."""


def tax_code(reading: FacturaeReading, tax: Element) -> str | None:
    """The tax by its name; one that has none here by its code."""
    code = reading.text(tax, "TaxTypeCode", required=True)
    return _TAXES.get(code or "", code)


def tax_row(reading: FacturaeReading, tax: Element, field: str = "") -> Tax:
    """A row of output tax, of the invoice or (without a field) of a line."""

    def amount(path: str, name: str, *, required: bool = False) -> Decimal | None:
        return reading.amount(tax, path, f"{field}.{name}" if field else "", required=required)

    return Tax(
        tax_code=tax_code(reading, tax),
        rate=amount("TaxRate", "rate", required=True),
        base=amount("TaxableBase/TotalAmount", "base"),
        amount=amount("TaxAmount/TotalAmount", "amount"),
        surcharge_rate=amount("EquivalenceSurcharge", "surcharge_rate"),
        surcharge_amount=amount("EquivalenceSurchargeAmount/TotalAmount", "surcharge_amount"),
    )


def rows_agree(reading: FacturaeReading, invoice: Element, rows: Sequence[Tax]) -> bool:
    """Whether each row is base × rate, or the sum of what its lines state, each of them base × rate.

    Excises and levies on plastic, fuel or fluorinated gas are by the litre, the kilo or the megawatt hour, and their
    rows have nowhere to say so: only what is a percentage by law is compared.
    """
    rows = [row for row in rows if row.tax_code in _PERCENTAGES]
    if all(arithmetic.rate_agrees(*share) for row in rows for share in _shares(row)):
        return True
    sums = _sums_of_lines(reading, invoice)
    return all(_row_agrees(row, sums) for row in rows)


def bases_agree(reading: FacturaeReading, invoice: Element, rows: Sequence[Tax], allowed: Decimal) -> bool:
    """Whether the lines bear the bases of the rows, each tax at each rate by itself; unknown where one states none.

    What is taxed with nothing need have no row of its own.
    """
    borne = [list(find_all(line, "TaxesOutputs/Tax")) for line in find_all(invoice, "Items/InvoiceLine")]
    of_lines = [tax_row(reading, element) for elements in borne for element in elements]
    if not all(borne) or any(tax.base is None for tax in (*rows, *of_lines)):
        return True
    off: dict[tuple[str | None, Decimal | None], Decimal] = defaultdict(Decimal)
    for sign, taxes in ((1, of_lines), (-1, rows)):
        for tax in (tax for tax in taxes if tax.rate):
            off[tax.tax_code, tax.rate] += sign * (tax.base or arithmetic.ZERO)
    return all(abs(amount) <= allowed for amount in off.values())


def _row_agrees(row: Tax, sums: Mapping[_Kind, Sequence[Decimal | None]]) -> bool:
    by_line = sums.get(_kind(row), (None, None))
    return all(
        arithmetic.rate_agrees(*share) or share[2] == summed
        for share, summed in zip(_shares(row), by_line, strict=True)
    )


def _sums_of_lines(reading: FacturaeReading, invoice: Element) -> Mapping[_Kind, Sequence[Decimal | None]]:
    """Of each kind of tax its amount and its surcharge, as the lines have them."""
    borne: dict[_Kind, list[Tax]] = {}
    for element in find_all(invoice, "Items/InvoiceLine/TaxesOutputs/Tax"):
        tax = tax_row(reading, element)
        borne.setdefault(_kind(tax), []).append(tax)
    return {
        kind: [_sum(shares) for shares in zip(*(_shares(tax) for tax in taxes), strict=True)]
        for kind, taxes in borne.items()
    }


def _sum(shares: Iterable[_Share]) -> Decimal | None:
    """None unless every line states its base, and its amount, which is optional there, right."""
    summed = arithmetic.ZERO
    for base, rate, amount in shares:
        if base is None or rate is None or not arithmetic.rate_agrees(base, rate, amount, arithmetic.CENT):
            return None
        own = _to_the_cent(base * rate / 100) if amount is None else amount
        if own is None:
            return None
        summed += own
    return summed


def _to_the_cent(amount: Decimal) -> Decimal | None:
    """Rounded half up; None of what has more digits than can be rounded."""
    return amount.quantize(arithmetic.CENT, ROUND_HALF_UP) if amount.adjusted() < _DIGITS else None


def _kind(tax: Tax) -> _Kind:
    return tax.tax_code, tax.rate, tax.surcharge_rate


def _shares(tax: Tax) -> tuple[_Share, _Share]:
    return (tax.base, tax.rate, tax.amount), (tax.base, tax.surcharge_rate, tax.surcharge_amount)
