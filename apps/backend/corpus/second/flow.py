"""Sets a page as a word processor does: blocks that flow one below the other, beside each other, and over pages."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeAlias
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY, TA_LEFT, TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Flowable, Paragraph, Preformatted, SimpleDocTemplate, Spacer, Table

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from reportlab.pdfgen.canvas import Canvas

    Cell: TypeAlias = str | Flowable | list[Flowable]

_SIDES: Final = {"l": TA_LEFT, "r": TA_RIGHT, "c": TA_CENTER, "j": TA_JUSTIFY}
_BOLD: Final = {"Helvetica": "Helvetica-Bold", "Times-Roman": "Times-Bold", "Courier": "Courier-Bold"}
_DARK: Final = "#222222"
_LEADING: Final = 1.25
_FULL: Final = 100.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Paper, margins and type of one layout; ``around`` draws what stands outside the flow on every page."""

    size: tuple[float, float] = (595.0, 842.0)
    margins: tuple[float, float, float, float] = (48.0, 44.0, 48.0, 44.0)
    """Left, top, right, bottom."""
    font: str = "Helvetica"
    points: float = 9.5
    around: Callable[[Canvas], None] | None = None

    def say(self, text: str, side: str = "l", *, by: float = 1.0, bold: bool = False, colour: str = _DARK) -> Flowable:
        """A paragraph; ``by`` is a factor of the usual size. Newlines break the line."""
        size = self.points * by
        style = ParagraphStyle(
            "said",
            fontName=_BOLD[self.font] if bold else self.font,
            fontSize=size,
            leading=size * _LEADING,
            alignment=_SIDES[side],
            textColor=HexColor(colour),
        )
        return Paragraph(escape(text).replace("\n", "<br/>"), style)

    def beside(self, *cells: Cell, shares: Sequence[float], marks: Sequence[tuple[Any, ...]] = ()) -> Flowable:
        """Blocks in one row, their widths as shares of the whole."""
        return self.grid([list(cells)], shares, "l" * len(cells), marks=marks, heads=0)

    def grid(
        self,
        rows: Sequence[Sequence[Cell]],
        shares: Sequence[float],
        sides: str,
        *,
        marks: Sequence[tuple[Any, ...]] = (),
        heads: int = 1,
    ) -> Flowable:
        """A table; the first rows are bold and repeat on each page. ``marks`` are reportlab's own style commands."""
        bold = ("TEXTCOLOR", (0, 0), (-1, heads - 1), _DARK)
        white = any(mark[0] == "TEXTCOLOR" and mark[3] == "#ffffff" for mark in marks)
        cells = [
            [
                self.say(cell, side, bold=number < heads, colour="#ffffff" if white and number < heads else _DARK)
                if isinstance(cell, str)
                else cell
                for cell, side in zip(row, sides, strict=True)
            ]
            for number, row in enumerate(rows)
        ]
        usual = [("VALIGN", (0, 0), (-1, -1), "TOP"), ("TOPPADDING", (0, 0), (-1, -1), 2)]
        usual += [("BOTTOMPADDING", (0, 0), (-1, -1), 2), bold]
        return Table(
            cells, [f"{_FULL * share / sum(shares)}%" for share in shares], style=[*usual, *marks], repeatRows=heads
        )

    def box(self, content: list[Flowable], *, fill: str = "") -> Flowable:
        """Content in a frame, or on a coloured ground, as wide as there is room."""
        style = [("BACKGROUND", (0, 0), (-1, -1), fill)] if fill else [("BOX", (0, 0), (-1, -1), 0.7, _DARK)]
        return Table([[content]], [f"{_FULL}%"], style=style)

    def typed(self, lines: Sequence[str], *, by: float = 1.0) -> Flowable:
        """Monospaced text, set exactly as it stands."""
        size = self.points * by
        style = ParagraphStyle("typed", fontName="Courier", fontSize=size, leading=size * 1.15)
        return Preformatted("\n".join(lines), style)

    def print(self, story: Sequence[Flowable]) -> bytes:
        """The PDF."""
        out = io.BytesIO()
        left, top, right, bottom = self.margins
        document = SimpleDocTemplate(
            out,
            pagesize=self.size,
            leftMargin=left - 6,
            rightMargin=right - 6,
            topMargin=top - 6,
            bottomMargin=bottom - 6,
            invariant=1,
        )
        on_page = self._on_page
        document.build(list(story), onFirstPage=on_page, onLaterPages=on_page)
        return out.getvalue()

    def _on_page(self, canvas: Canvas, _document: object) -> None:
        if self.around is not None:
            canvas.saveState()
            self.around(canvas)
            canvas.restoreState()


def gap(points: float) -> Flowable:
    """Empty space down the page."""
    return Spacer(1, points)


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """A document on paper, and the keys of its truth that this layout does not show."""

    pdf: bytes
    hidden: frozenset[str] = field(default_factory=frozenset)
