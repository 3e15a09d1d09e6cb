"""Finds machine-readable codes on a page: QR (VERI*FACTU), Code 128 (SRI access key), PDF417 and Data Matrix."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import cv2
import zxingcpp

from app.modules.imports.domain.canonical import Box
from app.modules.imports.domain.page import Code

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

_FORMATS: Final = zxingcpp.BarcodeFormats(
    (
        zxingcpp.BarcodeFormat.QRCode,
        zxingcpp.BarcodeFormat.Code128,
        zxingcpp.BarcodeFormat.PDF417,
        zxingcpp.BarcodeFormat.DataMatrix,
    )
)


class ZxingCodeReader:
    """Codes by zxing-cpp, in the order in which they are found."""

    def read(self, picture: NDArray[np.uint8]) -> Sequence[Code]:
        """Codes whose checks pass, with boxes in pixels of the RGB picture. Bytes that are no text are left out."""
        grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
        found = zxingcpp.read_barcodes(grey, formats=_FORMATS)
        return [Code(code.format.name, code.text, _box(code.position)) for code in found if code.valid and code.text]


def place_codes(codes: Sequence[Code], picture: NDArray[np.uint8], width: float) -> tuple[Code, ...]:
    """The codes found on a rendering of a page, in the units of that page, whose width is given."""
    factor = width / picture.shape[1]
    return tuple(replace(code, box=_scaled(code.box, factor)) for code in codes)


def _scaled(box: Box, factor: float) -> Box:
    return Box(box.left * factor, box.top * factor, box.right * factor, box.bottom * factor)


def _box(position: zxingcpp.Position) -> Box:
    points = (position.top_left, position.top_right, position.bottom_right, position.bottom_left)
    across, down = [float(point.x) for point in points], [float(point.y) for point in points]
    return Box(min(across), min(down), max(across), max(down))
