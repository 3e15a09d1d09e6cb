"""FatturaPA 1.2 (FPA12, FPR12) and its forerunners 1.0 and 1.1, the Italian e-invoice, one or several bodies a file.

Specifiche tecniche, allegato A: https://www.fatturapa.gov.it/it/norme-e-regole/documentazione-fattura-elettronica/.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, BinaryIO, Final

from app.modules.imports.domain.canonical import CanonicalDocument, DocumentType, Line, Party, Tax, Totals, Withholding
from app.modules.imports.domain.errors import Unreadable
from app.modules.imports.formats import arithmetic
from app.modules.imports.formats.printed_values import iban_form, tax_id_form
from app.modules.imports.formats.territories import alpha2
from app.modules.imports.formats.xml import Element, ParsedXml, find, find_all, local_name, read_xml
from app.modules.imports.formats.xml_places import Places
from app.modules.imports.formats.xml_reading import XmlReading
from app.modules.imports.ports import Documents, Probe

if TYPE_CHECKING:
    from decimal import Decimal

_KINDS: Final = {
    "TD04": DocumentType.CREDIT_NOTE,
    "TD05": DocumentType.DEBIT_NOTE,
    "TD07": DocumentType.SIMPLIFIED_INVOICE,
    "TD08": DocumentType.CREDIT_NOTE,
    "TD09": DocumentType.DEBIT_NOTE,
}
_CORRECTIONS: Final = frozenset([DocumentType.CREDIT_NOTE, DocumentType.DEBIT_NOTE])
_GENERAL: Final = "DatiGenerali/DatiGeneraliDocumento"
_SUMMARY: Final = "DatiBeniServizi/DatiRiepilogo"
_WITHHELD: Final = f"{_GENERAL}/DatiRitenuta"
_LINES: Final = "DatiBeniServizi/DettaglioLinee"
_LINES_ROUNDING: Final = arithmetic.VAT_ROUNDING
"""Controllo 00422 of the exchange system: a base may miss its lines by up to one euro."""


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
    summed, held, lines = (enumerate(places.rows(body, path)) for path in (_SUMMARY, _WITHHELD, _LINES))
    taxes = tuple(_tax(reading, row, f"taxes.{i}") for i, row in summed)
    withholdings = tuple(_withholding(reading, row, f"withholdings.{i}") for i, row in held)
    document = replace(
        _header(reading, parsed.root, body),
        totals=_totals(reading, body, taxes, withholdings),
        taxes=taxes,
        withholdings=withholdings,
        lines=tuple(_line(reading, row, f"lines.{i}") for i, row in lines),
        iban=reading.formed(body, "DatiPagamento/DettaglioPagamento/IBAN", iban_form, "iban"),
        format=f"fatturapa {parsed.root.get('versione') or ''}".strip(),
    )
    _compare(reading, body, document)
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
    return (reading.text(details, "IdFiscaleIVA/IdPaese") or "").upper() + code, fiscal


def _name(reading: XmlReading, details: Element, field: str) -> str | None:
    company = reading.text(details, "Anagrafica/Denominazione", f"{field}.name")
    if company:
        return company
    reading.prove(f"{field}.name", find(details, "Anagrafica"))
    parts = [reading.text(details, f"Anagrafica/{part}") for part in ("Nome", "Cognome")]
    return " ".join(part for part in parts if part) or None


def _totals(
    reading: XmlReading, body: Element, taxes: tuple[Tax, ...], withholdings: tuple[Withholding, ...]
) -> Totals:
    net, tax = arithmetic.total(row.base for row in taxes), arithmetic.total(row.amount for row in taxes)
    for field in ("totals.net", "totals.tax"):
        reading.prove(field, find(body, "DatiBeniServizi"))
    stated = reading.amount(body, f"{_GENERAL}/ImportoTotaleDocumento", "totals.gross")
    if stated is None:
        reading.prove("totals.gross", find(body, "DatiBeniServizi"))
    payments = list(find_all(body, "DatiPagamento/DettaglioPagamento"))
    payable = reading.amount(payments[0], "ImportoPagamento", "totals.payable") if len(payments) == 1 else None
    return Totals(
        net=net,
        tax=tax,
        gross=arithmetic.moved(net, None, tax) if stated is None else stated,
        withholding=arithmetic.total(row.amount for row in withholdings),
        payable=payable,
        invoice_total_stated=stated,
    )


def _tax(reading: XmlReading, row: Element, field: str) -> Tax:
    return Tax(
        tax_code="IVA",
        category=reading.text(row, "Natura"),
        rate=reading.amount(row, "AliquotaIVA", f"{field}.rate", required=True),
        base=reading.amount(row, "ImponibileImporto", f"{field}.base", required=True),
        amount=reading.amount(row, "Imposta", f"{field}.amount", required=True),
    )


def _withholding(reading: XmlReading, row: Element, field: str) -> Withholding:
    return Withholding(
        tax_code=reading.text(row, "TipoRitenuta"),
        withholding_code=reading.text(row, "CausalePagamento"),
        rate=reading.amount(row, "AliquotaRitenuta", f"{field}.rate"),
        amount=reading.amount(row, "ImportoRitenuta", f"{field}.amount", required=True),
    )


def _line(reading: XmlReading, row: Element, field: str) -> Line:
    return Line(
        description=reading.text(row, "Descrizione", f"{field}.description"),
        code=reading.text(row, "CodiceArticolo/CodiceValore", f"{field}.code"),
        quantity=reading.amount(row, "Quantita", f"{field}.quantity"),
        unit_price=reading.amount(row, "PrezzoUnitario", f"{field}.unit_price"),
        net_amount=reading.amount(row, "PrezzoTotale", f"{field}.net_amount", required=True),
        tax_rate=reading.amount(row, "AliquotaIVA", f"{field}.tax_rate"),
    )


def _compare(reading: XmlReading, body: Element, document: CanonicalDocument) -> None:
    totals = document.totals
    rows = [find(body, _GENERAL), *find_all(body, _SUMMARY)]
    rounded = [reading.amount(row, "Arrotondamento") for row in rows if row is not None]
    funds = [
        reading.amount(row, "ImportoContributoCassa") for row in find_all(body, f"{_GENERAL}/DatiCassaPrevidenziale")
    ]
    lines = arithmetic.total([*(line.net_amount for line in document.lines), *funds, *rounded[1:]])
    stamp = reading.amount(body, f"{_GENERAL}/DatiBollo/ImportoBollo")
    extras = [amount for amount in (stamp, rounded[0] if rounded else None) if amount is not None]
    extras += [sign * amount for amount in _document_discounts(reading, body) for sign in (1, -1)]
    computed = arithmetic.moved(totals.net, None, totals.tax)
    if not arithmetic.agree(lines, totals.net, _LINES_ROUNDING):
        reading.note("lines_mismatch")
    agreed = arithmetic.agree_with_some(
        computed, totals.gross, [*extras, -(totals.withholding or arithmetic.ZERO)]
    ) and all(arithmetic.rate_agrees(row.base, row.rate, row.amount) for row in document.taxes)
    if not agreed:
        reading.note("totals_mismatch")
    _compare_payable(reading, totals, [abs(extra) for extra in extras])


def _compare_payable(reading: XmlReading, totals: Totals, extras: list[Decimal]) -> None:
    """Public bodies keep the tax back and pay it themselves (split payment); credit notes state amounts of any sign."""
    if totals.gross is None or totals.payable is None:
        return
    kept = [-abs(amount) for amount in (totals.withholding, totals.tax) if amount]
    if not arithmetic.agree_with_some(abs(totals.gross), abs(totals.payable), [*kept, *extras]):
        reading.note("payable_mismatch")


def _document_discounts(reading: XmlReading, body: Element) -> list[Decimal]:
    """Discounts and surcharges on the whole document; writers differ on whether the bases already have them."""
    rows = list(find_all(body, f"{_GENERAL}/ScontoMaggiorazione"))[:3]
    amounts = (reading.amount(row, "Importo") for row in rows)
    return [amount for amount in amounts if amount is not None]
