"""Draws a page the way it was read, so that the boxes found on it fit. Runs inside the parser wall."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from app.modules.imports.adapters.ocr.page import flat_picture
from app.modules.imports.stages.file_reading import has_room_for_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from app.modules.imports.adapters.ocr.page import PageEngine
    from app.modules.imports.ports import PageSource


def draw_page(source: PageSource, number: int, engine: Callable[[], PageEngine], longest: int) -> dict[str, Any]:
    """``{"png", "width", "height", "count"}``: the sizes in the units of the page's boxes, the picture no longer than
    ``longest`` pixels a side. ``engine`` is asked only for a page whose picture was read.
    """
    printed = source.text_page(number)
    picture = source.render(number)
    if printed is not None:
        width, height = printed.width, printed.height
    else:
        if has_room_for_text(picture):
            picture = flat_picture(picture, engine())
        height, width = picture.shape[:2]
    return {"png": _png(picture, longest), "width": width, "height": height, "count": source.count}


def _png(picture: NDArray[np.uint8], longest: int) -> bytes:
    height, width = picture.shape[:2]
    factor = min(1.0, longest / max(height, width))
    size = max(1, round(width * factor)), max(1, round(height * factor))
    shown = picture if factor == 1.0 else cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    _, encoded = cv2.imencode(".png", np.ascontiguousarray(shown[:, :, ::-1]))
    return bytes(encoded.tobytes())
