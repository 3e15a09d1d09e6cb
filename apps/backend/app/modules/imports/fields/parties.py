"""Tells supplier from buyer and names both: by labels, tax ids, position, register text and legal forms."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from statistics import median
from typing import TYPE_CHECKING

from rapidfuzz import fuzz

from app.modules.imports.fields.addresses import find_addresses
from app.modules.imports.fields.folding import squash
from app.modules.imports.fields.layout import Cell, around, overlap
from app.modules.imports.fields.names import bare_name, has_legal_form, is_address, likeness, trimmed
from app.modules.imports.fields.zones import find_zones

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from app.modules.imports.domain.canonical import Box
    from app.modules.imports.fields.addresses import Address
    from app.modules.imports.fields.labelling import Labels
    from app.modules.imports.fields.layout import Sheet
    from app.modules.imports.fields.taxids import TaxId
    from app.modules.imports.fields.zones import Zone

_REGISTER = (
    "registromercantil",
    "rmercantil",
    "aucapital",
    "inscrita",
    "handelsregister",
    "capitalsocial",
    "sedesocial",
    "siegesocial",
)
_BLOCK_ROWS = 6
_SURE = 3.0
_ALIKE = 85
_WIDE = 2.0
_ZONED = 5.0


@dataclass(frozen=True, slots=True)
class NameFound:
    """A party's name as printed."""

    text: str
    page: int
    box: Box
    score: float
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyFound:
    """What the page says of one party."""

    name: NameFound | None = None
    tax_id: TaxId | None = None
    others: tuple[TaxId, ...] = ()


@dataclass(frozen=True, slots=True)
class _Scene:
    """What the choice of names and ids looks at."""

    sheet: Sheet
    labels: Labels
    zones: tuple[Zone, ...]
    addresses: tuple[Address, ...]
    ids: tuple[TaxId, ...]
    table: tuple[int, int]
    """First and last row of the table of lines, where nobody is named."""

    def in_zone(self, role: str, page: int, box: Box) -> bool:
        roles = {role, "recipient"} if role == "buyer" else {role}
        return any(zone.role in roles and zone.holds(page, box) for zone in self.zones)


def find_parties(
    sheet: Sheet, labels: Labels, ids: tuple[TaxId, ...], table: tuple[int, int], own: frozenset[str],
) -> tuple[PartyFound, PartyFound]:  # fmt: skip
    """Supplier and buyer."""
    scene = _Scene(sheet, labels, find_zones(sheet, labels), find_addresses(sheet, labels), ids, table)
    supplier_id, buyer_id = _choose_ids(scene, own)
    buyer_name = _buyer_name(scene, buyer_id)
    supplier_name = _supplier_name(scene, supplier_id, buyer_id, buyer_name)
    if buyer_name is None:
        buyer_name = _addressed(scene, supplier_name)
    return PartyFound(name=supplier_name, tax_id=supplier_id), PartyFound(name=buyer_name, tax_id=buyer_id)


def _choose_ids(scene: _Scene, own: frozenset[str]) -> tuple[TaxId | None, TaxId | None]:
    """The pair of different ids that position and labels speak for; an id of the tenant's own is the buyer's by default."""
    candidates = list(scene.ids)
    ours = [each for each in candidates if _is_own(each, own)]
    weights = {id(each): _leaning(scene, each, rank) for rank, each in enumerate(candidates)}
    supplier = max((each for each in candidates if each not in ours), key=lambda each: weights[id(each)], default=None)
    if ours and supplier is not None and _sells(scene, ours, supplier):
        return ours[0], supplier
    if supplier is not None and weights[id(supplier)] < 0 and not ours:
        return None, supplier
    others = [each for each in (ours or candidates) if supplier is None or not _same(each, supplier)]
    buyer = min(others, key=lambda each: weights[id(each)], default=None)
    if buyer is not None and not ours and supplier is not None and not _pairs(buyer, supplier, weights[id(buyer)]):
        buyer = None
    return supplier, buyer


def _pairs(buyer: TaxId, supplier: TaxId, weight: float) -> bool:
    """A second id is another party's: it stands in a buyer's block, or is of the same kind and the supplier's is surer."""
    return weight < 1 or (buyer.proven and supplier.proven and buyer.country == supplier.country and weight < _SURE)


def _sells(scene: _Scene, ours: list[TaxId], other: TaxId) -> bool:
    """Our own id stands outside every buyer's block while the other's stands in one: the tenant issued this document."""
    return scene.in_zone("buyer", other.row.page, other.box) and not any(
        scene.in_zone("buyer", each.row.page, each.box) for each in ours
    )


def _is_own(each: TaxId, own: frozenset[str]) -> bool:
    return any(_bare(each.value) == _bare(mine) for mine in own)


def _same(one: TaxId, other: TaxId) -> bool:
    return _bare(one.value) == _bare(other.value)


def _bare(value: str) -> str:
    text = squash(value).upper()
    return text[2:] if text[:2].isalpha() else text


def _leaning(scene: _Scene, each: TaxId, rank: int) -> float:
    """Positive speaks for the supplier, negative for the buyer."""
    score = 2.0 - 0.6 * rank
    occurrences = [other for other in scene.ids if _same(other, each)]
    for other in occurrences:
        score -= 5.0 if scene.in_zone("buyer", other.row.page, other.box) else 0.0
        score += 5.0 if scene.in_zone("supplier", other.row.page, other.box) else 0.0
        score += 3.0 if any(word in squash(other.row.text) for word in _REGISTER) else 0.0
        score -= 4.0 if _below_buyer(scene, other) or _in_window(scene, other) else 0.0
    score += 1.5 if each.proven else (1.0 if each.country else 0.0)
    score -= 4.0 if "uwbtw" in squash(each.row.text) or "ihreust" in squash(each.row.text) else 0.0
    return score


def _in_window(scene: _Scene, each: TaxId) -> bool:
    """Beside an address that nobody can be reached at, while another one on the page is the supplier's."""
    if not any(address.reachable for address in scene.addresses):
        return False
    for address in scene.addresses:
        rows = [cell.row.number for cell in address.lines]
        beside = each.box.left >= min(cell.box.left for cell in address.lines) - each.row.height
        if (
            not address.reachable
            and min(rows) <= each.row.number <= max(rows) + 1
            and beside
            and each.row.page == address.lines[0].row.page
        ):
            return True
    return False


def _below_buyer(scene: _Scene, each: TaxId) -> bool:
    """On a row next to a buyer's block: the same party, another column."""
    for zone in scene.zones:
        if zone.role != "buyer" or not zone.cells or zone.label.row.page != each.row.page:
            continue
        first, last = zone.label.row.number, max(cell.row.number for cell in zone.cells)
        if (
            zone.inline
            and first <= each.row.number <= last + 1
            and not scene.in_zone("supplier", each.row.page, each.box)
        ):
            return True
    return False


def _buyer_name(scene: _Scene, tax_id: TaxId | None) -> NameFound | None:
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


def _addressed(scene: _Scene, supplier: NameFound | None) -> NameFound | None:
    """The name over a postal address that is not the supplier's: the block in the window of the envelope."""
    for address in sorted(scene.addresses, key=lambda each: each.reachable):
        name = _best_of(filter(None, (_named(scene, cell) for cell in address.lines[:2])))
        if name is not None and not (supplier and fuzz.ratio(squash(name.text), squash(supplier.text)) > _ALIKE):
            return name
    return None


def _first_names(scene: _Scene, zone: Zone) -> Iterator[NameFound]:
    rank = 0
    for cell in zone.cells:
        name = _named(scene, cell)
        if name is None or name.score <= 0:
            continue
        yield NameFound(
            name.text, name.page, name.box, name.score - 3.0 * rank + (2 if zone.inline else 1), name.confidence
        )
        rank += 1


def _over(scene: _Scene, tax_id: TaxId) -> Iterator[NameFound]:
    """Names beside and above an id, nearest first."""
    for cell in scene.sheet.cells:
        distance = tax_id.row.number - cell.row.number
        if cell.row.page != tax_id.row.page or not 0 <= distance <= _BLOCK_ROWS:
            continue
        if distance and overlap(cell.box, tax_id.box) <= 0 and abs(cell.box.left - tax_id.box.left) > 4 * cell.height:
            continue
        if distance and cell.row.box.bottom < tax_id.row.box.top - 1.6 * _BLOCK_ROWS * cell.height:
            continue
        name = _named(scene, cell)
        if name is not None:
            yield NameFound(name.text, name.page, name.box, name.score - 0.2 * distance, name.confidence)


def _named(scene: _Scene, cell: Cell) -> NameFound | None:
    """A cell read as a name, with the line below when only both together carry the legal form."""
    cell = _without_ids(scene, cell)
    text = trimmed(cell.text)
    if not text or _is_headings(scene, cell):
        return None
    if not has_legal_form(text):
        cell = _to_the_right(cell)
        text = trimmed(cell.text)
    cells = [cell]
    if not has_legal_form(text):
        below = _next_line(scene, cell)
        if (
            below is not None
            and has_legal_form(f"{text} {trimmed(below.text)}")
            and _continues(text, trimmed(below.text))
        ):
            text = f"{text} {trimmed(below.text)}"
            cells.append(below)
    box = around(each.box for each in cells)
    confidence = min(token.confidence for each in cells for token in each.tokens)
    return NameFound(text, cell.row.page, box, likeness(text), confidence)


def _without_ids(scene: _Scene, cell: Cell) -> Cell:
    taken = [token for each in scene.ids if each.row is cell.row for token in each.tokens]
    kept = tuple(token for token in cell.tokens if token not in taken)
    return Cell(cell.row, kept) if kept and len(kept) < len(cell.tokens) else cell


def _is_headings(scene: _Scene, cell: Cell) -> bool:
    """Mostly labels: the head of a table, not a name."""
    labelled = [
        token for label in scene.labels.in_row(cell.row) for token in label.tokens if len(label.key) > len("de")
    ]
    covered = sum(token in labelled for token in cell.tokens)
    return covered * 2 > len(cell.tokens) and not has_legal_form(cell.text)


def _continues(text: str, below: str) -> bool:
    """The line under a broken name is short, and the name above it is no complete line of its own kind."""
    return likeness(text) > 0 and len(bare_name(f" {below}").split()) <= 1 and not is_address(text)


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


def _next_line(scene: _Scene, cell: Cell) -> Cell | None:
    for row in scene.sheet.rows[cell.row.number + 1 : cell.row.number + 3]:
        if row.page != cell.row.page or row.box.top - cell.box.bottom > 1.2 * cell.height:
            return None
        for other in row.cells():
            centred = abs((other.box.left + other.box.right) - (cell.box.left + cell.box.right)) < 2 * cell.height
            if (abs(other.box.left - cell.box.left) < cell.height or centred) and 0.7 < other.height / max(
                cell.height, 1
            ) < 1.4:  # noqa: PLR2004 [the same type size]
                return other
    return None


def _supplier_name(
    scene: _Scene, supplier_id: TaxId | None, buyer_id: TaxId | None, buyer: NameFound | None,
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
    return best if best is not None and best.score > 1 else None


def _may_name_supplier(scene: _Scene, cell: Cell, buyer_id: TaxId | None) -> bool:
    if scene.table[0] <= cell.row.number <= scene.table[1] or scene.in_zone("buyer", cell.row.page, cell.box):
        return False
    return not (buyer_id is not None and cell.row.page == buyer_id.row.page and _just_over(cell, buyer_id))


def _just_over(cell: Cell, tax_id: TaxId) -> bool:
    """In the block whose id is the buyer's."""
    return 0 <= tax_id.row.number - cell.row.number <= 3 and overlap(cell.box, tax_id.box) > 0  # noqa: PLR2004 [name, street, town]


def _mentions(sheet: Sheet) -> str:
    return "\n".join(squash(row.text) for row in sheet.rows)


def _rated(scene: _Scene, cell: Cell, tax_id: TaxId | None, usual: float, everything: str) -> NameFound | None:
    name = _named(scene, cell)
    if name is None or name.score <= -2:  # noqa: PLR2004 [an address or a heading never becomes a name]
        return None
    score = name.score + _position(scene, cell) + _size(cell, usual)
    score += 1.0 if everything.count(squash(name.text)) > 1 else 0.0
    score -= 4.0 if _is_town(name.text, everything) else 0.0
    score += 2.0 if _by_register(scene, cell) else 0.0
    score += 2.0 if any(zone.role == "holder" and cell in zone.cells for zone in scene.zones) else 0.0
    score += _near_id(cell, tax_id) + _in_address(scene, cell)
    below = _next_line(scene, cell)
    score += 1.5 if below is not None and is_address(below.text) else 0.0
    return NameFound(name.text, name.page, name.box, score, name.confidence)


def _is_town(text: str, everything: str) -> bool:
    """What stands after a postal code elsewhere on the page."""
    return re.search(rf"\d{{4,5}}{re.escape(squash(text))}", everything) is not None


def _by_register(scene: _Scene, cell: Cell) -> bool:
    """On a row that quotes the companies' register, or just over one."""
    rows = scene.sheet.rows[cell.row.number : cell.row.number + 3]
    return any(word in squash(row.text) for row in rows if row.page == cell.row.page for word in _REGISTER)


def _in_address(scene: _Scene, cell: Cell) -> float:
    """The sender's line over the window speaks for the supplier; the block in the window against it."""
    score = 0.0
    for address in scene.addresses:
        if address.sender is not None and cell == address.sender:
            score += 4.0
        if cell in address.lines:
            score -= 4.0 if address.sender is not None else (0.0 if address.reachable else 1.5)
    return score


def _position(scene: _Scene, cell: Cell) -> float:
    """The head of the first page is where suppliers name themselves."""
    page = scene.sheet.pages[0]
    if cell.row.page != page.number:
        return -1.0
    down = cell.box.top / max(page.height, 1.0)
    first = scene.sheet.rows[0].number
    rank = cell.row.number - first
    return 2.5 * max(0.0, 1.0 - 2.5 * down) + (1.0 if rank <= 1 else 0.0) - 0.25 * min(rank, 8)


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
