"""Draws a PDF page as a picture, and gives up on one that would be drawn for minutes."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING, Any, Final

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_raw

from app.modules.imports.domain.errors import Unreadable, Unsupported

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LONGEST_SECONDS: Final = 12.0
"""A page of an ordinary document takes a hundredth of it."""
_WHITE: Final = (255, 255, 255, 255)
_FLAGS: Final = pdfium_raw.FPDF_ANNOT | pdfium_raw.FPDF_REVERSE_BYTE_ORDER


def draw_page(page: pdfium.PdfPage, scale: float, rotation: int, seconds: float = LONGEST_SECONDS) -> NDArray[np.uint8]:
    """The page as RGB, turned clockwise by 0, 90, 180 or 270 degrees. Raises Unsupported (``page_too_dense``) or
    Unreadable (``pdf_unreadable``).
    """
    width, height = (math.ceil(side * scale) for side in page.get_size())
    if rotation in (90, 270):
        width, height = height, width
    bitmap = pdfium.PdfBitmap.new_native(width, height, pdfium_raw.FPDFBitmap_BGR, rev_byteorder=True)
    try:
        bitmap.fill_rect(_WHITE, 0, 0, width, height)
        _draw(page, bitmap, (0, 0, width, height, rotation // 90, _FLAGS), time.monotonic() + seconds)
        # The bitmap's own memory, which outlives it in the array: a fine page is 60 MB, and once is enough.
        picture: NDArray[np.uint8] = bitmap.to_numpy()
    finally:
        bitmap.close()
    return picture


def _draw(page: pdfium.PdfPage, bitmap: pdfium.PdfBitmap, place: tuple[int, ...], deadline: float) -> None:
    """Between objects pdfium asks whether it should pause; a page that pauses is not gone on with."""

    def is_late(_pause: Any) -> int:  # noqa: ANN401  (a ctypes structure)
        return int(time.monotonic() > deadline)

    pause = pdfium_raw.IFSDK_PAUSE(version=1)
    asked = type(pause.NeedToPauseNow)(is_late)
    pause.NeedToPauseNow = asked
    status = pdfium_raw.FPDF_RenderPageBitmap_Start(bitmap, page, *place, pause)
    pdfium_raw.FPDF_RenderPage_Close(page)
    if status == pdfium_raw.FPDF_RENDER_TOBECONTINUED:
        raise Unsupported("page_too_dense", "drawing the page takes too long")
    if status != pdfium_raw.FPDF_RENDER_DONE:
        raise Unreadable("pdf_unreadable", "the page cannot be drawn")
    if page.formenv:
        pdfium_raw.FPDF_FFLDraw(page.formenv, bitmap, page, *place)
