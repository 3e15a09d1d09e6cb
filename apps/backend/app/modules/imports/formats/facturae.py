"""Facturae 3.1, 3.2, 3.2.1 and 3.2.2, the Spanish e-invoice, signed or not, one or several invoices a file.

Orden HAP/1650/2015 and https://www.facturae.gob.es/formato/Paginas/version-3-2.aspx. Only the root is in a namespace,
which differs by version, so elements are found by local name.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, BinaryIO, Final

from app.modules.imports.domain.canonical import CanonicalDocument, DocumentType, Line, Party, Tax, Totals, Withholding
from app.modules.imports.domain.errors import Unreadable
from app.modules.imports.formats import arithmetic
from app.modules.imports.formats.printed_values import iban_form, tax_id_form
from app.modules.imports.formats.territories import alpha2
from app.modules.imports.formats.xml import Element, find, find_all, local_name, read_xml, text_of
from app.modules.imports.formats.xml_places import Places
from app.modules.imports.formats.xml_reading import XmlReading
from app.modules.imports.formats.xml_signature import check_signature
from app.modules.imports.ports import Documents, Probe

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

_TAXES: Final = {"01": "IVA", "02": "IPSI", "03": "IGIC", "04": "IRPF"}
_ISSUERS: Final = {"RE": "Parties/BuyerParty", "TE": "FileHeader/ThirdParty"}
_AFTER_TOTAL: Final = {
    "Subsidies/Subsidy/SubsidyAmount": -1,
    "AmountsWithheld/WithholdingAmount": -1,
    "PaymentInKind/PaymentInKindAmount": -1,
    "TotalReimbursableExpenses": 1,
    "TotalFinancialExpenses": 1,
}
_CORRECTIVE_CLASSES: Final = frozenset(["OR", "CR"])


class FacturaeReader:
    """Reads Facturae files."""

    name = "facturae"
    gives = Documents

    def score(self, probe: Probe) -> int:
        space, local = probe.xml_root or ("", "")
        if local != "Facturae":
            return 0
        return 100 if "facturae" in space.lower() else 80

    def read(self, file: BinaryIO, probe: Probe) -> Documents:  # noqa: ARG002  (the port's signature)
        parsed = read_xml(file)
        places = Places()
        invoices = list(places.rows(parsed.root, "Invoices/Invoice"))
        if local_name(parsed.root) != "Facturae" or not invoices:
            raise Unreadable("no_document", "no Invoices/Invoice in the file")
        version = find(parsed.root, "FileHeader/SchemaVersion")
        label = f"facturae {(version.text or '').strip()}".strip() if version is not None else "facturae"
        findings = (*parsed.findings, *check_signature(parsed.root, parsed.source, _signers(parsed.root)))
        return Documents(tuple(_invoice(invoice, places, label, findings) for invoice in invoices))


READER: Final = FacturaeReader()


def _signers(root: Element) -> list[str | None]:
    """Tax ids of the seller and, where it says that another issued the invoice, of the buyer or that third party."""
    other = _ISSUERS.get(text_of(find(root, "FileHeader/InvoiceIssuerType")) or "")
    parties = ("Parties/SellerParty", *((other,) if other else ()))
    numbers = (find(root, f"{party}/TaxIdentification/TaxIdentificationNumber") for party in parties)
    return [tax_id_form(text_of(number)) for number in numbers]


def _invoice(invoice: Element, places: Places, label: str, findings: tuple[str, ...]) -> CanonicalDocument:
    root = invoice.getroottree().getroot()
    reading = XmlReading(findings, places=places)
    taxes, held = (enumerate(places.rows(invoice, f"{name}/Tax")) for name in ("TaxesOutputs", "TaxesWithheld"))
    lines = enumerate(places.rows(invoice, "Items/InvoiceLine"))
    document = replace(
        _header(reading, root, invoice),
        totals=_totals(reading, invoice),
        taxes=tuple(_tax(reading, tax, f"taxes.{i}") for i, tax in taxes),
        withholdings=tuple(_withholding(reading, tax, f"withholdings.{i}") for i, tax in held),
        lines=tuple(_line(reading, line, f"lines.{i}") for i, line in lines),
        iban=_iban(reading, root, invoice),
        format=label,
    )
    _compare(reading, invoice, document)
    return reading.finish(document)


def _header(reading: XmlReading, root: Element, invoice: Element) -> CanonicalDocument:
    corrected = "InvoiceHeader/Corrective/InvoiceNumber"
    return CanonicalDocument(
        doc_type=_doc_type(reading, invoice),
        country="ES",
        invoice_number=reading.text(invoice, "InvoiceHeader/InvoiceNumber", "invoice_number", required=True),
        invoice_series=reading.text(invoice, "InvoiceHeader/InvoiceSeriesCode", "invoice_series"),
        corrected_invoice_number=reading.text(invoice, corrected, "corrected_invoice_number"),
        issue_date=reading.day(invoice, "InvoiceIssueData/IssueDate", "issue_date", required=True),
        operation_date=_operated(reading, invoice),
        due_date=reading.only_day(invoice, ("PaymentDetails/Installment/InstallmentDueDate",), "due_date"),
        currency=reading.text(invoice, "InvoiceIssueData/InvoiceCurrencyCode", "currency", required=True),
        description=reading.text(invoice, "InvoiceIssueData/InvoiceDescription"),
        supplier=_party(reading, root, "SellerParty", "supplier"),
        buyer=_party(reading, root, "BuyerParty", "buyer"),
    )


def _operated(reading: XmlReading, invoice: Element) -> date | None:
    """As the header states it; else as the lines do, when they agree; else the end of the period that is billed."""
    issued = reading.day(invoice, "InvoiceIssueData/IssueDate")
    return (
        reading.day(invoice, "InvoiceIssueData/OperationDate", "operation_date")
        or reading.only_day(invoice, ("Items/InvoiceLine/TransactionDate",), "operation_date")
        or reading.day_until(invoice, ("InvoiceIssueData/InvoicingPeriod/EndDate",), issued, "operation_date")
    )


def _doc_type(reading: XmlReading, invoice: Element) -> DocumentType:
    issued_as = reading.text(invoice, "InvoiceHeader/InvoiceClass", "doc_type", required=True)
    if issued_as in _CORRECTIVE_CLASSES or find(invoice, "InvoiceHeader/Corrective") is not None:
        return DocumentType.CORRECTIVE_INVOICE
    kind = reading.text(invoice, "InvoiceHeader/InvoiceDocumentType", required=True)
    return DocumentType.SIMPLIFIED_INVOICE if kind == "FA" else DocumentType.INVOICE


def _party(reading: XmlReading, root: Element, role: str, field: str) -> Party:
    party = find(root, f"Parties/{role}")
    if party is None:
        reading.note("schema_invalid")
        return Party()
    name, other = _names(reading, party, field)
    number = reading.text(party, "TaxIdentification/TaxIdentificationNumber", f"{field}.tax_id", required=True)
    entity = next((e for e in party.iterchildren("{*}LegalEntity", "{*}Individual")), party)
    address = next((a for a in entity.iterchildren("{*}AddressInSpain", "{*}OverseasAddress")), None)
    return Party(
        name=name,
        tax_id=tax_id_form(number),
        alt_names=(other,) if other and other != name else (),
        country=alpha2(reading.text(address, "CountryCode")) if address is not None else None,
        address=_address(reading, address) if address is not None else None,
    )


def _names(reading: XmlReading, party: Element, field: str) -> tuple[str | None, str | None]:
    person = find(party, "Individual")
    if person is None:
        name = reading.text(party, "LegalEntity/CorporateName", f"{field}.name", required=True)
        return name, reading.text(party, "LegalEntity/TradeName")
    reading.prove(f"{field}.name", person)
    parts = [reading.text(person, part) for part in ("Name", "FirstSurname", "SecondSurname")]
    return " ".join(part for part in parts if part) or None, None


def _address(reading: XmlReading, address: Element) -> str | None:
    parts = [reading.text(address, part) for part in ("Address", "PostCode", "PostCodeAndTown", "Town", "Province")]
    return ", ".join(part for part in parts if part) or None


def _totals(reading: XmlReading, invoice: Element) -> Totals:
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
        discount=reading.amount(at, "TotalGeneralDiscounts"),
        prepaid=reading.amount(at, "TotalPaymentsOnAccount"),
        invoice_total_stated=stated,
    )


def _tax(reading: XmlReading, tax: Element, field: str) -> Tax:
    code = reading.text(tax, "TaxTypeCode", required=True)
    return Tax(
        tax_code=_TAXES.get(code or "", code),
        rate=reading.amount(tax, "TaxRate", f"{field}.rate", required=True),
        base=reading.amount(tax, "TaxableBase/TotalAmount", f"{field}.base"),
        amount=reading.amount(tax, "TaxAmount/TotalAmount", f"{field}.amount"),
        surcharge_rate=reading.amount(tax, "EquivalenceSurcharge", f"{field}.surcharge_rate"),
        surcharge_amount=reading.amount(tax, "EquivalenceSurchargeAmount/TotalAmount", f"{field}.surcharge_amount"),
    )


def _withholding(reading: XmlReading, tax: Element, field: str) -> Withholding:
    code = reading.text(tax, "TaxTypeCode", required=True)
    return Withholding(
        tax_code=_TAXES.get(code or "", code),
        rate=reading.amount(tax, "TaxRate", f"{field}.rate", required=True),
        base=reading.amount(tax, "TaxableBase/TotalAmount", f"{field}.base"),
        amount=reading.amount(tax, "TaxAmount/TotalAmount", f"{field}.amount"),
    )


def _line(reading: XmlReading, line: Element, field: str) -> Line:
    return Line(
        description=reading.text(line, "ItemDescription", f"{field}.description"),
        code=reading.text(line, "ArticleCode", f"{field}.code"),
        quantity=reading.amount(line, "Quantity", f"{field}.quantity"),
        unit_price=reading.amount(line, "UnitPriceWithoutTax", f"{field}.unit_price"),
        net_amount=reading.amount(line, "GrossAmount", f"{field}.net_amount"),
        tax_rate=reading.amount(line, "TaxesOutputs/Tax/TaxRate", f"{field}.tax_rate"),
    )


def _iban(reading: XmlReading, root: Element, invoice: Element) -> str | None:
    """A factor is paid instead of the supplier: its account then stands once, in the file's header."""
    account = "Installment/AccountToBeCredited/IBAN"
    return reading.formed(invoice, f"PaymentDetails/{account}", iban_form, "iban") or reading.formed(
        root, f"FileHeader/FactoringAssignmentData/PaymentDetails/{account}", iban_form, "iban"
    )


def _compare(reading: XmlReading, invoice: Element, document: CanonicalDocument) -> None:
    totals, lines = document.totals, document.lines
    at = find(invoice, "InvoiceTotals")
    charges = reading.amount(at, "TotalGeneralSurcharges") if at is not None else None
    net = arithmetic.total(line.net_amount for line in lines)
    if net is not None:
        net += (charges or arithmetic.ZERO) - (totals.discount or arithmetic.ZERO)
    tax = arithmetic.total(part for row in document.taxes for part in (row.amount, row.surcharge_amount))
    held = arithmetic.total(row.amount for row in document.withholdings)
    rounding = arithmetic.rounding(len(lines))
    if not arithmetic.agree(net, totals.net, rounding):
        reading.note("lines_mismatch")
    agreed = (
        arithmetic.agree(tax, totals.tax, rounding)
        and arithmetic.agree(held, totals.withholding, rounding)
        and arithmetic.agree_with_some(
            totals.gross, totals.invoice_total_stated, [-(totals.withholding or arithmetic.ZERO)]
        )
        and all(_row_agrees(row) for row in document.taxes)
    )
    if not agreed:
        reading.note("totals_mismatch")
    if not arithmetic.agree_with_some(totals.gross, totals.payable, _moved_after_total(reading, at, totals)):
        reading.note("payable_mismatch")


def _moved_after_total(reading: XmlReading, at: Element | None, totals: Totals) -> list[Decimal]:
    """What may lie between the gross and what is left to pay; writers take it from one total or from the next."""
    moved = [-amount for amount in (totals.withholding, totals.prepaid) if amount]
    for path, sign in _AFTER_TOTAL.items():
        stated = find_all(at, path) if at is not None else ()
        amount = arithmetic.total(reading.amount_of(each) for each in stated)
        moved += [sign * amount] if amount else []
    return moved


def _row_agrees(row: Tax) -> bool:
    return arithmetic.rate_agrees(row.base, row.rate, row.amount) and arithmetic.rate_agrees(
        row.base, row.surcharge_rate, row.surcharge_amount
    )
