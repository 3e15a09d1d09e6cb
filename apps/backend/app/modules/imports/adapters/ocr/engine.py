"""Reads pictures of documents: lines are found, read by a quick recogniser, and where it is unsure by a careful one."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from statistics import mean, median
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from app.modules.imports.adapters.ocr.detector import Detector
from app.modules.imports.adapters.ocr.model_directory import model_directory
from app.modules.imports.adapters.ocr.models import find_models
from app.modules.imports.adapters.ocr.orientation import Orientation, direction_of
from app.modules.imports.adapters.ocr.recogniser import Recogniser
from app.modules.imports.adapters.ocr.strips import cut_both_ways, cut_strips
from app.modules.imports.adapters.photo_utils import Flattening
from app.modules.imports.domain.page import Word

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from app.modules.imports.adapters.ocr.models import Models
    from app.modules.imports.adapters.ocr.recogniser import Glyph, Reading
    from app.modules.imports.adapters.ocr.strips import Strip

_PIPELINE: Final = 4
_UNSURE: Final = 0.9
"""Below 0.9 rather than 0.6: a fifth more time, and of the receipts' wrong totals and names a third less (measured
while spaces counted as doubts, too).
"""
_SLACK: Final = 0.05
"""A careful reading counts although its mean is this much lower: the quick one is surer than it should be."""
_WORTHLESS: Final = 0.5
_ENOUGH_LINES: Final = 3
_NOISY: Final = 3.0
_BLUR: Final = 0.7
_SAME_ROW: Final = 0.5
_USUAL_ADVANCE: Final = 24.0


class PaddleOcrEngine:
    """PP-OCRv6 on one thread. Not for use by several threads at once."""

    def __init__(self, directory: Path | None = None) -> None:
        """``directory`` holds the models that ``prepare`` derived; without them the package's own are used."""
        models = find_models(directory or model_directory())
        self._load(models)

    @property
    def version(self) -> str:
        """Names the models and the pipeline around them."""
        return self._version

    def quarters(self, picture: NDArray[np.uint8]) -> int:
        """Quarters by which the RGB picture has to be turned clockwise to stand upright. A page is only turned when its
        own lines are read better so.
        """
        turned, sure = self._orientation.guess(picture)
        return turned if sure and not turned else self._best_way(picture, turned if sure else 0)

    def read(self, picture: NDArray[np.uint8], flattening: Flattening | None = None) -> Sequence[Word]:
        """Words of the RGB picture in reading order; ``line`` counts detected lines, ``confidence`` is the probability
        of the word's least sure glyph. With a ``flattening``, boxes are on the flat page, and words beside it left out.
        """
        clean = _denoised(picture)
        read = (self._read_line(cut_strips(clean, quad)) for quad in self._detector.find(clean))
        height, width = picture.shape[:2]
        page = flattening or Flattening(matrix=np.eye(3), width=width, height=height)
        lines = [list(_words(strip, reading, page)) for strip, reading in read if reading.mean >= _WORTHLESS]
        return [
            replace(word, line=number)
            for number, line in enumerate(_in_reading_order([line for line in lines if line]))
            for word in line
        ]

    def _load(self, models: Models) -> None:
        self._version = f"{models.version} pipeline {_PIPELINE}"
        self._detector = Detector(models.detector)
        self._orientation = Orientation(models.orientation)
        self._quick = Recogniser(models.quick)
        self._careful = None if models.careful is None else Recogniser(models.careful)

    def _best_way(self, picture: NDArray[np.uint8], guess: int) -> int:
        """Some lines read both ways that they can run; the guess stands where there are too few or no way is better."""
        lines, upright = direction_of(self._detector.find(picture))
        if len(lines) < _ENOUGH_LINES:
            return guess
        ways = (1, 3) if upright else (0, 2)
        pairs = [cut_both_ways(picture, quad, upright=upright) for quad in lines]
        means = [mean(self._quick.read(pair[side].pixels).mean for pair in pairs) for side in (0, 1)]
        if abs(means[0] - means[1]) < _SLACK and guess in ways:
            return guess
        return ways[0] if means[0] >= means[1] else ways[1]

    def _read_line(self, strips: Sequence[Strip]) -> tuple[Strip, Reading]:
        readings = [(strip, self._quick.read(strip.pixels)) for strip in strips]
        strip, quick = max(readings, key=lambda pair: pair[1].mean)
        if self._careful is None or not quick.glyphs or quick.worst >= _UNSURE:
            return strip, quick
        careful = self._careful.read(strip.pixels)
        return strip, careful if careful.mean >= quick.mean - _SLACK else quick


def _denoised(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A noisy photograph is softened a little; a clean page stays as it is."""
    if _noise(picture) < _NOISY:
        return picture
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), _BLUR), np.uint8)


def _noise(picture: NDArray[np.uint8]) -> float:
    """Standard deviation of the noise, by the median answer to a mask blind to edges (Immerkær 1996)."""
    mask = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)
    answer = np.abs(cv2.filter2D(cv2.cvtColor(picture[::2, ::2], cv2.COLOR_RGB2GRAY).astype(np.float32), -1, mask))
    return float(np.median(answer)) / 0.6745 / 6


def _in_reading_order(lines: Sequence[list[Word]]) -> Iterator[list[Word]]:
    """Rows from top to bottom, lines of a row from left to right."""
    if not lines:
        return
    height = median(line[0].box.bottom - line[0].box.top for line in lines)
    row: list[list[Word]] = []
    for line in sorted(lines, key=_middle):
        if row and _middle(line) - _middle(row[0]) > _SAME_ROW * height:
            yield from sorted(row, key=lambda line: line[0].box.left)
            row = []
        row.append(line)
    yield from sorted(row, key=lambda line: line[0].box.left)


def _middle(line: Sequence[Word]) -> float:
    return mean((word.box.top + word.box.bottom) / 2 for word in line)


def _words(strip: Strip, reading: Reading, page: Flattening) -> Iterator[Word]:
    words = list(reading.words())
    for word, (left, right) in zip(words, _extents(words, float(strip.pixels.shape[1])), strict=True):
        box = page.box(strip.part(left, right))
        if page.holds(box):
            yield Word("".join(glyph.text for glyph in word), box, min(glyph.probability for glyph in word))


def _extents(words: Sequence[tuple[Glyph, ...]], width: float) -> Iterator[tuple[float, float]]:
    """Where each word begins and ends: half a glyph around its outer glyphs, and not into its neighbours."""
    half = _advance(words) / 2
    limit = 0.0
    for position, word in enumerate(words):
        last = position + 1 == len(words)
        room = width if last else (word[-1].middle + words[position + 1][0].middle) / 2
        left, right = max(word[0].middle - half, limit), min(word[-1].middle + half, room)
        yield left, right
        limit = right


def _advance(words: Sequence[tuple[Glyph, ...]]) -> float:
    """The usual distance between neighbours of a word."""
    distances = [following.middle - glyph.middle for word in words for glyph, following in pairwise(word)]
    return median(distances) if distances else _USUAL_ADVANCE
