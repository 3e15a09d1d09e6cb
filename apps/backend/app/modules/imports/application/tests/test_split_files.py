"""One PDF of several invoices becomes an item for each, which knows its pages; told apart once, never twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen import canvas

from app.modules.imports.application.tests.driving import add_files, rows_of, wait_until_finished
from app.modules.imports.domain.pipeline import STAGES, StageName
from app.modules.imports.formats.pdf import PdfPages
from app.modules.imports.stages.extract import extract
from app.modules.imports.usecases.advance_slice import advance_slice

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from uuid import UUID

    from app.modules.imports.usecases.house import House

PAGE = (420, 595)
HEAD = (
    "FACTURA", "Ferretería del Norte, S.L.", "NIF: B29423548", "Calle Mayor 1, 29001 Málaga", "",
    "Cliente: Talleres Sur, S.L.", "NIF: B83456780", "", "Factura nº: {number}", "Fecha: 15/03/2026", "",
)  # fmt: skip
LINES = ("Descripción                    Importe", "Tornillos     60,00", "Bisagras     40,00")
TOTALS = ("Base imponible: 100,00 EUR", "IVA 21 %: 21,00 EUR", "Total factura: 121,00 EUR")
ONE_PAGE = (*HEAD, *TOTALS, "Página 1 de 1")
TWO_PAGES = (*HEAD, *LINES, "Suma y sigue 100,00", "Página 1 de 2"), ("Factura nº: {number}", *TOTALS, "Página 2 de 2")
ITEMS = """
SELECT i.kind, i.state, i.part, p.raw, p.document->>'invoice_number' AS number, i.parent_id, i.code
FROM import_items i JOIN import_payloads p ON p.tenant_id = i.tenant_id AND p.item_id = i.id ORDER BY i.part NULLS FIRST
"""


def print_pages(path: Path, pages: Sequence[tuple[Sequence[str], str]]) -> Path:
    """Each page as its lines, and the invoice's number."""
    drawing = canvas.Canvas(str(path), pagesize=PAGE, invariant=1)
    for lines, number in pages:
        drawing.setFont("Helvetica", 10)
        for position, line in enumerate(lines):
            drawing.drawString(40, 550 - 20 * position, line.format(number=number))
        drawing.showPage()
    drawing.save()
    return path


def three_invoices(path: Path) -> Path:
    pages = [(ONE_PAGE, "F-101"), *((lines, "F-102") for lines in TWO_PAGES), (ONE_PAGE, "F-103")]
    return print_pages(path, pages)


def scanned(path: Path, original: Path) -> Path:
    """The same pages as pictures."""
    drawing = canvas.Canvas(str(path), pagesize=PAGE, invariant=1)
    with PdfPages(original.read_bytes()) as pages:
        for number in range(1, pages.count + 1):
            drawing.drawImage(ImageReader(Image.fromarray(pages.render(number))), 0, 0, *PAGE)
            drawing.showPage()
    drawing.save()
    return path


def imported(house: House, tenant: UUID, file: Path) -> list[dict[str, object]]:
    batch = add_files(house, tenant, [file])
    wait_until_finished(house.database, tenant, batch, seconds=90)
    return [dict(row) for row in rows_of(house.database, tenant, ITEMS)]


def test_three_invoices_in_one_pdf_are_published_as_three(house: House, tenant: UUID, tmp_path: Path) -> None:
    file, *parts = imported(house, tenant, three_invoices(tmp_path / "march.pdf"))
    assert (file["kind"], file["state"]) == ("container", "published")
    assert [(part["number"], part["raw"]) for part in parts] == [
        ("F-101", {"pages": [1, 1]}),
        ("F-102", {"pages": [2, 3]}),
        ("F-103", {"pages": [4, 4]}),
    ]
    assert {part["state"] for part in parts} == {"published"}
    [counts] = rows_of(house.database, tenant, "SELECT count(*) AS n, sum(gross) AS gross FROM invoices")
    assert (counts["n"], str(counts["gross"])) == (3, "363.00")


def test_three_invoices_in_one_scan_become_three_items(house: House, tenant: UUID, tmp_path: Path) -> None:
    _, *parts = imported(house, tenant, scanned(tmp_path / "scan.pdf", three_invoices(tmp_path / "march.pdf")))
    assert [(part["kind"], part["raw"]) for part in parts] == [
        ("paged", {"pages": [1, 1]}),
        ("paged", {"pages": [2, 3]}),
        ("paged", {"pages": [4, 4]}),
    ]


def test_a_file_told_apart_again_gives_the_same_parts(quiet_house: House, tenant: UUID, tmp_path: Path) -> None:
    add_files(quiet_house, tenant, [three_invoices(tmp_path / "march.pdf")])
    for stage in (StageName.PREPROCESS, StageName.OCR, StageName.CLASSIFY):
        assert advance_slice(STAGES[stage], tenant, quiet_house.runtime) == 1
    work = quiet_house.store.claim(STAGES[StageName.EXTRACT], tenant)
    assert work is not None
    tools = quiet_house.runtime.tools(work)
    assert extract(work.items, tools) == extract(work.items, tools)
    parts = rows_of(quiet_house.database, tenant, "SELECT part FROM import_items WHERE part IS NOT NULL ORDER BY part")
    assert [row["part"] for row in parts] == [0, 1, 2]
