"""Makes a photographed page lie flat: cut out of its background, level, and with ink that stands out from the paper.

Conservative: whatever is not clear is left as it is, and a clean scan comes back unchanged or merely levelled.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from app.modules.imports.domain.canonical import Box

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Picture = NDArray[np.uint8]

_WORKING_SIDE: Final = 640
_BORDER: Final = 0.015
_UNLIKE_BACKGROUND: Final = 34
_UNIFORM_BACKGROUND: Final = 24
_PAPER_SHARE: Final = (0.2, 0.94)
_FILLED: Final = 0.95
_PAPER_NOT_INK: Final = 80
_OTHER_PAPER: Final = 14
"""A sheet's colour is so unlike what it lies on; inside a printed table the paper is the same as around it."""
_STRAIGHT: Final = 0.02
_CORNER_COSINE: Final = 0.35
_LEVELLING_SIDE: Final = 1200
_LEVEL: Final = 0.25
_STEEPEST: Final = 15.0
_ENOUGH_FEET: Final = 300
_MAX_FEET: Final = 20_000
_CLEARLY_BETTER: Final = 1.1
_FAINT_RANGE: Final = 110
_QUIET: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Flattening:
    """How a picture maps to its page lying flat: pixels through ``matrix`` (3 × 3) to a page of the size given.

    Places are mapped rather than the picture: letters drawn anew by a second interpolation are read worse.
    """

    matrix: NDArray[np.float64]
    width: int
    height: int

    def box(self, corners: NDArray[np.float32]) -> Box:
        """The corners (four pairs) on the flat page, as the rectangle around them."""
        flat = cv2.perspectiveTransform(corners.reshape(-1, 1, 2).astype(np.float64), self.matrix).reshape(-1, 2)
        (left, top), (right, bottom) = flat.min(axis=0).tolist(), flat.max(axis=0).tolist()
        return Box(left, top, right, bottom)

    def holds(self, box: Box) -> bool:
        """Whether the middle of the box lies on the page, not beside it."""
        across, down = (box.left + box.right) / 2, (box.top + box.bottom) / 2
        return 0 <= across < self.width and 0 <= down < self.height

    def picture(self, picture: Picture) -> Picture:
        """The page as a person may look at it, to which the mapped boxes fit."""
        return _warped(picture, self.matrix, (self.width, self.height), cv2.INTER_CUBIC)


def find_flattening(picture: Picture) -> Flattening:
    """For an upright RGB picture: the paper cut out of its background, then its lines level, each only when clear."""
    paper = _paper(picture)
    factor = min(1.0, _LEVELLING_SIDE / max(paper.width, paper.height))
    shrink = np.diag([factor, factor, 1.0])
    size = max(1, round(paper.width * factor)), max(1, round(paper.height * factor))
    angle = _line_angle(_warped(picture, shrink @ paper.matrix, size, cv2.INTER_LINEAR))
    if abs(angle) < _LEVEL:
        return paper
    turn = np.vstack([cv2.getRotationMatrix2D((paper.width / 2, paper.height / 2), angle, 1.0), [0, 0, 1]])
    return Flattening(matrix=turn @ paper.matrix, width=paper.width, height=paper.height)


def strengthen_contrast(picture: Picture) -> Picture:
    """A faint print (worn thermal paper) stretched to the full range; one with any dark mark comes back unchanged."""
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    softened = cv2.blur(grey, (3, 3))
    dark, light = float(softened.min()), float(np.median(softened))
    if not _QUIET < light - dark < _FAINT_RANGE:
        return picture
    return np.asarray(np.clip((picture.astype(np.float32) - dark) * (255 / (light - dark)), 0, 255), np.uint8)


def _paper(picture: Picture) -> Flattening:
    """The sheet seen from straight above, when one clear quadrilateral lies on an even background."""
    height, width = picture.shape[:2]
    factor = min(1.0, _WORKING_SIDE / max(height, width))
    small = cv2.resize(picture, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    corners = _paper_corners(np.asarray(small, np.uint8))
    if corners is None:
        return Flattening(matrix=np.eye(3), width=width, height=height)
    corners = corners / factor
    top_left, top_right, bottom_right, bottom_left = corners
    across = max(_distance(top_left, top_right), _distance(bottom_left, bottom_right))
    down = max(_distance(top_left, bottom_left), _distance(top_right, bottom_right))
    target = np.array([[0, 0], [across, 0], [across, down], [0, down]], np.float32)
    matrix = cv2.getPerspectiveTransform(corners.astype(np.float32), target)
    return Flattening(matrix=np.asarray(matrix, np.float64), width=round(across), height=round(down))


def _paper_corners(small: Picture) -> NDArray[np.float32] | None:
    """Corners of the sheet: top left, top right, bottom right, bottom left."""
    sheet = _largest_outline(_foreground(small))
    if sheet is None or not _is_other_paper(small, sheet):
        return None
    area = cv2.contourArea(sheet)
    if not _PAPER_SHARE[0] < area / (small.shape[0] * small.shape[1]) < _PAPER_SHARE[1]:
        return None
    outline = cv2.approxPolyDP(cv2.convexHull(sheet), _STRAIGHT * cv2.arcLength(sheet, closed=True), closed=True)
    corners = outline.reshape(-1, 2).astype(np.float32)
    if len(corners) != 4 or area < _FILLED * cv2.contourArea(corners):  # noqa: PLR2004  (a quadrilateral)
        return None
    ordered = _ordered(corners)
    return ordered if all(cosine < _CORNER_COSINE for cosine in _corner_cosines(ordered)) else None


def _foreground(small: Picture) -> Picture:
    """What differs from the colour along the picture's edge; nothing where that edge is of many colours."""
    lab = cv2.cvtColor(cv2.GaussianBlur(small, (5, 5), 0), cv2.COLOR_RGB2LAB).astype(np.int16)
    margin = max(2, round(_BORDER * max(small.shape[:2])))
    edge = np.concatenate([
        lab[:margin].reshape(-1, 3), lab[-margin:].reshape(-1, 3),
        lab[:, :margin].reshape(-1, 3), lab[:, -margin:].reshape(-1, 3),
    ])  # fmt: skip
    background = np.median(edge, axis=0)
    if np.median(np.abs(edge - background).max(axis=1)) > _UNIFORM_BACKGROUND:
        return np.zeros(small.shape[:2], np.uint8)
    unlike = (np.abs(lab - background).max(axis=2) > _UNLIKE_BACKGROUND).astype(np.uint8)
    return np.asarray(cv2.morphologyEx(unlike, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8)), np.uint8)


def _largest_outline(mask: Picture) -> NDArray[np.int32] | None:
    outlines, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    largest = max(outlines, key=cv2.contourArea, default=None)
    return None if largest is None else np.asarray(largest, np.int32)


def _is_other_paper(small: Picture, outline: NDArray[np.int32]) -> bool:
    """Whether the usual colour within an outline differs from the usual colour around it."""
    within = np.zeros(small.shape[:2], np.uint8)
    cv2.fillPoly(within, [outline], (1,))
    lab = cv2.cvtColor(small, cv2.COLOR_RGB2LAB).astype(np.int16)
    inside, around = (np.percentile(lab[within == side], _PAPER_NOT_INK, axis=0) for side in (1, 0))
    return bool(np.abs(inside - around).max() > _OTHER_PAPER)


def _ordered(corners: NDArray[np.float32]) -> NDArray[np.float32]:
    sums, differences = corners.sum(axis=1), corners[:, 0] - corners[:, 1]
    chosen = [sums.argmin(), differences.argmax(), sums.argmax(), differences.argmin()]
    ordered: NDArray[np.float32] = corners[chosen]
    return ordered


def _corner_cosines(corners: NDArray[np.float32]) -> Iterator[float]:
    """How far each corner is from a right angle; two corners in one place count as hopeless."""
    for index in range(4):
        one = corners[index - 1] - corners[index]
        other = corners[(index + 1) % 4] - corners[index]
        lengths = float(np.linalg.norm(one) * np.linalg.norm(other))
        yield abs(float(one @ other)) / lengths if lengths else 1.0


def _line_angle(small: Picture) -> float:
    """Degrees by which lines of text fall to the right: the slope along which the feet of the letters line up best."""
    grey = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY)
    ink = cv2.adaptiveThreshold(grey, 1, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 25, 15)
    down, across = np.nonzero(ink[:-1] > ink[1:])
    if len(down) < _ENOUGH_FEET:
        return 0.0
    every = -(-len(down) // _MAX_FEET)
    feet = down[::every].astype(np.float32), across[::every].astype(np.float32)
    level = _alignment(feet, 0.0)
    best = max(np.arange(-_STEEPEST, _STEEPEST, 0.5).tolist(), key=lambda angle: _alignment(feet, angle))
    best = max((best + np.arange(-0.45, 0.5, 0.05)).tolist(), key=lambda angle: _alignment(feet, angle))
    return best if _alignment(feet, best) > _CLEARLY_BETTER * level else 0.0


def _alignment(feet: tuple[NDArray[np.float32], NDArray[np.float32]], angle: float) -> float:
    """Large when many feet share few rows after turning back by the angle."""
    down, across = feet
    slope = np.radians(angle)
    rows = down * np.cos(slope) - across * np.sin(slope)
    counts = np.bincount((rows - rows.min()).astype(np.intp)).astype(np.float64)
    return float(counts @ counts)


def _warped(picture: Picture, matrix: NDArray[np.float64], size: tuple[int, int], interpolation: int) -> Picture:
    warped = cv2.warpPerspective(picture, matrix, size, flags=interpolation, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(warped, np.uint8)


def _distance(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    return float(np.linalg.norm(one - other))
