"""Vouchers of Ecuador's SRI: factura, notaCredito, notaDebito, liquidacionCompra, comprobanteRetencion, guiaRemision.

Ficha técnica de comprobantes electrónicos, esquema offline, versions 1.0.0 to 2.1.0,
https://www.sri.gob.ec/facturacion-electronica.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, BinaryIO, Final

from app.modules.imports.domain.canonical import CanonicalDocument, DocumentType
from app.modules.imports.domain.errors import Unreadable
from app.modules.imports.formats.printed_values import day_first_date, tax_id_form
from app.modules.imports.formats.sri_amounts import compare, currency, goods, lines, taxes, totals
from app.modules.imports.formats.sri_codes import ENVIRONMENTS, VOUCHERS, Voucher
from app.modules.imports.formats.sri_envelope import Found, find_vouchers
from app.modules.imports.formats.sri_parties import issuer, other_party
from app.modules.imports.formats.sri_tax_rows import taxes_of_lines
from app.modules.imports.formats.sri_withholding import total_withheld, withholdings
from app.modules.imports.formats.xml import Element, find, local_name, read_xml, text_of
from app.modules.imports.formats.xml_reading import XmlReading
from app.modules.imports.formats.xml_signature import check_signature
from app.modules.imports.ports import Documents, Probe

if TYPE_CHECKING:
    from datetime import date

_ENVELOPES: Final = frozenset(["autorizacion", "authorization", "autorizaciones", "respuestaautorizacion"])
_SIGNS: Final = ("infoTributaria", "claveAccesoConsultada", "numeroAutorizacion")


class SriReader:
    """Reads vouchers of the SRI."""

    name = "sri_xml"
    gives = Documents

    def score(self, probe: Probe) -> int:
        local = (probe.xml_root or ("", ""))[1]
        if not local:
            return 0
        signed = any(sign in (probe.text or "") for sign in _SIGNS)
        if local in VOUCHERS or local.lower() in _ENVELOPES:
            return 100 if signed else 60
        return 75 if signed else 0

    def read(self, file: BinaryIO, probe: Probe) -> Documents:  # noqa: ARG002  (the port's signature)
        found = find_vouchers(read_xml(file))
        if not found:
            raise Unreadable("no_document", "no voucher of the SRI in the file")
        return Documents(tuple(_voucher(one) for one in found))


READER: Final = SriReader()


def _voucher(found: Found) -> CanonicalDocument:
    kind, root = VOUCHERS[local_name(found.root)], found.root
    signer = tax_id_form(text_of(find(root, "infoTributaria/ruc")))
    signature = check_signature(root, found.source, [signer])
    reading = XmlReading((*found.findings, *signature), date_form=day_first_date)
    finding = found.authorization.finding
    if finding:
        reading.note(finding)
    info = find(root, kind.info)
    if info is None:
        reading.note("schema_invalid")
        info = root
    document = replace(_header(reading, root, info, kind), authorization_number=_authorization(reading, found))
    if kind.doc_type is DocumentType.DELIVERY_NOTE:
        return reading.finish(replace(document, lines=goods(reading, root)))
    if kind.doc_type is DocumentType.WITHHOLDING:
        return reading.finish(_withheld(reading, root, document))
    return reading.finish(_priced(reading, (root, info), document, kind))


def _priced(
    reading: XmlReading, at: tuple[Element, Element], document: CanonicalDocument, kind: Voucher
) -> CanonicalDocument:
    root, info = at
    by_line = taxes_of_lines(root)
    details = lines(reading, root)
    rows = taxes(reading, info, kind, by_line)
    document = replace(
        document,
        lines=details,
        taxes=rows,
        totals=totals(reading, info, rows, kind),
        currency=currency(reading, info),
    )
    compare(reading, at, document, kind, by_line)
    return document


def _withheld(reading: XmlReading, root: Element, document: CanonicalDocument) -> CanonicalDocument:
    rows = withholdings(reading, root)
    return replace(document, withholdings=rows, totals=total_withheld(reading, root, rows), currency="USD")


def _header(reading: XmlReading, root: Element, info: Element, kind: Voucher) -> CanonicalDocument:
    # In a liquidación de compra the buyer issues the voucher for a seller who cannot.
    roles = ("buyer", "supplier") if kind.doc_type is DocumentType.PURCHASE_SETTLEMENT else ("supplier", "buyer")
    around = find(root, kind.row) if kind.row else info
    other = other_party(reading, info if around is None else around, kind.other, roles[1])
    parties = {roles[0]: issuer(reading, root, roles[0]), roles[1]: other}
    environment = reading.text(root, "infoTributaria/ambiente", "environment", required=True)
    return CanonicalDocument(
        doc_type=kind.doc_type,
        country="EC",
        invoice_number=_number(reading, root),
        access_key=reading.formed(root, "infoTributaria/claveAcceso", _without_spaces, "access_key"),
        corrected_invoice_number=reading.text(info, "numDocModificado", "corrected_invoice_number"),
        issue_date=_issued(reading, root, info, kind),
        operation_date=reading.day(info, "fechaIniTransporte", "operation_date"),
        description=reading.text(info, "motivo"),
        supplier=parties["supplier"],
        buyer=parties["buyer"],
        environment=ENVIRONMENTS.get(environment or ""),
        format=f"sri {local_name(root)} {root.get('version') or ''}".strip(),
    )


def _issued(reading: XmlReading, root: Element, info: Element, kind: Voucher) -> date | None:
    """A guía de remisión states when the transport begins; the day it was issued stands in its clave de acceso only."""
    if kind.doc_type is DocumentType.DELIVERY_NOTE:
        return reading.formed(root, "infoTributaria/claveAcceso", _day_of_clave, "issue_date")
    return reading.day(info, "fechaEmision", "issue_date", required=True)


def _day_of_clave(clave: str) -> date | None:
    digits = _without_spaces(clave)
    return day_first_date(f"{digits[:2]}/{digits[2:4]}/{digits[4:8]}")


def _number(reading: XmlReading, root: Element) -> str | None:
    """Establishment, point of issue and sequence: 001-002-000000123, short ones filled up with zeros."""
    names = (("estab", 3), ("ptoEmi", 3), ("secuencial", 9))
    parts = [(reading.text(root, f"infoTributaria/{name}", required=True), width) for name, width in names]
    if any(part is None for part, _ in parts):
        return None
    reading.prove("invoice_number", find(root, "infoTributaria/secuencial"))
    return "-".join((part or "").zfill(width) for part, width in parts)


def _authorization(reading: XmlReading, found: Found) -> str | None:
    number = found.authorization.number
    reading.prove("authorization_number", number)
    return _without_spaces(text_of(number) or "") or None


def _without_spaces(text: str) -> str:
    return "".join(text.split())
