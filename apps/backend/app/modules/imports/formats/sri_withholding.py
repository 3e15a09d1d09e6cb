"""Amounts of an SRI comprobante de retención: rows of taxes (1.0.0), or of documents with their taxes (2.0.0, ATS)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.modules.imports.domain.canonical import CanonicalDocument, Totals, Withholding
from app.modules.imports.formats import arithmetic
from app.modules.imports.formats.sri_codes import WITHHELD_TAXES
from app.modules.imports.formats.xml import Element, find

if TYPE_CHECKING:
    from app.modules.imports.formats.xml_reading import XmlReading


def withholdings(reading: XmlReading, root: Element) -> tuple[Withholding, ...]:
    """Every tax withheld, with the number of the document it was withheld on."""
    rows = [(row, row) for row in reading.places.rows(root, "impuestos/impuesto")]
    for document in reading.places.rows(root, "docsSustento/docSustento"):
        rows += [(row, document) for row in reading.places.rows(document, "retenciones/retencion")]
    return tuple(_withholding(reading, row, document, f"withholdings.{i}") for i, (row, document) in enumerate(rows))


def total_withheld(reading: XmlReading, root: Element, rows: tuple[Withholding, ...]) -> Totals:
    """The voucher states no sum: it is the sum of its rows."""
    if not rows:
        reading.note("schema_invalid")
        return Totals()
    at = find(root, "impuestos")
    reading.prove("totals.withholding", find(root, "docsSustento") if at is None else at)
    return Totals(withholding=arithmetic.total(row.amount for row in rows))


def compare_withheld(reading: XmlReading, document: CanonicalDocument) -> None:
    """Notes ``totals_mismatch`` when base × rate is not what was withheld."""
    if not all(arithmetic.rate_agrees(row.base, row.rate, row.amount) for row in document.withholdings):
        reading.note("totals_mismatch")


def _withholding(reading: XmlReading, row: Element, document: Element, field: str) -> Withholding:
    code = reading.text(row, "codigo", required=True)
    return Withholding(
        tax_code=WITHHELD_TAXES.get(code or "", code),
        withholding_code=reading.text(row, "codigoRetencion", f"{field}.withholding_code"),
        rate=reading.amount(row, "porcentajeRetener", f"{field}.rate"),
        base=reading.amount(row, "baseImponible", f"{field}.base"),
        amount=reading.amount(row, "valorRetenido", f"{field}.amount", required=True),
        document_number=reading.text(document, "numDocSustento", f"{field}.document_number"),
    )
