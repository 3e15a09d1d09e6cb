"""Says of a name found on a page whether its place leaves no doubt whose it is, and whether it is printed twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.modules.imports.fields.folding import squash
from app.modules.imports.fields.layout import overlap
from app.modules.imports.fields.names import bare_name, has_legal_form, is_address, likeness
from app.modules.imports.fields.scene import read_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.modules.imports.domain.canonical import Box
    from app.modules.imports.fields.layout import Cell, Row
    from app.modules.imports.fields.scene import NameFound, Scene
    from app.modules.imports.fields.taxids import TaxId

_ROLES: Final = {"supplier": ("supplier",), "buyer": ("buyer", "recipient")}
_HEAD_OFFICE: Final = ("direccionmatriz", "dirmatriz", "dirmat")
_PLAIN: Final = 1.5
"""A line of two words without figures, labels or anything else that names do not have."""
_BLOCK: Final = 5
_APART: Final = 2
_TELLING: Final = 8
"""Letters of a name that is long enough not to be part of another one by chance."""


def is_others(scene: Scene, name: NameFound, own: TaxId | None, other: TaxId | None) -> bool:
    """In the block of the other party's tax id and not in that of its own, or in one cell with it: it is theirs."""
    if other is None or not _heads_block(scene, name, other):
        return False
    if _shares_cell(scene, name, other):
        return own is None or not _shares_cell(scene, name, own)
    return own is None or squash(own.value) == squash(other.value) or not _heads_block(scene, name, own)


def _heads_block(scene: Scene, name: NameFound, tax_id: TaxId) -> bool:
    """Close over any print of the id, with no other id and no party's label between."""
    row = _row_of(scene, name)
    headed = {zone.label.row.number for zone in scene.zones}
    return any(
        squash(each.value) == squash(tax_id.value)
        and each.row.number - row <= _BLOCK
        and _over(name.page, name.box, each)
        and not _is_cut_off(scene, name, each)
        and headed.isdisjoint(range(row + 1, each.row.number + 1))
        for each in scene.ids
    )


def _shares_cell(scene: Scene, name: NameFound, tax_id: TaxId) -> bool:
    """``Talleres Alba, S.L. / B20000014``."""
    return any(
        squash(each.value) == squash(tax_id.value) and each.row.page == name.page and _same_place(each.box, name.box)
        for each in scene.ids
    )


def _row_of(scene: Scene, name: NameFound) -> int:
    middle = (name.box.top + name.box.bottom) / 2
    rows = (row for row in scene.sheet.page_rows(name.page) if row.box.bottom >= middle)
    return next((row.number for row in rows), len(scene.sheet.rows))


def is_in_place(scene: Scene, name: NameFound, tax_id: TaxId | None, side: str) -> bool:
    """First under the party's own label, in the block of its tax id with no other name to choose from, or the one firm
    of the page that is not under the buyer's label.

    A proven tax id says who a party is. Of the lines around it only one is the name, and where a page has a trade, a
    slogan and a firm over one another nothing but a person can tell which.
    """
    if likeness(name.text) < _PLAIN or _may_go_on(scene, name):
        return False
    if any(_heads_zone(scene, name, role) for role in _ROLES[side]):
        return True
    if side == "supplier" and (_is_only_firm(scene, name) or _is_over_head_office(scene, name)):
        return True
    if tax_id is None or not _over(name.page, name.box, tax_id):
        return False
    return not _has_rival(scene, name, tax_id) and not _is_cut_off(scene, name, tax_id)


def is_printed_twice(scene: Scene, name: NameFound) -> bool:
    """The whole name on rows that do not follow each other, as in the head and in the line of the register."""
    key = squash(name.text)
    if len(key) < _TELLING or likeness(name.text) < _PLAIN:
        return False
    rows = [row.number for row in scene.sheet.rows if key in squash(row.text) and not is_address(row.text)]
    return bool(rows) and rows[-1] - rows[0] > _APART


def stands_again(scene: Scene, tax_id: TaxId) -> bool:
    """The name over this id is printed at another place: who writes a letter signs it, fills its footer, and is the
    sender over the window. The buyer's part of the page does not count.
    """
    names = [each for each in _names_over(scene, tax_id) if likeness(each.text) >= _PLAIN]
    nearest = max(names, key=lambda each: each.box.bottom, default=None)
    key = squash(nearest.text) if nearest is not None else ""
    return len(key) >= _TELLING and any(key in squash(row.text) for row in _other_rows(scene, tax_id))


def _other_rows(scene: Scene, tax_id: TaxId) -> Iterator[Row]:
    first, last = scene.table
    sided = {cell.row.number for zone in scene.zones if zone.role != "supplier" for cell in zone.cells}
    for row in scene.sheet.rows:
        apart = abs(row.number - tax_id.row.number) > _BLOCK
        if apart and row.number not in sided and not first <= row.number <= last:
            yield row


def _heads_zone(scene: Scene, name: NameFound, role: str) -> bool:
    """The first line beside or under the label of the role."""
    return any(
        zone.cells and zone.label.row.page == name.page and _same_place(zone.cells[0].box, name.box)
        for zone in scene.zones
        if zone.role == role
    )


def _is_over_head_office(scene: Scene, name: NameFound) -> bool:
    """Over ``Dirección Matriz``, which Ecuador has the issuer print of itself and of nobody else."""
    under = _cell_under(scene, name)
    return under is not None and squash(under.text).startswith(_HEAD_OFFICE)


def _may_go_on(scene: Scene, name: NameFound) -> bool:
    """The line close under a person's name may be the rest of it: a second surname has no mark of its own."""
    under = _cell_under(scene, name)
    if under is None or has_legal_form(name.text) or has_legal_form(under.text):
        return False
    close = under.box.top - name.box.bottom < under.height / 2
    return close and len(under.text.split()) == 1 and under.text.isalpha() and likeness(under.text) > 0


def _cell_under(scene: Scene, name: NameFound) -> Cell | None:
    """The next cell that begins at the same edge."""
    return next(
        (
            cell
            for cell in scene.sheet.cells
            if cell.row.page == name.page
            and cell.box.top >= name.box.bottom - cell.height / 2
            and abs(cell.box.left - name.box.left) < cell.height
        ),
        None,
    )


def _is_only_firm(scene: Scene, name: NameFound) -> bool:
    """No other name of a company stands on the pages but in the lines and in the buyer's part."""
    if not has_legal_form(name.text):
        return False
    first, last = scene.table
    cells = (
        cell
        for cell in scene.sheet.cells
        if not first <= cell.row.number <= last and not scene.in_zone("buyer", cell.row.page, cell.box)
    )
    return not any(_is_other_firm(read_name(scene, cell), name) for cell in cells)


def _is_other_firm(other: NameFound | None, name: NameFound) -> bool:
    return (
        other is not None
        and has_legal_form(other.text)
        and likeness(other.text) > _PLAIN
        and squash(bare_name(other.text)) not in squash(name.text)
    )


def _same_place(one: Box, other: Box) -> bool:
    return overlap(one, other) > 0 and abs(one.top - other.top) < one.bottom - one.top


def _over(page: int, box: Box, tax_id: TaxId) -> bool:
    """On the row of the id, or in its column on one of the rows above."""
    if page != tax_id.row.page or box.top > tax_id.row.box.bottom:
        return False
    height = tax_id.row.height
    if abs(box.top - tax_id.box.top) < height:
        return True
    near = tax_id.box.top - box.bottom < 2 * _BLOCK * height
    column = next((cell.box for cell in tax_id.row.cells() if tax_id.tokens[0] in cell.tokens), tax_id.box)
    return near and (overlap(box, column) > 0 or abs(box.left - column.left) < 2 * height)


def _names_over(scene: Scene, tax_id: TaxId) -> Iterator[NameFound]:
    for cell in scene.sheet.cells:
        distance = tax_id.row.number - cell.row.number
        if 0 <= distance <= _BLOCK and _over(cell.row.page, cell.box, tax_id):
            name = read_name(scene, cell)
            if name is not None:
                yield name


def _is_cut_off(scene: Scene, name: NameFound, tax_id: TaxId) -> bool:
    """The id of another party stands between, in the same column."""
    return any(
        squash(other.value) != squash(tax_id.value)
        and other.row.page == name.page
        and overlap(other.box, name.box) > 0
        and name.box.bottom <= other.box.bottom <= tax_id.box.top
        for other in scene.ids
    )


def _has_rival(scene: Scene, name: NameFound, tax_id: TaxId) -> bool:
    """Another firm in the block of the id; beside a name without a legal form any other line that may be one."""
    sure = has_legal_form(name.text)
    return any(
        (_is_other_firm(other, name) or (not sure and _is_other(other, name)))
        and not _has_its_own(scene, other, tax_id)
        for other in _names_over(scene, tax_id)
    )


def _has_its_own(scene: Scene, other: NameFound, tax_id: TaxId) -> bool:
    """Another id stands beside this name, or under it before this one."""
    beside = (each for each in scene.ids if squash(each.value) != squash(tax_id.value) and each.row.page == other.page)
    return _is_cut_off(scene, other, tax_id) or any(
        abs(each.box.top - other.box.top) < each.row.height for each in beside
    )


def _is_other(other: NameFound, name: NameFound) -> bool:
    return likeness(other.text) >= _PLAIN and squash(other.text) not in squash(name.text)
