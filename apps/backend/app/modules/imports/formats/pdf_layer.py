"""Judges whether a PDF page's text layer says what the page shows, or whether its picture has to be read."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final

import pypdfium2.raw as pdfium

from app.modules.imports.formats.pdf_glyphs import address

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pypdfium2 import PdfObject, PdfPage

    from app.modules.imports.domain.page import Word

_MAX_OBJECTS: Final = 50_000
_MAX_NESTING: Final = 8
_COVERED: Final = 0.7
_FEW: Final = 25
_FEW_OVER_A_PICTURE: Final = 150
_JUNK: Final = 0.25
_ENOUGH_TO_JUDGE: Final = 80
_VOWELS: Final = frozenset("aeiouyáéíóúàèìòùâêîôûäëïöüãõåøæ")
_VOWEL_SHARE: Final = (0.12, 0.8)
_PRINTED: Final = frozenset(".,:;-–—/\\()[]%€$£&@#*+=_'\"´`’‘“”«»!¡?¿ºª°·•|<>~^§©®™…×²³½¼{}✓")


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """What is drawn on a page: how much of it pictures cover, and which text objects nobody can see."""

    covered: float
    hidden: frozenset[int]
    empty: bool
    """Nothing at all is drawn."""


def survey(page: PdfPage) -> Layer:
    """Walks the page's objects in the order of drawing: a picture over the whole page hides the text beneath it."""
    width, height = page.get_size()
    area = max(width * height, 1.0)
    covered = 0.0
    texts: list[int] = []
    hidden: set[int] = set()
    count = 0
    for drawn in islice(page.get_objects(max_depth=_MAX_NESTING), _MAX_OBJECTS):
        count += 1
        if drawn.type == pdfium.FPDF_PAGEOBJ_TEXT:
            texts.append(address(drawn.raw))
            if pdfium.FPDFTextObj_GetTextRenderMode(drawn) == pdfium.FPDF_TEXTRENDERMODE_INVISIBLE:
                hidden.add(texts[-1])
        elif drawn.type == pdfium.FPDF_PAGEOBJ_IMAGE:
            share = _area(drawn) / area
            covered += share
            if share > _COVERED and not pdfium.FPDFPageObj_HasTransparency(drawn):
                hidden.update(texts)
    return Layer(covered=min(covered, 1.0), hidden=frozenset(hidden), empty=count == 0)


def is_trustworthy(words: Iterable[Word], layer: Layer) -> bool:
    """Whether the visible words are enough to stand for the page."""
    text = "".join(word.text for word in words)
    printed = sum(character.isalnum() for character in text)
    if layer.empty:
        return True
    if printed < (_FEW_OVER_A_PICTURE if layer.covered > _COVERED else _FEW):
        return False
    return not _is_junk(text)


def _area(drawn: PdfObject) -> float:
    left, bottom, right, top = drawn.get_bounds()
    return float(abs((right - left) * (top - bottom)))


def _is_junk(text: str) -> bool:
    """Fonts without a usable character map give symbols, or letters in which nobody writes words."""
    strange = sum(not (character.isalnum() or character in _PRINTED) for character in text)
    if strange > _JUNK * len(text):
        return True
    letters = [character for character in text.casefold() if character.isalpha() and character.isascii()]
    if len(letters) < _ENOUGH_TO_JUDGE:
        return False
    share = sum(character in _VOWELS for character in letters) / len(letters)
    return not _VOWEL_SHARE[0] < share < _VOWEL_SHARE[1]
