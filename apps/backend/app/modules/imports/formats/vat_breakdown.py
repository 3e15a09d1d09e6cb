"""Whether an electronic invoice agrees with itself, in its totals and below them.

The VAT breakdown (BG-23) with the net total, the lines, and the allowances and charges on all of them (BR-S-01, BR-S-08
and the like of the other categories), a line with its price, all amounts on their currency.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from app.modules.imports.formats import arithmetic
from app.modules.imports.formats.line_amounts import line_agrees

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence

    from app.modules.imports.domain.canonical import CanonicalDocument, Line, Tax
    from app.modules.imports.formats.xml import Element
    from app.modules.imports.formats.xml_reading import XmlReading

_VAT: Final = "VAT"
_STRICT: Final = ("peppol", "xrechnung")
"""Profiles in which the amount of a line is its quantity times its price (PEPPOL-EN16931-R120). The standard itself has
no such rule, and invoices of energy and insurance print prices that make no amount.
"""
_EARLIER: Final = "zugferd 1.0"
"""Older than the standard: its own samples state an allowance below zero or above."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineVat:
    """What a line says of its own tax; so does an allowance, whose amount is below zero, and a charge."""

    category: str | None
    rate: Decimal | None
    net: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """What an invoice states below its totals."""

    lines: Sequence[LineVat]
    """Each line that is summed."""
    beside: Sequence[LineVat]
    """The allowances and charges on all of them."""
    priced: Iterable[Line]
    """The lines whose amount is quantity and price, without their own allowances and charges."""
    amounts: Iterable[Element]
    """All that has to be in the document's currency."""
    profile: str
    """The profile that the invoice follows (BT-24)."""


def totals_agree(document: CanonicalDocument, nets: Iterable[Decimal | None], allowed: Decimal) -> bool:
    """BR-CO-13 to 15 and 17: the net total is one of ``nets``, what its lines, allowances and charges make."""
    stated, of_vat = document.totals, max(allowed, arithmetic.VAT_ROUNDING)
    tax = arithmetic.total(row.amount for row in document.taxes)
    return (
        any(arithmetic.agree(net, stated.net, allowed) for net in nets)
        and arithmetic.agree(tax, stated.tax, arithmetic.rounding(len(document.lines)))
        and arithmetic.agree(arithmetic.moved(stated.net, None, stated.tax), stated.gross, allowed)
        and all(arithmetic.rate_agrees(row.base, row.rate, row.amount, of_vat) for row in document.taxes)
    )


def note_disagreements(reading: XmlReading, document: CanonicalDocument, stated: Stated) -> None:
    """Notes ``bases_mismatch``, ``line_rate_not_in_summary``, ``line_taxes_mismatch``, ``line_amount_mismatch`` and
    ``other_currency``.
    """
    bases_agree = _bases_agree(document.taxes, document.totals.net, stated)
    rates_agree = _rates_agree(document.taxes, stated.lines)
    agreed = (
        ("bases_mismatch", bases_agree),
        ("line_rate_not_in_summary", rates_agree),
        ("line_taxes_mismatch", not (bases_agree and rates_agree) or _each_base_agrees(document, stated)),
        ("line_amount_mismatch", _prices_agree(document.format, stated.priced)),
        ("other_currency", _in_currency(stated.amounts, document.currency)),
    )
    for code, agrees in agreed:
        if not agrees:
            reading.note(code)


def _bases_agree(taxes: Sequence[Tax], net: Decimal | None, stated: Stated) -> bool:
    """Σ bases = net total, where VAT is the only tax: of two taxes each may have the whole for its base.

    What is not taxed is often left out of the breakdown, though the standard wants a row of it. In EXTENDED each base
    and the net total may each miss what they are made of (BR-FXEXT-S-08, CO-13).
    """
    if not _is_vat_alone(taxes):
        return True
    bases = (tax.base for tax in taxes)
    shown = {tax.category for tax in taxes}
    left_out = arithmetic.total(line.net for line in stated.lines if not line.rate and line.category not in shown)
    allowed = max(arithmetic.ROUNDING, arithmetic.rounding(len(stated.lines) + len(stated.beside), stated.profile))
    return arithmetic.agree_with_some(arithmetic.total(bases), net, [left_out or arithmetic.ZERO], allowed)


def _each_base_agrees(document: CanonicalDocument, stated: Stated) -> bool:
    """The base of each taxed category and rate = Σ its lines, allowances and charges, where all say which is theirs.

    Some writers state the allowances and charges only as a total.
    """
    rows = [*stated.lines, *stated.beside]
    taxed = [LineVat(category=tax.category, rate=tax.rate, net=tax.base) for tax in document.taxes if tax.rate]
    summed = arithmetic.total(line.net for line in stated.lines)
    is_told = stated.beside or arithmetic.agree(summed, document.totals.net, arithmetic.VAT_ROUNDING)
    if document.format == _EARLIER or not stated.lines or not is_told or not _is_vat_alone(document.taxes):
        return True
    categories = {row.category for row in taxed}
    if None in categories or _is_unsaid(rows, categories):
        return True
    made, shown = _by_rate(rows), _by_rate(taxed)
    allowed = max(arithmetic.VAT_ROUNDING, arithmetic.CENT * len(rows))
    return all(arithmetic.agree(made[key], base, allowed) for key, base in shown.items())


def _is_unsaid(rows: Iterable[LineVat], taxed: Container[str | None]) -> bool:
    """Whether some row may belong to a taxed category and does not say so, or not with which rate."""
    return any(row.category is None or (row.rate is None and row.category in taxed) for row in rows)


def _is_vat_alone(taxes: Sequence[Tax]) -> bool:
    """Whether VAT is the only tax, and each row has its base. What is below zero per cent is withheld of another's."""
    return all(
        tax.base is not None and tax.tax_code in (_VAT, None) and (tax.rate is None or tax.rate >= 0) for tax in taxes
    )


def _by_rate(rows: Iterable[LineVat]) -> defaultdict[tuple[str | None, Decimal], Decimal]:
    """The sums of each category and rate."""
    sums = defaultdict[tuple[str | None, Decimal], Decimal](Decimal)
    for row in rows:
        sums[row.category, row.rate or arithmetic.ZERO] += row.net or arithmetic.ZERO
    return sums


def _rates_agree(taxes: Sequence[Tax], lines: Iterable[LineVat]) -> bool:
    """That each taxed line has its row in the breakdown."""
    if not taxes or any(tax.rate is None for tax in taxes):
        return True
    shown = {(category, tax.rate) for tax in taxes for category in (tax.category, None)}
    open_rates = {tax.rate for tax in taxes if tax.category is None}
    return all((line.category, line.rate) in shown or line.rate in open_rates for line in lines if line.rate)


def _prices_agree(profile: str | None, lines: Iterable[Line]) -> bool:
    """Quantity × price = amount, of lines without allowances or charges, where the profile wants it. What is exempt may
    bear another levy in its amount, as insurance does.
    """
    if not any(name in (profile or "") for name in _STRICT):
        return True
    return all(line_agrees(replace(line, unit_price=_shortest(line.unit_price))) for line in lines if line.tax_rate)


def _in_currency(amounts: Iterable[Element], currency: str | None) -> bool:
    """Whether no amount says that it is in another currency than the document, as only its VAT may be (BT-111)."""
    stated = {(amount.get("currencyID") or "").strip().upper() for amount in amounts} - {""}
    return currency is None or stated <= {currency.upper()}


def _shortest(price: Decimal | None) -> Decimal | None:
    """Zeros at the end say nothing of how a price was rounded: programs print four decimals of two."""
    return None if price is None else price.normalize()
