"""Amounts of a UBL invoice: totals, taxes, withholdings and lines, and whether they agree (EN 16931 BR-CO-10 to 17)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.modules.imports.domain.canonical import CanonicalDocument, Line, Tax, Totals, Withholding
from app.modules.imports.formats import arithmetic
from app.modules.imports.formats.line_amounts import NOT_SUMMED
from app.modules.imports.formats.price_basis import unit_price
from app.modules.imports.formats.vat_breakdown import totals_agree
from app.modules.imports.formats.xml import Element, find, find_all, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from app.modules.imports.formats.xml_reading import XmlReading

_TOTALS = ("LegalMonetaryTotal", "RequestedMonetaryTotal")
_LINES = ("InvoiceLine", "CreditNoteLine", "DebitNoteLine")
_SUNAT = "2.0"
_INDICATED = frozenset(["true", "1"])
QUANTITIES = ("InvoicedQuantity", "CreditedQuantity", "DebitedQuantity")


def totals(reading: XmlReading, root: Element, currency: str | None) -> Totals:
    """The document level totals (BG-22)."""
    at = monetary_total(root)
    held = arithmetic.total(reading.amount(row, "TaxAmount") for row in find_all(root, "WithholdingTaxTotal"))
    tax = _tax_total(reading, root, currency)
    if at is None:
        reading.note("schema_invalid")
        return Totals(tax=tax, withholding=held)
    return Totals(
        net=_net(reading, root, at),
        tax=tax,
        gross=reading.amount(at, "TaxInclusiveAmount", "totals.gross", required=True),
        withholding=held,
        payable=reading.amount(at, "PayableAmount", "totals.payable", required=True),
        discount=reading.amount(at, "AllowanceTotalAmount"),
        prepaid=reading.amount(at, "PrepaidAmount"),
    )


def profile_of(root: Element) -> str:
    """The profile that an invoice follows (BT-24)."""
    return (text_of(find(root, "CustomizationID")) or "").lower()


def monetary_total(root: Element) -> Element | None:
    """The element of the document level totals."""
    return next((total for name in _TOTALS if (total := find(root, name)) is not None), None)


def payable(root: Element) -> Element | None:
    """The element of the amount due for payment (BT-115)."""
    at = monetary_total(root)
    return find(at, "PayableAmount") if at is not None else None


def taxes(reading: XmlReading, root: Element, currency: str | None) -> tuple[Tax, ...]:
    """The VAT breakdown (BG-23)."""
    rows = [row for group in _tax_groups(root, currency) for row in reading.places.rows(group, "TaxSubtotal")]
    return tuple(_tax(reading, row, f"taxes.{i}") for i, row in enumerate(rows))


def withholdings(reading: XmlReading, root: Element) -> tuple[Withholding, ...]:
    """UBL 2.1 cac:WithholdingTaxTotal, where a national profile uses it."""
    rows = enumerate(find_all(root, "WithholdingTaxTotal/TaxSubtotal"))
    return tuple(
        Withholding(
            tax_code=reading.text(row, "TaxCategory/TaxScheme/ID"),
            rate=_percent(reading, row, f"withholdings.{i}.rate"),
            base=reading.amount(row, "TaxableAmount", f"withholdings.{i}.base"),
            amount=reading.amount(row, "TaxAmount", f"withholdings.{i}.amount"),
        )
        for i, row in rows
    )


def lines(reading: XmlReading, root: Element) -> tuple[Line, ...]:
    """The invoice lines (BG-25); lines below lines are part of theirs."""
    per_piece = _is_colombian(root)
    rows = enumerate(line_rows(reading, root))
    return tuple(_line(reading, row, f"lines.{i}", per_piece=per_piece) for i, row in rows)


def line_rows(reading: XmlReading, root: Element) -> list[Element]:
    """The elements of the invoice lines."""
    return list(reading.places.children(root, *_LINES))


def is_summed(row: Element) -> bool:
    """Whether a line counts: not the heading of a group of lines, nor what is only told."""
    status = find(row, "BillingReference/InvoiceDocumentReference/DocumentStatusCode")
    return text_of(status) not in NOT_SUMMED


def compare(reading: XmlReading, root: Element, document: CanonicalDocument) -> None:
    """Notes ``lines_mismatch`` when the lines do not make their total, ``totals_mismatch`` when the totals disagree."""
    at = monetary_total(root)
    if at is None:
        return
    profile, line_total = profile_of(root), reading.amount(at, "LineExtensionAmount")
    summed = [line for row, line in zip(line_rows(reading, root), document.lines, strict=True) if is_summed(row)]
    lines_net = arithmetic.total(line.net_amount for line in summed)
    if not arithmetic.agree(lines_net, line_total, arithmetic.rounding(len(document.lines), profile)):
        reading.note("lines_mismatch")
    # As in EXTENDED, in its French sister allowances and charges are among the amounts that may each lose a cent.
    allowed = arithmetic.rounding(len(summed) + len(list(find_all(root, "AllowanceCharge"))), profile)
    withheld = document.totals.withholding or arithmetic.ZERO
    due, beside = _due(reading, root, at, document.totals), [-withheld, _of_others(reading, root)]
    if not (
        totals_agree(document, _nets(reading, root, at, line_total), allowed)
        and arithmetic.agree_with_some(due, document.totals.payable, beside)
    ):
        reading.note("totals_mismatch")


def _nets(reading: XmlReading, root: Element, at: Element, line_total: Decimal | None) -> Iterator[Decimal | None]:
    """What the net total may be; some writers state the allowances and charges, but not their sums."""
    if _allows_after_tax(root):
        yield line_total
        return
    allowances, charges = _changes(reading, at)
    yield arithmetic.moved(line_total, allowances, charges)
    if allowances is None and charges is None:
        rows = find_all(root, "AllowanceCharge")
        yield arithmetic.moved(line_total, None, arithmetic.total(added(reading, row) for row in rows))


def _due(reading: XmlReading, root: Element, at: Element, stated: Totals) -> Decimal | None:
    """The gross without what was paid, before anything is withheld."""
    allowances, charges = _changes(reading, at) if _allows_after_tax(root) else (None, None)
    gross = arithmetic.moved(stated.gross, allowances, charges)
    return arithmetic.moved(gross, stated.prepaid, reading.amount(at, "PayableRoundingAmount"))


def _changes(reading: XmlReading, at: Element) -> tuple[Decimal | None, Decimal | None]:
    """The sums of the allowances and of the charges (BT-107, BT-108)."""
    return reading.amount(at, "AllowanceTotalAmount"), reading.amount(at, "ChargeTotalAmount")


def added(reading: XmlReading, row: Element) -> Decimal:
    """What an allowance or a charge adds: allowances are below zero."""
    amount = reading.amount(row, "Amount") or arithmetic.ZERO
    return amount if reading.text(row, "ChargeIndicator") in _INDICATED else -amount


def _of_others(reading: XmlReading, root: Element) -> Decimal:
    """What is collected for third parties beside the invoice, in the extension of XRechnung (BR-DEX-09)."""
    rows = find_all(root, "PrepaidPayment")
    return arithmetic.total(reading.amount(row, "PaidAmount") for row in rows) or arithmetic.ZERO


def _net(reading: XmlReading, root: Element, at: Element) -> Decimal | None:
    """The total without tax (BT-109). The element of that name has the tax itself in Denmark's OIOUBL, in Colombia the
    part that is taxed, and Peru has none.
    """
    after_tax = _allows_after_tax(root)
    if not (after_tax or profile_of(root).startswith("oioubl")):
        return reading.amount(at, "TaxExclusiveAmount", "totals.net", required=True)
    line_total = reading.amount(at, "LineExtensionAmount", "totals.net", required=True)
    if after_tax:
        return line_total
    return arithmetic.moved(line_total, *_changes(reading, at))


def _is_colombian(root: Element) -> bool:
    """Colombia's DIAN has prices of a piece whatever the base quantity, which repeats that of the line."""
    return (text_of(find(root, "ProfileID")) or "").upper().startswith("DIAN")


def _allows_after_tax(root: Element) -> bool:
    """Colombia (FAU14) and Peru, whose SUNAT calls its profile 2.0, have allowances and charges after the tax."""
    at = monetary_total(root)
    has_none = at is not None and find(at, "TaxExclusiveAmount") is None
    return _is_colombian(root) or (has_none and profile_of(root) == _SUNAT)


def _tax_groups(root: Element, currency: str | None) -> list[Element]:
    """cac:TaxTotal in the document's currency; another one may repeat the sum in the accounting currency (BT-111),
    which Saudi Arabia's ZATCA wants repeated, without its breakdown, where both are the same.
    """
    groups = list(find_all(root, "TaxTotal"))
    own = [group for group in groups if _currency(group) in (currency, None)]
    broken_down = [group for group in own if find(group, "TaxSubtotal") is not None]
    sums = {text_of(find(group, "TaxAmount")) for group in own}
    if own:
        return broken_down if len(broken_down) == 1 and len(sums) == 1 else own
    accounting = text_of(find(root, "TaxCurrencyCode"))
    return [group for group in groups if _currency(group) != accounting][:1]


def _currency(group: Element) -> str | None:
    amount = find(group, "TaxAmount")
    return amount.get("currencyID") if amount is not None else None


def _tax_total(reading: XmlReading, root: Element, currency: str | None) -> Decimal | None:
    groups = _tax_groups(root, currency)
    return arithmetic.total(reading.amount(group, "TaxAmount", "totals.tax", required=True) for group in groups)


def _tax(reading: XmlReading, row: Element, field: str) -> Tax:
    return Tax(
        tax_code=reading.text(row, "TaxCategory/TaxScheme/ID"),
        category=reading.text(row, "TaxCategory/ID"),
        rate=_percent(reading, row, f"{field}.rate"),
        base=reading.amount(row, "TaxableAmount", f"{field}.base"),
        amount=reading.amount(row, "TaxAmount", f"{field}.amount", required=True),
    )


def _percent(reading: XmlReading, row: Element, field: str) -> Decimal | None:
    """UBL 2.0 and some national profiles state the rate beside the category instead of in it."""
    in_category = reading.amount(row, "TaxCategory/Percent", field)
    return in_category if in_category is not None else reading.amount(row, "Percent", field)


def _line(reading: XmlReading, line: Element, field: str, *, per_piece: bool) -> Line:
    quantity = next((q for name in QUANTITIES if (q := find(line, name)) is not None), None)
    price = reading.amount(line, "Price/PriceAmount", f"{field}.unit_price")
    named = reading.text(line, "Item/Name", f"{field}.description")
    return Line(
        description=named or reading.text(line, "Item/Description", f"{field}.description"),
        code=reading.text(line, "Item/SellersItemIdentification/ID", f"{field}.code"),
        quantity=reading.amount_of(quantity, f"{field}.quantity") if quantity is not None else None,
        unit_price=price if per_piece else unit_price(price, reading.amount(line, "Price/BaseQuantity")),
        net_amount=reading.amount(line, "LineExtensionAmount", f"{field}.net_amount", required=True),
        tax_rate=_line_rate(reading, line, f"{field}.tax_rate"),
    )


def _line_rate(reading: XmlReading, line: Element, field: str) -> Decimal | None:
    """Of the item's category (BT-152); profiles other than EN 16931 state the tax of each line instead."""
    rate = reading.amount(line, "Item/ClassifiedTaxCategory/Percent", field)
    subtotal = find(line, "TaxTotal/TaxSubtotal")
    return _percent(reading, subtotal, field) if rate is None and subtotal is not None else rate
