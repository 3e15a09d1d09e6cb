"""PDFs that would fill the memory or the day are refused; what is worth a look is told."""

from __future__ import annotations

import io
import zlib
from typing import TYPE_CHECKING

import pikepdf
import pypdfium2 as pdfium
import pytest

from app.modules.imports.domain.errors import Unreadable, Unsupported
from app.modules.imports.formats.pdf_guard import HEAVIEST, LARGEST, inspect_pdf
from app.modules.imports.formats.pdf_picture import draw_page

if TYPE_CHECKING:
    from collections.abc import Mapping


def drawn(
    content: bytes, *, forms: tuple[bytes, ...] = (), catalog: Mapping[str, pikepdf.Object] | None = None
) -> bytes:
    """One page with this content; each form may draw the one after it as ``/X``, the page draws the first."""
    document = pikepdf.new()
    page = document.add_blank_page(page_size=(200, 200))
    inner: pikepdf.Object | None = None
    for form in reversed(forms):
        stream = document.make_stream(form)
        stream.Type, stream.Subtype, stream.BBox = pikepdf.Name.XObject, pikepdf.Name.Form, [0, 0, 200, 200]
        stream.Resources = _resources(inner)
        inner = stream
    page.obj.Resources = _resources(inner)
    page.obj.Contents = document.make_stream(content)
    for name, value in (catalog or {}).items():
        document.Root[f"/{name}"] = value
    return _saved(document)


def _resources(form: pikepdf.Object | None) -> pikepdf.Dictionary:
    return pikepdf.Dictionary({} if form is None else {"/XObject": pikepdf.Dictionary({"/X": form})})


def _saved(document: pikepdf.Pdf) -> bytes:
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def test_an_ordinary_page_has_nothing_to_say() -> None:
    assert inspect_pdf(drawn(b"q Q", forms=(b"/X Do /X Do", b"q Q"))) == ()


@pytest.mark.parametrize(
    "content",
    [
        drawn(b"q Q " * (HEAVIEST // 4 + 1)),
        drawn(b"/X Do " * 5_000, forms=(b"q Q " * 1_000,)),
        drawn(b"/X Do", forms=(b"/X Do " * 20,) * 6),
    ],
    ids=["long content", "a form drawn often", "forms in forms"],
)
def test_a_page_that_draws_without_end_is_refused(content: bytes) -> None:
    assert len(content) < 1_000_000
    with pytest.raises(Unreadable, match="page_too_dense"):
        inspect_pdf(content)


def test_a_part_that_unpacks_without_end_is_refused() -> None:
    document = pikepdf.new()
    document.add_blank_page()
    font = pikepdf.Stream(document, zlib.compress(bytes(LARGEST + 1), 9), Filter=pikepdf.Name.FlateDecode)
    document.Root.Font = document.make_indirect(font)
    with pytest.raises(Unreadable, match="archive_bomb"):
        inspect_pdf(_saved(document))


@pytest.mark.parametrize(
    ("catalog", "notes"),
    [
        ({"OpenAction": pikepdf.Dictionary(S=pikepdf.Name.URI, URI="http://127.0.0.1:9/")}, ("active_content",)),
        ({"OpenAction": pikepdf.Dictionary(S=pikepdf.Name.GoTo)}, ()),
        ({"AA": pikepdf.Dictionary()}, ("active_content",)),
        ({"Names": pikepdf.Dictionary(JavaScript=pikepdf.Dictionary())}, ("active_content",)),
    ],
)
def test_a_pdf_that_would_act_by_itself_is_told_of(catalog: dict[str, pikepdf.Object], notes: tuple[str, ...]) -> None:
    assert inspect_pdf(drawn(b"", catalog=catalog)) == notes


def test_a_pdf_that_lost_its_table_of_objects_is_told_of() -> None:
    whole = drawn(b"q Q")
    assert inspect_pdf(whole[: whole.rindex(b"startxref")]) == ("file_repaired",)


def test_drawing_ends_when_its_time_is_over() -> None:
    document = pdfium.PdfDocument(drawn(b"0 0 m 200 200 l S " * 20_000))
    with pytest.raises(Unsupported, match="page_too_dense"):
        draw_page(document[0], 4.0, 0, seconds=0.0)
    assert draw_page(document[0], 1.0, 90).shape == (200, 200, 3)
