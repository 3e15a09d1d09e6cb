"""Makes a photographed page lie flat: cut out of its background, level, and with ink that stands out from the paper.

Conservative: whatever is not clear is left as it is, and a clean scan comes back unchanged or merely levelled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

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


def flatten_photo(picture: Picture) -> Picture:
    """The RGB picture cut to its paper and with its contrast restored, each only where it is clearly called for."""
    return strengthen_contrast(crop_paper(picture))


def crop_paper(picture: Picture) -> Picture:
    """The sheet seen from straight above, when one clear quadrilateral lies on an even background."""
    height, width = picture.shape[:2]
    factor = _WORKING_SIDE / max(height, width)
    small = cv2.resize(picture, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    corners = _paper_corners(small)
    if corners is None:
        return picture
    corners = corners / factor
    top_left, top_right, bottom_right, bottom_left = corners
    across = max(_distance(top_left, top_right), _distance(bottom_left, bottom_right))
    down = max(_distance(top_left, bottom_left), _distance(top_right, bottom_right))
    target = np.array([[0, 0], [across, 0], [across, down], [0, down]], np.float32)
    transform = cv2.getPerspectiveTransform(corners.astype(np.float32), target)
    size = round(across), round(down)
    cropped: Picture = cv2.warpPerspective(
        picture, transform, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return cropped


def level_lines(picture: Picture) -> Picture:
    """The upright RGB picture turned so that its lines of text run level, when they clearly do so at another angle."""
    angle = _line_angle(picture)
    if abs(angle) < _LEVEL:
        return picture
    height, width = picture.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    level: Picture = cv2.warpAffine(
        picture, turn, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return level


def strengthen_contrast(picture: Picture) -> Picture:
    """A faint print (worn thermal paper, a dark photograph) stretched to the full range; anything else unchanged."""
    grey = cv2.cvtColor(picture[::4, ::4], cv2.COLOR_RGB2GRAY)
    dark, light = np.percentile(grey, (0.5, 99.5))
    if not _QUIET < light - dark < _FAINT_RANGE:
        return picture
    stretched = (picture.astype(np.float32) - dark) * (255 / (light - dark))
    return np.clip(stretched, 0, 255).astype(np.uint8)


def _paper_corners(small: Picture) -> NDArray[np.float32] | None:
    """Corners of the sheet: top left, top right, bottom right, bottom left."""
    sheet = _largest_outline(_foreground(small))
    if sheet is None:
        return None
    area = cv2.contourArea(sheet)
    if not _PAPER_SHARE[0] < area / (small.shape[0] * small.shape[1]) < _PAPER_SHARE[1]:
        return None
    outline = cv2.approxPolyDP(cv2.convexHull(sheet), _STRAIGHT * cv2.arcLength(sheet, closed=True), closed=True)
    corners = outline.reshape(-1, 2).astype(np.float32)
    if len(corners) != 4 or area < _FILLED * cv2.contourArea(corners):  # noqa: PLR2004 # a quadrilateral
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
    closed: Picture = cv2.morphologyEx(unlike, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
    return closed


def _largest_outline(mask: Picture) -> NDArray[np.int32] | None:
    outlines, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    return max(outlines, key=cv2.contourArea, default=None)


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


def _line_angle(picture: Picture) -> float:
    """Degrees by which lines of text fall to the right: the slope along which the feet of the letters line up best."""
    height, width = picture.shape[:2]
    factor = min(1.0, _LEVELLING_SIDE / max(height, width))
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    small = cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    ink = cv2.adaptiveThreshold(small, 1, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 25, 15)
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


def _distance(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    return float(np.linalg.norm(one - other))
