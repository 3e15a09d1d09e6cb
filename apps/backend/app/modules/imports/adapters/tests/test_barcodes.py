"""Codes written here are found again, with boxes where they were put."""

from __future__ import annotations

import numpy as np
import pytest
import zxingcpp
from PIL import Image

from app.modules.imports.adapters.barcodes import ZxingCodeReader, place_codes
from app.modules.imports.adapters.ocr.null import NullOcrEngine
from app.modules.imports.adapters.ocr.page import read_page

ACCESS_KEY = "1403203101179001691900110010010000000421234567812"
PAYMENT = "BCD\n002\n1\nSCT\n\nTalleres Alba, S.L.\nES9121000418450200051332\nEUR121.00\n\n\nFactura F-2025/118"
CHECK_URL = "https://www.example.test/cotejo?nif=B12345674&numserie=2031-0042&fecha=14-03-2031&importe=1493.75"


def _page(
    symbology: str, text: str, *, left: int = 300, top: int = 500
) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    barcode = zxingcpp.create_barcode(text, zxingcpp.barcode_format_from_str(symbology))
    drawn = np.asarray(barcode.to_image(scale=4), np.uint8)
    page = np.full((1400, 2000), 255, np.uint8)
    page[top : top + drawn.shape[0], left : left + drawn.shape[1]] = drawn
    return np.repeat(page[:, :, None], 3, axis=2)


@pytest.mark.parametrize(
    ("symbology", "text"),
    [
        ("QRCode", CHECK_URL),
        ("QRCode", PAYMENT),
        ("Code128", ACCESS_KEY),
        ("PDF417", ACCESS_KEY),
        ("DataMatrix", ACCESS_KEY),
    ],
)
def test_a_code_is_found_with_its_text_and_place(symbology: str, text: str) -> None:
    (code,) = ZxingCodeReader().read(_page(symbology, text))
    assert (code.symbology, code.text) == (symbology, text)
    assert 290 <= code.box.left < code.box.right <= 2000
    assert 490 <= code.box.top <= code.box.bottom <= 1400


def test_several_codes_are_all_found() -> None:
    page = np.minimum(_page("QRCode", CHECK_URL, top=50), _page("Code128", ACCESS_KEY, top=1000))
    assert {code.text for code in ZxingCodeReader().read(page)} == {CHECK_URL, ACCESS_KEY}


@pytest.mark.parametrize("turn", [Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_180])
def test_a_turned_code_is_found(turn: Image.Transpose) -> None:
    turned = np.asarray(Image.fromarray(_page("Code128", ACCESS_KEY)).transpose(turn))
    assert [code.text for code in ZxingCodeReader().read(turned)] == [ACCESS_KEY]


def test_a_page_without_codes_has_none() -> None:
    noise = np.random.default_rng(1).integers(0, 255, (400, 400, 3), np.uint8)
    assert list(ZxingCodeReader().read(noise)) == []


def test_codes_are_placed_in_the_units_of_the_page() -> None:
    picture = _page("QRCode", CHECK_URL)
    (code,) = ZxingCodeReader().read(picture)
    (placed,) = place_codes([code], picture, 500)
    assert placed.box.left == pytest.approx(code.box.left / 4)
    assert placed.box.bottom == pytest.approx(code.box.bottom / 4)


def test_a_page_read_with_a_code_reader_has_its_codes() -> None:
    page = read_page(_page("QRCode", CHECK_URL), 1, NullOcrEngine(), ZxingCodeReader())
    assert [code.text for code in page.codes] == [CHECK_URL]
