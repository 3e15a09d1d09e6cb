"""Cuts a line out of a page as a level strip, and finds places in the strip again on the page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from app.modules.imports.adapters.ocr.recogniser import HEIGHT

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

    def part(self, left: float, right: float) -> NDArray[np.float32]:
        """Corners on the page of the part of the strip between two places (pixels of the strip)."""
        width = self.pixels.shape[1]
        start, end = (min(max(place / width, 0.0), 1.0) for place in (left, right))
        top_left, top_right, bottom_right, bottom_left = self.corners
        above, below = top_right - top_left, bottom_right - bottom_left
        return np.array(
            [top_left + above * start, top_left + above * end, bottom_left + below * end, bottom_left + below * start],
            np.float32,
        )


def cut_strips(picture: NDArray[np.uint8], quad: NDArray[np.float32]) -> tuple[Strip, ...]:
    """One strip of a line that runs across; two of a line that stands upright: read downwards, and read upwards."""
    width, height = sides_of(quad)
    if height <= _UPRIGHT_ASPECT * width:
        return (_cut(picture, quad),)
    return _cut(picture, np.roll(quad, -1, axis=0)), _cut(picture, np.roll(quad, 1, axis=0))


def cut_both_ways(picture: NDArray[np.uint8], quad: NDArray[np.float32], *, upright: bool) -> tuple[Strip, Strip]:
    """A line along the way that it may run, and against it: upwards and downwards where it stands upright."""
    turns = (1, -1) if upright else (0, 2)
    one, other = (_cut(picture, np.roll(quad, turn, axis=0)) for turn in turns)
    return one, other


def _cut(picture: NDArray[np.uint8], corners: NDArray[np.float32]) -> Strip:
    width, height = sides_of(corners)
    length = min(max(_NARROWEST, round(HEIGHT * width / height)), _WIDEST)
    if height * _MUCH_SMALLER > HEIGHT:  # interpolation alone would skip pixels
        level = _warped(picture, corners, (round(width), round(height)), cv2.INTER_LINEAR)
        pixels = np.asarray(cv2.resize(level, (length, HEIGHT), interpolation=cv2.INTER_AREA), np.uint8)
    else:
        pixels = _warped(picture, corners, (length, HEIGHT), cv2.INTER_CUBIC)
    return Strip(corners=corners, pixels=pixels)


def _warped(
    picture: NDArray[np.uint8], corners: NDArray[np.float32], size: tuple[int, int], interpolation: int
) -> NDArray[np.uint8]:
    width, height = size
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    transform = cv2.getPerspectiveTransform(np.ascontiguousarray(corners), target)
    warped = cv2.warpPerspective(picture, transform, size, flags=interpolation, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(warped, np.uint8)


def sides_of(corners: NDArray[np.float32]) -> tuple[float, float]:
    """Width and height of a quadrilateral in pixels."""
    top_left, top_right, bottom_right, bottom_left = corners
    width = max(np.linalg.norm(top_right - top_left), np.linalg.norm(bottom_right - bottom_left))
    height = max(np.linalg.norm(bottom_left - top_left), np.linalg.norm(bottom_right - top_right))
    return max(float(width), 1.0), max(float(height), 1.0)
