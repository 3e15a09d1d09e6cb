"""Facturae 3.1, 3.2, 3.2.1 and 3.2.2, the Spanish e-invoice, signed or not, one or several invoices a file.

Orden HAP/1650/2015 and https://www.facturae.gob.es/formato/Paginas/version-3-2.aspx. Only the root is in a namespace,
which differs by version, so elements are found by local name.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, BinaryIO, Final

from app.modules.imports.domain.canonical import CanonicalDocument, DocumentType, Party
from app.modules.imports.domain.errors import Unreadable
from app.modules.imports.formats import facturae_amounts as amounts
from app.modules.imports.formats.facturae_batch import compare_batch
from app.modules.imports.formats.facturae_reading import FacturaeReading
from app.modules.imports.formats.printed_values import iban_form, tax_id_form
from app.modules.imports.formats.territories import alpha2
from app.modules.imports.formats.xml import Element, find, local_name, read_xml, text_of
from app.modules.imports.formats.xml_places import Places
from app.modules.imports.formats.xml_signature import check_signature
from app.modules.imports.ports import Documents, Probe

if TYPE_CHECKING:
    from datetime import date

_ISSUERS: Final = {"RE": "Parties/BuyerParty", "TE": "FileHeader/ThirdParty"}
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
        first, *others = [_invoice(invoice, places, label, findings) for invoice in invoices]
        said = dict.fromkeys((*first.findings, *compare_batch(parsed.root, [first, *others])))
        return Documents((replace(first, findings=tuple(said)), *others))


READER: Final = FacturaeReader()


def _signers(root: Element) -> list[str | None]:
    """Tax ids of the seller and, where it says that another issued the invoice, of the buyer or that third party."""
    other = _ISSUERS.get(text_of(find(root, "FileHeader/InvoiceIssuerType")) or "")
    parties = ("Parties/SellerParty", *((other,) if other else ()))
    numbers = (find(root, f"{party}/TaxIdentification/TaxIdentificationNumber") for party in parties)
    return [tax_id_form(text_of(number)) for number in numbers]


def _invoice(invoice: Element, places: Places, label: str, findings: tuple[str, ...]) -> CanonicalDocument:
    root = invoice.getroottree().getroot()
    reading = FacturaeReading(findings, places=places)
    document = replace(
        _header(reading, root, invoice),
        totals=amounts.totals(reading, invoice),
        taxes=amounts.taxes(reading, invoice),
        withholdings=amounts.withholdings(reading, invoice),
        lines=amounts.lines(reading, invoice),
        iban=_iban(reading, root, invoice),
        format=label,
    )
    amounts.compare(reading, invoice, document)
    return reading.finish(document)


def _header(reading: FacturaeReading, root: Element, invoice: Element) -> CanonicalDocument:
    return CanonicalDocument(
        doc_type=_doc_type(reading, invoice),
        country="ES",
        invoice_number=reading.text(invoice, "InvoiceHeader/InvoiceNumber", "invoice_number", required=True),
        invoice_series=reading.text(invoice, "InvoiceHeader/InvoiceSeriesCode", "invoice_series"),
        corrected_invoice_number=_corrected(reading, invoice),
        issue_date=reading.day(invoice, "InvoiceIssueData/IssueDate", "issue_date", required=True),
        operation_date=_operated(reading, invoice),
        due_date=reading.only_day(invoice, ("PaymentDetails/Installment/InstallmentDueDate",), "due_date"),
        currency=reading.text(invoice, "InvoiceIssueData/InvoiceCurrencyCode", "currency", required=True),
        description=reading.text(invoice, "InvoiceIssueData/InvoiceDescription"),
        supplier=_party(reading, root, "SellerParty", "supplier"),
        buyer=_party(reading, root, "BuyerParty", "buyer"),
    )


def _corrected(reading: FacturaeReading, invoice: Element) -> str | None:
    """The corrected invoice as it names itself: its number with its series in front, unless it begins with it."""
    corrective = "InvoiceHeader/Corrective"
    number = reading.text(invoice, f"{corrective}/InvoiceNumber", "corrected_invoice_number")
    series = reading.text(invoice, f"{corrective}/InvoiceSeriesCode")
    return number if number is None or not series or _begins(number, series) else f"{series}-{number}"


def _begins(number: str, series: str) -> bool:
    """Whether a number has its series in front already: 20/7 has that of 20, and 207 is a number of its own."""
    rest = number.upper().removeprefix(series.upper())
    if rest in ("", number.upper()):
        return False
    return not rest[0].isalnum() or rest[0].isdigit() is not series[-1].isdigit()


def _operated(reading: FacturaeReading, invoice: Element) -> date | None:
    """As the header states it; else as the lines do, when they agree; else the end of the period that is billed."""
    issued = reading.day(invoice, "InvoiceIssueData/IssueDate")
    return (
        reading.day(invoice, "InvoiceIssueData/OperationDate", "operation_date")
        or reading.only_day(invoice, ("Items/InvoiceLine/TransactionDate",), "operation_date")
        or reading.day_until(invoice, ("InvoiceIssueData/InvoicingPeriod/EndDate",), issued, "operation_date")
    )


def _doc_type(reading: FacturaeReading, invoice: Element) -> DocumentType:
    issued_as = reading.text(invoice, "InvoiceHeader/InvoiceClass", "doc_type", required=True)
    if issued_as in _CORRECTIVE_CLASSES or find(invoice, "InvoiceHeader/Corrective") is not None:
        return DocumentType.CORRECTIVE_INVOICE
    kind = reading.text(invoice, "InvoiceHeader/InvoiceDocumentType", required=True)
    return DocumentType.SIMPLIFIED_INVOICE if kind == "FA" else DocumentType.INVOICE


def _party(reading: FacturaeReading, root: Element, role: str, field: str) -> Party:
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


def _names(reading: FacturaeReading, party: Element, field: str) -> tuple[str | None, str | None]:
    person = find(party, "Individual")
    if person is None:
        name = reading.text(party, "LegalEntity/CorporateName", f"{field}.name", required=True)
        return name, reading.text(party, "LegalEntity/TradeName")
    reading.prove(f"{field}.name", person)
    parts = [reading.text(person, part) for part in ("Name", "FirstSurname", "SecondSurname")]
    return " ".join(part for part in parts if part) or None, None


def _address(reading: FacturaeReading, address: Element) -> str | None:
    parts = [reading.text(address, part) for part in ("Address", "PostCode", "PostCodeAndTown", "Town", "Province")]
    return ", ".join(part for part in parts if part) or None


def _iban(reading: FacturaeReading, root: Element, invoice: Element) -> str | None:
    """A factor is paid instead of the supplier: its account then stands once, in the file's header."""
    account = "Installment/AccountToBeCredited/IBAN"
    return reading.formed(invoice, f"PaymentDetails/{account}", iban_form, "iban") or reading.formed(
        root, f"FileHeader/FactoringAssignmentData/PaymentDetails/{account}", iban_form, "iban"
    )
