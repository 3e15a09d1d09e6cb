"""UBL 2.1 Invoice and CreditNote (and their self-billed and debit relatives): EN 16931, Peppol BIS 3, XRechnung.

http://docs.oasis-open.org/ubl/UBL-2.1.html, https://docs.peppol.eu/poacc/billing/3.0/. Also inside an envelope: a
StandardBusinessDocument or the DocumentEnvelope of Serbia's eFaktura around the invoice, an AttachedDocument with the
invoice in a CDATA section or in base64.
"""

from __future__ import annotations

import binascii
from dataclasses import replace
from typing import TYPE_CHECKING, BinaryIO, Final

from app.modules.imports.domain.canonical import CanonicalDocument, DocumentType
from app.modules.imports.domain.errors import Unreadable
from app.modules.imports.formats.document_codes import correction_type, document_type, takes_back
from app.modules.imports.formats.printed_values import iban_form
from app.modules.imports.formats.ubl_agreement import compare_lines
from app.modules.imports.formats.ubl_amounts import compare, lines, payable, profile_of, taxes, totals, withholdings
from app.modules.imports.formats.ubl_parties import party
from app.modules.imports.formats.xml import (
    Element,
    ParsedXml,
    find,
    find_all,
    local_name,
    namespace,
    parse_text,
    parse_xml,
    read_xml,
    text_of,
)
from app.modules.imports.formats.xml_reading import XmlReading
from app.modules.imports.ports import Documents, Probe

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

_SPACE: Final = "urn:oasis:names:specification:ubl:schema:xsd:"
_SERBIA: Final = "urn:eFaktura:MinFinrs:"
_KINDS: Final = {
    "Invoice": DocumentType.INVOICE,
    "SelfBilledInvoice": DocumentType.INVOICE,
    "CreditNote": DocumentType.CREDIT_NOTE,
    "SelfBilledCreditNote": DocumentType.CREDIT_NOTE,
    "DebitNote": DocumentType.DEBIT_NOTE,
}
_MAX_ENVELOPES = 3
_BEFORE_XML: Final = b"\xef\xbb\xbf \t\r\n"


class UblReader:
    """Reads UBL invoices."""

    name = "ubl"
    gives = Documents

    def score(self, probe: Probe) -> int:
        space, local = probe.xml_root or ("", "")
        if space.startswith(_SPACE):
            return 100 if local in _KINDS else 90 if local == "AttachedDocument" else 0
        if local == "StandardBusinessDocument" or (local in _KINDS and not space):
            return 70 if f"{_SPACE}CommonBasicComponents" in (probe.text or "") else 0
        # The printed invoice stands first in Serbia's: no name of UBL need be among what is seen of the file.
        return 70 if local == "DocumentEnvelope" and space.startswith(_SERBIA) else 0

    def read(self, file: BinaryIO, probe: Probe) -> Documents:  # noqa: ARG002  (the port's signature)
        found = tuple(_document(root, parsed) for root, parsed in _invoices(read_xml(file)))
        if not found:
            raise Unreadable("no_document", "no UBL invoice in the file")
        return Documents(found)


READER: Final = UblReader()


def _invoices(parsed: ParsedXml, depth: int = 0) -> Iterator[tuple[Element, ParsedXml]]:
    """The invoices of a file: its root, or those that its envelopes hold."""
    if _is_invoice(parsed.root):
        yield parsed.root, parsed
        return
    for element in parsed.root.iter("{*}Description", *(f"{{*}}{kind}" for kind in _KINDS)):
        if _is_invoice(element):
            yield element, parsed
        elif local_name(element) == "Description" and depth < _MAX_ENVELOPES and _is_document(element.text):
            yield from _invoices(parse_text(element.text or ""), depth + 1)
    for attached in find_all(parsed.root, "Attachment/EmbeddedDocumentBinaryObject"):
        content = _decoded(attached.text or "")
        if depth < _MAX_ENVELOPES and content.startswith(b"<") and _SPACE.encode() in content:
            yield from _invoices(parse_xml(content), depth + 1)


def _is_invoice(element: Element) -> bool:
    space = namespace(element)
    return local_name(element) in _KINDS and (space.startswith(_SPACE) or (not space and element.getparent() is None))


def _is_document(text: str | None) -> bool:
    return (text or "").lstrip().startswith("<") and _SPACE in (text or "")


def _decoded(text: str) -> bytes:
    """What is attached, without what may stand before it; nothing when it is no base64."""
    try:
        return binascii.a2b_base64(text).lstrip(_BEFORE_XML)
    except ValueError:
        return b""


def _document(root: Element, parsed: ParsedXml) -> CanonicalDocument:
    reading = XmlReading(parsed.findings)
    header = _header(reading, root)
    stated = totals(reading, root, header.currency)
    document = replace(
        header,
        corrected_invoice_number=_corrected(reading, root) if takes_back(header.doc_type, stated.gross) else None,
        totals=stated,
        taxes=taxes(reading, root, header.currency),
        withholdings=withholdings(reading, root),
        lines=lines(reading, root),
        iban=_iban(reading, root),
        format=_format(profile_of(root)),
    )
    compare(reading, root, document)
    compare_lines(reading, root, document)
    return reading.finish(document)


def _header(reading: XmlReading, root: Element) -> CanonicalDocument:
    supplier = party(reading, find(root, "AccountingSupplierParty/Party"), "supplier")
    due = ("DueDate", "PaymentMeans/PaymentDueDate", "PaymentTerms/PaymentDueDate")
    stated = next((path for path in due if any(map(text_of, find_all(root, path)))), due[0])
    return CanonicalDocument(
        doc_type=_doc_type(reading, root),
        country=supplier.country,
        invoice_number=reading.text(root, "ID", "invoice_number", required=True),
        issue_date=reading.day(root, "IssueDate", "issue_date", required=True),
        operation_date=_operated(reading, root),
        due_date=reading.only_day(root, (stated,), "due_date"),
        currency=reading.currency(root, "DocumentCurrencyCode", payable(root)),
        supplier=supplier,
        buyer=party(reading, find(root, "AccountingCustomerParty/Party"), "buyer"),
    )


def _operated(reading: XmlReading, root: Element) -> date | None:
    """Tax point (BT-7), else the day of delivery (BT-72), else the end of the period that is billed (BT-74)."""
    issued = reading.day(root, "IssueDate")
    return (
        reading.day(root, "TaxPointDate", "operation_date")
        or reading.only_day(root, ("Delivery/ActualDeliveryDate",), "operation_date")
        or reading.day_until(root, ("InvoicePeriod/EndDate",), issued, "operation_date")
    )


def _doc_type(reading: XmlReading, root: Element) -> DocumentType:
    kind = local_name(root)
    code = reading.text(root, f"{kind}TypeCode", "doc_type") or reading.text(root, "InvoiceTypeCode", "doc_type")
    if kind == "Invoice":
        return document_type(code)
    return correction_type(code, _KINDS[kind])


def _corrected(reading: XmlReading, root: Element) -> str | None:
    for reference in ("InvoiceDocumentReference", "CreditNoteDocumentReference", "SelfBilledInvoiceDocumentReference"):
        number = reading.text(root, f"BillingReference/{reference}/ID", "corrected_invoice_number")
        if number:
            return number
    return None


def _iban(reading: XmlReading, root: Element) -> str | None:
    return reading.formed(root, "PaymentMeans/PayeeFinancialAccount/ID", iban_form, "iban")


def _format(profile: str) -> str:
    if "xrechnung" in profile:
        return "ubl 2.1 xrechnung"
    return "ubl 2.1 peppol" if "peppol" in profile else "ubl 2.1"
