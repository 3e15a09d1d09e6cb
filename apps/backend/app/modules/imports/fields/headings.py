"""Finds the headings of a sheet that name a kind of document, and says how much each looks like a heading."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from app.modules.imports.domain.canonical import DocumentType
from app.modules.imports.fields.folding import fold, squash
from app.modules.imports.fields.references import corrects
from app.modules.imports.fields.title_words import OTHER_PAPERS, TITLE_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.modules.imports.fields.layout import Cell, Sheet

_FAMILY_OF_TITLES: Final = tuple(
    (kind, tuple(squash(title) for title in titles.split("|"))) for kind, titles in TITLE_WORDS.items()
)
_OTHERS: Final = tuple(squash(title) for title in OTHER_PAPERS.split("|"))
_NOT_TITLES: Final = re.compile(
    r"(?:factura|invoice|rechnung)\s+(?:rectificada|original|asociada|anulada)|\bde la factura\b|\bsu factura\b|"
    r"rectifica\b|comprobante que se modifica|"
    r"\bdocumento sustento\b|invoice to\b",
)
_DELIVERED: Final = re.compile(r"albaran\w*[:\s]+\S*\d")
"""``Albarán 25F04442``: the delivery that lines of an invoice belong to, or the heading of a delivery note."""
_LARGE: Final = 1.3
_HEAD_OF_PAGE: Final = 0.25
STRONG: Final = 3.0
"""Nothing but the words of the heading, and perhaps a number."""
HEADED: Final = 2.0
"""The words begin a short row."""
_MENTIONED: Final = 1.0
_SHORT_ROW: Final = 6
_COLUMNS: Final = 3
_PRICED: Final = frozenset({
    DocumentType.INVOICE, DocumentType.SIMPLIFIED_INVOICE, DocumentType.CORRECTIVE_INVOICE, DocumentType.CREDIT_NOTE,
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Title:
    """A heading: ``form`` is how much it looks like one, ``weight`` adds its size and place."""

    kind: DocumentType
    form: float
    weight: float
    text: str


def find_titles(sheet: Sheet) -> Iterator[Title]:
    """Headings that name a kind of document, with their weight; more specific kinds weigh a little more."""
    rows = len(sheet.rows)
    usual = max(sheet.rows[rows // 2].height, 1.0)
    for cell in sheet.cells:
        text = fold(cell.text)
        if _NOT_TITLES.search(text) or (_DELIVERED.search(text) and not _stands_out(sheet, cell, usual)):
            continue
        if corrects(cell.row, cell.tokens[0].start):
            continue
        place = min(1.0, max(0.0, cell.height / usual - 1.0)) - 1.5 * cell.row.number / rows
        for rank, (kind, titles) in enumerate(_FAMILY_OF_TITLES):
            form = _form(cell.text, titles)
            if form and kind not in _PRICED and _heads_column(cell):
                form = _MENTIONED
            if form:
                yield Title(kind, form, form + place - 0.02 * rank, cell.text)


def _stands_out(sheet: Sheet, cell: Cell, usual: float) -> bool:
    """In large print, at the head of the first page."""
    first = sheet.rows[0]
    below = cell.row.number - first.number
    rows = sum(1 for row in sheet.rows if row.page == first.page)
    return cell.row.page == first.page and cell.height >= _LARGE * usual and below <= _HEAD_OF_PAGE * rows


def _form(text: str, titles: tuple[str, ...]) -> float:
    key = squash(text)
    bare = re.sub(r"\d+", "", key)
    if bare in titles or key in titles:
        return STRONG
    words = text.split()
    for length in range(min(_SHORT_ROW, len(words)), 0, -1):
        if squash(" ".join(words[:length])) in titles:
            return HEADED if len(words) - length <= _SHORT_ROW else _MENTIONED
    return 0.0


def other_paper(sheet: Sheet) -> str | None:
    """The heading that calls it a contract, a payslip, an order …"""
    head = len(sheet.rows) // 3 + 1
    cells = (cell for cell in sheet.cells if cell.row.number - sheet.rows[0].number < head)
    return next((cell.text for cell in cells if _form(cell.text, _OTHERS) >= HEADED), None)


def _heads_column(cell: Cell) -> bool:
    """``Albarán | Servicio | Bultos | Porte``: one word of the head of a table, over numbers of other documents."""
    row = cell.row
    return len(row.cells()) >= _COLUMNS and not any(char.isdigit() for char in row.text)
