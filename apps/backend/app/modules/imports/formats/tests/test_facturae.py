"""What Facturae leaves open: totals that need not be stated, numbers with an exponent, tax rounded by the line."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from app.modules.imports.domain.natural_key import natural_key
from app.modules.imports.formats.facturae import READER
from app.modules.imports.formats.tests.statement_samples import read

_ROOT = "http://www.facturae.gob.es/formato/Versiones/Facturaev3_2_2.xml"
_PARTY = """<TaxIdentification><PersonTypeCode>J</PersonTypeCode><ResidenceTypeCode>R</ResidenceTypeCode>
<TaxIdentificationNumber>B58378431</TaxIdentificationNumber></TaxIdentification>
<LegalEntity><CorporateName>Taller Lago</CorporateName></LegalEntity>"""


def _tax(base: str, amount: str, rate: str = "21.00", code: str = "01", more: str = "") -> str:
    return f"""<Tax><TaxTypeCode>{code}</TaxTypeCode><TaxRate>{rate}</TaxRate>
        <TaxableBase><TotalAmount>{base}</TotalAmount></TaxableBase>
        <TaxAmount><TotalAmount>{amount}</TotalAmount></TaxAmount>{more}</Tax>"""


def _surcharge(amount: str) -> str:
    total = f"<EquivalenceSurchargeAmount><TotalAmount>{amount}</TotalAmount></EquivalenceSurchargeAmount>"
    return f"<EquivalenceSurcharge>5.20</EquivalenceSurcharge>{total}"


def _line(amount: str, taxes: str = "", *, quantity: str = "1", price: str = "", more: str = "") -> str:
    return f"""<InvoiceLine><ItemDescription>Pieza</ItemDescription><Quantity>{quantity}</Quantity>
        <UnitPriceWithoutTax>{price or amount}</UnitPriceWithoutTax>{more}<GrossAmount>{amount}</GrossAmount>
        <TaxesOutputs>{taxes or _tax(amount, "21.00")}</TaxesOutputs></InvoiceLine>"""


def _invoice(
    net: str = "100.00",
    tax: str = "21.00",
    *,
    due: str = "",
    more: str = "",
    rows: str = "",
    lines: str = "",
    currency: str = "EUR",
) -> str:
    total = Decimal(net) + Decimal(tax)
    return f"""<Invoice><InvoiceHeader><InvoiceNumber>7</InvoiceNumber><InvoiceDocumentType>FC</InvoiceDocumentType>
        <InvoiceClass>OO</InvoiceClass></InvoiceHeader><InvoiceIssueData><IssueDate>2026-03-02</IssueDate>
        <InvoiceCurrencyCode>{currency}</InvoiceCurrencyCode></InvoiceIssueData>
        <TaxesOutputs>{rows or _tax(net, tax)}</TaxesOutputs><InvoiceTotals>{more}
        <TotalGrossAmountBeforeTaxes>{net}</TotalGrossAmountBeforeTaxes><TotalTaxOutputs>{tax}</TotalTaxOutputs>
        <InvoiceTotal>{total}</InvoiceTotal><TotalExecutableAmount>{due or total}</TotalExecutableAmount>
        </InvoiceTotals><Items>{lines or _line("100.00")}</Items></Invoice>"""


def _file(*invoices: str, batch: str = "") -> bytes:
    return f"""<fe:Facturae xmlns:fe="{_ROOT}"><FileHeader><SchemaVersion>3.2.2</SchemaVersion>{batch}</FileHeader>
        <Parties><SellerParty>{_PARTY}</SellerParty><BuyerParty>{_PARTY}</BuyerParty></Parties>
        <Invoices>{"".join(invoices)}</Invoices></fe:Facturae>""".encode()


def _change(path: str, amount: str) -> str:
    group, kind = path.split("/")
    return f"<{group}><{kind}><{kind}Amount>{amount}</{kind}Amount></{kind}></{group}>"


def _batch(count: int, total: str) -> str:
    amount = f"<TotalInvoicesAmount><TotalAmount>{total}</TotalAmount></TotalInvoicesAmount>"
    currency = "<InvoiceCurrencyCode>EUR</InvoiceCurrencyCode>"
    return f"<Batch><InvoicesCount>{count}</InvoicesCount>{amount}{currency}</Batch>"


_PER_LINE = [_line("0.12", _tax("0.12", "0.03", more=_surcharge("0.01"))) for _ in range(40)]
_TOGETHER = "<TotalGeneralDiscounts>10.00</TotalGeneralDiscounts>"
_DISCOUNT = "<GeneralDiscounts><Discount><DiscountAmount>{}</DiscountAmount></Discount></GeneralDiscounts>"
_SURCHARGE = "<GeneralSurcharges><Charge><ChargeAmount>10.00</ChargeAmount></Charge></GeneralSurcharges>"
_ON_ACCOUNT = """<PaymentsOnAccount><PaymentOnAccount><PaymentOnAccountAmount>21.00</PaymentOnAccountAmount>
</PaymentOnAccount></PaymentsOnAccount>"""
_REIMBURSED = """<ReimbursableExpenses><ReimbursableExpenses><ReimbursableExpensesAmount>30.00</ReimbursableExpensesAmount>
</ReimbursableExpenses></ReimbursableExpenses>"""


def test_tax_may_be_rounded_in_every_line() -> None:
    row = _tax("4.80", "1.20", more=_surcharge("0.40"))
    (document,) = read(READER, _file(_invoice("4.80", "1.60", rows=row, lines="".join(_PER_LINE))))
    assert document.findings == ()


@pytest.mark.parametrize(("amount", "findings"), [("1.20", ()), ("1.24", ("totals_mismatch",))])
def test_so_it_may_where_the_lines_do_not_state_it(amount: str, findings: tuple[str, ...]) -> None:
    line = _line("0.12", _tax("0.12", "").replace("<TotalAmount></TotalAmount>", ""))
    (document,) = read(READER, _file(_invoice("4.80", amount, rows=_tax("4.80", amount), lines=line * 40)))
    assert document.findings == findings


def test_a_base_too_long_to_be_rounded_is_no_crash() -> None:
    line = _line("0.12", _tax("9" * 30, "").replace("<TotalAmount></TotalAmount>", ""))
    (document,) = read(READER, _file(_invoice("4.80", "2.00", rows=_tax("4.80", "2.00"), lines=line)))
    assert "totals_mismatch" in document.findings


@pytest.mark.parametrize(
    ("row", "lines"),
    [
        (_tax("4.80", "1.24", more=_surcharge("0.36")), "".join(_PER_LINE)),
        (_tax("4.80", "1.20", more=_surcharge("0.40")), "".join([*_PER_LINE[1:], _line("0.12", _tax("0.12", "0.03"))])),
        (_tax("4.80", "1.60"), _line("4.80", _tax("4.80", "1.60"))),
    ],
)
def test_lines_that_do_not_make_the_row_or_are_wrong_themselves_excuse_nothing(row: str, lines: str) -> None:
    (document,) = read(READER, _file(_invoice("4.80", "1.60", rows=row, lines=lines)))
    assert document.findings == ("totals_mismatch",)


@pytest.mark.parametrize(("tax", "findings"), [("1211.86", ()), ("1211.90", ("totals_mismatch",))])
def test_a_row_a_line_may_be_rounded_each_and_their_total_as_a_whole(tax: str, findings: tuple[str, ...]) -> None:
    row = _tax("230.83", "48.47")
    invoice = _invoice("5770.75", tax, rows=row * 25, lines=_line("230.83", row) * 25)
    (document,) = read(READER, _file(invoice))
    assert (document.totals.tax, document.findings) == (Decimal(tax), findings)


@pytest.mark.parametrize(
    ("printed", "quantity"), [("1.0E2", "100"), ("5.0E-4", "0.00050"), ("1e3", "1000"), ("+2.5E+1", "25")]
)
def test_a_number_may_have_an_exponent(printed: str, quantity: str) -> None:
    (document,) = read(READER, _file(_invoice(lines=_line("100.00", quantity=printed, price=""))))
    assert str(document.lines[0].quantity) == quantity
    assert "schema_invalid" not in document.findings


@pytest.mark.parametrize("printed", ["INF", "NaN", "1E31", "1E", "E3", "1E-999999999"])
def test_what_is_no_number_is_left_out(printed: str) -> None:
    (document,) = read(READER, _file(_invoice(lines=_line("100.00", quantity=printed))))
    assert (document.lines[0].quantity, document.findings) == (None, ("schema_invalid",))


@pytest.mark.parametrize(("code", "findings"), [("07", ()), ("17", ("totals_mismatch",))])
def test_an_excise_is_by_a_unit_that_its_row_does_not_state(code: str, findings: tuple[str, ...]) -> None:
    rows = _tax("100.00", "21.00") + _tax("10.00", "5.00", "0.50", code)
    assert read(READER, _file(_invoice(tax="26.00", rows=rows, lines=_line("100.00", rows))))[0].findings == findings


def test_discounts_whose_total_is_not_stated_are_summed() -> None:
    invoice = _invoice(more=_DISCOUNT.format("10.00"), lines=_line("110.00", price="110.00"))
    (document,) = read(READER, _file(invoice))
    assert (document.totals.discount, document.findings) == (Decimal("10.00"), ())


def test_a_stated_total_of_discounts_is_not_summed_over() -> None:
    more = _TOGETHER + _DISCOUNT.format("4.00")
    (document,) = read(READER, _file(_invoice(more=more, lines=_line("110.00", price="110.00"))))
    assert (document.totals.discount, document.findings) == (Decimal("10.00"), ())


def test_a_discount_that_cannot_be_read_makes_no_sum() -> None:
    (document,) = read(READER, _file(_invoice(more=_DISCOUNT.format("4.00") + _DISCOUNT.format("6,00"))))
    assert (document.totals.discount, document.findings) == (None, ("schema_invalid",))


def test_surcharges_whose_total_is_not_stated_are_summed() -> None:
    (document,) = read(READER, _file(_invoice(more=_SURCHARGE, lines=_line("90.00", price="90.00"))))
    assert document.findings == ()


def test_payments_on_account_whose_total_is_not_stated_are_summed() -> None:
    (document,) = read(READER, _file(_invoice(more=_ON_ACCOUNT, due="100.00")))
    assert (document.totals.prepaid, document.findings) == (Decimal("21.00"), ())


def test_reimbursable_expenses_whose_total_is_not_stated_are_summed() -> None:
    (document,) = read(READER, _file(_invoice(more=_REIMBURSED, due="151.00")))
    assert document.findings == ()


@pytest.mark.parametrize(
    ("gross", "findings"), [("110.00", ()), ("100.00", ()), ("90.00", ("lines_mismatch",)), ("", ())]
)
def test_the_gross_amount_is_that_of_the_lines_before_or_after_discounts(gross: str, findings: tuple[str, ...]) -> None:
    more = f"<TotalGrossAmount>{gross}</TotalGrossAmount>{_DISCOUNT.format('10.00')}"
    (document,) = read(READER, _file(_invoice(more=more, lines=_line("110.00", price="110.00"))))
    assert document.findings == findings


@pytest.mark.parametrize(
    ("outstanding", "findings"), [("121.00", ()), ("100.00", ()), ("3.00", ("payable_mismatch",)), ("", ())]
)
def test_what_is_outstanding_may_be_that_before_or_after_payments(outstanding: str, findings: tuple[str, ...]) -> None:
    more = f"{_ON_ACCOUNT}<TotalOutstandingAmount>{outstanding}</TotalOutstandingAmount>"
    (document,) = read(READER, _file(_invoice(more=more, due="100.00")))
    assert (document.totals.payable, document.findings) == (Decimal("100.00"), findings)


def test_the_rate_of_a_line_is_that_of_its_iva() -> None:
    both = _tax("100.00", "5.11", rate="5.11", code="07") + _tax("100.00", "21.00")
    (two,) = read(READER, _file(_invoice(lines=_line("100.00", both))))
    (other,) = read(READER, _file(_invoice(lines=_line("100.00", _tax("100.00", "4.00", rate="4.00", code="05")))))
    assert (two.lines[0].tax_rate, other.lines[0].tax_rate) == (Decimal("21.00"), Decimal("4.00"))


@pytest.mark.parametrize(
    ("changes", "agrees"),
    [
        ([], False),
        ([("DiscountsAndRebates/Discount", "50.00")], True),
        ([("DiscountsAndRebates/Discount", "60.00"), ("Charges/Charge", "10.00")], True),
        ([("DiscountsAndRebates/Discount", "60.00")], False),
        ([("Charges/Charge", "50.00")], False),
        ([("Charges/Charge", "")], True),
    ],
)
def test_quantity_times_price_less_its_discounts_is_the_amount_of_a_line(
    changes: list[tuple[str, str]], *, agrees: bool
) -> None:
    more = "".join(_change(path, amount) for path, amount in changes)
    (document,) = read(READER, _file(_invoice(lines=_line("100.00", quantity="3", price="50.00", more=more))))
    assert document.findings == (() if agrees else ("line_amount_mismatch",))


@pytest.mark.parametrize("discount", ["10.00", "-10.00"])
def test_a_discount_that_is_given_back_has_either_sign(discount: str) -> None:
    row = _tax("-90.00", "-18.90")
    line = _line("-90.00", row, price="-100.00", more=_change("DiscountsAndRebates/Discount", discount))
    (document,) = read(READER, _file(_invoice("-90.00", "-18.90", lines=line)))
    assert document.findings == ()


def test_the_rate_of_a_line_is_one_of_the_summary() -> None:
    (document,) = read(READER, _file(_invoice(lines=_line("100.00", _tax("100.00", "10.00", rate="10.00")))))
    assert document.findings == ("line_rate_not_in_summary",)


@pytest.mark.parametrize(
    ("lines", "findings"),
    [
        ([("100.00", "10.00"), ("50.00", "21.00")], ()),
        ([("100.00", "21.00"), ("50.00", "10.00")], ("line_taxes_mismatch",)),
    ],
)
def test_the_lines_of_a_rate_make_its_base(lines: list[tuple[str, str]], findings: tuple[str, ...]) -> None:
    rows = _tax("50.00", "10.50") + _tax("100.00", "10.00", rate="10.00")
    items = "".join(_line(base, _tax(base, "", rate=rate)) for base, rate in lines)
    (document,) = read(READER, _file(_invoice("150.00", "20.50", rows=rows, lines=items)))
    assert document.findings == findings


def test_what_is_taxed_with_nothing_need_not_be_in_the_summary() -> None:
    lines = _line("100.00") + _line("40.00", _tax("40.00", "0.00", rate="0.00"))
    (document,) = read(READER, _file(_invoice("140.00", "21.00", rows=_tax("100.00", "21.00"), lines=lines)))
    assert document.findings == ()


def test_lines_that_state_no_tax_leave_the_bases_open() -> None:
    rows = _tax("50.00", "10.50") + _tax("100.00", "10.00", rate="10.00")
    items = _line("150.00").replace("<TaxesOutputs>", "<Left>").replace("</TaxesOutputs>", "</Left>")
    (document,) = read(READER, _file(_invoice("150.00", "20.50", rows=rows, lines=items)))
    assert document.findings == ()


def test_discounts_of_the_whole_invoice_leave_the_bases_open() -> None:
    lines = _line("110.00", _tax("110.00", "23.10"), price="110.00")
    (document,) = read(READER, _file(_invoice(more=_DISCOUNT.format("10.00"), lines=lines)))
    assert document.findings == ()


@pytest.mark.parametrize(("due", "findings"), [("106.00", ()), ("121.00", ("payable_mismatch",))])
def test_what_is_withheld_is_not_to_be_paid(due: str, findings: tuple[str, ...]) -> None:
    more = "<TotalTaxesWithheld>15.00</TotalTaxesWithheld>"
    (document,) = read(READER, _file(_invoice(more=more, due=due)))
    assert document.findings == findings


@pytest.mark.parametrize(
    ("batch", "findings"),
    [
        (_batch(2, "242.00"), ()),
        (_batch(2, "242.05"), ()),
        (_batch(3, "363.00"), ("batch_count_mismatch",)),
        (_batch(2, "999.00"), ("batch_total_mismatch",)),
        ("", ()),
    ],
)
def test_the_first_invoice_says_what_the_batch_contradicts(batch: str, findings: tuple[str, ...]) -> None:
    first, second = read(READER, _file(_invoice(), _invoice(), batch=batch))
    assert (first.findings, second.findings) == (findings, ())


def test_a_batch_total_may_be_what_is_left_to_pay() -> None:
    (document,) = read(READER, _file(_invoice(more=_ON_ACCOUNT, due="100.00"), batch=_batch(1, "100.00")))
    assert document.findings == ()


def test_several_currencies_make_no_batch_total() -> None:
    first, _ = read(READER, _file(_invoice(), _invoice(currency="USD"), batch=_batch(2, "999.00")))
    assert first.findings == ()


@pytest.mark.parametrize(
    ("series", "number", "named"),
    [
        ("", "87", "87"),
        ("A", "87", "A-87"),
        ("A", "A87", "A87"),
        ("a", "A-87", "A-87"),
        ("20", "20/7", "20/7"),
        ("20", "207", "20-207"),
        ("A", "A", "A-A"),
    ],
)
def test_a_corrected_invoice_is_named_with_its_series_so_that_its_key_is_the_one_it_has(
    series: str, number: str, named: str
) -> None:
    stated = f"<InvoiceSeriesCode>{series}</InvoiceSeriesCode>" if series else ""
    corrective = f"<Corrective><InvoiceNumber>{number}</InvoiceNumber>{stated}</Corrective></InvoiceHeader>"
    [correction] = read(READER, _file(_invoice()).replace(b"</InvoiceHeader>", corrective.encode()))
    assert correction.corrected_invoice_number == named
    original = replace(correction, invoice_number=number, invoice_series=series or None)
    assert natural_key(replace(correction, invoice_number=named)) == natural_key(original)


@pytest.mark.parametrize(
    ("amounts", "due", "findings"),
    [
        (["121.00"], "121.00", ()),
        (["60.50", "60.50"], "121.00", ()),
        (["40.33", "40.33", "40.33"], "121.00", ()),
        (["-121.00"], "121.00", ()),
        (["60.50"], "121.00", ("payments_mismatch",)),
        (["0.00"], "121.00", ()),
        (["121.00"], "106.00", ()),
        (["106.00"], "106.00", ()),
        (["110.00"], "106.00", ("payments_mismatch",)),
    ],
)
def test_instalments_make_what_is_to_be_paid_or_the_total_before_it(
    amounts: list[str], due: str, findings: tuple[str, ...]
) -> None:
    rows = "".join(f"<Installment><InstallmentAmount>{amount}</InstallmentAmount></Installment>" for amount in amounts)
    text = _invoice(due=due, more="<TotalTaxesWithheld>15.00</TotalTaxesWithheld>" if due != "121.00" else "")
    held = _tax("100.00", "15.00", "15.00", "04") if due != "121.00" else ""
    text = text.replace("<InvoiceTotals>", f"<TaxesWithheld>{held}</TaxesWithheld><InvoiceTotals>")
    whole = text.replace("</Invoice>", f"<PaymentDetails>{rows}</PaymentDetails></Invoice>")
    assert read(READER, _file(whole))[0].findings == findings
