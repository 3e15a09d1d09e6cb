"""Tells how a page lies: upright, on a side, or upside down."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from app.modules.imports.adapters.ocr.models import open_session
from app.modules.imports.adapters.ocr.strips import sides_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

_SHORT_SIDE: Final = 256
_SIDE: Final = 224
_SURE: Final = 0.85
_LINE_ASPECT: Final = 3.0
_SAMPLE: Final = 10
_MEAN: Final = np.array([0.485, 0.456, 0.406], np.float32) * 255
_DEVIATION: Final = np.array([0.229, 0.224, 0.225], np.float32) * 255


class Orientation:
    """One call of a small classifier a page: a guess, which what the page says may overrule."""

    def __init__(self, model: Path) -> None:
        self._session = open_session(model)
        self._input = self._session.get_inputs()[0].name

    def guess(self, picture: NDArray[np.uint8]) -> tuple[int, bool]:
        """Quarters by which the RGB picture has to be turned clockwise to stand upright, and whether that is sure."""
        scores = self._session.run(None, {self._input: _prepared(picture)})[0][0]
        turned = int(scores.argmax())
        return -turned % 4, bool(scores[turned] >= _SURE)


def direction_of(quads: Sequence[NDArray[np.float32]]) -> tuple[list[NDArray[np.float32]], bool]:
    """The longest lines of the direction in which most lines run, and whether they stand upright on the picture."""
    sized = [(quad, *sides_of(quad)) for quad in quads]
    across = [(quad, width) for quad, width, height in sized if width > _LINE_ASPECT * height]
    upright = [(quad, height) for quad, width, height in sized if height > _LINE_ASPECT * width]
    stands = sum(length for _, length in upright) > sum(length for _, length in across)
    longest = sorted(upright if stands else across, key=lambda each: -each[1])[:_SAMPLE]
    return [quad for quad, _ in longest], stands


def _prepared(picture: NDArray[np.uint8]) -> NDArray[np.float32]:
    height, width = picture.shape[:2]
    factor = _SHORT_SIDE / min(height, width)
    size = max(_SIDE, round(width * factor)), max(_SIDE, round(height * factor))
    shrunk = cv2.resize(picture, size, interpolation=cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR)
    left, top = (size[0] - _SIDE) // 2, (size[1] - _SIDE) // 2
    middle = shrunk[top : top + _SIDE, left : left + _SIDE, ::-1].astype(np.float32)
    return np.ascontiguousarray(((middle - _MEAN) / _DEVIATION).transpose(2, 0, 1)[None], np.float32)
