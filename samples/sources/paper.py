"""Drawing on pages: a sheet with text at places, ruled tables of amounts, and codes."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Final

import reportlab
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from PIL import Image

FONTS: Final = Path(reportlab.__file__).parent / "fonts"
_HEIGHT: Final = A4[1]


class Sheet:
    """One A4 page; places are millimetres from its top left corner."""

    def __init__(self, title: str, font: str = "Helvetica") -> None:
        self._written = io.BytesIO()
        self._canvas = Canvas(self._written, pagesize=A4, invariant=1)
        self._canvas.setTitle(title)
        self._font, self._bold = font, f"{font}-Bold"
        if font == "Vera":
            self._bold = "VeraBd"
            pdfmetrics.registerFont(TTFont("Vera", str(FONTS / "Vera.ttf")))
            pdfmetrics.registerFont(TTFont("VeraBd", str(FONTS / "VeraBd.ttf")))

    def text(self, at: tuple[float, float], text: str, size: float = 9, *, bold: bool = False) -> None:
        """Left-aligned."""
        self._canvas.setFont(self._bold if bold else self._font, size)
        self._canvas.drawString(at[0] * mm, _HEIGHT - at[1] * mm, text)

    def right(self, at: tuple[float, float], text: str, size: float = 9, *, bold: bool = False) -> None:
        """Right-aligned, ending at the place."""
        self._canvas.setFont(self._bold if bold else self._font, size)
        self._canvas.drawRightString(at[0] * mm, _HEIGHT - at[1] * mm, text)

    def block(self, at: tuple[float, float], lines: Sequence[str], size: float = 9, leading: float = 4.6) -> None:
        """Lines one below the other, the first in bold."""
        for place, line in enumerate(lines):
            self.text((at[0], at[1] + place * leading), line, size, bold=place == 0)

    def row(self, top: float, cells: Sequence[str], edges: Sequence[float], *, bold: bool = False) -> None:
        """A row of a table: the first cells up to a text end left-aligned, those after ``0`` edges right-aligned."""
        for cell, edge in zip(cells, edges, strict=True):
            (self.right if edge > _FIRST_RIGHT_EDGE else self.text)((edge, top), cell, bold=bold)

    def rule(self, top: float, left: float = 18, right: float = 192) -> None:
        """A thin line across."""
        self._canvas.setLineWidth(0.4)
        self._canvas.line(left * mm, _HEIGHT - top * mm, right * mm, _HEIGHT - top * mm)

    def box(self, at: tuple[float, float], size: tuple[float, float]) -> None:
        """An empty frame."""
        self._canvas.setLineWidth(0.6)
        self._canvas.rect(at[0] * mm, _HEIGHT - (at[1] + size[1]) * mm, size[0] * mm, size[1] * mm)

    def picture(self, at: tuple[float, float], size: tuple[float, float], picture: Image.Image) -> None:
        """A code, at a place."""
        corner = (at[0] * mm, _HEIGHT - (at[1] + size[1]) * mm)
        self._canvas.drawImage(ImageReader(picture), *corner, size[0] * mm, size[1] * mm)

    def finish(self) -> bytes:
        """The page as a PDF; the same page gives the same bytes."""
        self._canvas.showPage()
        self._canvas.save()
        return self._written.getvalue()


_FIRST_RIGHT_EDGE: Final = 100


def euros(amount: Decimal) -> str:
    """1.234,56 €."""
    return f"{comma(amount)} €"


def comma(amount: Decimal) -> str:
    """1.234,56."""
    return f"{amount:,.2f}".translate(str.maketrans(",.", ".,"))


def grouped(text: str) -> str:
    """An IBAN in groups of four, as it is printed."""
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))
