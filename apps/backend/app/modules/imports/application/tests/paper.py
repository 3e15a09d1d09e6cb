"""Files of the tests' own making: invoices on paper and as XML, with invented names and valid check digits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportlab.pdfgen import canvas

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

LINES = (
    "FACTURA",
    "Ferretería del Norte, S.L.",
    "NIF: B29423548",
    "Calle Mayor 1, 29001 Málaga",
    "",
    "Cliente: Talleres Sur, S.L.",
    "NIF: B83456780",
    "",
    "Factura nº: {number}",
    "Fecha: 15/03/2026",
    "",
    "Base imponible: 100,00 EUR",
    "IVA 21 %: 21,00 EUR",
    "Total factura: 121,00 EUR",
)


def write_invoice(path: Path, number: str, lines: Sequence[str] = LINES) -> Path:
    """A digital PDF of one page."""
    drawing = canvas.Canvas(str(path), pagesize=(420, 595), invariant=1)
    drawing.setFont("Helvetica", 10)
    for position, line in enumerate(lines):
        drawing.drawString(40, 540 - 20 * position, line.format(number=number))
    drawing.save()
    return path
