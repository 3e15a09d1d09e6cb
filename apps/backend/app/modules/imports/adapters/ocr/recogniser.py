"""Reads a line of text: one row of glyph probabilities a step (CTC), and the glyphs that stand out of it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, Final

import numpy as np

from app.modules.imports.adapters.ocr.models import latin_classes, open_session

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from app.modules.imports.adapters.ocr.models import RecogniserModel

HEIGHT: Final = 48
_NARROWEST: Final = 64
_MULTIPLE: Final = 16
_SPACE: Final = 0.3
"""A gap is a space from this probability on: the models are shy of spaces (word recall 75 → 85 % on receipts)."""
_WIDE_SPACE: Final = 0.1
"""The same where the glyphs also stand apart, which letters of wide type do only a little."""
_APART: Final = 1.2
"""Times the usual distance from glyph to glyph of the line."""


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character, the place of its middle in the strip (pixels), and its probability."""

    text: str
    middle: float
    probability: float


@dataclass(frozen=True, slots=True)
class Reading:
    """What a strip says; spaces are glyphs too."""

    glyphs: tuple[Glyph, ...]

    @property
    def mean(self) -> float:
        """Mean probability of the glyphs; 0 for an empty strip."""
        return sum(glyph.probability for glyph in self.glyphs) / len(self.glyphs) if self.glyphs else 0.0

    @property
    def worst(self) -> float:
        """Probability of the least sure glyph; 0 for a strip without any. Spaces do not count: recognisers are rarely
        sure of one, and a second look makes it no surer.
        """
        return min((glyph.probability for glyph in self.glyphs if glyph.text != " "), default=0.0)

    def words(self) -> Iterator[tuple[Glyph, ...]]:
        """The glyphs between the spaces."""
        word: list[Glyph] = []
        for glyph in self.glyphs:
            if glyph.text != " ":
                word.append(glyph)
            elif word:
                yield tuple(word)
                word = []
        if word:
            yield tuple(word)


class Recogniser:
    """Reads strips of ``HEIGHT`` pixels."""

    def __init__(self, model: RecogniserModel) -> None:
        self._session = open_session(model.path)
        self._input = self._session.get_inputs()[0].name
        latin = latin_classes(model.characters)
        self._kept = None if len(latin) == len(model.characters) else np.array(latin)
        self._characters = tuple(model.characters[index] for index in latin)

    def read(self, strip: NDArray[np.uint8]) -> Reading:
        """``strip`` is RGB and ``HEIGHT`` pixels high; it is padded to a width the model likes."""
        return decode(*self.probabilities(strip), self._characters)

    def probabilities(self, strip: NDArray[np.uint8]) -> tuple[NDArray[np.float32], float]:
        """Steps × classes, and the pixels a step."""
        batch = to_batch(strip)
        width = batch.shape[3]
        steps: NDArray[np.float32] = self._session.run(None, {self._input: batch})[0][0]
        if self._kept is not None:
            steps = steps[:, self._kept]
            steps = steps / steps.sum(axis=1, keepdims=True)
        return steps, width / len(steps)


def decode(probabilities: NDArray[np.float32], stride: float, characters: Sequence[str]) -> Reading:
    """The glyphs that stand out of steps × classes, ``stride`` pixels a step; the first class is the blank."""
    space = characters.index(" ")
    runs = list(_runs(probabilities.argmax(axis=1)))
    apart = _APART * _usual_distance(runs)
    glyphs: list[Glyph] = []
    end_before = 0
    for index, start, end in runs:
        gap = probabilities[end_before:start, space]
        sure = float(probabilities[start:end, index].max())  # it may take a step to become sure
        glyph = Glyph(characters[index], (start + end) / 2 * stride, sure)
        if glyphs and gap.size and " " not in (glyphs[-1].text, glyph.text):
            wide = glyph.middle - glyphs[-1].middle > apart * stride
            if gap.max() > (_WIDE_SPACE if wide else _SPACE):
                glyphs.append(Glyph(" ", (end_before + start) / 2 * stride, 1.0))
        glyphs.append(glyph)
        end_before = end
    return Reading(tuple(glyphs))


def to_batch(strip: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The RGB strip as the models take it: one picture, BGR planes, -1 to 1, padded to a width they like."""
    width = -(-max(strip.shape[1], _NARROWEST) // _MULTIPLE) * _MULTIPLE
    batch = np.zeros((1, 3, HEIGHT, width), np.float32)
    batch[0, :, :, : strip.shape[1]] = strip[:, :, ::-1].transpose(2, 0, 1) * np.float32(1 / 127.5) - 1
    return batch


def _usual_distance(runs: Sequence[tuple[int, int, int]]) -> float:
    """Steps from the middle of a glyph to that of the next one."""
    distances = [(after[1] + after[2] - before[1] - before[2]) / 2 for before, after in pairwise(runs)]
    return median(distances) if distances else 0.0


def _runs(best: NDArray[np.intp]) -> Iterator[tuple[int, int, int]]:
    """(class, first step, step after the last) of each stretch of one class that is not blank."""
    edges = np.flatnonzero(np.diff(best, prepend=-1, append=-1))
    for start, end in pairwise(edges.tolist()):
        if best[start]:
            yield int(best[start]), start, end
