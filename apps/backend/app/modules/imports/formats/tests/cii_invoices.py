"""Cross Industry Invoices made for a test: of lines of 10 euros and 19 % VAT, of which a test changes what it is about."""

from __future__ import annotations

from app.modules.imports.formats.cii import READER
from app.modules.imports.formats.tests.statement_samples import read

EN_16931 = "urn:cen.eu:en16931:2017"
EXTENDED = f"{EN_16931}#conformant#urn:factur-x.eu:1p0:extended"
_SPACES = (
    'xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"'
    ' xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"'
)
_PARTY = (
    "<ram:Name>Muster</ram:Name><ram:SpecifiedTaxRegistration>"
    '<ram:ID schemeID="VA">DE123456788</ram:ID></ram:SpecifiedTaxRegistration>'
)
_VAT = (
    "<ram:TypeCode>VAT</ram:TypeCode><ram:CategoryCode>S</ram:CategoryCode>"
    "<ram:RateApplicablePercent>19</ram:RateApplicablePercent>"
)


def line(net: str = "10.00") -> str:
    return (
        "<ram:IncludedSupplyChainTradeLineItem><ram:SpecifiedTradeProduct><ram:Name>Schraube</ram:Name>"
        f"</ram:SpecifiedTradeProduct><ram:SpecifiedLineTradeSettlement><ram:ApplicableTradeTax>{_VAT}"
        "</ram:ApplicableTradeTax><ram:SpecifiedTradeSettlementLineMonetarySummation>"
        f"<ram:LineTotalAmount>{net}</ram:LineTotalAmount></ram:SpecifiedTradeSettlementLineMonetarySummation>"
        "</ram:SpecifiedLineTradeSettlement></ram:IncludedSupplyChainTradeLineItem>"
    )


def change(amount: str, *, charge: bool) -> str:
    """An allowance or a charge of the document."""
    return (
        f"<ram:SpecifiedTradeAllowanceCharge><ram:ChargeIndicator><ram:Indicator>{str(charge).lower()}</ram:Indicator>"
        f"</ram:ChargeIndicator><ram:ActualAmount>{amount}</ram:ActualAmount>"
        f"<ram:CategoryTradeTax>{_VAT}</ram:CategoryTradeTax></ram:SpecifiedTradeAllowanceCharge>"
    )


def freight(amount: str) -> str:
    return (
        f"<ram:SpecifiedLogisticsServiceCharge><ram:AppliedAmount>{amount}</ram:AppliedAmount>"
        f"<ram:AppliedTradeTax>{_VAT}</ram:AppliedTradeTax></ram:SpecifiedLogisticsServiceCharge>"
    )


def invoice(
    net: str,
    tax: str,
    gross: str,
    *,
    profile: str = EN_16931,
    lines: str = "",
    settled: str = "",
    sums: str = "",
    line_total: str = "",
    due: str = "",
    base: str = "",
) -> bytes:
    """``settled`` stands beside the VAT breakdown, ``sums`` among the totals."""
    return (
        f"<rsm:CrossIndustryInvoice {_SPACES}><rsm:ExchangedDocumentContext>"
        f"<ram:GuidelineSpecifiedDocumentContextParameter><ram:ID>{profile}</ram:ID>"
        "</ram:GuidelineSpecifiedDocumentContextParameter></rsm:ExchangedDocumentContext>"
        "<rsm:ExchangedDocument><ram:ID>7</ram:ID><ram:TypeCode>380</ram:TypeCode>"
        "<ram:IssueDateTime><ram:DateTimeString>20260302</ram:DateTimeString></ram:IssueDateTime></rsm:ExchangedDocument>"
        f"<rsm:SupplyChainTradeTransaction>{lines or line(net)}<ram:ApplicableHeaderTradeAgreement>"
        f"<ram:SellerTradeParty>{_PARTY}</ram:SellerTradeParty><ram:BuyerTradeParty>{_PARTY}</ram:BuyerTradeParty>"
        "</ram:ApplicableHeaderTradeAgreement><ram:ApplicableHeaderTradeDelivery/><ram:ApplicableHeaderTradeSettlement>"
        "<ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode><ram:ApplicableTradeTax>"
        f"<ram:CalculatedAmount>{tax}</ram:CalculatedAmount><ram:BasisAmount>{base or net}</ram:BasisAmount>{_VAT}"
        f"</ram:ApplicableTradeTax>{settled}<ram:SpecifiedTradeSettlementHeaderMonetarySummation>"
        f"<ram:LineTotalAmount>{line_total or net}</ram:LineTotalAmount>{sums}"
        f"<ram:TaxBasisTotalAmount>{net}</ram:TaxBasisTotalAmount>"
        f'<ram:TaxTotalAmount currencyID="EUR">{tax}</ram:TaxTotalAmount>'
        f"<ram:GrandTotalAmount>{gross}</ram:GrandTotalAmount><ram:DuePayableAmount>{due or gross}"
        "</ram:DuePayableAmount></ram:SpecifiedTradeSettlementHeaderMonetarySummation>"
        "</ram:ApplicableHeaderTradeSettlement></rsm:SupplyChainTradeTransaction></rsm:CrossIndustryInvoice>"
    ).encode()


def said(text: bytes) -> tuple[str, ...]:
    return read(READER, text)[0].findings
