"""Reads one picture as a page: turned upright and laid flat, so that boxes refer to what a person looks at."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

import numpy as np

from app.modules.imports.adapters.photo_utils import find_flattening, strengthen_contrast
from app.modules.imports.domain.page import Page
from app.modules.imports.ports import OcrEngine

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from app.modules.imports.adapters.photo_utils import Flattening
    from app.modules.imports.domain.page import Code, Word
    from app.modules.imports.ports import CodeReader


class PageEngine(OcrEngine, Protocol):
    """An engine that can also tell how a page lies, and place its words on the page laid flat."""

    def quarters(self, picture: NDArray[np.uint8]) -> int:
        """Quarters by which the RGB picture has to be turned clockwise to stand upright."""

    def read(self, picture: NDArray[np.uint8], flattening: Flattening | None = None) -> Sequence[Word]:
        """As the port says; with a flattening, boxes are on the flat page."""


def read_page(picture: NDArray[np.uint8], number: int, engine: PageEngine, codes: CodeReader | None = None) -> Page:
    """``picture`` is RGB, ``number`` 1-based. Width, height and boxes are in pixels of ``flat_picture``."""
    upright = turn_upright(picture, engine)
    flattening = find_flattening(upright)
    return Page(
        number=number,
        width=flattening.width,
        height=flattening.height,
        words=tuple(engine.read(strengthen_contrast(upright), flattening)),
        codes=() if codes is None else tuple(_flat(code, flattening) for code in codes.read(upright)),
        source="ocr",
    )


def turn_upright(picture: NDArray[np.uint8], engine: PageEngine) -> NDArray[np.uint8]:
    """The picture turned by quarters only, its pixels unchanged."""
    return np.ascontiguousarray(np.rot90(picture, -engine.quarters(picture)))


def flat_picture(picture: NDArray[np.uint8], engine: PageEngine) -> NDArray[np.uint8]:
    """The picture to show beside what ``read_page`` found on the same one."""
    upright = turn_upright(picture, engine)
    return find_flattening(upright).picture(upright)


def _flat(code: Code, flattening: Flattening) -> Code:
    box = code.box
    corners = [(box.left, box.top), (box.right, box.top), (box.right, box.bottom), (box.left, box.bottom)]
    return replace(code, box=flattening.box(np.array(corners, np.float32)))
