"""Reads pictures of documents: lines are found, read by a quick recogniser, and where it is unsure by a careful one."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from app.modules.imports.adapters.ocr.detector import Detector
from app.modules.imports.adapters.ocr.models import find_models, model_directory
from app.modules.imports.adapters.ocr.orientation import Orientation
from app.modules.imports.adapters.ocr.recogniser import Recogniser
from app.modules.imports.adapters.ocr.strips import cut_strips
from app.modules.imports.domain.page import Word

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from app.modules.imports.adapters.ocr.models import Models
    from app.modules.imports.adapters.ocr.recogniser import Glyph, Reading
    from app.modules.imports.adapters.ocr.strips import Strip

_PIPELINE: Final = 1
_UNSURE: Final = 0.6
_SLACK: Final = 0.05
"""A careful reading counts although its mean is this much lower: the quick one is surer than it should be."""
_WORTHLESS: Final = 0.5
_NOISY: Final = 6.0
_BLUR: Final = 0.7
_SAME_ROW: Final = 0.5


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
        """Quarters by which the RGB picture has to be turned clockwise to stand upright."""
        return self._orientation.quarters(picture)

    def read(self, picture: NDArray[np.uint8]) -> Sequence[Word]:
        """Words of the RGB picture in reading order; ``line`` counts detected lines, ``confidence`` is the probability
        of the word's least sure glyph.
        """
        clean = _denoised(picture)
        read = [self._read_line(cut_strips(clean, quad)) for quad in self._detector.find(clean)]
        kept = [(strip, reading) for strip, reading in read if reading.mean >= _WORTHLESS]
        return [
            word
            for number, (strip, reading) in enumerate(_in_reading_order(kept))
            for word in _words(strip, reading, number)
        ]

    def _load(self, models: Models) -> None:
        self._version = f"{models.version} pipeline {_PIPELINE}"
        self._detector = Detector(models.detector)
        self._orientation = Orientation(models.orientation)
        self._quick = Recogniser(models.quick)
        self._careful = None if models.careful is None else Recogniser(models.careful)

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
    softened: NDArray[np.uint8] = cv2.GaussianBlur(picture, (0, 0), _BLUR)
    return softened


def _noise(picture: NDArray[np.uint8]) -> float:
    """Standard deviation of the noise, by the median answer to a mask blind to edges (Immerkær 1996)."""
    mask = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)
    answer = np.abs(cv2.filter2D(cv2.cvtColor(picture[::2, ::2], cv2.COLOR_RGB2GRAY).astype(np.float32), -1, mask))
    return float(np.median(answer)) / 0.6745 / 6


def _in_reading_order(lines: Sequence[tuple[Strip, Reading]]) -> Iterator[tuple[Strip, Reading]]:
    """Rows from top to bottom, lines of a row from left to right."""
    if not lines:
        return
    height = median(float(np.ptp(strip.corners[:, 1])) for strip, _ in lines)
    row: list[tuple[Strip, Reading]] = []
    for line in sorted(lines, key=lambda line: line[0].corners[:, 1].mean()):
        if row and line[0].corners[:, 1].mean() - row[0][0].corners[:, 1].mean() > _SAME_ROW * height:
            yield from sorted(row, key=lambda line: line[0].corners[:, 0].min())
            row = []
        row.append(line)
    yield from sorted(row, key=lambda line: line[0].corners[:, 0].min())


def _words(strip: Strip, reading: Reading, number: int) -> Iterator[Word]:
    words = list(reading.words())
    half = _advance(words) / 2
    limit = 0.0
    for position, word in enumerate(words):
        following = words[position + 1][0].middle if position + 1 < len(words) else float(strip.pixels.shape[1])
        right = min(word[-1].middle + half, (word[-1].middle + following) / 2)
        if position + 1 == len(words):
            right = max(right, min(following, word[-1].middle + 2 * half))
        left = max(word[0].middle - half, limit)
        limit = right
        text = "".join(glyph.text for glyph in word)
        yield Word(text, strip.box(left, right), min(glyph.probability for glyph in word), number)


def _advance(words: Sequence[tuple[Glyph, ...]]) -> float:
    """The usual distance between neighbours of a word."""
    distances = [b.middle - a.middle for word in words for a, b in zip(word, word[1:], strict=False)]
    return median(distances) if distances else 24.0
