"""What every OCR engine keeps to, whoever makes it; and the choice among them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
import reportlab
from PIL import Image, ImageDraw, ImageFont

from app.modules.imports.adapters.ocr import tesseract
from app.modules.imports.adapters.ocr.engines import ENGINE_VARIABLE, LANGUAGES_VARIABLE, open_engine
from app.modules.imports.adapters.ocr.page import read_page
from app.modules.imports.adapters.photo_utils import Flattening
from app.modules.imports.domain.errors import Transient

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from app.modules.imports.adapters.ocr.page import PageEngine

    Picture = NDArray[np.uint8]

LINES = (
    "Factura 2031-0042", "Base imponible 1.234,50", "Total a pagar 1.493,75", "Fecha 14/03/2031",
    "Forma de pago: transferencia bancaria", "Condiciones: treinta días desde la fecha",
)  # fmt: skip
ENGINES = ("paddle", "null", *(("tesseract",) if tesseract.is_installed() else ()))
READING = tuple(name for name in ENGINES if name != "null")
_OPENED: dict[str, PageEngine] = {}


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> PageEngine:
    return opened(request.param)


@pytest.fixture(params=READING)
def reading(request: pytest.FixtureRequest) -> PageEngine:
    return opened(request.param)


def opened(name: str) -> PageEngine:
    if name not in _OPENED:
        _OPENED[name] = open_engine(name)
    return _OPENED[name]


def sheet() -> Picture:
    font = ImageFont.truetype(str(Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"), 32)
    page = Image.new("RGB", (1000, 1300), "white")
    for number, line in enumerate(LINES):
        ImageDraw.Draw(page).text((80, 90 + 90 * number), line, font=font, fill=(20, 20, 20))
    return np.asarray(page, np.uint8)


def blank() -> Picture:
    return np.full((900, 700, 3), 255, np.uint8)


def test_its_version_is_the_same_each_time(engine: PageEngine) -> None:
    assert engine.version
    assert (
        engine.version
        == engine.version.strip()
        == opened(engine.version.split()[0].replace("ppocrv6", "paddle")).version
    )


def test_an_empty_page_has_no_words_and_lies_upright(engine: PageEngine) -> None:
    assert list(engine.read(blank())) == []
    assert engine.quarters(blank()) == 0


def test_words_lie_on_the_picture_with_a_confidence_and_a_line(engine: PageEngine) -> None:
    picture = sheet()
    before = picture.copy()
    for word in engine.read(picture):
        assert word.text == word.text.strip() != ""
        assert " " not in word.text
        assert 0 <= word.confidence <= 1
        assert word.line is not None
        assert 0 <= word.box.left < word.box.right <= picture.shape[1]
        assert 0 <= word.box.top < word.box.bottom <= picture.shape[0]
    assert np.array_equal(picture, before)


def test_the_same_picture_is_read_the_same_way(engine: PageEngine) -> None:
    assert list(engine.read(sheet())) == list(engine.read(sheet()))


def test_what_is_printed_is_read_line_by_line(reading: PageEngine) -> None:
    words = list(reading.read(sheet()))
    total = next(word for word in words if word.text == "1.493,75")
    assert 90 + 90 * 2 - 10 < total.box.top < total.box.bottom < 90 + 90 * 2 + 60
    assert [word.text for word in words if word.line == total.line] == ["Total", "a", "pagar", "1.493,75"]


def test_with_a_flattening_words_lie_on_the_flat_page(reading: PageEngine) -> None:
    moved = Flattening(matrix=np.array([[1, 0, -50], [0, 1, -40], [0, 0, 1]], np.float64), width=900, height=1200)
    plain = {word.text: word.box for word in reading.read(sheet())}
    flat = {word.text: word.box for word in reading.read(sheet(), moved)}
    assert flat["1.493,75"].left == pytest.approx(plain["1.493,75"].left - 50, abs=6)
    assert flat["1.493,75"].top == pytest.approx(plain["1.493,75"].top - 40, abs=6)


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_turned_page_is_read_upright(reading: PageEngine, turns: int) -> None:
    page = read_page(np.ascontiguousarray(np.rot90(sheet(), turns)), 1, reading)
    assert "1.493,75" in {word.text for word in page.words}


def test_an_engine_that_is_none_or_not_there_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Transient, match="ocr_engine_missing"):
        open_engine("abbyy")
    monkeypatch.setenv(ENGINE_VARIABLE, "tesseract")
    monkeypatch.setenv(LANGUAGES_VARIABLE, "no_such_language")
    with pytest.raises(Transient, match="ocr_engine_missing"):
        open_engine()
    monkeypatch.setattr(tesseract, "_LIBRARIES", ("libno_such_library.so",))
    assert not tesseract.is_installed()
    with pytest.raises(Transient, match="not installed"):
        open_engine()
