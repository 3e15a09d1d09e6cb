"""FatturaPA's simplified invoice (FSM10): amounts with the tax in them, one or several bodies a file.

Specifiche tecniche della fattura semplificata, D.P.R. 633/1972 art. 21-bis,
https://www.agenziaentrate.gov.it/portale/web/guest/schede/comunicazioni/fatture-e-corrispettivi.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO, Final

from app.modules.imports.domain.canonical import CanonicalDocument, DocumentType, Line, Party, Tax, Totals
from app.modules.imports.domain.errors import Unreadable
from app.modules.imports.formats import arithmetic
from app.modules.imports.formats.fatturapa_vat import vat_number
from app.modules.imports.formats.printed_values import tax_id_form
from app.modules.imports.formats.territories import alpha2
from app.modules.imports.formats.xml import Element, ParsedXml, find, local_name, read_xml
from app.modules.imports.formats.xml_places import Places
from app.modules.imports.formats.xml_reading import XmlReading
from app.modules.imports.ports import Documents, Probe

if TYPE_CHECKING:
    from decimal import Decimal

_ROOT: Final = "FatturaElettronicaSemplificata"
_KINDS: Final = {"TD08": DocumentType.CREDIT_NOTE, "TD09": DocumentType.DEBIT_NOTE}
_GENERAL: Final = "DatiGenerali/DatiGeneraliDocumento"


class SimplifiedFatturapaReader:
    """Reads simplified FatturaPA files."""

    name = "fatturapa_simplified"
    gives = Documents

    def score(self, probe: Probe) -> int:
        return 100 if probe.xml_root and probe.xml_root[1] == _ROOT else 0

    def read(self, file: BinaryIO, probe: Probe) -> Documents:  # noqa: ARG002  (the port's signature)
        parsed, places = read_xml(file), Places()
        bodies = list(places.children(parsed.root, "FatturaElettronicaBody"))
        if local_name(parsed.root) != _ROOT or not bodies:
            raise Unreadable("no_document", "no FatturaElettronicaBody in the file")
        return Documents(tuple(_invoice(parsed, body, places) for body in bodies))


READER: Final = SimplifiedFatturapaReader()


def _invoice(parsed: ParsedXml, body: Element, places: Places) -> CanonicalDocument:
    reading = XmlReading(parsed.findings, places=places)
    rows = list(places.children(body, "DatiBeniServizi"))
    if not rows:
        reading.note("schema_invalid")
    parties = "FatturaElettronicaHeader"
    taxes = tuple(_tax(reading, row, f"taxes.{i}") for i, row in enumerate(rows))
    kind = reading.text(body, f"{_GENERAL}/TipoDocumento", "doc_type", required=True)
    document = CanonicalDocument(
        doc_type=_KINDS.get(kind or "", DocumentType.SIMPLIFIED_INVOICE),
        country="IT",
        invoice_number=reading.text(body, f"{_GENERAL}/Numero", "invoice_number", required=True),
        corrected_invoice_number=reading.text(
            body, "DatiGenerali/DatiFatturaRettificata/NumeroFR", "corrected_invoice_number"
        ),
        issue_date=reading.day(body, f"{_GENERAL}/Data", "issue_date", required=True),
        currency=reading.text(body, f"{_GENERAL}/Divisa", "currency", required=True),
        supplier=_party(reading, find(parsed.root, f"{parties}/CedentePrestatore"), "supplier"),
        buyer=_party(reading, find(parsed.root, f"{parties}/CessionarioCommittente"), "buyer"),
        taxes=taxes,
        totals=_totals(reading, rows, taxes),
        lines=tuple(_line(reading, row, f"lines.{i}") for i, row in enumerate(rows)),
        format=f"fatturapa {parsed.root.get('versione') or ''}".strip(),
    )
    if not all(arithmetic.rate_agrees(row.base, row.rate, row.amount) for row in taxes):
        reading.note("totals_mismatch")
    return reading.finish(document)


def _party(reading: XmlReading, at: Element | None, field: str) -> Party:
    """The seller's details stand in the party itself; the buyer's in two blocks, of which the second is optional."""
    if at is None:
        reading.note("schema_invalid")
        return Party()
    ids, details = find(at, "IdentificativiFiscali"), find(at, "AltriDatiIdentificativi")
    ids, details = at if ids is None else ids, at if details is None else details
    code = tax_id_form(reading.text(ids, "IdFiscaleIVA/IdCodice", f"{field}.tax_id"))
    fiscal = tax_id_form(reading.text(ids, "CodiceFiscale", "" if code else f"{field}.tax_id"))
    number = vat_number(reading.text(ids, "IdFiscaleIVA/IdPaese"), code) if code else fiscal
    parts = [reading.text(details, f"Sede/{part}") for part in ("Indirizzo", "CAP", "Comune")]
    return Party(
        name=_name(reading, details, field),
        tax_id=number,
        alt_tax_ids=(fiscal,) if fiscal and fiscal != number else (),
        country=alpha2(reading.text(details, "Sede/Nazione")),
        address=", ".join(part for part in parts if part) or None,
    )


def _name(reading: XmlReading, details: Element, field: str) -> str | None:
    company = reading.text(details, "Denominazione", f"{field}.name")
    if company:
        return company
    reading.prove(f"{field}.name", find(details, "Cognome"))
    return " ".join(part for part in (reading.text(details, name) for name in ("Nome", "Cognome")) if part) or None


def _totals(reading: XmlReading, rows: list[Element], taxes: tuple[Tax, ...]) -> Totals:
    """The format states no totals: the gross is the sum of its rows; net and tax too, where each row states its tax."""
    amounts = [reading.amount(row, "Importo", required=True) for row in rows]
    for row in rows[:1]:
        reading.prove("totals.gross", find(row, "Importo"))
    whole = all(tax.amount is not None and tax.base is not None for tax in taxes)
    return Totals(
        gross=arithmetic.total(amounts),
        net=arithmetic.total(tax.base for tax in taxes) if whole else None,
        tax=arithmetic.total(tax.amount for tax in taxes) if whole else None,
    )


def _tax(reading: XmlReading, row: Element, field: str) -> Tax:
    """A row states its tax, its rate or both. A Natura says why there is none."""
    category = reading.text(row, "Natura", f"{field}.category")
    stated = reading.amount(row, "DatiIVA/Imposta", f"{field}.amount")
    return Tax(
        tax_code="IVA",
        category=category,
        rate=reading.amount(row, "DatiIVA/Aliquota", f"{field}.rate"),
        base=_net(reading, row, field, "base"),
        amount=arithmetic.ZERO if stated is None and category else stated,
    )


def _line(reading: XmlReading, row: Element, field: str) -> Line:
    return Line(
        description=reading.text(row, "Descrizione", f"{field}.description", required=True),
        net_amount=_net(reading, row, field, "net_amount"),
        tax_rate=reading.amount(row, "DatiIVA/Aliquota", f"{field}.tax_rate"),
    )


def _net(reading: XmlReading, row: Element, field: str, name: str) -> Decimal | None:
    """What the row states less the tax it states; a rate alone leaves the cent of the tax to its writer."""
    gross, tax = reading.amount(row, "Importo"), reading.amount(row, "DatiIVA/Imposta")
    if gross is None or (tax is None and find(row, "Natura") is None):
        return None
    reading.prove(f"{field}.{name}", find(row, "Importo"))
    return gross - (tax or arithmetic.ZERO)
