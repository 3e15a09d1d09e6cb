"""Amounts of a Cross Industry Invoice, and whether they agree (EN 16931 BR-CO-10 to 17)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.modules.imports.domain.canonical import CanonicalDocument, Line, Tax, Totals
from app.modules.imports.formats import arithmetic
from app.modules.imports.formats.cii_charges import changes, freight, moved_by_rows
from app.modules.imports.formats.cii_names import Trade, first_of
from app.modules.imports.formats.line_amounts import NOT_SUMMED
from app.modules.imports.formats.price_basis import unit_price
from app.modules.imports.formats.vat_breakdown import totals_agree
from app.modules.imports.formats.xml import Element, find, find_all, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from app.modules.imports.formats.xml_reading import XmlReading

_LINE_TOTAL = (
    "SpecifiedTradeSettlementLineMonetarySummation/LineTotalAmount",
    "SpecifiedTradeSettlementMonetarySummation/LineTotalAmount",
)
ZUGFERD_1 = "zugferd 1.0"
_TAX = "TaxTotalAmount"


def totals(reading: XmlReading, trade: Trade, currency: str | None) -> Totals:
    """The document level totals (BG-22)."""
    at = summation(trade)
    if at is None:
        reading.note("schema_invalid")
        return Totals()
    payable = reading.amount(at, "DuePayableAmount", "totals.payable")
    return Totals(
        net=_total_in(reading, trade, currency, "TaxBasisTotalAmount", "totals.net"),
        tax=_total_in(reading, trade, currency, _TAX, "totals.tax"),
        gross=_total_in(reading, trade, currency, "GrandTotalAmount", "totals.gross"),
        payable=payable,
        discount=reading.amount(at, "AllowanceTotalAmount"),
        prepaid=reading.amount(at, "TotalPrepaidAmount"),
    )


def grand_total(trade: Trade) -> Element | None:
    """The element of the gross total."""
    at = summation(trade)
    return find(at, "GrandTotalAmount") if at is not None else None


def taxes(reading: XmlReading, trade: Trade) -> tuple[Tax, ...]:
    """The VAT breakdown (BG-23)."""
    rows = enumerate(reading.places.children(trade.settlement, "ApplicableTradeTax"))
    return tuple(
        Tax(
            tax_code=reading.text(row, "TypeCode"),
            category=reading.text(row, "CategoryCode"),
            rate=rate_of(reading, row, f"taxes.{i}.rate"),
            base=reading.amount(row, "BasisAmount", f"taxes.{i}.base"),
            amount=reading.amount(row, "CalculatedAmount", f"taxes.{i}.amount"),
        )
        for i, row in rows
    )


def lines(reading: XmlReading, trade: Trade) -> tuple[Line, ...]:
    """The invoice lines (BG-25)."""
    return tuple(_line(reading, line, f"lines.{i}") for i, line in enumerate(line_items(reading, trade)))


def line_items(reading: XmlReading, trade: Trade) -> list[Element]:
    """Line items; ZUGFeRD 1.0 also puts notes between them, which have no product."""
    found = reading.places.children(trade.transaction, "IncludedSupplyChainTradeLineItem")
    return [item for item in found if find(item, "SpecifiedTradeProduct") is not None or _priced(item)]


def is_summed(item: Element) -> bool:
    """Whether a line item counts: not the heading of a group of lines, nor what is only told."""
    reason = text_of(find(item, "AssociatedDocumentLineDocument/LineStatusReasonCode"))
    return reason not in NOT_SUMMED


def line_settlement(line: Element) -> Element | None:
    """The element of a line item that has its amount and its tax."""
    return first_of(line, "SpecifiedLineTradeSettlement", "SpecifiedSupplyChainTradeSettlement")


def summation(trade: Trade) -> Element | None:
    """The element of the document level totals."""
    return first_of(
        trade.settlement,
        "SpecifiedTradeSettlementHeaderMonetarySummation",
        "SpecifiedTradeSettlementMonetarySummation",
    )


def compare(reading: XmlReading, trade: Trade, document: CanonicalDocument) -> None:
    """Notes ``lines_mismatch`` when the lines do not make their total, ``totals_mismatch`` when the totals disagree."""
    at = summation(trade)
    if at is None:
        return
    line_total = reading.amount(at, "LineTotalAmount")
    summed = [line for item, line in zip(line_items(reading, trade), document.lines, strict=True) if is_summed(item)]
    lines_net = arithmetic.total(line.net_amount for line in summed)
    if not arithmetic.agree(lines_net, line_total, arithmetic.rounding(len(document.lines), trade.profile)):
        reading.note("lines_mismatch")
    # EXTENDED counts each allowance and charge among the amounts that may each lose a cent (BR-FXEXT-CO-13, CO-15).
    allowed = arithmetic.rounding(len(summed) + len(changes(trade.settlement)), trade.profile)
    nets = _nets(reading, trade, at, line_total)
    payable_agrees = line_total is None or _payable_agrees(reading, trade, at, document)
    # What ZUGFeRD 1.0 corrects is often not to be paid, and BR-CO-16 is no rule of its.
    if not totals_agree(document, nets, allowed) or not (payable_agrees or document.format == ZUGFERD_1):
        reading.note("totals_mismatch")
    elif not payable_agrees:
        reading.note("payable_mismatch")


def _payable_agrees(reading: XmlReading, trade: Trade, at: Element, document: CanonicalDocument) -> bool:
    """The MINIMUM profile, which has no line total either, leaves out what was prepaid."""
    stated = document.totals
    payable = arithmetic.moved(stated.gross, stated.prepaid, reading.amount(at, "RoundingAmount"))
    return any(
        arithmetic.agree(
            arithmetic.moved(payable, None, more), stated.payable, arithmetic.rounding(len(document.lines))
        )
        for more in (arithmetic.ZERO, _of_others(reading, trade))
    )


def _nets(reading: XmlReading, trade: Trade, at: Element, line_total: Decimal | None) -> Iterator[Decimal | None]:
    """What the net total may be. Freight is one of the charges of the document in EXTENDED (BR-FXEXT-CO-12), which
    some writers put into the net alone; and some state the allowances and charges, but not their sums.
    """
    allowances, charges = (reading.amount(at, name) for name in ("AllowanceTotalAmount", "ChargeTotalAmount"))
    net = arithmetic.moved(line_total, allowances, charges)
    yield net
    yield arithmetic.moved(net, None, freight(reading, trade.settlement))
    if allowances is None and charges is None:
        yield arithmetic.moved(line_total, None, moved_by_rows(reading, trade.settlement))


def _of_others(reading: XmlReading, trade: Trade) -> Decimal:
    """What is collected for third parties beside the invoice, in EXTENDED since 1.09 (BR-FXEXT-CO-16)."""
    rows = find_all(trade.settlement, "SpecifiedFinancialAdjustment")
    return arithmetic.total(reading.amount(row, "ActualAmount") for row in rows) or arithmetic.ZERO


def _total_in(reading: XmlReading, trade: Trade, currency: str | None, name: str, field: str) -> Decimal | None:
    """Stated once in the invoice's currency; the tax perhaps again, or only, in the accounting currency (BT-111)."""
    at = summation(trade)
    stated = list(find_all(at, name)) if at is not None else []
    own = [amount for amount in stated if amount.get("currencyID") in (currency, None)]
    if name == _TAX and not own:
        accounting = text_of(find(trade.settlement, "TaxCurrencyCode"))
        stated = [amount for amount in stated if amount.get("currencyID") != accounting]
    chosen = next(iter(own or stated), None)
    if chosen is not None:
        return reading.amount_of(chosen, field)
    return None if name == _TAX or at is None else reading.amount(at, name, required=True)


def rate_of(reading: XmlReading, row: Element, field: str = "") -> Decimal | None:
    """The rate that a tax states."""
    rate = reading.amount(row, "RateApplicablePercent", field)
    return rate if rate is not None else reading.amount(row, "ApplicablePercent", field)


def _line(reading: XmlReading, line: Element, field: str) -> Line:
    settlement = line_settlement(line)
    delivery = first_of(line, "SpecifiedLineTradeDelivery", "SpecifiedSupplyChainTradeDelivery")
    tax = find(settlement, "ApplicableTradeTax") if settlement is not None else None
    named = reading.text(line, "SpecifiedTradeProduct/Name", f"{field}.description")
    return Line(
        description=named or reading.text(line, "SpecifiedTradeProduct/Description", f"{field}.description"),
        code=reading.text(line, "SpecifiedTradeProduct/SellerAssignedID", f"{field}.code"),
        quantity=reading.amount(delivery, "BilledQuantity", f"{field}.quantity") if delivery is not None else None,
        unit_price=_unit_price(reading, line, f"{field}.unit_price"),
        net_amount=_net_amount(reading, settlement, f"{field}.net_amount") if settlement is not None else None,
        tax_rate=rate_of(reading, tax, f"{field}.tax_rate") if tax is not None else None,
    )


def _priced(line: Element) -> bool:
    settlement = line_settlement(line)
    return settlement is not None and any(find(settlement, path) is not None for path in _LINE_TOTAL)


def _net_amount(reading: XmlReading, settlement: Element, field: str) -> Decimal | None:
    return next((net for path in _LINE_TOTAL if (net := reading.amount(settlement, path, field)) is not None), None)


def _unit_price(reading: XmlReading, line: Element, field: str) -> Decimal | None:
    agreement = first_of(line, "SpecifiedLineTradeAgreement", "SpecifiedSupplyChainTradeAgreement")
    price = find(agreement, "NetPriceProductTradePrice") if agreement is not None else None
    if price is None:
        return None
    return unit_price(reading.amount(price, "ChargeAmount", field), reading.amount(price, "BasisQuantity"))
