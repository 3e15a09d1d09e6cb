"""Whether an electronic invoice agrees with itself below its totals.

The VAT breakdown (BG-23) with the net total and the lines (BR-S-01, BR-S-08 and the like of the other categories), a
line with its price, all amounts on their currency.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from app.modules.imports.formats import arithmetic
from app.modules.imports.formats.line_amounts import line_agrees

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from decimal import Decimal

    from app.modules.imports.domain.canonical import CanonicalDocument, Line, Tax
    from app.modules.imports.formats.xml import Element
    from app.modules.imports.formats.xml_reading import XmlReading

_VAT: Final = "VAT"
_STRICT: Final = ("peppol", "xrechnung")
"""Profiles in which the amount of a line is its quantity times its price (PEPPOL-EN16931-R120). The standard itself has
no such rule, and invoices of energy and insurance print prices that make no amount.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineVat:
    """What a line says of its own tax."""

    category: str | None
    rate: Decimal | None
    net: Decimal | None


def note_disagreements(
    reading: XmlReading,
    document: CanonicalDocument,
    stated: Sequence[LineVat],
    priced: Iterable[Line],
    amounts: Iterable[Element],
) -> None:
    """Notes ``bases_mismatch``, ``line_rate_not_in_summary``, ``line_amount_mismatch`` and ``other_currency``.

    ``stated`` is the tax of each line that is summed, ``priced`` are the lines with nothing but quantity and price in
    their amount, and ``amounts`` all that has to be in the document's currency.
    """
    agreed = (
        ("bases_mismatch", _bases_agree(document.taxes, document.totals.net, stated)),
        ("line_rate_not_in_summary", _rates_agree(document.taxes, stated)),
        ("line_amount_mismatch", _prices_agree(document.format, priced)),
        ("other_currency", _in_currency(amounts, document.currency)),
    )
    for code, agrees in agreed:
        if not agrees:
            reading.note(code)


def _bases_agree(taxes: Sequence[Tax], net: Decimal | None, lines: Iterable[LineVat]) -> bool:
    """Σ bases = net total, where VAT is the only tax: of two taxes each may have the whole for its base.

    What is not taxed is often left out of the breakdown, though the standard wants a row of it.
    """
    bases = [tax.base for tax in taxes if tax.base is not None]
    if len(bases) < len(taxes) or any(tax.tax_code not in (_VAT, None) for tax in taxes):
        return True
    shown = {tax.category for tax in taxes}
    left_out = arithmetic.total(line.net for line in lines if not line.rate and line.category not in shown)
    return arithmetic.agree_with_some(arithmetic.total(bases), net, [left_out or arithmetic.ZERO])


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
