"""The text layer of PDFs drawn here: words where they are seen, and a picture asked for where the layer says nothing."""

from __future__ import annotations

import io
from contextlib import suppress
from typing import TYPE_CHECKING

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from reportlab.lib.utils import ImageReader as Picture
from reportlab.pdfgen import canvas

from app.modules.imports.domain.errors import Unreadable, Unsupported
from app.modules.imports.formats.pdf import READER, PdfPages
from app.modules.imports.formats.probing import probe_file

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.modules.imports.domain.page import Page

INVOICE = (
    "Factura 2031-0042 de fecha 14/03/2031",
    "Talleres Ejemplo del Norte, S.L. NIF B12345674",
    "Base imponible 1.234,50 EUR IVA 21 % 259,25 EUR",
    "Total a pagar 1.493,75 EUR por transferencia bancaria",
)


def _pdf(*pages: Callable[[canvas.Canvas], None], size: tuple[float, float] = (420, 595)) -> bytes:
    file = io.BytesIO()
    drawing = canvas.Canvas(file, pagesize=size)
    for draw in pages:
        draw(drawing)
        drawing.showPage()
    drawing.save()
    return file.getvalue()


def _invoice(drawing: canvas.Canvas) -> None:
    drawing.setFont("Helvetica", 10)
    for number, line in enumerate(INVOICE):
        drawing.drawString(40, 500 - 20 * number, line)


def _scan(drawing: canvas.Canvas) -> None:
    drawing.drawImage(Picture(Image.new("L", (40, 60), 200)), 0, 0, 420, 595)


def _turned(content: bytes, degrees: int) -> bytes:
    with pikepdf.open(io.BytesIO(content)) as pdf:
        for page in pdf.pages:
            page.rotate(degrees, relative=False)
        file = io.BytesIO()
        pdf.save(file)
    return file.getvalue()


def _page(content: bytes, number: int = 1) -> Page:
    with PdfPages(content) as pages:
        page = pages.text_page(number)
    assert page is not None
    return page


def _texts(page: Page) -> list[str]:
    return [word.text for word in page.words]


def _lines(page: Page) -> list[str]:
    numbers = sorted({word.line for word in page.words if word.line is not None})
    return [" ".join(word.text for word in page.words if word.line == number) for number in numbers]


def test_words_stand_in_points_from_the_top_left() -> None:
    page = _page(_pdf(_invoice))
    assert (page.width, page.height, page.source) == (420, 595, "text")
    assert _lines(page) == list(INVOICE)
    first = page.words[0]
    assert first.text == "Factura"
    assert first.box.left == pytest.approx(40, abs=1)
    assert first.box.top < 595 - 500 < first.box.bottom
    assert first.confidence == 1


def test_a_word_is_whole_however_it_was_drawn() -> None:
    def piecemeal(drawing: canvas.Canvas) -> None:
        _invoice(drawing)
        drawing.drawString(40 + drawing.stringWidth("1.23", "Helvetica", 10), 300, "4,56")
        drawing.drawString(40, 300, "1.23")

    assert "1.234,56" in _texts(_page(_pdf(piecemeal)))


def test_what_is_drawn_twice_for_boldness_stands_once() -> None:
    def shadowed(drawing: canvas.Canvas) -> None:
        _invoice(drawing)
        drawing.drawString(40, 300, "Resumen")
        drawing.drawString(40.3, 300, "Resumen")

    assert _texts(_page(_pdf(shadowed))).count("Resumen") == 1


def test_columns_are_lines_of_their_own() -> None:
    def columns(drawing: canvas.Canvas) -> None:
        _invoice(drawing)
        drawing.drawString(40, 300, "Cuota IVA")
        drawing.drawString(300, 300, "259,25")

    lines = _lines(_page(_pdf(columns)))
    assert "Cuota IVA" in lines
    assert "259,25" in lines


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_page_drawn_sideways_is_read_upright(degrees: int) -> None:
    upright = _page(_pdf(_invoice))
    turned = _page(_turned(_pdf(_invoice), degrees))
    assert _lines(turned) == _lines(upright)
    assert (turned.width, turned.height) == (upright.width, upright.height)
    assert turned.words[0].box.left == pytest.approx(upright.words[0].box.left, abs=2)


def test_a_turned_page_whose_text_follows_the_turn_is_as_it_is_seen() -> None:
    def sideways(drawing: canvas.Canvas) -> None:
        drawing.translate(420, 0)
        drawing.rotate(90)
        _invoice(drawing)

    page = _page(_turned(_pdf(sideways), 90))
    assert (page.width, page.height) == (595, 420)
    assert _lines(page) == list(INVOICE)
    assert page.words[0].box.left == pytest.approx(40, abs=2)


def test_text_along_the_margin_is_read_as_words() -> None:
    def with_margin(drawing: canvas.Canvas) -> None:
        _invoice(drawing)
        drawing.saveState()
        drawing.rotate(90)
        drawing.drawString(100, -15, "Inscrita en el Registro 1111")
        drawing.restoreState()

    page = _page(_pdf(with_margin))
    assert "Inscrita en el Registro 1111" in _lines(page)
    assert _lines(page)[0] == INVOICE[0]
    word = next(word for word in page.words if word.text == "Inscrita")
    assert word.box.bottom - word.box.top > word.box.right - word.box.left


def test_the_picture_of_a_sideways_page_fits_its_words() -> None:
    with PdfPages(_turned(_pdf(_invoice), 90)) as pages:
        page, picture = pages.text_page(1), pages.render(1)
    assert page is not None
    scale = picture.shape[1] / page.width
    box = page.words[0].box
    assert picture.shape[0] / page.height == pytest.approx(scale, rel=0.01)
    part = picture[int(box.top * scale) : int(box.bottom * scale), int(box.left * scale) : int(box.right * scale)]
    assert part.min() < 100


def test_a_scan_has_no_text_layer() -> None:
    with PdfPages(_pdf(_scan)) as pages:
        assert pages.text_page(1) is None


def test_invisible_text_over_a_scan_does_not_count() -> None:
    def searchable(drawing: canvas.Canvas) -> None:
        _scan(drawing)
        text = drawing.beginText(40, 500)
        text.setTextRenderMode(3)
        for line in INVOICE:
            text.textLine(line)
        drawing.drawText(text)

    with PdfPages(_pdf(searchable)) as pages:
        assert pages.text_page(1) is None


def test_text_beneath_a_picture_of_the_whole_page_does_not_count() -> None:
    def covered(drawing: canvas.Canvas) -> None:
        _invoice(drawing)
        _scan(drawing)

    with PdfPages(_pdf(covered)) as pages:
        assert pages.text_page(1) is None


def test_text_over_a_letterhead_counts() -> None:
    def letterhead(drawing: canvas.Canvas) -> None:
        _scan(drawing)
        _invoice(drawing)
        drawing.drawString(40, 300, "Condiciones de venta: los géneros viajan por cuenta del comprador")

    assert _lines(_page(_pdf(letterhead)))[:4] == list(INVOICE)


def test_a_stamp_on_a_scan_does_not_stand_for_the_page() -> None:
    def stamped(drawing: canvas.Canvas) -> None:
        _scan(drawing)
        drawing.drawString(40, 20, "Registro de entrada 2031/118 del 17/03/2031 a las 09:15")

    with PdfPages(_pdf(stamped)) as pages:
        assert pages.text_page(1) is None


def test_invisible_text_among_visible_text_is_not_read() -> None:
    def forged(drawing: canvas.Canvas) -> None:
        _invoice(drawing)
        text = drawing.beginText(40, 300)
        text.setTextRenderMode(3)
        text.textLine("Total 9.999,99")
        drawing.drawText(text)

    assert "9.999,99" not in _texts(_page(_pdf(forged)))


def test_letters_without_a_character_map_are_no_text() -> None:
    def shifted(drawing: canvas.Canvas) -> None:
        for number in range(20):
            drawing.drawString(40, 500 - 15 * number, "Bmdnqr rtpq bcdfg hjklm npqrst vwxyz")

    with PdfPages(_pdf(shifted)) as pages:
        assert pages.text_page(1) is None


def test_a_blank_page_is_a_page_without_words() -> None:
    assert _page(_pdf(lambda _: None)).words == ()


def test_what_is_typed_into_a_form_is_read() -> None:
    def form(drawing: canvas.Canvas) -> None:
        _invoice(drawing)
        drawing.acroForm.textfield(name="total", value="77,35", x=40, y=300, width=120, height=20, fontSize=10)

    assert "77,35" in _texts(_page(_pdf(form)))


def test_a_picture_is_about_two_hundred_dots_an_inch() -> None:
    with PdfPages(_pdf(_invoice, size=(595, 842))) as pages:
        assert pages.render(1).shape == (2400, 1696, 3)
        assert pages.render(1, fine=True).shape[0] > 4600


@pytest.mark.parametrize("size", [(14_400, 14_400), (72_000_000, 792), (3, 3), (226, 9000)])
def test_no_page_makes_a_picture_explode(size: tuple[float, float]) -> None:
    with PdfPages(_pdf(_invoice, size=size)) as pages:
        for fine in (False, True):
            height, width, _ = pages.render(1, fine=fine).shape
            assert 0 < height * width <= 21_000_000
            assert max(height, width) <= 10_001


def _with_files(**attached: bytes) -> pikepdf.Pdf:
    pdf = pikepdf.open(io.BytesIO(_pdf(_invoice)))
    for name, content in attached.items():
        pdf.attachments[name] = pikepdf.AttachedFileSpec(pdf, content, filename=f"{name}.xml")
    return pdf


def _saved(pdf: pikepdf.Pdf, encryption: pikepdf.Encryption | None = None) -> bytes:
    file = io.BytesIO()
    pdf.save(file, encryption=encryption or False)
    pdf.close()
    return file.getvalue()


def test_embedded_files_are_found_by_the_name_tree() -> None:
    with PdfPages(_saved(_with_files(one=b"<a/>", two=b"<b/>"))) as pages:
        found = {member.name: member.content for member in pages.attachments()}
    assert found == {"one.xml": b"<a/>", "two.xml": b"<b/>"}


def test_embedded_files_are_found_by_association_and_annotation() -> None:
    pdf = pikepdf.open(io.BytesIO(_pdf(_invoice)))
    associated = pikepdf.AttachedFileSpec(pdf, b"<associated/>", filename="associated.xml")
    pinned = pikepdf.AttachedFileSpec(pdf, b"<pinned/>", filename="pinned.xml")
    pdf.Root.AF = pikepdf.Array([pdf.make_indirect(associated.obj)])
    note = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.FileAttachment, Rect=[0, 0, 9, 9], FS=pinned.obj
    )
    pdf.pages[0].Annots = pdf.make_indirect(pikepdf.Array([pdf.make_indirect(note)]))
    with PdfPages(_saved(pdf)) as pages:
        found = {member.name: member.content for member in pages.attachments()}
    assert found == {"associated.xml": b"<associated/>", "pinned.xml": b"<pinned/>"}


def test_an_attachment_that_inflates_without_end_is_left_out() -> None:
    pdf = _with_files(bomb=bytes(40 * 1024 * 1024), small=b"<small/>")
    with PdfPages(_saved(pdf)) as pages:
        assert [member.content for member in pages.attachments()] == [b"<small/>"]


def test_a_pdf_locked_for_its_reader_is_unsupported() -> None:
    locked = _saved(_with_files(), encryption=pikepdf.Encryption(user="secret", owner="other"))
    with pytest.raises(Unsupported, match="pdf_encrypted"):
        PdfPages(locked)


def test_a_pdf_locked_against_changes_alone_is_read() -> None:
    open_to_all = _saved(_with_files(one=b"<a/>"), encryption=pikepdf.Encryption(user="", owner="other"))
    assert _lines(_page(open_to_all)) == list(INVOICE)
    with PdfPages(open_to_all) as pages:
        assert [member.content for member in pages.attachments()] == [b"<a/>"]


def test_a_pdf_without_pages_is_unreadable() -> None:
    with pytest.raises(Unreadable, match="pdf_no_pages"):
        PdfPages(_saved(pikepdf.new()))


def test_more_than_five_hundred_pages_are_too_many() -> None:
    pdf = pikepdf.new()
    for _ in range(501):
        pdf.add_blank_page()
    with pytest.raises(Unsupported, match="too_many_pages"):
        PdfPages(_saved(pdf))


def test_what_is_no_pdf_is_unreadable() -> None:
    with pytest.raises(Unreadable, match="pdf_unreadable"):
        PdfPages(b"%PDF-1.7 and nothing of the kind")


def test_the_reader_knows_a_pdf_by_its_bytes() -> None:
    file = io.BytesIO(_pdf(_invoice))
    assert READER.score(probe_file(file, "whatever.bin")) == 90
    assert READER.score(probe_file(io.BytesIO(b"a;b\n1;2\n"), "table.pdf")) == 0
    assert READER.read(file, probe_file(file, "whatever.bin")).source.count == 1


GOOD = _saved(_with_files(one=b"<a/>"))


@settings(max_examples=60, deadline=None)
@given(cut=st.integers(0, len(GOOD)), at=st.integers(0, len(GOOD)), rubbish=st.binary(max_size=40))
def test_broken_bytes_raise_nothing_but_unreadable_and_unsupported(cut: int, at: int, rubbish: bytes) -> None:
    broken = (GOOD[:at] + rubbish + GOOD[at + len(rubbish) :])[:cut]
    with suppress(Unreadable, Unsupported), PdfPages(broken) as pages:
        pages.text_page(1)
        pages.render(1)
        pages.attachments()
