"""Pages over HTTP: drawn as they were read, for their own tenant, and nothing else of a file's bytes."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from PIL import Image
from reportlab.pdfgen import canvas

from app.modules.imports.adapters.page_pictures import LONGEST_SIDE
from app.modules.imports.usecases.tests.factories import preprocessed

if TYPE_CHECKING:
    from app.modules.imports.web.tests.conftest import Caller


def two_pages() -> bytes:
    content = io.BytesIO()
    drawing = canvas.Canvas(content, pagesize=(420, 595), invariant=1)
    for number in (1, 2):
        drawing.drawString(40, 540, f"Factura de prueba con bastante texto para leer, página {number}")
        drawing.showPage()
    drawing.save()
    return content.getvalue()


def photograph(kind: str) -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (2600, 400), "white").save(content, kind)
    return content.getvalue()


def item_with(admin: Caller, name: str, content: bytes) -> str:
    batch = admin.new_batch()
    admin.call("POST", f"/batches/{batch}/files", files=[("files", (name, content))])
    [item] = admin.get(f"/batches/{batch}/items").json()["items"]
    with admin.app.state.house.database.tenant_session(admin.tenant_id) as session:
        preprocessed(session, UUID(item["id"]))
    return str(item["id"])


def test_a_page_of_a_pdf_comes_as_png_with_its_sizes_in_points(admin: Caller) -> None:
    item = item_with(admin, "f.pdf", two_pages())
    answer = admin.get(f"/items/{item}/pages/2.png")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
    sizes = [answer.headers[name] for name in ("page-count", "page-width", "page-height")]
    assert sizes == ["2", "420", "595"]
    picture = Image.open(io.BytesIO(answer.content))
    assert picture.format == "PNG"
    assert max(picture.size) <= LONGEST_SIDE
    assert picture.width / picture.height == pytest.approx(420 / 595, abs=0.01)
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert "sandbox" in answer.headers["content-security-policy"]


def test_a_picture_is_encoded_anew_and_made_smaller(admin: Caller) -> None:
    answer = admin.get(f"/items/{item_with(admin, 'f.tif', photograph('TIFF'))}/pages/1.png")
    assert Image.open(io.BytesIO(answer.content)).width == LONGEST_SIDE
    assert float(answer.headers["page-width"]) == 2600


def test_a_page_drawn_before_is_the_same_again(admin: Caller) -> None:
    item = item_with(admin, "f.pdf", two_pages())
    first, again = (admin.get(f"/items/{item}/pages/1.png") for _ in range(2))
    assert first.content == again.content
    assert first.headers["page-count"] == again.headers["page-count"]


@pytest.mark.parametrize(
    ("name", "content", "page"),
    [("f.pdf", two_pages(), 3), ("f.xml", b"<Invoice/>", 1), ("f.pdf", b"%PDF-1.4 broken", 1)],
)
def test_what_cannot_be_drawn_is_not_found(admin: Caller, name: str, content: bytes, page: int) -> None:
    answer = admin.get(f"/items/{item_with(admin, name, content)}/pages/{page}.png")
    assert (answer.status_code, answer.json()["code"]) == (404, "page_missing")


@pytest.mark.parametrize("page", ["0", "501", "x", "1.5"])
def test_a_page_that_cannot_be_is_no_page(admin: Caller, page: str) -> None:
    assert admin.get(f"/items/{item_with(admin, 'f.pdf', two_pages())}/pages/{page}.png").status_code == 422


def test_another_tenants_page_is_not_there(admin: Caller, stranger: Caller) -> None:
    item = item_with(admin, "f.pdf", two_pages())
    answer = stranger.get(f"/items/{item}/pages/1.png")
    assert (answer.status_code, answer.json()["code"]) == (404, "item_not_found")
