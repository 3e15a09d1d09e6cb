"""Reads one picture as a page: turned upright first, so that every box refers to what a person looks at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np

from app.modules.imports.domain.page import Page
from app.modules.imports.ports import OcrEngine

if TYPE_CHECKING:
    from numpy.typing import NDArray


class PageEngine(OcrEngine, Protocol):
    """An engine that can also tell how a page lies."""

    def quarters(self, picture: NDArray[np.uint8]) -> int:
        """Quarters by which the RGB picture has to be turned clockwise to stand upright."""


def turn_upright(picture: NDArray[np.uint8], engine: PageEngine) -> NDArray[np.uint8]:
    """The picture as it is read; codes on it are to be looked for on this one, so that their boxes fit."""
    return np.ascontiguousarray(np.rot90(picture, -engine.quarters(picture)))


def read_page(picture: NDArray[np.uint8], number: int, engine: PageEngine) -> Page:
    """``picture`` is RGB, ``number`` 1-based. Width, height and boxes are in pixels of the upright picture."""
    upright = turn_upright(picture, engine)
    height, width = upright.shape[:2]
    return Page(number=number, width=width, height=height, words=tuple(engine.read(upright)), source="ocr")
