"""UN/CEFACT Cross Industry Invoice: D16B (EN 16931, Factur-X, ZUGFeRD 2, XRechnung) and ZUGFeRD 1.0.

https://unece.org/trade/uncefact/xml-schemas and https://www.ferd-net.de. ZUGFeRD 1.0 says the same with longer names,
so each step of a path may have a second name.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, BinaryIO, Final

from app.modules.imports.domain.canonical import CanonicalDocument
from app.modules.imports.domain.errors import Unreadable
from app.modules.imports.formats.cii_agreement import compare_lines
from app.modules.imports.formats.cii_amounts import ZUGFERD_1, compare, grand_total, lines, taxes, totals
from app.modules.imports.formats.cii_names import Trade, trade_of
from app.modules.imports.formats.cii_parties import party
from app.modules.imports.formats.document_codes import document_type, takes_back
from app.modules.imports.formats.printed_values import compact_date, iban_form
from app.modules.imports.formats.xml import Element, find, local_name, read_xml
from app.modules.imports.formats.xml_reading import XmlReading
from app.modules.imports.ports import Documents, Probe

if TYPE_CHECKING:
    from datetime import date

_DAYS: Final = ("DateTimeString", "DateTime")
"""EN 16931 writes days as text of a stated form, other profiles as xsd:dateTime."""
_ROOTS: Final = ("CrossIndustryInvoice", "CrossIndustryDocument")


class CiiReader:
    """Reads Cross Industry Invoices."""

    name = "cii"
    gives = Documents

    def score(self, probe: Probe) -> int:
        space, local = probe.xml_root or ("", "")
        if local in _ROOTS:
            return 100 if "CrossIndustry" in space else 80
        return 70 if local == "StandardBusinessDocument" and f":{_ROOTS[0]}" in (probe.text or "") else 0

    def read(self, file: BinaryIO, probe: Probe) -> Documents:  # noqa: ARG002  (the port's signature)
        parsed = read_xml(file)
        roots = (
            [parsed.root] if local_name(parsed.root) in _ROOTS else [*parsed.root.iter(*(f"{{*}}{r}" for r in _ROOTS))]
        )
        found = tuple(_document(root, parsed.findings) for root in roots)
        if not found:
            raise Unreadable("no_document", "no Cross Industry Invoice in the file")
        return Documents(found)


READER: Final = CiiReader()


def _document(root: Element, findings: tuple[str, ...]) -> CanonicalDocument:
    reading = XmlReading(findings, date_form=compact_date)
    trade = trade_of(root)
    if trade is None:
        raise Unreadable("no_document", "a Cross Industry Invoice without its trade transaction")
    header = _header(reading, trade)
    stated = totals(reading, trade, header.currency)
    taken_back = takes_back(header.doc_type, stated.gross)
    document = replace(
        header,
        corrected_invoice_number=_corrected(reading, trade.settlement) if taken_back else None,
        totals=stated,
        taxes=taxes(reading, trade),
        lines=lines(reading, trade),
        format=_format(root, trade.profile),
    )
    compare(reading, trade, document)
    compare_lines(reading, trade, document)
    return reading.finish(document)


def _header(reading: XmlReading, trade: Trade) -> CanonicalDocument:
    document, settlement = trade.document, trade.settlement
    supplier = party(reading, find(trade.agreement, "SellerTradeParty"), "supplier")
    account = "SpecifiedTradeSettlementPaymentMeans/PayeePartyCreditorFinancialAccount"
    return CanonicalDocument(
        doc_type=document_type(reading.text(document, "TypeCode", "doc_type", required=True)),
        country=supplier.country,
        invoice_number=reading.text(document, "ID", "invoice_number", required=True),
        issue_date=_issued(reading, document),
        operation_date=_operated(reading, trade),
        due_date=reading.only_day(
            settlement, [f"SpecifiedTradePaymentTerms/DueDateDateTime/{form}" for form in _DAYS], "due_date"
        ),
        currency=reading.currency(settlement, "InvoiceCurrencyCode", grand_total(trade)),
        supplier=supplier,
        buyer=party(reading, find(trade.agreement, "BuyerTradeParty"), "buyer"),
        iban=reading.formed(settlement, f"{account}/IBANID", iban_form, "iban"),
    )


def _issued(reading: XmlReading, document: Element) -> date | None:
    text, moment = (f"IssueDateTime/{form}" for form in _DAYS)
    stated = moment if find(document, text) is None and find(document, moment) is not None else text
    return reading.day(document, stated, "issue_date", required=True)


def _operated(reading: XmlReading, trade: Trade) -> date | None:
    """Tax point (BT-7), else the day of delivery (BT-72), else the end of the period that is billed (BT-74)."""
    delivered = [f"ActualDeliverySupplyChainEvent/OccurrenceDateTime/{form}" for form in _DAYS]
    ended = [f"BillingSpecifiedPeriod/EndDateTime/{form}" for form in _DAYS]
    issued = reading.only_day(trade.document, [f"IssueDateTime/{form}" for form in _DAYS])
    return (
        reading.only_day(trade.settlement, ("ApplicableTradeTax/TaxPointDate/DateString",), "operation_date")
        or reading.only_day(trade.delivery, delivered, "operation_date")
        or reading.day_until(trade.settlement, ended, issued, "operation_date")
    )


def _corrected(reading: XmlReading, settlement: Element) -> str | None:
    reference = "InvoiceReferencedDocument"
    return reading.text(settlement, f"{reference}/IssuerAssignedID", "corrected_invoice_number") or reading.text(
        settlement, f"{reference}/ID", "corrected_invoice_number"
    )


def _format(root: Element, profile: str) -> str:
    if local_name(root) == "CrossIndustryDocument":
        return ZUGFERD_1
    if "xrechnung" in profile:
        return "cii d16b xrechnung"
    return "cii d16b factur-x" if "factur-x" in profile or "zugferd" in profile else "cii d16b"
