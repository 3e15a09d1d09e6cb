"""Whether the lines of a CII agree with their prices and the VAT breakdown, and the amounts on a currency."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.modules.imports.formats.cii_amounts import is_summed, line_items, line_settlement, summation
from app.modules.imports.formats.cii_names import Trade, first_of
from app.modules.imports.formats.vat_breakdown import LineVat, note_disagreements
from app.modules.imports.formats.xml import Element, find, find_all, local_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.modules.imports.domain.canonical import CanonicalDocument, Line
    from app.modules.imports.formats.xml_reading import XmlReading


def compare_lines(reading: XmlReading, trade: Trade, document: CanonicalDocument) -> None:
    """Notes what ``note_disagreements`` finds."""
    items = zip(line_items(reading, trade), document.lines, strict=True)
    rows = [(item, line) for item, line in items if is_summed(item)]
    stated = [_vat(reading, item, line) for item, line in rows]
    priced = (line for item, line in rows if _is_price_times_quantity(item))
    note_disagreements(reading, document, stated, priced, _amounts(trade, document.currency))


def _vat(reading: XmlReading, item: Element, line: Line) -> LineVat:
    settlement = line_settlement(item)
    taxes = list(find_all(settlement, "ApplicableTradeTax")) if settlement is not None else []
    if len(taxes) != 1:
        return LineVat(category=None, rate=None, net=line.net_amount)
    return LineVat(category=reading.text(taxes[0], "CategoryCode"), rate=line.tax_rate, net=line.net_amount)


def _is_price_times_quantity(item: Element) -> bool:
    """Whether nothing else is in the amount of a line, and the price is for the unit that is counted."""
    settlement = line_settlement(item)
    if settlement is None or find(settlement, "SpecifiedTradeAllowanceCharge") is not None:
        return False
    delivery = first_of(item, "SpecifiedLineTradeDelivery", "SpecifiedSupplyChainTradeDelivery")
    agreement = first_of(item, "SpecifiedLineTradeAgreement", "SpecifiedSupplyChainTradeAgreement")
    quantities = [
        find(delivery, "BilledQuantity") if delivery is not None else None,
        find(agreement, "NetPriceProductTradePrice/BasisQuantity") if agreement is not None else None,
    ]
    return len({quantity.get("unitCode") for quantity in quantities if quantity is not None} - {None}) <= 1


def _amounts(trade: Trade, currency: str | None) -> Iterator[Element]:
    """The totals, but those that stand beside the same one in the document's currency."""
    at = summation(trade)
    totals = [] if at is None else [total for total in at if local_name(total) != "TaxTotalAmount"]
    own = {local_name(total) for total in totals if total.get("currencyID") in (currency, None)}
    yield from (total for total in totals if local_name(total) not in own)
