"""Finds the parts of a page that speak of the buyer and of the supplier, from the labels that head them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.modules.imports.domain.canonical import Box
from app.modules.imports.fields.layout import overlap
from app.modules.imports.fields.names import has_legal_form, trimmed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.modules.imports.fields.labelling import Label, Labels
    from app.modules.imports.fields.layout import Cell, Row, Sheet

_DEPTH = 9
"""Rows that a party's block may go on below its label."""
_PHRASE = 7
"""Labels of so many letters may be followed by a company's name without a colon."""
_FIRST_GAP, _GAP, _CLEAR_GAP = 2.2, 1.3, 0.9
_LINES_TO_KNOW = 2
"""A gap of so many text heights ends a block; under its heading it may be wider."""


@dataclass(frozen=True, slots=True)
class Zone:
    """The cells that belong to one party's label, top to bottom; ``inline`` when the first stands beside it, ``told``
    when something on the page says which party the label means.
    """

    role: str
    label: Label
    cells: tuple[Cell, ...]
    inline: bool
    told: bool = True

    def holds(self, page: int, box: Box) -> bool:
        """Whether a box lies within one of the zone's cells."""
        middle = (box.top + box.bottom) / 2
        return page == self.label.row.page and any(
            cell.box.top <= middle <= cell.box.bottom and overlap(cell.box, box) > 0 for cell in self.cells
        )


def find_zones(sheet: Sheet, labels: Labels) -> tuple[Zone, ...]:
    """One zone for each label of a party, in reading order."""
    by_row: dict[int, list[Cell]] = {}
    for cell in sheet.cells:
        by_row.setdefault(cell.row.number, []).append(cell)
    heads = [
        (label, role)
        for label in labels.all
        for role in ("buyer", "recipient", "supplier", "holder", "party")
        if role in label.roles and (role == "holder" or _is_heading(label, by_row[label.row.number], labels))
    ]
    zones = [_zone(sheet, labels, by_row, label, role) for label, role in heads]
    return tuple(each for each in _sided(zones) if each.role != "party")


def _sided(zones: list[Zone]) -> Iterator[Zone]:
    """A bare ``Razón social:`` says a party's name and not which: it belongs to the block that it stands in; else it
    is the one party that the page names by no other label, in the order supplier, buyer.
    """
    told = [each for each in zones if each.role in {"buyer", "supplier"}]
    loose = [each for each in zones if each.role == "party" and not any(_within(each, other) for other in told)]
    roles = {each.role for each in told}
    sides = [side for side in ("supplier", "buyer") if side not in roles]
    guessed = len(loose) < len(sides)
    if guessed:
        sides = ["buyer"]
    given = {id(each): side for each, side in zip(loose, sides, strict=False)}
    for each in zones:
        yield replace(each, role=given[id(each)], told=not guessed) if id(each) in given else each


def _within(inner: Zone, outer: Zone) -> bool:
    box = inner.label.box
    return outer.holds(inner.label.row.page, box)


def _is_heading(label: Label, cells: list[Cell], labels: Labels) -> bool:
    """A label heads a block when it begins its cell; in the middle of a sentence it is only a word."""
    cell = next((each for each in cells if label.tokens[0] in each.tokens), None)
    if cell is None or cell.tokens[0] is not label.tokens[0]:
        return False
    alone = label.tokens[-1] is cell.tokens[-1] or _said_twice(label, cell, labels)
    if alone or _coloned(label, cell):
        return alone or len(label.key) > len("de")
    rest = cell.text[len(" ".join(token.text for token in label.tokens)) :]
    return len(label.key) >= _PHRASE and has_legal_form(trimmed(rest))


def _said_twice(label: Label, cell: Cell, labels: Labels) -> bool:
    """``Cliente / Customer``: the cell holds nothing but words for the same party."""
    same = [token for each in labels.in_row(label.row) if each.roles & label.roles for token in each.tokens]
    again = any(token in same and token not in label.tokens for token in cell.tokens)
    return again and all(token in same or not any(map(str.isalnum, token.text)) for token in cell.tokens)


def _coloned(label: Label, cell: Cell) -> bool:
    following = _next_text(cell, label)
    return label.tokens[-1].text.endswith((":", ".-")) or following.lstrip(".").startswith(":") or _is_leader(following)


def _is_leader(text: str) -> bool:
    """The dots that lead from a label to its value."""
    return len(text) > 2 and not text.strip(".…")  # noqa: PLR2004 [fewer end an abbreviation]


def _next_text(cell: Cell, label: Label) -> str:
    if label.tokens[-1] not in cell.tokens:  # a label may run on past a gap
        return ""
    position = cell.tokens.index(label.tokens[-1])
    return cell.tokens[position + 1].text


def _zone(sheet: Sheet, labels: Labels, by_row: dict[int, list[Cell]], label: Label, role: str) -> Zone:
    beside = _beside(label, by_row[label.row.number], labels)
    anchor = label.box if not beside else Box(label.box.left, label.box.top, beside[-1].box.right, label.box.bottom)
    below = tuple(_below(sheet, labels, by_row, label, anchor))
    return Zone(role, label, (*beside, *below), inline=bool(beside))


def _beside(label: Label, cells: list[Cell], labels: Labels) -> list[Cell]:
    """What follows the label on its own row, up to the next label."""
    others = [each.start for each in labels.in_row(label.row) if each.start > label.end and _separates(each)]
    end = min(others, default=len(label.row.text) + 1)
    found = []
    for cell in cells:
        tokens = tuple(token for token in cell.tokens if label.end <= token.start < end and token.text.strip(":.-/ "))
        if tokens:
            found.append(type(cell)(cell.row, tokens))
    led = _is_leader((label.row.text[label.end :].split() or [""])[0])
    close = [cell for cell in found if led or cell.box.left - label.box.right < 12 * label.row.height]
    return close[:1] if _tight(label, close) or _in_label_column(label, labels) else []


def _tight(label: Label, cells: list[Cell]) -> bool:
    """Beside only if the label ends in a colon or the text follows without a gap; else it is another column."""
    if not cells:
        return False
    gap = cells[0].box.left - label.box.right
    rest = label.row.text[label.end :]
    coloned = label.tokens[-1].text.endswith(":") or rest.lstrip(" .").startswith(":")
    return coloned or _is_leader((rest.split() or [""])[0]) or gap < label.row.height


def _in_label_column(label: Label, labels: Labels) -> bool:
    """The next rows begin with labels at the same edge: one column of labels, one of what they announce."""
    below = (each for number in (1, 2) for each in labels.by_row.get(label.row.number + number, ()))
    return any(
        each.roles & {"tax_id", "address"}
        and each.row.page == label.row.page
        and abs(each.tokens[0].box.left - label.tokens[0].box.left) < 0.5 * label.row.height
        and not any(
            each.tokens == cell.tokens[: len(each.tokens)] and len(cell.tokens) > len(each.tokens)
            for cell in each.row.cells()
        )
        for each in below
    )


def _separates(label: Label) -> bool:
    """``De`` heads a block only where it stands alone; within a row it is part of a name."""
    return len(label.key) > len("de") and bool(
        label.roles
        & {
            "tax_id",
            "number",
            "issue_date",
            "date",
            "due_date",
            "buyer",
            "recipient",
            "supplier",
            "other_number",
            "operation_date",
            "other_date",
            "section_end",
            "address",
        }
    )


def _below(sheet: Sheet, labels: Labels, by_row: dict[int, list[Cell]], label: Label, anchor: Box) -> Iterator[Cell]:
    """The column under the label, until a gap, another heading or the table begins."""
    bottom = anchor.bottom
    gaps: list[float] = []
    for row in sheet.rows[label.row.number + 1 : label.row.number + 1 + _DEPTH]:
        if row.page != label.row.page or _ends(row, labels):
            return
        cells = [cell for cell in by_row[row.number] if _under(anchor, cell)]
        gap = row.box.top - bottom
        if cells and gap > _widest_gap(gaps, row.height):
            return
        if any(_heads_other(cell, row, labels, label) for cell in cells):
            return
        if cells:
            bottom = max(bottom, row.box.bottom)
            gaps.append(gap)
            yield from cells


def _widest_gap(gaps: list[float], height: float) -> float:
    """How far the next line of a block may be: clearly farther than the lines so far begins another one."""
    if len(gaps) < _LINES_TO_KNOW:
        return (_GAP if gaps else _FIRST_GAP) * height
    return min(_GAP * height, max(_CLEAR_GAP * height, max(gaps[1:]) + _CLEAR_GAP * height / 2))


def _under(anchor: Box, cell: Cell) -> bool:
    close_left = abs(cell.box.left - anchor.left) < 2 * cell.height
    return close_left or (overlap(anchor, cell.box) > 0 and cell.box.left > anchor.left - 4 * cell.height)


def _ends(row: Row, labels: Labels) -> bool:
    """The head of the table of lines: two column titles on one row."""
    return sum("section_end" in label.roles or "quantity" in label.roles for label in labels.in_row(row)) > 1


def _heads_other(cell: Cell, row: Row, labels: Labels, label: Label) -> bool:
    return any(
        other.roles & {"buyer", "recipient", "supplier", "number", "issue_date"}
        and other.tokens[0] is cell.tokens[0]
        and not other.roles & label.roles
        and (other.tokens[-1] is cell.tokens[-1] or other.tokens[-1].text.endswith(":"))
        for other in labels.in_row(row)
    )
