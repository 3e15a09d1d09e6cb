"""Reads the glyphs of a PDF page through pdfium, each in the frame in which it stands upright (points, top left)."""

from __future__ import annotations

import ctypes
import math
import sys
import unicodedata
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pypdfium2.raw as pdfium

from app.modules.imports.domain.canonical import Box
from app.modules.imports.domain.errors import Unsupported

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pypdfium2 import PdfPage, PdfTextPage

MAX_GLYPHS: Final = 100_000
_LINE_END_HYPHENS: Final = ("\x02", "\ufffe")
_WITHOUT_WIDTH: Final = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff")
_LIGATURES: Final = {"\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl"}
_SAMPLE: Final = 400
_SKEW: Final = math.radians(15)
_ASCENT: Final = 0.8
_DESCENT: Final = 0.2

Edges = tuple[float, float, float, float]
"""Left, bottom, right, top in page space."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Glyph:
    """One printed character; ``text`` is empty for a space. ``box`` and ``baseline`` are in the glyph's own frame."""

    text: str
    box: Box
    baseline: float
    size: float
    quarter: int
    """Own frame: quarters by which the page is turned clockwise to read it."""
    skewed: bool
    """Runs aslant, as watermarks do."""
    loose: bool
    """The box spans the advance width, so that neighbours abut; otherwise it spans the ink only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """How page space maps to the page as seen: the visible rectangle and clockwise quarters."""

    left: float
    bottom: float
    right: float
    top: float
    quarters: int

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the page as seen, in points."""
        width, height = self.right - self.left, self.top - self.bottom
        return (height, width) if self.quarters % 2 else (width, height)

    def turned(self, quarters: int) -> Frame:
        """The same rectangle turned otherwise."""
        return Frame(left=self.left, bottom=self.bottom, right=self.right, top=self.top, quarters=quarters % 4)

    def box(self, edges: Edges) -> Box:
        """A rectangle of page space, as seen."""
        left, bottom, right, top = edges
        match self.quarters:
            case 0:
                return Box(left - self.left, self.top - top, right - self.left, self.top - bottom)
            case 1:
                return Box(bottom - self.bottom, left - self.left, top - self.bottom, right - self.left)
            case 2:
                return Box(self.right - right, bottom - self.bottom, self.right - left, top - self.bottom)
            case _:
                return Box(self.top - top, self.right - right, self.top - bottom, self.right - left)


def upright_frame(page: PdfPage, text: PdfTextPage) -> Frame:
    """The frame in which most of the text stands upright; the page's own turn where it has no text to speak of."""
    left, bottom, right, top = page.get_bbox()
    count = text.count_chars()
    sample = range(0, min(count, MAX_GLYPHS), max(1, count // _SAMPLE))
    matrices = (_matrix(text, index) for index in sample)
    turns = Counter(_quarter(matrix)[0] for matrix in matrices if matrix is not None)
    commonest = turns.most_common(1)
    clear = bool(commonest) and commonest[0][1] * 2 > turns.total()
    quarters = commonest[0][0] if clear else page.get_rotation() // 90
    return Frame(left=left, bottom=bottom, right=right, top=top, quarters=quarters % 4)


def read_glyphs(text: PdfTextPage, frame: Frame, hidden: frozenset[int]) -> Iterator[Glyph]:
    """Glyphs in the order of the content stream; text objects whose address is in ``hidden`` are passed over."""
    count = text.count_chars()
    if count > MAX_GLYPHS:
        raise Unsupported("page_too_dense", f"more than {MAX_GLYPHS} characters on one page")
    frames = tuple(frame.turned(quarters) for quarters in range(4))
    for index in range(count):
        if hidden and address(pdfium.FPDFText_GetTextObject(text, index)) in hidden:
            continue
        character = _character(pdfium.FPDFText_GetUnicode(text, index))
        glyph = None if character is None else _glyph(text, index, character, frames)
        if glyph is not None:
            yield glyph


def address(handle: object) -> int:
    """A pdfium handle as a number that can be compared."""
    return ctypes.cast(handle, ctypes.c_void_p).value or 0  # type: ignore[arg-type]  # (a handle is a ctypes pointer)


def _glyph(text: PdfTextPage, index: int, character: str, frames: tuple[Frame, ...]) -> Glyph | None:
    matrix = _matrix(text, index)
    size = 0.0 if matrix is None else pdfium.FPDFText_GetFontSize(text, index) * math.hypot(matrix.c, matrix.d)
    if matrix is None or size <= 0:
        return None
    quarter, skewed = _quarter(matrix)
    loose = _loose_edges(text, index, size) if quarter == 0 and not skewed else None
    edges = loose or _tight_edges(text, index)
    if edges is None:
        return None
    box = frames[quarter].box(edges)
    baseline = frames[quarter].box((matrix.e, matrix.f, matrix.e, matrix.f)).bottom
    if loose is None and not skewed:
        box = Box(box.left, baseline - _ASCENT * size, box.right, baseline + _DESCENT * size)
    return Glyph(
        text=character,
        box=box,
        baseline=baseline,
        size=size,
        quarter=quarter,
        skewed=skewed,
        loose=loose is not None,
    )


def _character(code: int) -> str | None:
    """Empty for a space, None for what prints nothing."""
    character = chr(min(code, sys.maxunicode))
    if unicodedata.category(character) == "Cs":
        return "\ufffd"  # half of a surrogate pair is no text and does not survive storing
    if character in _LINE_END_HYPHENS:
        return "-"
    if character in _WITHOUT_WIDTH:
        return None
    if character.isspace() or code == 0:
        return ""
    return _LIGATURES.get(character, character)


def _matrix(text: PdfTextPage, index: int) -> pdfium.FS_MATRIX | None:
    """None for the line ends that pdfium inserts."""
    matrix = pdfium.FS_MATRIX()
    return matrix if pdfium.FPDFText_GetMatrix(text, index, matrix) else None


def _quarter(matrix: pdfium.FS_MATRIX) -> tuple[int, bool]:
    """The nearest quarter of the direction of writing, counter-clockwise in page space, and whether it is far off."""
    if matrix.b == 0 and matrix.a >= 0:
        return 0, False
    angle = math.atan2(matrix.b, matrix.a)
    quarter = round(angle / (math.pi / 2))
    return quarter % 4, abs(angle - quarter * math.pi / 2) > _SKEW


def _loose_edges(text: PdfTextPage, index: int, size: float) -> Edges | None:
    """None when the font's metrics are nonsense, as those of subset fonts sometimes are."""
    rectangle = pdfium.FS_RECTF()
    if not pdfium.FPDFText_GetLooseCharBox(text, index, rectangle):
        return None
    width, height = rectangle.right - rectangle.left, rectangle.top - rectangle.bottom
    if not (0 < width < 3 * size and 0.5 * size < height < 2 * size):
        return None
    return rectangle.left, rectangle.bottom, rectangle.right, rectangle.top


def _tight_edges(text: PdfTextPage, index: int) -> Edges | None:
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    if not pdfium.FPDFText_GetCharBox(text, index, left, right, bottom, top):
        return None
    return left.value, bottom.value, right.value, top.value
