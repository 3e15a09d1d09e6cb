"""Amounts of a Facturae invoice, and whether they agree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.modules.imports.domain.canonical import CanonicalDocument, Line, Tax, Totals, Withholding
from app.modules.imports.formats import arithmetic
from app.modules.imports.formats.facturae_taxes import bases_agree, rows_agree, tax_code, tax_row
from app.modules.imports.formats.line_amounts import line_agrees
from app.modules.imports.formats.xml import Element, find, find_all

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from app.modules.imports.formats.facturae_reading import FacturaeReading

_DISCOUNTS: Final = ("TotalGeneralDiscounts", "GeneralDiscounts/Discount/DiscountAmount")
_SURCHARGES: Final = ("TotalGeneralSurcharges", "GeneralSurcharges/Charge/ChargeAmount")
_PREPAID: Final = ("TotalPaymentsOnAccount", "PaymentsOnAccount/PaymentOnAccount/PaymentOnAccountAmount")
_REIMBURSED: Final = (
    "TotalReimbursableExpenses",
    "ReimbursableExpenses/ReimbursableExpenses/ReimbursableExpensesAmount",
)
"""A total that is optional in the schema, and the amounts that it is the sum of."""
_AFTER_TOTAL: Final = {
    "Subsidies/Subsidy/SubsidyAmount": -1,
    "AmountsWithheld/WithholdingAmount": -1,
    "PaymentInKind/PaymentInKindAmount": -1,
    "TotalFinancialExpenses": 1,
}
_INDIRECT: Final = frozenset(["01", "02", "03"])
"""IVA, IPSI and IGIC; a line may bear an excise duty or an environmental tax beside them."""
_CHANGES: Final = (("DiscountsAndRebates/Discount/DiscountAmount", -1), ("Charges/Charge/ChargeAmount", 1))
"""What a line has less or more than its quantity times its price."""


def totals(reading: FacturaeReading, invoice: Element) -> Totals:
    at = find(invoice, "InvoiceTotals")
    if at is None:
        reading.note("schema_invalid")
        return Totals()
    net = reading.amount(at, "TotalGrossAmountBeforeTaxes", "totals.net", required=True)
    tax = reading.amount(at, "TotalTaxOutputs", "totals.tax", required=True)
    stated = reading.amount(at, "InvoiceTotal", "totals.invoice_total_stated", required=True)
    if net is not None and tax is not None:
        reading.prove("totals.gross", at)
    payable = "TotalExecutableAmount" if find(at, "TotalExecutableAmount") is not None else "TotalOutstandingAmount"
    return Totals(
        net=net,
        tax=tax,
        # Some writers deduct the tax withheld from InvoiceTotal and some do not, so the gross is not taken from there.
        gross=None if net is None or tax is None else net + tax,
        withholding=reading.amount(at, "TotalTaxesWithheld", "totals.withholding"),
        payable=reading.amount(at, payable, "totals.payable"),
        discount=reading.amount_or_sum(at, *_DISCOUNTS),
        prepaid=reading.amount_or_sum(at, *_PREPAID),
        invoice_total_stated=stated,
    )


def taxes(reading: FacturaeReading, invoice: Element) -> tuple[Tax, ...]:
    rows = enumerate(reading.places.rows(invoice, "TaxesOutputs/Tax"))
    return tuple(tax_row(reading, row, f"taxes.{i}") for i, row in rows)


def withholdings(reading: FacturaeReading, invoice: Element) -> tuple[Withholding, ...]:
    rows = enumerate(reading.places.rows(invoice, "TaxesWithheld/Tax"))
    return tuple(_withholding(reading, row, f"withholdings.{i}") for i, row in rows)


def lines(reading: FacturaeReading, invoice: Element) -> tuple[Line, ...]:
    rows = enumerate(reading.places.rows(invoice, "Items/InvoiceLine"))
    return tuple(_line(reading, row, f"lines.{i}") for i, row in rows)


def compare(reading: FacturaeReading, invoice: Element, document: CanonicalDocument) -> None:
    """Notes what the lines, the rows of tax, the totals and what is left to pay contradict of each other."""
    stated, at = document.totals, find(invoice, "InvoiceTotals")
    tax = arithmetic.total(part for row in document.taxes for part in (row.amount, row.surcharge_amount))
    held = arithmetic.total(row.amount for row in document.withholdings)
    rounding = arithmetic.rounding(len(document.lines))
    agreed = (
        arithmetic.agree(tax, stated.tax, max(rounding, _lost_in_rows(document.taxes)))
        and arithmetic.agree(held, stated.withholding, max(rounding, _lost_in_rows(document.withholdings)))
        and arithmetic.agree_with_some(
            stated.gross, stated.invoice_total_stated, [-(stated.withholding or arithmetic.ZERO)]
        )
        and rows_agree(reading, invoice, document.taxes)
    )
    if not agreed:
        reading.note("totals_mismatch")
    if not _payable_agrees(reading, at, stated):
        reading.note("payable_mismatch")
    if not _instalments_agree(reading, invoice, stated):
        reading.note("payments_mismatch")
    _compare_lines(reading, invoice, document)


def _lost_in_rows(rows: Sequence[Tax | Withholding | Line]) -> Decimal:
    """What the rows may miss their total by: some writers have a row a line, each rounded, and tax the sum of bases."""
    return arithmetic.CENT / 2 * len(rows)


def _withholding(reading: FacturaeReading, tax: Element, field: str) -> Withholding:
    return Withholding(
        tax_code=tax_code(reading, tax),
        rate=reading.amount(tax, "TaxRate", f"{field}.rate", required=True),
        base=reading.amount(tax, "TaxableBase/TotalAmount", f"{field}.base"),
        amount=reading.amount(tax, "TaxAmount/TotalAmount", f"{field}.amount"),
    )


def _line(reading: FacturaeReading, line: Element, field: str) -> Line:
    return Line(
        description=reading.text(line, "ItemDescription", f"{field}.description"),
        code=reading.text(line, "ArticleCode", f"{field}.code"),
        quantity=reading.amount(line, "Quantity", f"{field}.quantity"),
        unit_price=reading.amount(line, "UnitPriceWithoutTax", f"{field}.unit_price"),
        net_amount=reading.amount(line, "GrossAmount", f"{field}.net_amount"),
        tax_rate=_line_rate(reading, line, f"{field}.tax_rate"),
    )


def _line_rate(reading: FacturaeReading, line: Element, field: str) -> Decimal | None:
    """Of the tax on sales that the line bears; of its first tax where none is known as one."""
    borne = list(find_all(line, "TaxesOutputs/Tax"))
    indirect = [tax for tax in borne if reading.text(tax, "TaxTypeCode") in _INDIRECT]
    return next((reading.amount(tax, "TaxRate", field) for tax in indirect or borne), None)


def _payable_agrees(reading: FacturaeReading, at: Element | None, stated: Totals) -> bool:
    """Whether what is to be paid is the gross without what is withheld and was paid; of what else lies between the two,
    and of what is outstanding, writers take it from one total or from the next.
    """
    kept = [amount for amount in (stated.withholding, stated.prepaid) if amount]
    due = arithmetic.moved(stated.gross, arithmetic.total(kept), None)
    after = _moved_after_total(reading, at)
    outstanding = _stated(reading, at, "TotalOutstandingAmount")
    return arithmetic.agree_with_some(due, stated.payable, after) and arithmetic.agree_with_some(
        stated.gross, outstanding, [*(-amount for amount in kept), *after]
    )


def _instalments_agree(reading: FacturaeReading, invoice: Element, stated: Totals) -> bool:
    """Whether the instalments (vencimientos) make what is to be paid, or one of the totals that it comes from; the sign
    is free, as writers state what is given back either way.
    """
    amounts = [reading.amount_of(row) for row in find_all(invoice, "PaymentDetails/Installment/InstallmentAmount")]
    summed = arithmetic.total(amounts)
    if not summed or None in amounts:
        return True
    outstanding = _stated(reading, find(invoice, "InvoiceTotals"), "TotalOutstandingAmount")
    due = [
        total for total in (stated.payable, outstanding, stated.invoice_total_stated, stated.gross) if total is not None
    ]
    return not due or any(arithmetic.agree(abs(summed), abs(total), arithmetic.ROUNDING) for total in due)


def _moved_after_total(reading: FacturaeReading, at: Element | None) -> list[Decimal]:
    if at is None:
        return []
    reimbursed = reading.amount_or_sum(at, *_REIMBURSED)
    moved = [reimbursed] if reimbursed else []
    for path, sign in _AFTER_TOTAL.items():
        amount = arithmetic.total(reading.amount_of(each) for each in find_all(at, path))
        moved += [sign * amount] if amount else []
    return moved


def _stated(reading: FacturaeReading, at: Element | None, path: str) -> Decimal | None:
    return None if at is None else reading.amount(at, path)


def _compare_lines(reading: FacturaeReading, invoice: Element, document: CanonicalDocument) -> None:
    at = find(invoice, "InvoiceTotals")
    surcharges = reading.amount_or_sum(at, *_SURCHARGES) if at is not None else None
    summed = arithmetic.total(line.net_amount for line in document.lines)
    net = arithmetic.moved(summed, document.totals.discount, surcharges)
    allowed = arithmetic.rounding(len(document.lines))
    # It is the sum of the lines; some writers deduct the discounts from it already, as they do from the net.
    gross = _stated(reading, at, "TotalGrossAmount")
    agreed = any(arithmetic.agree(computed, gross, allowed) for computed in (summed, document.totals.net))
    whole = agreed and arithmetic.agree(net, document.totals.net, allowed)
    if not whole:
        reading.note("lines_mismatch")
    rates = {row.rate for row in document.taxes}
    if not {line.tax_rate for line in document.lines if line.net_amount and line.tax_rate} <= rates:
        reading.note("line_rate_not_in_summary")
    elif whole and not (document.totals.discount or surcharges):
        allowed = max(allowed, _lost_in_rows(document.lines))
        if not bases_agree(reading, invoice, document.taxes, allowed):
            reading.note("line_taxes_mismatch")
    rows = zip(find_all(invoice, "Items/InvoiceLine"), document.lines, strict=True)
    if not all(_line_agrees(reading, row, line) for row, line in rows):
        reading.note("line_amount_mismatch")


def _line_agrees(reading: FacturaeReading, row: Element, line: Line) -> bool:
    changes = [(reading.amount_of(change), sign) for path, sign in _CHANGES for change in find_all(row, path)]
    stated = [sign * amount for amount, sign in changes if amount is not None]
    return len(stated) < len(changes) or line_agrees(line, moved=sum(stated, arithmetic.ZERO))
