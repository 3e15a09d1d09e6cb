"""Whether UBL and CII invoices agree with themselves below their totals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.modules.imports.formats import cii, ubl
from app.modules.imports.formats.tests.statement_samples import SAMPLES, read

if TYPE_CHECKING:
    Changes = list[tuple[str, str]]

UBL = (SAMPLES / "ubl/allowance-charge-prepaid.xml").read_text(encoding="utf-8")
CII = (SAMPLES / "cii/credit-note.xml").read_text(encoding="utf-8")
PEPPOL = "#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
EXTENSION = "#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0#conformant#urn:xeinkauf.de:kosit:extension:xrechnung_3.0"
PAID = '<cac:PrepaidPayment><cbc:PaidAmount currencyID="EUR">30.00</cbc:PaidAmount></cac:PrepaidPayment>'
LINE = """<cac:InvoiceLine><cbc:LineExtensionAmount currencyID="EUR">50.00</cbc:LineExtensionAmount><cac:Item>
<cac:ClassifiedTaxCategory><cbc:ID>{}</cbc:ID><cbc:Percent>{}</cbc:Percent></cac:ClassifiedTaxCategory></cac:Item>
</cac:InvoiceLine></Invoice>"""
FIFTY_MORE = [(">165.00<", ">215.00<"), (">160.00<", ">210.00<"), (">191.95<", ">241.95<"), (">91.95<", ">141.95<")]
IN_LINE, IN_BREAKDOWN = "<cac:ClassifiedTaxCategory><cbc:ID>S</cbc:ID>", "<cac:TaxCategory><cbc:ID>S</cbc:ID>"
TEN, FOUR = "<cbc:Percent>10</cbc:Percent>", "<cbc:Percent>4</cbc:Percent>"
VAT, IRPF = "<cac:TaxScheme><cbc:ID>VAT", "<cac:TaxScheme><cbc:ID>IRPF"
OTHER_PRICE = (">1.50</cbc:PriceAmount>", ">1.60</cbc:PriceAmount>")
LINES = ("lines_mismatch",)
NET = "150.00</cbc:LineExtensionAmount>"
ALLOWANCE = '<cac:AllowanceCharge><cbc:ChargeIndicator>{}</cbc:ChargeIndicator><cbc:Amount currencyID="EUR">10.00</cbc:Amount></cac:AllowanceCharge>'
ON_ALL = (
    "</cac:AllowanceCharge>",
    f"{IN_BREAKDOWN}<cbc:Percent>21</cbc:Percent></cac:TaxCategory></cac:AllowanceCharge>",
)
ON_TEN = (ON_ALL[0], ON_ALL[1].replace("21", "10"))
OTHER_SPLIT = [(">145.00<", ">143.00<"), (">15.00</cbc:TaxableAmount>", ">17.00</cbc:TaxableAmount>")]


def _changed(text: str, changes: Changes) -> bytes:
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return text.encode()


@pytest.mark.parametrize(("payable", "findings"), [("121.95", ()), ("91.95", ()), ("151.95", ("totals_mismatch",))])
def test_what_is_collected_for_others_may_be_in_what_is_payable(payable: str, findings: tuple[str, ...]) -> None:
    changes = [(PEPPOL, EXTENSION), ("<cac:TaxTotal>", PAID + "<cac:TaxTotal>"), (">91.95<", f">{payable}<")]
    assert read(ubl.READER, _changed(UBL, changes))[0].findings == findings


@pytest.mark.parametrize(
    ("changes", "findings"),
    [
        ([(">145.00<", ">149.00<")], ("bases_mismatch",)),
        ([(">145.00<", ">149.00<"), (IN_BREAKDOWN + TEN + VAT, IN_BREAKDOWN + TEN + IRPF)], ()),
        ([("</Invoice>", LINE.format("E", "0")), *FIFTY_MORE], ()),
        ([("</Invoice>", LINE.format("S", "21")), *FIFTY_MORE], ("bases_mismatch",)),
        ([(IN_LINE + TEN, IN_LINE + FOUR)], ("line_rate_not_in_summary",)),
        ([(IN_LINE + TEN, IN_LINE.replace("S", "L") + TEN)], ("line_rate_not_in_summary",)),
        ([(IN_LINE + TEN, IN_LINE.replace("S", "E") + TEN.replace("10", "0"))], ()),
        ([OTHER_PRICE], ("line_amount_mismatch",)),
        ([OTHER_PRICE, (PEPPOL, "")], ()),
        ([OTHER_PRICE, (NET, NET + ALLOWANCE.format("false"))], ()),
        ([OTHER_PRICE, (NET, NET + ALLOWANCE.format("true"))], ("line_amount_mismatch",)),
        ([ON_ALL], ()),
        ([ON_TEN], ("line_taxes_mismatch",)),
        ([*OTHER_SPLIT, ON_ALL], ("line_taxes_mismatch",)),
        (OTHER_SPLIT, ()),
        ([*OTHER_SPLIT, ON_ALL, (ON_ALL[1], ON_ALL[1].replace("<cbc:Percent>21</cbc:Percent>", ""))], ()),
        ([(">10.00</cbc:Amount>", ">12.00</cbc:Amount>"), ON_ALL], ("line_taxes_mismatch",)),
        ([OTHER_PRICE, ("<cbc:Percent>21</cbc:Percent>", "<cbc:Percent>0</cbc:Percent>")], ("totals_mismatch",)),
        ([(">1.50</cbc:PriceAmount>", ">1.5000</cbc:PriceAmount>"), (NET, NET.replace("0.00", "0.40"))], LINES),
        ([(">1.50</cbc:PriceAmount>", ">1.5140</cbc:PriceAmount>")], ("line_amount_mismatch",)),
        ([('BaseQuantity unitCode="C62">100<', 'BaseQuantity unitCode="KGM">1<')], ()),
        ([('currencyID="EUR">1.50</cbc:Price', 'currencyID="USD">1.50</cbc:Price')], ("other_currency",)),
        ([('TaxInclusiveAmount currencyID="EUR">', 'TaxInclusiveAmount currencyID="USD">')], ("other_currency",)),
    ],
)
def test_ubl(changes: Changes, findings: tuple[str, ...]) -> None:
    assert read(ubl.READER, _changed(UBL, changes))[0].findings == findings


BASE = "<ram:BasisAmount>12.00</ram:BasisAmount><ram:CategoryCode>S</ram:CategoryCode>"
RATE = "<ram:RateApplicablePercent>19"
PRICE, OTHER = "<ram:ChargeAmount>12.00</ram:ChargeAmount>", "<ram:ChargeAmount>13.00</ram:ChargeAmount>"
PER_KILO = '<ram:BasisQuantity unitCode="KGM">1</ram:BasisQuantity>'
GROSS = "<ram:GrandTotalAmount>"
LINE_TOTAL = "<ram:SpecifiedTradeSettlementLineMonetarySummation>"
OFF = "<ram:SpecifiedTradeAllowanceCharge><ram:ChargeIndicator><udt:Indicator>{}</udt:Indicator></ram:ChargeIndicator><ram:ActualAmount>1.00</ram:ActualAmount>{}</ram:SpecifiedTradeAllowanceCharge>"
OF_RATE = "<ram:CategoryTradeTax><ram:CategoryCode>S</ram:CategoryCode><ram:RateApplicablePercent>{}</ram:RateApplicablePercent></ram:CategoryTradeTax>"
FREIGHT = "<ram:SpecifiedLogisticsServiceCharge><ram:AppliedAmount>{}</ram:AppliedAmount><ram:AppliedTradeTax><ram:CategoryCode>S</ram:CategoryCode><ram:RateApplicablePercent>19</ram:RateApplicablePercent></ram:AppliedTradeTax></ram:SpecifiedLogisticsServiceCharge>"
TOTALS = "<ram:SpecifiedTradeSettlementHeaderMonetarySummation>"
FREIGHTED = [
    (BASE, BASE.replace("12.00", "14.00")),
    (">2.28</ram:CalculatedAmount>", ">2.66</ram:CalculatedAmount>"),
    (
        "<ram:TaxBasisTotalAmount>12.00",
        "<ram:ChargeTotalAmount>2.00</ram:ChargeTotalAmount><ram:TaxBasisTotalAmount>14.00",
    ),
    ('TaxTotalAmount currencyID="EUR">2.28', 'TaxTotalAmount currencyID="EUR">2.66'),
    (">14.28<", ">16.66<"),
]
DOLLARS = '<ram:GrandTotalAmount currencyID="USD">'


@pytest.mark.parametrize(
    ("changes", "findings"),
    [
        ([(BASE, BASE.replace("12.00", "15.00"))], ("bases_mismatch",)),
        ([(BASE + RATE, BASE + RATE + ".05")], ("line_rate_not_in_summary",)),
        ([(PRICE, OTHER)], ("line_amount_mismatch",)),
        ([(PRICE, OTHER), ("xrechnung_3.0", "other")], ()),
        ([(PRICE, OTHER + PER_KILO)], ()),
        ([(PRICE, OTHER), (LINE_TOTAL, OFF.format("false", "") + LINE_TOTAL)], ()),
        ([(PRICE, OTHER), (LINE_TOTAL, OFF.format("true", "") + LINE_TOTAL)], ("line_amount_mismatch",)),
        (FREIGHTED, ()),
        ([*FREIGHTED, (TOTALS, FREIGHT.format("2.00") + TOTALS)], ()),
        ([*FREIGHTED, (TOTALS, FREIGHT.format("4.00") + TOTALS)], ("line_taxes_mismatch",)),
        ([*FREIGHTED, (TOTALS, OFF.format("true", OF_RATE.format("19")) + TOTALS)], ()),
        ([*FREIGHTED, (TOTALS, OFF.format("false", OF_RATE.format("19")) + TOTALS)], ("line_taxes_mismatch",)),
        ([*FREIGHTED, (TOTALS, OFF.format("false", "") + TOTALS)], ()),
        ([(GROSS, DOLLARS)], ("other_currency",)),
        ([(GROSS, f"{DOLLARS}15.70</ram:GrandTotalAmount>{GROSS}")], ()),
        ([('TaxTotalAmount currencyID="EUR"', 'TaxTotalAmount currencyID="USD"')], ()),
    ],
)
def test_cii(changes: Changes, findings: tuple[str, ...]) -> None:
    assert read(cii.READER, _changed(CII, changes))[0].findings == findings


def test_a_tax_below_zero_per_cent_is_withheld_and_has_the_base_of_another() -> None:
    row = (
        '<cac:TaxSubtotal><cbc:TaxableAmount currencyID="EUR">160.00</cbc:TaxableAmount>'
        f'<cbc:TaxAmount currencyID="EUR">-24.00</cbc:TaxAmount>{IN_BREAKDOWN}<cbc:Percent>-15</cbc:Percent>'
        f"{VAT}</cbc:ID></cac:TaxScheme></cac:TaxCategory></cac:TaxSubtotal></cac:TaxTotal>"
    )
    changes = [("</cac:TaxTotal>", row), (">31.95<", ">7.95<"), (">191.95<", ">167.95<"), (">91.95<", ">67.95<")]
    assert read(ubl.READER, _changed(UBL, changes))[0].findings == ()
