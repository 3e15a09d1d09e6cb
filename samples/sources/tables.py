"""Tables of rows: a product list as a workbook, and invoices as CSV with one row that does not hold."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime
from typing import Final

from openpyxl import Workbook
from openpyxl.styles import Font

from sources.check_digits import ean13
from sources.companies import ELECTRICIAN, GREENGROCER, PAPER, WATER

_PRODUCTS: Final = (
    ("SKU", "Nombre", "Familia", "Precio venta", "Coste", "IVA", "Stock", "Unidad", "EAN"),
    ("BUJ-01", "Bujía de encendido", "Motor", 6.90, 3.15, 21, 48, "ud", ean13("200000000001")),
    ("ACE-5W30", "Aceite sintético 5W30, 5 l", "Lubricantes", 38.50, 24.10, 21, 17, "ud", ean13("200000000002")),
    ("FIL-AC", "Filtro de aceite", "Filtros", 9.75, 4.60, 21, 31, "ud", ean13("200000000003")),
    ("AGUA-20", "Garrafa de agua 20 l", "Varios", 6.15, 4.00, 10, 6, "ud", ean13("200000000004")),
    ("MAN-ELEC", "Manual de electricidad", "Libros", 24.50, 17.00, 4, 3, "ud", ean13("200000000005")),
)
_INVOICES: Final = (
    ("numero_factura", "fecha", "proveedor", "nif", "base_imponible", "iva", "total"),
    ("H-2026-031", "15/01/2026", GREENGROCER.name, GREENGROCER.tax_id, "120,00", "12,00", "132,00"),
    ("PE/2026/0107", "19/01/2026", PAPER.name, PAPER.tax_id, "1.045,50", "219,56", "1.265,06"),
    ("E-26/04", "31/02/2026", ELECTRICIAN.name, ELECTRICIAN.tax_id, "310,00", "65,10", "375,10"),
    ("F26-000077", "23/01/2026", WATER.name, WATER.tax_id, "86,10", "8,61", "94,71"),
)
_WRITTEN: Final = datetime(2026, 1, 15, 9, 0)  # noqa: DTZ001 [the workbook's format has no zone]
_MODIFIED: Final = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")


def products() -> bytes:
    """A product list."""
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.title = "Tarifa"
    for row in _PRODUCTS:
        sheet.append(row)
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for column, width in zip("ABCDEFGHI", (12, 30, 14, 12, 10, 8, 8, 8, 16), strict=True):
        sheet.column_dimensions[column].width = width
    workbook.properties.creator = "Talleres Brisa Norte"
    workbook.properties.created = _WRITTEN
    written = io.BytesIO()
    workbook.save(written)
    return _at_a_fixed_time(written.getvalue())


def invoices() -> bytes:
    """Five columns of a purchase ledger; the third invoice is of the 31st of February."""
    return "".join(f"{';'.join(row)}\r\n" for row in _INVOICES).encode()


def _at_a_fixed_time(workbook: bytes) -> bytes:
    """The writer stamps the hour into the archive: the same table would give other bytes each time."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = _MODIFIED.sub(rb"\g<1>2026-01-15T09:00:00Z", content)
            target.writestr(zipfile.ZipInfo(name, (2026, 1, 15, 9, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()
