"""Tells how a page lies: upright, on a side, or upside down."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from app.modules.imports.adapters.ocr.models import open_session

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

_SHORT_SIDE: Final = 256
_SIDE: Final = 224
_SURE: Final = 0.6
_MEAN: Final = np.array([0.485, 0.456, 0.406], np.float32) * 255
_DEVIATION: Final = np.array([0.229, 0.224, 0.225], np.float32) * 255


class Orientation:
    """One call of a small classifier a page."""

    def __init__(self, model: Path) -> None:
        self._session = open_session(model)
        self._input = self._session.get_inputs()[0].name

    def quarters(self, picture: NDArray[np.uint8]) -> int:
        """Quarters by which the RGB picture has to be turned clockwise to stand upright; 0 in doubt."""
        scores = self._session.run(None, {self._input: _prepared(picture)})[0][0]
        turned = int(scores.argmax())
        return -turned % 4 if scores[turned] >= _SURE else 0


def _prepared(picture: NDArray[np.uint8]) -> NDArray[np.float32]:
    height, width = picture.shape[:2]
    factor = _SHORT_SIDE / min(height, width)
    size = max(_SIDE, round(width * factor)), max(_SIDE, round(height * factor))
    shrunk = cv2.resize(picture, size, interpolation=cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR)
    left, top = (size[0] - _SIDE) // 2, (size[1] - _SIDE) // 2
    middle = shrunk[top : top + _SIDE, left : left + _SIDE, ::-1].astype(np.float32)
    return np.ascontiguousarray(((middle - _MEAN) / _DEVIATION).transpose(2, 0, 1)[None], np.float32)
