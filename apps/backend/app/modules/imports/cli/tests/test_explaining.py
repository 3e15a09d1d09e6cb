"""How a document was read, as a table and drawn onto its pages."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from reportlab.pdfgen import canvas
from rich.console import Console

from app.modules.imports.application.bootstrap import load_plugins
from app.modules.imports.cli.explained import State
from app.modules.imports.cli.explaining import explaining
from app.modules.imports.cli.page_sheet import COLOURS
from app.modules.imports.domain.errors import Terminal

SAMPLES = Path(__file__).parents[2] / "formats" / "tests" / "samples"
FIRST = (
    "FACTURA",
    "Peluquería Muñoz, S.L.",
    "NIF: B29423548",
    "Factura nº: F-7/1",
    "Fecha: 15/03/2026",
    "Página 1 de 2",
)
LAST = (
    "Factura nº: F-7/1",
    "Base imponible: 100,00 EUR",
    "IVA 21 %: 21,00 EUR",
    "Total factura: 121,00 EUR",
    "Página 2 de 2",
)


@pytest.fixture(scope="module")
def invoice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    load_plugins()
    path = tmp_path_factory.mktemp("explain") / "f.pdf"
    drawing = canvas.Canvas(str(path), pagesize=(420, 595), invariant=1)
    for lines in (FIRST, LAST):
        for position, line in enumerate(lines):
            drawing.drawString(60, 540 - 20 * position, line)
        drawing.showPage()
    drawing.save()
    return path


def text_of(file: Path) -> str:
    shown = io.StringIO()
    with explaining(file, []) as explained:
        Console(file=shown, width=500).print(*explained.tables())
    return shown.getvalue()


def share_of(picture: Image.Image, colour: tuple[int, int, int]) -> float:
    pixels = np.asarray(picture.convert("RGB"), np.int16)
    return float((np.abs(pixels - np.array(colour)).max(axis=2) < 12).mean())


def test_a_table_names_place_proof_and_what_is_missing(invoice: Path) -> None:
    shown = text_of(invoice)
    total = next(line for line in shown.splitlines() if "totals.gross" in line)
    assert "121.00" in total
    assert "text page 2" in total
    assert "arithmetic" in total
    assert "Peluquería Muñoz" in shown


def test_a_structured_file_is_told_by_the_path_of_each_value() -> None:
    load_plugins()
    shown = text_of(SAMPLES / "facturae" / "exempt.xml")
    number = next(line for line in shown.splitlines() if " invoice_number " in line)
    assert "xml /" in number
    assert "structured" in number


def test_each_page_with_fields_is_drawn_with_boxes_in_the_colour_of_their_proof(invoice: Path, tmp_path: Path) -> None:
    with explaining(invoice, []) as explained:
        written = explained.write(tmp_path / "page.png", None)
    assert [path.name for path in written] == ["page-1.png", "page-2.png"]
    first, last = map(Image.open, written)
    assert share_of(last, COLOURS[State.PROVEN]) > share_of(first, COLOURS[State.PROVEN]) > 0
    assert share_of(first, COLOURS[State.UNPROVEN]) > 0


def test_one_page_alone_goes_where_it_was_asked_for(invoice: Path, tmp_path: Path) -> None:
    with explaining(invoice, []) as explained:
        assert explained.write(tmp_path / "only.png", 2) == [tmp_path / "only.png"]
        with pytest.raises(Terminal, match="page_missing"):
            explained.write(tmp_path / "none.png", 3)


def test_the_box_of_a_value_surrounds_its_ink(invoice: Path, tmp_path: Path) -> None:
    """The legend stands beside the page and the numbers beside the boxes: what is printed stays as it is."""
    with explaining(invoice, []) as explained:
        [document] = explained.documents
        field = next(each for each in document.on_page(2) if each.path == "totals.gross")
        [path] = explained.write(tmp_path / "page.png", 2)
    assert field.evidence is not None
    assert field.evidence.box is not None
    drawn = np.asarray(Image.open(path).convert("L"))
    scale = 1800 / 595
    box = field.evidence.box
    left, right = round(box.left * scale) + 44, round(box.right * scale) + 44
    inside = drawn[round(box.top * scale) : round(box.bottom * scale), left:right]
    assert (inside < 100).mean() > 0.05
