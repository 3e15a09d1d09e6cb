"""A UBL 2.1 invoice by EN 16931: two rates of VAT, payable by transfer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sources.amounts import Amounts, amounts
from sources.companies import PAPER, WORKSHOP, Company
from sources.markup import Element, maker, written

if TYPE_CHECKING:
    from decimal import Decimal

_SPACE: Final = "urn:oasis:names:specification:ubl:schema:xsd:"
_BASIC: Final = f"{_SPACE}CommonBasicComponents-2"
_AGGREGATE: Final = f"{_SPACE}CommonAggregateComponents-2"
_B: Final = maker(namespace=_BASIC)
_A: Final = maker(namespace=_AGGREGATE)
_ROOT: Final = maker(
    namespace=f"{_SPACE}Invoice-2", nsmap={None: f"{_SPACE}Invoice-2", "cbc": _BASIC, "cac": _AGGREGATE}
)


def invoice() -> bytes:
    """An office supplier's invoice."""
    money = amounts(
        [
            ("A4-80", "Papel A4 80 g, caja", "6", "21.40", "21"),
            ("CUAD", "Cuaderno de taller", "25", "1.96", "21"),
            ("LIB-ELEC", "Manual de electricidad, libro", "2", "24.50", "4"),
        ]
    )
    root = _ROOT.Invoice(
        _B.CustomizationID("urn:cen.eu:en16931:2017"),
        _B.ID("PE/2026/0312"),
        _B.IssueDate("2026-03-05"),
        _B.DueDate("2026-04-04"),
        _B.InvoiceTypeCode("380"),
        _B.DocumentCurrencyCode("EUR"),
        _B.BuyerReference("TALLER-3"),
        _A.AccountingSupplierParty(_party(PAPER)),
        _A.AccountingCustomerParty(_party(WORKSHOP)),
        _A.PaymentMeans(_B.PaymentMeansCode("30"), _A.PayeeFinancialAccount(_B.ID(PAPER.iban))),
        _taxes(money),
        _totals(money),
        *_lines(money),
    )
    return written(root)


def _party(company: Company) -> Element:
    return _A.Party(
        _A.PartyName(_B.Name(company.name)),
        _A.PostalAddress(
            _B.StreetName(company.street),
            _B.CityName(company.town),
            _B.PostalZone(company.post_code),
            _B.CountrySubentity(company.province),
            _A.Country(_B.IdentificationCode("ES")),
        ),
        _A.PartyTaxScheme(_B.CompanyID(f"ES{company.tax_id}"), _scheme()),
        _A.PartyLegalEntity(_B.RegistrationName(company.name), _B.CompanyID(company.tax_id)),
    )


def _taxes(money: Amounts) -> Element:
    rows = (
        _A.TaxSubtotal(
            _amount("TaxableAmount", row.base),
            _amount("TaxAmount", row.amount),
            _A.TaxCategory(_B.ID("S"), _B.Percent(str(row.rate)), _scheme()),
        )
        for row in money.rows
    )
    return _A.TaxTotal(_amount("TaxAmount", money.tax), *rows)


def _totals(money: Amounts) -> Element:
    return _A.LegalMonetaryTotal(
        _amount("LineExtensionAmount", money.net),
        _amount("TaxExclusiveAmount", money.net),
        _amount("TaxInclusiveAmount", money.gross),
        _amount("PayableAmount", money.payable),
    )


def _lines(money: Amounts) -> list[Element]:
    return [
        _A.InvoiceLine(
            _B.ID(str(number)),
            _B.InvoicedQuantity(str(line.quantity), unitCode="C62"),
            _amount("LineExtensionAmount", line.net),
            _A.Item(
                _B.Name(line.text),
                _A.SellersItemIdentification(_B.ID(line.code)),
                _A.ClassifiedTaxCategory(_B.ID("S"), _B.Percent(str(line.rate)), _scheme()),
            ),
            _A.Price(_amount("PriceAmount", line.price)),
        )
        for number, line in enumerate(money.lines, start=1)
    ]


def _scheme() -> Element:
    return _A.TaxScheme(_B.ID("VAT"))


def _amount(name: str, value: Decimal) -> Element:
    return _B(name, str(value), currencyID="EUR")
