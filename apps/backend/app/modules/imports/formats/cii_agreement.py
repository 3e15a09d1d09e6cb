"""Whether the lines of a CII agree with their prices and the VAT breakdown, and the amounts on a currency."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from app.modules.imports.formats.arithmetic import moved, total
from app.modules.imports.formats.cii_amounts import is_summed, line_items, line_settlement, rate_of, summation
from app.modules.imports.formats.cii_charges import added, changes
from app.modules.imports.formats.cii_names import Trade, first_of
from app.modules.imports.formats.vat_breakdown import LineVat, Stated, note_disagreements
from app.modules.imports.formats.xml import Element, find, find_all, local_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.modules.imports.domain.canonical import CanonicalDocument, Line
    from app.modules.imports.formats.xml_reading import XmlReading


def compare_lines(reading: XmlReading, trade: Trade, document: CanonicalDocument) -> None:
    """Notes what ``note_disagreements`` finds."""
    items = zip(line_items(reading, trade), document.lines, strict=True)
    rows = [(item, line) for item, line in items if is_summed(item)]
    stated = Stated(
        lines=[_vat(reading, item, line) for item, line in rows],
        beside=[_beside(reading, row) for row in changes(trade.settlement)],
        priced=(_before_allowances(reading, item, line) for item, line in rows if _is_price_times_quantity(item)),
        amounts=_amounts(trade, document.currency),
        profile=trade.profile,
    )
    note_disagreements(reading, document, stated)


def _vat(reading: XmlReading, item: Element, line: Line) -> LineVat:
    settlement = line_settlement(item)
    taxes = list(find_all(settlement, "ApplicableTradeTax")) if settlement is not None else []
    if len(taxes) != 1:
        return LineVat(category=None, rate=None, net=line.net_amount)
    return LineVat(category=reading.text(taxes[0], "CategoryCode"), rate=line.tax_rate, net=line.net_amount)


def _beside(reading: XmlReading, row: Element) -> LineVat:
    tax = first_of(row, "CategoryTradeTax", "AppliedTradeTax")
    category = reading.text(tax, "CategoryCode") if tax is not None else None
    return LineVat(category=category, rate=rate_of(reading, tax) if tax is not None else None, net=added(reading, row))


def _before_allowances(reading: XmlReading, item: Element, line: Line) -> Line:
    """The line with the amount that its quantity and price have to make."""
    beside = total(added(reading, row) for row in changes(line_settlement(item)))
    return line if beside is None else replace(line, net_amount=moved(line.net_amount, beside, None))


def _is_price_times_quantity(item: Element) -> bool:
    """Whether the price of a line is for the unit that is counted."""
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
