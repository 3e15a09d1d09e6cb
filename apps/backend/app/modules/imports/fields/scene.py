"""Reads cells of a page as names: joins what wide type or a line break tore apart, and leaves out ids and headings."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.modules.imports.fields.folding import fold
from app.modules.imports.fields.layout import Cell, around
from app.modules.imports.fields.names import bare_name, has_legal_form, is_address, is_legal_form, likeness, trimmed

if TYPE_CHECKING:
    from app.modules.imports.domain.canonical import Box
    from app.modules.imports.fields.addresses import Address
    from app.modules.imports.fields.labelling import Label, Labels
    from app.modules.imports.fields.layout import Sheet
    from app.modules.imports.fields.taxids import TaxId
    from app.modules.imports.fields.zones import Zone

_MISREAD = re.compile(r"(?<=[A-Z])0(?=[A-Z0])|(?<=[A-Z]0)0(?=[A-Z])|(?<=[A-Z])0(?![^\W_])|(?<![^\W_])0(?=[a-z]{2})")
"""A zero among capitals or before small letters, as OCR reads the letter O."""
_GLUED_FORM = re.compile(r"(?<=[A-Z]{3})(?=SDN\.? ?BHD|S\.[LA]\.|GMBH\b|CIA\. ?LTDA)")
"""Where OCR lost the space before a legal form."""
_SIGN = re.compile(
    r"^(?:estacion de servicio|area de servicio|gasolinera|bar|cafe|cafeteria|cerveceria|restaurante?|asador|meson|"
    r"taberna|sidreria|jatetxea|hotel|hostal|pension|supermercado|farmacia|panaderia|pasteleria|fruteria|carniceria|"
    r"pescaderia|papeleria|libreria|ferreteria|parking|aparcamiento|tienda|bazar|peluqueria|almacen)\s+\S"
)
"""What begins the sign over a door: the trade, then the place's own name."""
_LEADS = frozenset({"buyer", "supplier", "party", "recipient", "holder"})
_COMPANY = 4.0
"""A line that is sure to be a company's name looks more like one than this."""
_WIDE = 2.0
_OFF_CENTRE = 4.0
_SMALLER, _LARGER = 0.7, 1.4
"""The second line of a name is set in the same type size."""


@dataclass(frozen=True, slots=True)
class NameFound:
    """A party's name as printed."""

    text: str
    page: int
    box: Box
    score: float
    confidence: float


@dataclass(frozen=True, slots=True)
class Scene:
    """What the choice of names and ids looks at."""

    sheet: Sheet
    labels: Labels
    zones: tuple[Zone, ...]
    addresses: tuple[Address, ...]
    ids: tuple[TaxId, ...]
    table: tuple[int, int]
    """First and last row of the table of lines, where nobody is named."""
    issuer: str | None = None
    """The tax id that a fiscal code says the document was issued by."""

    def in_zone(self, role: str, page: int, box: Box) -> bool:
        roles = {role, "recipient"} if role == "buyer" else {role}
        return any(zone.role in roles and zone.holds(page, box) for zone in self.zones)


def read_name(scene: Scene, cell: Cell) -> NameFound | None:
    """A cell read as a name, with the line below when only both together carry the legal form."""
    cell = _without_ids(scene, _without_lead(scene, cell))
    text = trimmed(cell.text)
    if not text or _is_headings(scene, cell):
        return None
    if not has_legal_form(text):
        cell = _to_the_right(cell)
        text = trimmed(cell.text)
    cells = [cell]
    if not has_legal_form(text):
        below = next_line(scene, cell)
        if (
            below is not None
            and has_legal_form(f"{text} {trimmed(below.text)}")
            and _continues(text, trimmed(below.text))
        ):
            text = f"{text} {trimmed(below.text)}"
            cells.append(below)
    if scene.sheet.source == "ocr":
        text = _GLUED_FORM.sub(" ", _MISREAD.sub("O", text))
    box = around(each.box for each in cells)
    confidence = min(token.confidence for each in cells for token in each.tokens)
    return NameFound(text, cell.row.page, box, likeness(text), confidence)


def _without_lead(scene: Scene, cell: Cell) -> Cell:
    """Without the label that begins it: ``Razón social Talleres Alba, S.L.``"""
    lead = next((label for label in scene.labels.in_row(cell.row) if label.tokens[0] is cell.tokens[0]), None)
    if lead is None or not lead.roles & _LEADS or len(lead.key) < len("srsra"):
        return cell
    rest = Cell(cell.row, cell.tokens[len(lead.tokens) :])
    return rest if rest.tokens and cell.tokens[: len(lead.tokens)] == lead.tokens and _is_apart(lead, rest) else cell


def _is_apart(lead: Label, rest: Cell) -> bool:
    """The label is no part of the name: it ends in a mark, is longer than what firms begin with, or a whole company's
    name follows.
    """
    marked = lead.tokens[-1].text[-1:] in ":.;-" or len(lead.tokens) > 1 or len(lead.key) >= len("denominacio")
    return marked or likeness(trimmed(rest.text)) > _COMPANY


def _without_ids(scene: Scene, cell: Cell) -> Cell:
    taken = [token for each in scene.ids if each.row is cell.row for token in each.tokens]
    kept = tuple(token for token in cell.tokens if token not in taken)
    return Cell(cell.row, kept) if kept and len(kept) < len(cell.tokens) else cell


def _is_headings(scene: Scene, cell: Cell) -> bool:
    """Mostly labels: the head of a table, not a name."""
    labelled = [
        token for label in scene.labels.in_row(cell.row) for token in label.tokens if len(label.key) > len("de")
    ]
    covered = sum(token in labelled for token in cell.tokens)
    return covered * 2 > len(cell.tokens) and not has_legal_form(cell.text)


def _continues(text: str, below: str) -> bool:
    """The line under a broken name is short, and the name above it is no complete line of its own kind, nor the sign
    over the door with the whole name below.
    """
    if has_legal_form(below) and not is_legal_form(below) and _SIGN.match(fold(text)):
        return False
    rest = bare_name(f" {below}").split()
    repeated = bool(rest) and has_legal_form(below) and rest[0].strip(",.") in fold(text)
    return likeness(text) > 0 and len(rest) <= 1 and not repeated and not is_address(text)


def _to_the_right(cell: Cell) -> Cell:
    """A name in wide type, whose spaces look like gaps between columns."""
    cells = cell.row.cells()
    after = [other for other in cells if other.box.left > cell.box.right]
    joined = cell
    for other in after:
        if other.box.left - joined.box.right > _WIDE * cell.height:
            break
        joined = Cell(cell.row, (*joined.tokens, *other.tokens))
        if has_legal_form(joined.text):
            return joined
    return cell


def next_line(scene: Scene, cell: Cell) -> Cell | None:
    for row in scene.sheet.rows[cell.row.number + 1 : cell.row.number + 3]:
        if row.page != cell.row.page or row.box.top - cell.box.bottom > 1.2 * cell.height:
            return None
        for other in row.cells():
            if _lined_up(cell, other) and _SMALLER < other.height / max(cell.height, 1.0) < _LARGER:
                return other
    return None


def _lined_up(cell: Cell, other: Cell) -> bool:
    """By the left edge or by the middle."""
    centred = abs((other.box.left + other.box.right) - (cell.box.left + cell.box.right)) < _OFF_CENTRE * cell.height
    return abs(other.box.left - cell.box.left) < cell.height or centred
