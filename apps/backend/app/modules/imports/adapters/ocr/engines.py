"""Which engine reads pictures: ``IMPORTS_OCR_ENGINE`` names it, ``IMPORTS_OCR_LANGUAGES`` is for Tesseract."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from app.modules.imports.adapters.ocr.null import NullOcrEngine
from app.modules.imports.adapters.ocr.tesseract import LANGUAGES, TesseractEngine
from app.modules.imports.domain.errors import Transient

if TYPE_CHECKING:
    from app.modules.imports.adapters.ocr.page import PageEngine

ENGINE_VARIABLE: Final = "IMPORTS_OCR_ENGINE"
LANGUAGES_VARIABLE: Final = "IMPORTS_OCR_LANGUAGES"
USUAL: Final = "paddle"


def open_engine(name: str | None = None) -> PageEngine:
    """``paddle`` (unless told otherwise), ``tesseract`` or ``null``. Raises ``Transient('ocr_engine_missing')`` where
    it is not installed and for a name that is none.
    """
    match name or os.environ.get(ENGINE_VARIABLE) or USUAL:
        case "paddle":
            from app.modules.imports.adapters.ocr.engine import PaddleOcrEngine  # noqa: PLC0415  (loads onnxruntime)

            return PaddleOcrEngine()
        case "tesseract":
            return TesseractEngine(os.environ.get(LANGUAGES_VARIABLE) or LANGUAGES)
        case "null":
            return NullOcrEngine()
        case other:
            raise Transient("ocr_engine_missing", f"{ENGINE_VARIABLE} names no engine: {other[:40]}")
