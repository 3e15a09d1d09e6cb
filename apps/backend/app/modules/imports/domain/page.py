"""Pages as words with boxes: what a PDF's text layer, an OCR engine and a barcode reader all answer with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.modules.imports.domain.canonical import Box


@dataclass(frozen=True, slots=True)
class Word:
    """One run of glyphs without a space. ``box`` is in the page's units; confidence is 0 to 1 (1 for a text layer)."""

    text: str
    box: Box
    confidence: float = 1.0
    line: int | None = None
    """Index of the printed line within its source (an OCR line, a text-layer line), where the source knows it."""
    drawn: bool = False
    """Read by OCR although the page has a text layer: a letterhead that is a picture."""


@dataclass(frozen=True, slots=True)
class Code:
    """A machine-readable code on the page: ``symbology`` as zxing names it (QRCode, Code128 …)."""

    symbology: str
    text: str
    box: Box


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page. Units are PDF points for PDFs and pixels of the upright picture for images."""

    number: int
    """1-based."""
    width: float
    height: float
    words: tuple[Word, ...]
    codes: tuple[Code, ...] = ()
    source: str = "text"
    """``text`` (text layer) or ``ocr``."""
    notes: tuple[str, ...] = ()
    """Codes of what the page has to be looked at for; they become findings of its document."""
