"""Draws text, rules, tables and codes on a PDF, measured in points from the top left of the page."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from reportlab.graphics import renderPDF
from reportlab.graphics.barcode.code128 import Code128
from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.pdfbase.pdfmetrics import registerFont, stringWidth
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

if TYPE_CHECKING:
    from collections.abc import Sequence

PAPERS: Final = {"a4": (595.0, 842.0), "landscape": (842.0, 595.0), "letter": (612.0, 792.0), "a5": (420.0, 595.0)}
_BOLD: Final = {
    "Helvetica": "Helvetica-Bold",
    "Times-Roman": "Times-Bold",
    "Courier": "Courier-Bold",
    "Vera": "VeraBd",
}
_ASCENT: Final = 0.78
_PADDING: Final = 3.0
_LEADING: Final = 1.28
_FULL: Final = 100.0

for _name in ("Vera", "VeraBd"):
    registerFont(TTFont(_name, f"{_name}.ttf"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Typeface:
    """A family at its usual size; ``stretch`` in percent makes other faces of it."""

    family: str
    size: float
    stretch: float = 100.0
    leading: float = _LEADING


@dataclass(frozen=True, slots=True, kw_only=True)
class Ink:
    """How a piece of text is set. ``size`` is a factor of the usual size; ``colour`` is red, green, blue."""

    size: float = 1.0
    bold: bool = False
    align: str = "left"
    colour: tuple[float, float, float] = (0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a table: its heading, width and side."""

    heading: str
    width: float
    align: str = "left"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """Which lines a table has: any of grid, outline, head, rows, zebra, dark (a filled heading)."""

    marks: frozenset[str] = field(default_factory=frozenset)
    accent: tuple[float, float, float] = (0.2, 0.2, 0.2)


BLACK: Final = Ink()
WHITE: Final = (1.0, 1.0, 1.0)


class Paper:
    """One PDF while it is drawn."""

    def __init__(self, size: tuple[float, float], face: Typeface, margin: float = 42.0) -> None:
        self.width, self.height = size
        self.face, self.margin = face, margin
        self._buffer = io.BytesIO()
        self._canvas: Any = Canvas(self._buffer, pagesize=size, invariant=1)
        self.page = 1

    @property
    def leading(self) -> float:
        """From line to line at the usual size."""
        return self.face.size * self.face.leading

    def length(self, text: str, ink: Ink = BLACK) -> float:
        """Width of a text."""
        font, size = self._font(ink)
        return float(stringWidth(text, font, size)) * self.face.stretch / _FULL

    def text(self, x: float, y: float, text: str, ink: Ink = BLACK) -> float:
        """Sets one line whose top is at ``y``; ``x`` is its left, right or middle. Returns the top of the next line."""
        font, size = self._font(ink)
        width = self.length(text, ink)
        left = {"left": x, "right": x - width, "centre": x - width / 2}[ink.align]
        line = self._canvas.beginText(left, self.height - y - size * _ASCENT - 1)
        line.setFont(font, size)
        line.setHorizScale(self.face.stretch)
        line.setFillColorRGB(*ink.colour)
        line.textOut(text)
        self._canvas.drawText(line)
        return y + size * self.face.leading

    def lines(self, x: float, y: float, texts: Sequence[str], ink: Ink = BLACK) -> float:
        """Several lines below each other."""
        for text in texts:
            y = self.text(x, y, text, ink)
        return y

    def paragraph(self, x: float, y: float, width: float, text: str, ink: Ink = BLACK) -> float:
        """Broken into lines that fit."""
        return self.lines(x, y, self.wrapped(text, width, ink), ink)

    def wrapped(self, text: str, width: float, ink: Ink = BLACK) -> list[str]:
        """The text in lines that fit the width."""
        found = [""]
        for word in text.split():
            longer = f"{found[-1]} {word}".strip()
            if found[-1] and self.length(longer, ink) > width:
                found.append(word)
            else:
                found[-1] = longer
        return found

    def rule(self, left: float, right: float, y: float, weight: float = 0.6) -> None:
        """A line across."""
        self._canvas.setStrokeColorRGB(0, 0, 0)
        self._canvas.setLineWidth(weight)
        self._canvas.line(left, self.height - y, right, self.height - y)

    def upright_rule(self, x: float, top: float, bottom: float) -> None:
        self._canvas.setLineWidth(0.6)
        self._canvas.line(x, self.height - top, x, self.height - bottom)

    def box(self, corners: tuple[float, float, float, float], fill: tuple[float, float, float] | None = None) -> None:
        """Left, top, right, bottom; filled without an outline, or outlined."""
        left, top, right, bottom = corners
        if fill is not None:
            self._canvas.setFillColorRGB(*fill)
        self._canvas.setStrokeColorRGB(0, 0, 0)
        self._canvas.setLineWidth(0.6)
        self._canvas.rect(
            left, self.height - bottom, right - left, bottom - top, stroke=fill is None, fill=fill is not None
        )

    def table(
        self, x: float, y: float, columns: Sequence[Column], rows: Sequence[Sequence[str]], ruling: Ruling
    ) -> float:
        """Headings and rows of one line each; returns the bottom."""
        y = self.table_head(x, y, columns, ruling)
        for number, row in enumerate(rows):
            y = self.table_row(x, y, columns, [[cell] for cell in row], ruling if number % 2 else _even(ruling))
        return y

    def table_head(self, x: float, y: float, columns: Sequence[Column], ruling: Ruling) -> float:
        """The headings, where there are any."""
        if not any(column.heading for column in columns):
            return y
        bottom = y + self.leading + 2
        dark = "dark" in ruling.marks
        if dark:
            self.box((x, y, x + sum(column.width for column in columns), bottom), ruling.accent)
        ink = Ink(bold=True, colour=WHITE) if dark else Ink(bold="plain" not in ruling.marks)
        self._cells(x, y + 1, columns, [[column.heading] for column in columns], ink)
        self._rules(x, (y, bottom), columns, ruling, head=True)
        return bottom

    def table_row(
        self, x: float, y: float, columns: Sequence[Column], cells: Sequence[Sequence[str]], ruling: Ruling
    ) -> float:
        """One row whose cells may have several lines."""
        bottom = y + self.leading * max(len(cell) for cell in cells) + 2
        if "even" in ruling.marks:
            self.box((x, y, x + sum(column.width for column in columns), bottom), (0.93, 0.93, 0.95))
        self._cells(x, y + 1, columns, cells, BLACK)
        self._rules(x, (y, bottom), columns, ruling, head=False)
        return bottom

    def qr(self, x: float, y: float, side: float, text: str) -> None:
        """A QR code of level M."""
        widget = QrCodeWidget(text, barLevel="M")
        left, bottom, right, top = widget.getBounds()
        drawing = Drawing(side, side, transform=(side / (right - left), 0, 0, side / (top - bottom), 0, 0))
        drawing.add(widget)
        renderPDF.draw(drawing, self._canvas, x, self.height - y - side)

    def barcode(self, x: float, y: float, width: float, text: str) -> None:
        """Code 128 of 28 points height."""
        code = Code128(text, barHeight=28, barWidth=1)
        code = Code128(text, barHeight=28, barWidth=width / (code.width + 20), quiet=0)
        code.drawOn(self._canvas, x, self.height - y - 28)

    def next_page(self) -> None:
        self._canvas.showPage()
        self.page += 1

    def finish(self) -> bytes:
        """The PDF."""
        self._canvas.save()
        return self._buffer.getvalue()

    def _font(self, ink: Ink) -> tuple[str, float]:
        family = self.face.family
        return (_BOLD[family] if ink.bold else family), self.face.size * ink.size

    def _cells(self, x: float, y: float, columns: Sequence[Column], cells: Sequence[Sequence[str]], ink: Ink) -> None:
        for column, lines in zip(columns, cells, strict=True):
            at = {"left": x + _PADDING, "right": x + column.width - _PADDING, "centre": x + column.width / 2}[
                column.align
            ]
            self.lines(at, y, lines, Ink(size=ink.size, bold=ink.bold, align=column.align, colour=ink.colour))
            x += column.width

    def _rules(
        self, x: float, span: tuple[float, float], columns: Sequence[Column], ruling: Ruling, *, head: bool
    ) -> None:
        marks, right = ruling.marks, x + sum(column.width for column in columns)
        if "grid" in marks or "rows" in marks or ("head" in marks and head):
            self.rule(x, right, span[1])
        if ("grid" in marks or "head" in marks) and head:
            self.rule(x, right, span[0])
        if "grid" in marks or "upright" in marks:
            for column in columns:
                self.upright_rule(x, *span)
                x += column.width
            self.upright_rule(x, *span)


def _even(ruling: Ruling) -> Ruling:
    return Ruling(marks=ruling.marks | {"even"}, accent=ruling.accent) if "zebra" in ruling.marks else ruling
