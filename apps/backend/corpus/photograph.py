"""Makes of a clean page what a scanner or a telephone makes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from corpus.chance import Chance

    Picture = NDArray[np.uint8]

_TABLES: Final = ((92, 70, 52), (60, 60, 66), (150, 130, 105), (40, 55, 70))
_LONG_SIDES: Final = (1500, 1800, 2200, 2600)
_TURNS: Final = {"0": 82, "1": 6, "2": 6, "3": 6}


def photograph(picture: Picture, chance: Chance) -> tuple[Picture, int]:
    """The RGB page as a telephone or a scanner sees it, and the JPEG quality that it is kept in."""
    seen = _seen_by_phone(picture, chance) if chance.likely(0.6) else _seen_by_scanner(picture, chance)
    turns = int(chance.weighted(_TURNS))
    return np.ascontiguousarray(np.rot90(seen, turns)), chance.choice((35, 50, 65, 80, 90))


def scan(picture: Picture, chance: Chance) -> Picture:
    """The RGB page as a scanner sees it, the right way up."""
    return np.ascontiguousarray(_seen_by_scanner(picture, chance))


def _seen_by_phone(picture: Picture, chance: Chance) -> Picture:
    stained = _creased(_stained(picture, chance), chance)
    laid = _on_table(_shrunk(stained, chance), chance)
    lit = _lit(laid, chance)
    return _grainy(_blurred(lit, chance), chance, strongest=9.0)


def _seen_by_scanner(picture: Picture, chance: Chance) -> Picture:
    page = _shrunk(picture, chance)
    height, width = page.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), chance.uniform(-1.8, 1.8), 1.0)
    page = np.asarray(
        cv2.warpAffine(page, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=(252, 252, 252)), np.uint8
    )
    if chance.likely(0.5):
        page = np.repeat(cv2.cvtColor(page, cv2.COLOR_RGB2GRAY)[:, :, None], 3, axis=2)
    faded = page.astype(np.float32) * chance.uniform(0.75, 1.0) + chance.uniform(0, 45)
    return _grainy(_blurred(_clipped(faded), chance), chance, strongest=6.0)


def _shrunk(picture: Picture, chance: Chance) -> Picture:
    """To what the lens resolves: a long side of 1500 to 2600 pixels, never so narrow that no one could read it."""
    height, width = picture.shape[:2]
    factor = min(1.0, max(chance.choice(_LONG_SIDES) / max(height, width), 700 / min(height, width)))
    return np.asarray(cv2.resize(picture, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA), np.uint8)


def _on_table(page: Picture, chance: Chance) -> Picture:
    """Lying on a table, seen at an angle."""
    height, width = page.shape[:2]
    margin = round(0.07 * max(height, width))
    slip = 0.03 * min(height, width)
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    places = corners + margin + np.array([[chance.uniform(-slip, slip), chance.uniform(-slip, slip)] for _ in corners])
    matrix = cv2.getPerspectiveTransform(corners, places.astype(np.float32))
    colour = chance.choice(_TABLES)
    size = (width + 2 * margin, height + 2 * margin)
    seen = cv2.warpPerspective(page, matrix, size, flags=cv2.INTER_CUBIC, borderValue=colour)
    return np.asarray(seen, np.uint8)


def _lit(picture: Picture, chance: Chance) -> Picture:
    """A lamp to one side, and now and then the shadow of a hand."""
    height, width = picture.shape[:2]
    across = np.linspace(chance.uniform(0.65, 1.0), chance.uniform(0.8, 1.05), width, dtype=np.float32)
    down = np.linspace(chance.uniform(0.75, 1.0), chance.uniform(0.75, 1.0), height, dtype=np.float32)
    light = down[:, None] * across[None, :]
    if chance.likely(0.5):
        shadow = np.ones((height, width), np.float32)
        edge = [(0, height), (0, chance.randint(0, height)), (chance.randint(0, width), height)]
        cv2.fillPoly(shadow, [np.array(edge, np.int32)], (chance.uniform(0.55, 0.8),))
        light *= cv2.GaussianBlur(shadow, (0, 0), width / 40)
    tint: NDArray[np.float32] = np.array([1.0, chance.uniform(0.94, 1.0), chance.uniform(0.82, 1.0)], np.float32)
    return _clipped(np.asarray(picture * light[:, :, None] * tint, np.float32))


def _stained(picture: Picture, chance: Chance) -> Picture:
    page = picture.copy()
    for _ in range(chance.choice((0, 0, 1, 2))):
        height, width = page.shape[:2]
        layer = np.full_like(page, 255)
        centre = (chance.randint(0, width), chance.randint(0, height))
        radius = round(chance.uniform(0.04, 0.1) * min(height, width))
        cv2.circle(layer, centre, radius, (205, 180, 140), chance.choice((-1, max(2, radius // 6))))
        soft = cv2.GaussianBlur(layer, (0, 0), 4).astype(np.float32) / 255
        page = _clipped(np.asarray(page * soft, np.float32))
    return page


def _creased(picture: Picture, chance: Chance) -> Picture:
    if not chance.likely(0.4):
        return picture
    page, (height, width) = picture.astype(np.float32), picture.shape[:2]
    crease = np.zeros((height, width), np.float32)
    row = chance.randint(height // 4, 3 * height // 4)
    cv2.line(crease, (0, row), (width, row + chance.randint(-30, 30)), (1.0,), 3)
    depth = chance.choice((40, -40)) * np.asarray(cv2.GaussianBlur(crease, (0, 0), 3), np.float32)
    return _clipped(page - depth[:, :, None])


def _blurred(picture: Picture, chance: Chance) -> Picture:
    spread = chance.choice((0.0, 0.4, 0.7, 1.0))
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), spread), np.uint8) if spread else picture


def _grainy(picture: Picture, chance: Chance, *, strongest: float) -> Picture:
    noise = np.random.default_rng(chance.randrange(2**31)).normal(0, chance.uniform(0, strongest), picture.shape)
    return _clipped(picture.astype(np.float32) + noise.astype(np.float32))


def _clipped(values: NDArray[np.float32]) -> Picture:
    return np.clip(values, 0, 255).astype(np.uint8)
