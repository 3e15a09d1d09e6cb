"""Finds lines of text on a picture: a segmentation of text pixels (DB, arXiv 1911.08947), and the boxes around them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from app.modules.imports.adapters.ocr.models import open_session

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

_LONG_SIDE: Final = 1280
_MULTIPLE: Final = 32
_PIXEL_THRESHOLD: Final = 0.2
_BOX_THRESHOLD: Final = 0.4
_GROWTH: Final = 1.4
_SMALLEST: Final = 3
_SMALLEST_GROWN: Final = 5
_MAX_LINES: Final = 3000
_MEAN: Final = np.array([0.485, 0.456, 0.406], np.float32) * 255
_DEVIATION: Final = np.array([0.229, 0.224, 0.225], np.float32) * 255
# A till roll shrunk to the long side would be unreadable: it is looked at in bands.
_NARROWEST: Final = 400
_BAND: Final = 2.0
_BAND_OVERLAP: Final = 0.25


class Detector:
    """Lines of text as quadrilaterals."""

    def __init__(self, model: Path) -> None:
        self._session = open_session(model)
        self._input = self._session.get_inputs()[0].name

    def find(self, picture: NDArray[np.uint8]) -> list[NDArray[np.float32]]:
        """Corners of each line in pixels of the picture: top left, top right, bottom right, bottom left."""
        found: list[NDArray[np.float32]] = []
        height, width = picture.shape[:2]
        if height < width:
            return self._find(picture)
        for top, bottom, first, last in _bands(width, height):
            for quad in self._find(picture[top:bottom]):
                middle = float(quad[:, 1].mean()) + top
                if first <= middle < last:
                    found.append(quad + np.array([0, top], np.float32))
        return found

    def _find(self, picture: NDArray[np.uint8]) -> list[NDArray[np.float32]]:
        height, width = picture.shape[:2]
        scores = self._scores(picture)
        scale = np.array([width / scores.shape[1], height / scores.shape[0]], np.float32)
        return [_ordered(quad * scale) for quad in _quads(scores)]

    def _scores(self, picture: NDArray[np.uint8]) -> NDArray[np.float32]:
        height, width = picture.shape[:2]
        factor = min(1.0, _LONG_SIDE / max(height, width))
        size = tuple(max(_MULTIPLE, round(side * factor / _MULTIPLE) * _MULTIPLE) for side in (width, height))
        shrunk = cv2.resize(picture, size, interpolation=cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR)
        normal = (shrunk[:, :, ::-1].astype(np.float32) - _MEAN) / _DEVIATION
        batch = np.ascontiguousarray(normal.transpose(2, 0, 1)[None])
        scores: NDArray[np.float32] = self._session.run(None, {self._input: batch})[0][0, 0]
        return scores


def _bands(width: int, height: int) -> Iterator[tuple[int, int, float, float]]:
    """(top, bottom, first, last): what to look at, and the part of it whose lines count."""
    if width * _LONG_SIDE / height >= min(_NARROWEST, width * 0.8):
        yield 0, height, 0, height
        return
    length = round(_BAND * width)
    step = round(length * (1 - _BAND_OVERLAP))
    margin = (length - step) / 2
    for top in range(0, max(1, height - length + step), step):
        last = top + length >= height
        yield top, min(top + length, height), top + margin if top else 0, height if last else top + step + margin


def _quads(scores: NDArray[np.float32]) -> Iterator[NDArray[np.float32]]:
    text = (scores > _PIXEL_THRESHOLD).astype(np.uint8)
    contours, _ = cv2.findContours(text, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    for outline in contours[:_MAX_LINES]:
        contour = np.asarray(outline, np.int32)
        centre, (width, height), angle = cv2.minAreaRect(contour)
        if min(width, height) < _SMALLEST or _mean_score(scores, contour) < _BOX_THRESHOLD:
            continue
        growth = width * height * _GROWTH / (width + height)
        if min(width, height) + growth >= _SMALLEST_GROWN:
            yield np.asarray(cv2.boxPoints((centre, (width + growth, height + growth), angle)), np.float32)


def _mean_score(scores: NDArray[np.float32], contour: NDArray[np.int32]) -> float:
    left, top, width, height = cv2.boundingRect(contour)
    mask = np.zeros((height, width), np.uint8)
    cv2.fillPoly(mask, [contour - np.array([[left, top]], np.int32)], (1,))
    return float(cv2.mean(scores[top : top + height, left : left + width], mask)[0])


def _ordered(quad: NDArray[np.float32]) -> NDArray[np.float32]:
    by_left = quad[np.argsort(quad[:, 0])]
    left, right = (side[np.argsort(side[:, 1])] for side in (by_left[:2], by_left[2:]))
    return np.array([left[0], right[0], right[1], left[1]], np.float32)
