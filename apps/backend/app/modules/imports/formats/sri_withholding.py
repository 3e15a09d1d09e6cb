"""Amounts of an SRI comprobante de retención: rows of taxes (1.0.0), or of documents with their taxes (2.0.0, ATS)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from app.modules.imports.domain.canonical import Totals, Withholding
from app.modules.imports.formats import arithmetic
from app.modules.imports.formats.sri_codes import WITHHELD_TAXES
from app.modules.imports.formats.xml import Element, find

if TYPE_CHECKING:
    from app.modules.imports.formats.xml_reading import XmlReading

_BY_SCALE: Final = ("compraCajBanano", "dividendos")


def withholdings(reading: XmlReading, root: Element) -> tuple[Withholding, ...]:
    """Every tax withheld, with the number of the document it was withheld on.

    Notes ``withheld_mismatch`` when in some row base × rate is not what was withheld.
    """
    rows = [(row, row) for row in reading.places.rows(root, "impuestos/impuesto")]
    for document in reading.places.rows(root, "docsSustento/docSustento"):
        rows += [(row, document) for row in reading.places.rows(document, "retenciones/retencion")]
    found = tuple(_withholding(reading, row, document, f"withholdings.{i}") for i, (row, document) in enumerate(rows))
    if not all(_agrees(row, withheld) for (row, _), withheld in zip(rows, found, strict=True)):
        reading.note("withheld_mismatch")
    return found


def total_withheld(reading: XmlReading, root: Element, rows: tuple[Withholding, ...]) -> Totals:
    """The voucher states no sum: it is the sum of its rows."""
    if not rows:
        reading.note("schema_invalid")
        return Totals()
    at = find(root, "impuestos")
    reading.prove("totals.withholding", find(root, "docsSustento") if at is None else at)
    return Totals(withholding=arithmetic.total(row.amount for row in rows))


def _agrees(row: Element, withheld: Withholding) -> bool:
    """Dividends and boxes of bananas are withheld on by a scale, of which the percentage is only the outcome."""
    if any(find(row, name) is not None for name in _BY_SCALE):
        return True
    allowed = max(arithmetic.ROUNDING, _lost_in_rounding(withheld.base, withheld.rate))
    return arithmetic.rate_agrees(withheld.base, withheld.rate, withheld.amount, allowed)


def _lost_in_rounding(base: Decimal | None, rate: Decimal | None) -> Decimal:
    """What half a unit of the rate's last decimal makes of the base; a rate without decimals is meant as it stands."""
    decimals = -int(rate.as_tuple().exponent) if rate is not None else 0
    return abs(base) * Decimal(5).scaleb(-decimals - 3) if base is not None and decimals > 0 else arithmetic.ZERO


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
