"""Finds postal addresses in the upper part of the first page: blocks of lines that end in a postal code and a town."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.modules.imports.fields.folding import fold
from app.modules.imports.fields.layout import overlap
from app.modules.imports.fields.names import is_contact, likeness, trimmed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.modules.imports.fields.labelling import Labels
    from app.modules.imports.fields.layout import Cell, Sheet

_TOWN = re.compile(
    r"^(?:[a-z]{1,2}[\s\-]+)?\d{4,5}(?:\s?[a-z]{2})?,?\s+[a-z' .\-()]{3,}"
    r"|^[a-z' .\-]{3,},?\s(?:[a-z]{2}\s)?\d{5}$"
)
_SENDER = re.compile(r"\s*[●•·|]\s*|\s+[-–—*]\s+|,\s+")
_HEADS = frozenset({"number", "issue_date", "buyer", "supplier", "tax_id"})
_PIECES = 3
_LINES = 6
_UPPER = 0.45
_FOLLOWING = 4


@dataclass(frozen=True, slots=True)
class Address:
    """A block of lines from the name to the town; ``sender`` is the small line over it that names the writer."""

    lines: tuple[Cell, ...]
    sender: Cell | None
    reachable: bool
    """A telephone, an address on the web or a tax id follows: people print these of
    themselves, not of their customers."""


def find_addresses(sheet: Sheet, labels: Labels) -> tuple[Address, ...]:
    """The addresses of the first page's upper part, from top to bottom."""
    return tuple(_addresses(sheet, labels))


def _addresses(sheet: Sheet, labels: Labels) -> Iterator[Address]:
    first = sheet.pages[0] if sheet.pages else None
    head = [
        cell
        for cell in sheet.cells
        if first is not None and cell.row.page == first.number and cell.box.top < _UPPER * first.height
    ]
    labelled = {id(label.tokens[0]) for label in labels.all if label.roles & _HEADS and len(label.key) > len("de")}
    for cell in head:
        if _TOWN.search(fold(cell.text)) and not is_contact(cell.text):
            lines, sender = _upwards(head, cell, labelled)
            if len(lines) > 1:
                yield Address(lines, sender, _is_reachable(head, lines, labels))


def _upwards(head: list[Cell], town: Cell, labelled: set[int]) -> tuple[tuple[Cell, ...], Cell | None]:
    """The lines over the town, as long as they start at the same left edge without a wide gap."""
    lines = [town]
    for cell in reversed(head):
        if cell.row.number >= lines[0].row.number or len(lines) == _LINES:
            continue
        if (
            abs(cell.box.left - town.box.left) > 1.5 * town.height
            or lines[0].box.top - cell.box.bottom > 3 * town.height
        ):
            continue
        if _is_sender(cell):
            return tuple(lines), cell
        if id(cell.tokens[0]) in labelled or is_contact(cell.text) or _TOWN.search(fold(cell.text)):
            break
        lines.insert(0, cell)
    return tuple(lines), None


def _apart(cell: Cell, town: Cell, below: Cell) -> bool:
    """Another column, or too far above the line below."""
    return abs(cell.box.left - town.box.left) > 1.5 * town.height or below.box.top - cell.box.bottom > 3 * town.height


def _is_reachable(head: list[Cell], lines: tuple[Cell, ...], labels: Labels) -> bool:
    town, last = lines[-1].box, lines[-1].row.number
    ids = {id(label.tokens[0]) for label in labels.of("tax_id")}
    return any(
        overlap(cell.box, town) > 0 and (is_contact(cell.text) or id(cell.tokens[0]) in ids)
        for cell in head
        if 0 <= cell.row.number - last <= _FOLLOWING
    )


def _is_sender(cell: Cell) -> bool:
    """``Name · Street 1 · 12345 Town`` on one line."""
    pieces = _SENDER.split(cell.text)
    coded = any(_TOWN.search(fold(piece)) for piece in pieces[1:])
    return len(pieces) >= _PIECES and coded and likeness(trimmed(pieces[0])) > 0
