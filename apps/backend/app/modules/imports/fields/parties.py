"""Tells supplier from buyer and names both: by labels, tax ids, position, register text and legal forms."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from statistics import median
from typing import TYPE_CHECKING

from rapidfuzz import fuzz

from app.modules.imports.fields.addresses import find_addresses
from app.modules.imports.fields.folding import squash
from app.modules.imports.fields.layout import overlap
from app.modules.imports.fields.name_proofs import is_in_place, is_others, is_printed_twice
from app.modules.imports.fields.names import bare_name, has_legal_form, is_address, likeness, trimmed
from app.modules.imports.fields.scene import NameFound, Scene, next_line, read_name
from app.modules.imports.fields.sides import REGISTER, choose_ids, is_clear, is_told
from app.modules.imports.fields.zones import find_zones

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from app.modules.imports.fields.labelling import Labels
    from app.modules.imports.fields.layout import Cell, Sheet
    from app.modules.imports.fields.taxids import TaxId
    from app.modules.imports.fields.zones import Zone

_BLOCK_ROWS = 6
_SURE = 3.0
_ALIKE = 85
_ZONED = 5.0
_NAMING = frozenset({"buyer", "supplier", "party", "recipient", "holder"})


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyFound:
    """What the page says of one party."""

    name: NameFound | None = None
    tax_id: TaxId | None = None
    certain: bool = True
    """Whether the id is this party's beyond doubt."""
    placed: bool = False
    """Whether the name stands where it can be no other party's and no other line is the name."""
    repeated: bool = False


def look_around(
    sheet: Sheet, labels: Labels, ids: tuple[TaxId, ...], table: tuple[int, int] = (1, 0), issuer: str | None = None,
) -> Scene:  # fmt: skip
    """What there is to choose parties from. ``issuer`` is the tax id that a fiscal code states."""
    first, last = table
    zones = tuple(each for each in find_zones(sheet, labels) if not first <= each.label.row.number <= last)
    return Scene(sheet, labels, zones, find_addresses(sheet, labels), ids, table, issuer)


def find_parties(scene: Scene, own: frozenset[str]) -> tuple[PartyFound, PartyFound]:
    """Supplier and buyer."""
    supplier_id, buyer_id = choose_ids(scene, own)
    buyer_name = _buyer_name(scene, buyer_id)
    supplier_name = _supplier_name(scene, supplier_id, buyer_id, buyer_name)
    if buyer_name is None:
        buyer_name = _addressed(scene, supplier_name)
    crossed = _is_crossed(scene, (supplier_name, supplier_id), (buyer_name, buyer_id))
    certain = supplier_id is not None and (is_told(scene, own) or (is_clear(scene, supplier_id) and not crossed))
    return (
        _found(scene, "supplier", supplier_name, (supplier_id, buyer_id), certain=certain),
        _found(scene, "buyer", buyer_name, (buyer_id, supplier_id), certain=certain),
    )


def _is_crossed(
    scene: Scene, supplier: tuple[NameFound | None, TaxId | None], buyer: tuple[NameFound | None, TaxId | None],
) -> bool:  # fmt: skip
    """One party's name stands over the other's id: one of the two was taken for the other's."""
    pairs = ((*supplier, buyer[1]), (*buyer, supplier[1]))
    return any(name is not None and is_others(scene, name, own, other) for name, own, other in pairs)


def _found(
    scene: Scene, side: str, name: NameFound | None, ids: tuple[TaxId | None, TaxId | None], *, certain: bool,
) -> PartyFound:  # fmt: skip
    """A party from its name, its own id and that of the other party."""
    own, other = ids
    its = name is not None and not is_others(scene, name, own, other)
    return PartyFound(
        name=name,
        tax_id=own,
        certain=certain,
        placed=its and name is not None and is_in_place(scene, name, own, side),
        repeated=its and name is not None and is_printed_twice(scene, name),
    )


def _buyer_name(scene: Scene, tax_id: TaxId | None) -> NameFound | None:
    """The first line of the buyer's block that can be a name; failing that, the lines over the buyer's id."""
    for role in ("buyer", "recipient"):
        best = _best_of(name for zone in scene.zones if zone.role == role for name in _first_names(scene, zone))
        if best is not None:
            return best
        if tax_id is not None and role == "buyer":
            best = _best_of(_over(scene, tax_id))
        if best is not None:
            return best
    return None


def _best_of(names: Iterable[NameFound]) -> NameFound | None:
    best = max(names, key=lambda each: each.score, default=None)
    return best if best is not None and best.score > 0 else None


def _addressed(scene: Scene, supplier: NameFound | None) -> NameFound | None:
    """The name over a postal address that is not the supplier's: the block in the window of the envelope."""
    for address in sorted(scene.addresses, key=lambda each: each.reachable):
        name = _best_of(filter(None, (read_name(scene, cell) for cell in address.lines[:2])))
        if name is not None and not (supplier and fuzz.ratio(squash(name.text), squash(supplier.text)) > _ALIKE):
            return name
    return None


def _first_names(scene: Scene, zone: Zone) -> Iterator[NameFound]:
    rank = 0
    for cell in zone.cells:
        name = read_name(scene, cell)
        if name is None or name.score <= 0:
            continue
        yield NameFound(
            name.text, name.page, name.box, name.score - 3.0 * rank + (2 if zone.inline else 1), name.confidence
        )
        rank += 1


def _over(scene: Scene, tax_id: TaxId) -> Iterator[NameFound]:
    """Names beside and above an id, nearest first."""
    for cell in scene.sheet.cells:
        distance = tax_id.row.number - cell.row.number
        if cell.row.page != tax_id.row.page or not 0 <= distance <= _BLOCK_ROWS:
            continue
        if not distance and _headed_otherwise(scene, cell):
            continue
        if distance and overlap(cell.box, tax_id.box) <= 0 and abs(cell.box.left - tax_id.box.left) > 4 * cell.height:
            continue
        if distance and cell.row.box.bottom < tax_id.row.box.top - 1.6 * _BLOCK_ROWS * cell.height:
            continue
        name = read_name(scene, cell)
        if name is not None:
            yield NameFound(name.text, name.page, name.box, name.score - 0.2 * distance, name.confidence)


def _headed_otherwise(scene: Scene, cell: Cell) -> bool:
    """In a row of values whose headings stand above: what another heading announces is nobody's name."""
    above = scene.sheet.rows[cell.row.number - 1 : cell.row.number]
    return any(
        overlap(label.box, cell.box) > 0 and not label.roles & _NAMING
        for row in above
        if row.page == cell.row.page and not any(map(str.isdigit, row.text))
        for label in scene.labels.in_row(row)
    )


def _supplier_name(
    scene: Scene, supplier_id: TaxId | None, buyer_id: TaxId | None, buyer: NameFound | None,
) -> NameFound | None:  # fmt: skip
    zoned = [name for zone in scene.zones if zone.role == "supplier" for name in _first_names(scene, zone)]
    sure = max(zoned, key=lambda each: each.score, default=None)
    if sure is not None and sure.score >= _SURE:
        return sure
    heights = [cell.height for cell in scene.sheet.cells]
    usual = median(heights) if heights else 1.0
    counts = _mentions(scene.sheet)
    rated = (
        _rated(scene, cell, supplier_id, usual, counts)
        for cell in scene.sheet.cells
        if _may_name_supplier(scene, cell, buyer_id)
    )
    favoured = (replace(name, score=name.score + _ZONED) for name in zoned)
    names = [
        name
        for name in (*rated, *favoured)
        if name is not None and not (buyer and squash(name.text) in squash(buyer.text))
    ]
    best = max(names, key=lambda each: each.score, default=None)
    return _completed(names, best) if best is not None and best.score > 1 else None


def _completed(names: Iterable[NameFound], best: NameFound) -> NameFound:
    """The sign over the door says only the name; with its legal form it stands elsewhere on the page."""
    if has_legal_form(best.text):
        return best
    key = squash(best.text)
    whole = [each for each in names if has_legal_form(each.text) and squash(bare_name(each.text)) == key]
    return max(whole, key=lambda each: each.score, default=best)


def _may_name_supplier(scene: Scene, cell: Cell, buyer_id: TaxId | None) -> bool:
    if _in_table(scene, cell) or scene.in_zone("buyer", cell.row.page, cell.box):
        return False
    if sum("section_end" in label.roles for label in scene.labels.in_row(cell.row)) > 1:
        return False
    return not (buyer_id is not None and cell.row.page == buyer_id.row.page and _just_over(cell, buyer_id))


def _in_table(scene: Scene, cell: Cell) -> bool:
    """Among the lines or the headings right over them."""
    first, last = scene.table
    return first <= last and first - 1 <= cell.row.number <= last


def _just_over(cell: Cell, tax_id: TaxId) -> bool:
    """In the block whose id is the buyer's."""
    return 0 <= tax_id.row.number - cell.row.number <= 3 and overlap(cell.box, tax_id.box) > 0  # noqa: PLR2004 [name, street, town]


def _mentions(sheet: Sheet) -> str:
    return "\n".join(squash(row.text) for row in sheet.rows)


def _rated(scene: Scene, cell: Cell, tax_id: TaxId | None, usual: float, everything: str) -> NameFound | None:
    name = read_name(scene, cell)
    if name is None or name.score <= -2:  # noqa: PLR2004 [an address or a heading never becomes a name]
        return None
    score = name.score + _position(scene, cell) + _size(cell, usual)
    score += 1.0 if _is_repeated(scene, name.text) else 0.0
    score -= 1.5 if cell.tokens[-1].text.endswith(",") else 0.0
    score -= 4.0 if _is_town(name.text, everything) else 0.0
    score += 2.0 if _by_register(scene, cell) else 0.0
    score += 2.0 if any(zone.role == "holder" and cell in zone.cells for zone in scene.zones) else 0.0
    score += _near_id(cell, tax_id) + _in_address(scene, cell)
    score += 1.5 if _heads_address(scene, cell, tax_id) else 0.0
    return NameFound(name.text, name.page, name.box, score, name.confidence)


def _heads_address(scene: Scene, cell: Cell, tax_id: TaxId | None) -> bool:
    """Over an address; without a proven tax id also over one more line, which then tells the trade."""
    below = next_line(scene, cell)
    if below is None or is_address(below.text):
        return below is not None
    under = next_line(scene, below) if likeness(trimmed(below.text)) > 0 else None
    if tax_id is not None and tax_id.country is not None:
        return False
    return under is not None and is_address(under.text)


def _is_repeated(scene: Scene, text: str) -> bool:
    """Printed again on a row that is no address."""
    key = squash(text)
    return sum(key in squash(row.text) and not is_address(row.text) for row in scene.sheet.rows) > 1


def _is_town(text: str, everything: str) -> bool:
    """What stands after a postal code elsewhere on the page."""
    key = squash(text)
    return bool(key) and any(town.startswith(key) for town in _towns(everything))


@lru_cache(maxsize=8)
def _towns(everything: str) -> frozenset[str]:
    return frozenset(re.findall(r"\d{4,5}([a-z]{3,})", everything))


def _by_register(scene: Scene, cell: Cell) -> bool:
    """On a row that quotes the companies' register, or just over one."""
    rows = scene.sheet.rows[cell.row.number : cell.row.number + 3]
    return any(word in squash(row.text) for row in rows if row.page == cell.row.page for word in REGISTER)


def _in_address(scene: Scene, cell: Cell) -> float:
    """The sender's line over the window speaks for the supplier; the block in the window against it."""
    score = 0.0
    for address in scene.addresses:
        if address.sender is not None and cell == address.sender:
            score += 4.0
        if cell in address.lines:
            score -= 4.0 if address.sender is not None else (0.0 if address.reachable else 2.5)
    return score


def _position(scene: Scene, cell: Cell) -> float:
    """The head of the first page is where suppliers name themselves."""
    page = scene.sheet.pages[0]
    if cell.row.page != page.number:
        return -1.0
    down = cell.box.top / max(page.height, 1.0)
    first = scene.sheet.rows[0].number
    rank = cell.row.number - first
    return 2.5 * max(0.0, 1.0 - 2.5 * down) + (1.0 if rank <= 1 else 0.0) - 0.2 * min(rank, 6)


def _size(cell: Cell, usual: float) -> float:
    return max(-1.0, min(2.0, 2.0 * (cell.height / max(usual, 1.0) - 1.0)))


def _near_id(cell: Cell, tax_id: TaxId | None) -> float:
    if tax_id is None or cell.row.page != tax_id.row.page:
        return 0.0
    distance = tax_id.row.number - cell.row.number
    if distance == 0:
        return 3.0
    column = overlap(cell.box, tax_id.box) > 0 or abs(cell.box.left - tax_id.box.left) < 2 * cell.height
    return 2.0 if column and 0 < distance <= _BLOCK_ROWS + 2 else 0.0
