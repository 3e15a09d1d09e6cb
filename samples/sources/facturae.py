"""Facturae 3.2.2, unsigned: one invoice with income tax withheld, and a file with two invoices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sources.amounts import Amounts, amounts
from sources.companies import DESIGNER, WATER, WORKSHOP, Company
from sources.markup import E, Element, maker, written

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

_SPACE: Final = "http://www.facturae.gob.es/formato/Versiones/Facturaev3_2_2.xml"
_ROOT: Final = maker(namespace=_SPACE, nsmap={"fe": _SPACE})
_PERSON_NAMES: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice:
    """One invoice of a file."""

    series: str
    number: str
    issued: str
    due: str
    amounts: Amounts


def with_irpf() -> bytes:
    """A designer's invoice: 21 % IVA, 15 % IRPF withheld."""
    work = amounts(
        [
            ("LOGO", "Diseño de identidad visual", "1", "640.00", "21"),
            ("WEB", "Maquetación de catálogo, horas", "12.5", "38.00", "21"),
        ],
        held_rate="15",
    )
    return _file(
        DESIGNER, [Invoice(series="NV", number="2026-007", issued="2026-02-10", due="2026-03-12", amounts=work)]
    )


def two_invoices() -> bytes:
    """A month's invoices of one supplier in one file."""
    january = amounts(
        [("GARR20", "Garrafa de agua 20 l", "14", "6.15", "10"), ("ALQ", "Alquiler de fuente", "1", "18.00", "21")]
    )
    february = amounts(
        [("GARR20", "Garrafa de agua 20 l", "11", "6.15", "10"), ("FIL", "Filtro de carbón", "3", "9.45", "21")]
    )
    return _file(
        WATER,
        [
            Invoice(series="F26", number="000118", issued="2026-01-31", due="2026-02-28", amounts=january),
            Invoice(series="F26", number="000243", issued="2026-02-28", due="2026-03-31", amounts=february),
        ],
    )


def april() -> bytes:
    """One more of the same supplier, for the archive."""
    money = amounts([("GARR20", "Garrafa de agua 20 l", "16", "6.15", "10")])
    return _file(WATER, [Invoice(series="F26", number="000402", issued="2026-04-10", due="2026-05-10", amounts=money)])


def _file(seller: Company, invoices: Sequence[Invoice]) -> bytes:
    root = _ROOT.Facturae(
        _header(seller, invoices),
        E.Parties(E.SellerParty(*_party(seller)), E.BuyerParty(*_party(WORKSHOP))),
        E.Invoices(*(_invoice(seller, invoice) for invoice in invoices)),
    )
    return written(root)


def _header(seller: Company, invoices: Sequence[Invoice]) -> Element:
    total = str(sum(invoice.amounts.payable for invoice in invoices))
    return E.FileHeader(
        E.SchemaVersion("3.2.2"),
        E.Modality("I" if len(invoices) == 1 else "L"),
        E.InvoiceIssuerType("EM"),
        E.Batch(
            E.BatchIdentifier(f"{seller.tax_id}{invoices[0].series}{invoices[0].number}"),
            E.InvoicesCount(str(len(invoices))),
            E.TotalInvoicesAmount(E.TotalAmount(total)),
            E.TotalOutstandingAmount(E.TotalAmount(total)),
            E.TotalExecutableAmount(E.TotalAmount(total)),
            E.InvoiceCurrencyCode("EUR"),
        ),
    )


def _party(company: Company) -> tuple[Element, Element]:
    names = company.name.split(maxsplit=_PERSON_NAMES - 1)
    is_person = company.tax_id[0].isdigit()
    address = E.AddressInSpain(
        E.Address(company.street),
        E.PostCode(company.post_code),
        E.Town(company.town),
        E.Province(company.province),
        E.CountryCode("ESP"),
    )
    person = (E.Name(names[0]), E.FirstSurname(names[1]), E.SecondSurname(names[-1]))
    entity = E.Individual(*person, address) if is_person else E.LegalEntity(E.CorporateName(company.name), address)
    identification = E.TaxIdentification(
        E.PersonTypeCode("F" if is_person else "J"),
        E.ResidenceTypeCode("R"),
        E.TaxIdentificationNumber(company.tax_id),
    )
    return identification, entity


def _invoice(seller: Company, invoice: Invoice) -> Element:
    money = invoice.amounts
    held = (E.TaxesWithheld(_tax("04", money.held_rate, money.net, money.held)),) if money.held else ()
    return E.Invoice(
        E.InvoiceHeader(
            E.InvoiceNumber(invoice.number),
            E.InvoiceSeriesCode(invoice.series),
            E.InvoiceDocumentType("FC"),
            E.InvoiceClass("OO"),
        ),
        E.InvoiceIssueData(
            E.IssueDate(invoice.issued), E.InvoiceCurrencyCode("EUR"), E.TaxCurrencyCode("EUR"), E.LanguageName("es")
        ),
        E.TaxesOutputs(*(_tax("01", row.rate, row.base, row.amount) for row in money.rows)),
        *held,
        _totals(money),
        E.Items(*(_lines(money))),
        E.PaymentDetails(
            E.Installment(
                E.InstallmentDueDate(invoice.due),
                E.InstallmentAmount(str(money.payable)),
                E.PaymentMeans("04"),
                E.AccountToBeCredited(E.IBAN(seller.iban)),
            )
        ),
    )


def _totals(money: Amounts) -> Element:
    return E.InvoiceTotals(
        E.TotalGrossAmount(str(money.net)),
        E.TotalGrossAmountBeforeTaxes(str(money.net)),
        E.TotalTaxOutputs(str(money.tax)),
        E.TotalTaxesWithheld(str(money.held)),
        E.InvoiceTotal(str(money.payable)),
        E.TotalOutstandingAmount(str(money.payable)),
        E.TotalExecutableAmount(str(money.payable)),
    )


def _lines(money: Amounts) -> list[Element]:
    return [
        E.InvoiceLine(
            E.ItemDescription(line.text),
            E.Quantity(str(line.quantity)),
            E.UnitOfMeasure("01"),
            E.UnitPriceWithoutTax(str(line.price)),
            E.TotalCost(str(line.net)),
            E.GrossAmount(str(line.net)),
            E.TaxesOutputs(_tax("01", line.rate, line.net, None)),
            E.ArticleCode(line.code),
        )
        for line in money.lines
    ]


def _tax(code: str, rate: Decimal, base: Decimal, amount: Decimal | None) -> Element:
    stated = (E.TaxAmount(E.TotalAmount(str(amount))),) if amount is not None else ()
    return E.Tax(E.TaxTypeCode(code), E.TaxRate(f"{rate:.2f}"), E.TaxableBase(E.TotalAmount(str(base))), *stated)
