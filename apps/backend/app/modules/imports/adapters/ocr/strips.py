"""Cuts a line out of a page as a level strip, and finds places in the strip again on the page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from app.modules.imports.adapters.ocr.recogniser import HEIGHT
from app.modules.imports.domain.canonical import Box

if TYPE_CHECKING:
    from numpy.typing import NDArray

_UPRIGHT_ASPECT: Final = 1.5
_NARROWEST: Final = 16
_WIDEST: Final = 3200
_MUCH_SMALLER: Final = 0.6


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """A line of text, ``HEIGHT`` pixels high. ``corners`` are those of the page's quadrilateral in reading order."""

    corners: NDArray[np.float32]
    pixels: NDArray[np.uint8]

    def box(self, left: float, right: float) -> Box:
        """The part of the strip between two places (pixels of the strip) as a box on the page."""
        width = self.pixels.shape[1]
        start, end = (min(max(place / width, 0.0), 1.0) for place in (left, right))
        top_left, top_right, bottom_right, bottom_left = self.corners
        points = np.array([
            top_left + (top_right - top_left) * start,
            top_left + (top_right - top_left) * end,
            bottom_left + (bottom_right - bottom_left) * start,
            bottom_left + (bottom_right - bottom_left) * end,
        ])  # fmt: skip
        (x0, y0), (x1, y1) = points.min(axis=0).tolist(), points.max(axis=0).tolist()
        return Box(x0, y0, x1, y1)


def cut_strips(picture: NDArray[np.uint8], quad: NDArray[np.float32]) -> tuple[Strip, ...]:
    """One strip of a line that runs across; two of a line that stands upright: read downwards, and read upwards."""
    width, height = _sides(quad)
    if height <= _UPRIGHT_ASPECT * width:
        return (_cut(picture, quad),)
    return _cut(picture, np.roll(quad, -1, axis=0)), _cut(picture, np.roll(quad, 1, axis=0))


def _cut(picture: NDArray[np.uint8], corners: NDArray[np.float32]) -> Strip:
    width, height = _sides(corners)
    length = min(max(_NARROWEST, round(HEIGHT * width / height)), _WIDEST)
    if height * _MUCH_SMALLER > HEIGHT:  # interpolation alone would skip pixels
        level = _warped(picture, corners, (round(width), round(height)), cv2.INTER_LINEAR)
        pixels = cv2.resize(level, (length, HEIGHT), interpolation=cv2.INTER_AREA)
    else:
        pixels = _warped(picture, corners, (length, HEIGHT), cv2.INTER_CUBIC)
    return Strip(corners=corners, pixels=pixels)


def _warped(
    picture: NDArray[np.uint8], corners: NDArray[np.float32], size: tuple[int, int], interpolation: int
) -> NDArray[np.uint8]:
    width, height = size
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    transform = cv2.getPerspectiveTransform(np.ascontiguousarray(corners), target)
    warped: NDArray[np.uint8] = cv2.warpPerspective(
        picture, transform, size, flags=interpolation, borderMode=cv2.BORDER_REPLICATE
    )
    return warped


def _sides(corners: NDArray[np.float32]) -> tuple[float, float]:
    top_left, top_right, bottom_right, bottom_left = corners
    width = max(np.linalg.norm(top_right - top_left), np.linalg.norm(bottom_right - bottom_left))
    height = max(np.linalg.norm(bottom_left - top_left), np.linalg.norm(bottom_right - top_right))
    return max(float(width), 1.0), max(float(height), 1.0)
