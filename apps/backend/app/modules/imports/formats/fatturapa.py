"""FatturaPA 1.2 (FPA12, FPR12) and its forerunners 1.0 and 1.1, the Italian e-invoice, one or several bodies a file.

Specifiche tecniche, allegato A: https://www.fatturapa.gov.it/it/norme-e-regole/documentazione-fattura-elettronica/.
"""

from __future__ import annotations

from dataclasses import replace
from typing import BinaryIO, Final

from app.modules.imports.domain.canonical import CanonicalDocument, DocumentType, Party
from app.modules.imports.domain.errors import Unreadable
from app.modules.imports.formats import fatturapa_amounts as amounts
from app.modules.imports.formats.fatturapa_vat import vat_number
from app.modules.imports.formats.printed_values import iban_form, tax_id_form
from app.modules.imports.formats.territories import alpha2
from app.modules.imports.formats.xml import Element, ParsedXml, find, local_name, read_xml
from app.modules.imports.formats.xml_places import Places
from app.modules.imports.formats.xml_reading import XmlReading
from app.modules.imports.ports import Documents, Probe

_KINDS: Final = {
    "TD04": DocumentType.CREDIT_NOTE,
    "TD05": DocumentType.DEBIT_NOTE,
    "TD07": DocumentType.SIMPLIFIED_INVOICE,
    "TD08": DocumentType.CREDIT_NOTE,
    "TD09": DocumentType.DEBIT_NOTE,
}
_CORRECTIONS: Final = frozenset([DocumentType.CREDIT_NOTE, DocumentType.DEBIT_NOTE])
_GENERAL: Final = "DatiGenerali/DatiGeneraliDocumento"


class FatturapaReader:
    """Reads FatturaPA files."""

    name = "fatturapa"
    gives = Documents

    def score(self, probe: Probe) -> int:
        return 100 if probe.xml_root and probe.xml_root[1] == "FatturaElettronica" else 0

    def read(self, file: BinaryIO, probe: Probe) -> Documents:  # noqa: ARG002  (the port's signature)
        parsed = read_xml(file)
        places = Places()
        bodies = list(places.children(parsed.root, "FatturaElettronicaBody"))
        if local_name(parsed.root) != "FatturaElettronica" or not bodies:
            raise Unreadable("no_document", "no FatturaElettronicaBody in the file")
        return Documents(tuple(_invoice(parsed, body, places) for body in bodies))


READER: Final = FatturapaReader()


def _invoice(parsed: ParsedXml, body: Element, places: Places) -> CanonicalDocument:
    reading = XmlReading(parsed.findings, places=places)
    taxes, withholdings = amounts.taxes(reading, body), amounts.withholdings(reading, body)
    document = replace(
        _header(reading, parsed.root, body),
        totals=amounts.totals(reading, body, taxes, withholdings),
        taxes=taxes,
        withholdings=withholdings,
        lines=amounts.lines(reading, body),
        iban=reading.formed(body, "DatiPagamento/DettaglioPagamento/IBAN", iban_form, "iban"),
        format=f"fatturapa {parsed.root.get('versione') or ''}".strip(),
    )
    amounts.compare(reading, body, document)
    return reading.finish(document)


def _header(reading: XmlReading, root: Element, body: Element) -> CanonicalDocument:
    kind = reading.text(body, f"{_GENERAL}/TipoDocumento", "doc_type", required=True)
    doc_type = _KINDS.get(kind or "", DocumentType.INVOICE)
    corrected = "DatiGenerali/DatiFattureCollegate/IdDocumento"
    number = reading.text(body, corrected, "corrected_invoice_number") if doc_type in _CORRECTIONS else None
    parties = "FatturaElettronicaHeader"
    return CanonicalDocument(
        doc_type=doc_type,
        country="IT",
        invoice_number=reading.text(body, f"{_GENERAL}/Numero", "invoice_number", required=True),
        corrected_invoice_number=number,
        issue_date=reading.day(body, f"{_GENERAL}/Data", "issue_date", required=True),
        # Goods accrue when they are handed over or sent off (DPR 633/1972 art. 6), which their delivery notes show.
        operation_date=reading.only_day(body, ("DatiGenerali/DatiDDT/DataDDT",), "operation_date"),
        due_date=reading.only_day(body, ("DatiPagamento/DettaglioPagamento/DataScadenzaPagamento",), "due_date"),
        currency=reading.text(body, f"{_GENERAL}/Divisa", "currency", required=True),
        description=reading.text(body, f"{_GENERAL}/Causale"),
        supplier=_party(reading, find(root, f"{parties}/CedentePrestatore"), "supplier"),
        buyer=_party(reading, find(root, f"{parties}/CessionarioCommittente"), "buyer"),
    )


def _party(reading: XmlReading, at: Element | None, field: str) -> Party:
    """In the simplified layout of the buyer the details stand one level up."""
    if at is None:
        reading.note("schema_invalid")
        return Party()
    details = find(at, "DatiAnagrafici")
    details = at if details is None else details
    tax_id, other = _tax_ids(reading, details, field)
    address = find(at, "Sede")
    parts = [reading.text(address, part) for part in ("Indirizzo", "CAP", "Comune")] if address is not None else []
    return Party(
        name=_name(reading, details, field),
        tax_id=tax_id,
        alt_tax_ids=(other,) if other and other != tax_id else (),
        country=alpha2(reading.text(address, "Nazione")) if address is not None else None,
        address=", ".join(part for part in parts if part) or None,
    )


def _tax_ids(reading: XmlReading, details: Element, field: str) -> tuple[str | None, str | None]:
    """The VAT number with its country; the codice fiscale beside it, or alone for who has no VAT number."""
    code = tax_id_form(reading.text(details, "IdFiscaleIVA/IdCodice", f"{field}.tax_id"))
    fiscal = tax_id_form(reading.text(details, "CodiceFiscale", "" if code else f"{field}.tax_id"))
    if code is None:
        return fiscal, None
    return vat_number(reading.text(details, "IdFiscaleIVA/IdPaese"), code), fiscal


def _name(reading: XmlReading, details: Element, field: str) -> str | None:
    company = reading.text(details, "Anagrafica/Denominazione", f"{field}.name")
    if company:
        return company
    reading.prove(f"{field}.name", find(details, "Anagrafica"))
    parts = [reading.text(details, f"Anagrafica/{part}") for part in ("Nome", "Cognome")]
    return " ".join(part for part in parts if part) or None
