"""Tells the supplier's tax id from the buyer's: by the tenant's own ids, labels, register text and place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from app.modules.imports.fields.folding import squash
from app.modules.imports.fields.layout import overlap
from app.modules.imports.fields.name_proofs import stands_again
from app.modules.imports.fields.names import is_contact

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.modules.imports.fields.addresses import Address
    from app.modules.imports.fields.scene import Scene
    from app.modules.imports.fields.taxids import TaxId
    from app.modules.imports.fields.zones import Zone

REGISTER: Final = (
    "registromercantil", "rmercantil",
    "regmerc", "aucapital", "inscrita", "handelsregister", "capitalsocial", "sedesocial",
    "siegesocial",
)  # fmt: skip
"""Words with which companies quote the register that they are entered in, as the law asks of the one who invoices."""
_PRINTER: Final = re.compile(
    r"impresopor|(?=.*(?:imprenta|grafica|tipografia|impresor))(?=.*(?:validohasta|caduc|autoriz|autsri|tiraje|impresion))",
)
"""A row that names the house that printed a form and how long it may be used, as Ecuador asks of preprinted ones. A
printer who invoices says no such thing of itself.
"""
_BUYERS: Final = ("cliente", "client", "comprador", "adquirente", "destinatario", "customer", "bezero")
_SELLERS: Final = ("emisor", "expedidor", "vendedor", "proveedor", "prestador", "arrendador", "seller", "supplier")
_CERTAIN = 5.0
_NAMED, _SIGNED = 4.0, 3.0
_REACHABLE = 0.7
_FOOTER = 1.5
_LOW = 0.85
_BLOCK = 3
_MARGIN = 1.5


def choose_ids(scene: Scene, own: frozenset[str]) -> tuple[TaxId | None, TaxId | None]:
    """The pair of ids that a code, or else place and labels speak for; the tenant's own is the buyer's by default."""
    candidates = [each for each in scene.ids if not _printed_the_form(each)]
    ours = [each for each in candidates if _is_own(each, own)]
    weights = {id(each): _leaning(scene, each, rank) for rank, each in enumerate(candidates)}
    if scene.issuer is not None:
        return _told_by_code(scene, ours or candidates, weights)
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


def is_told(scene: Scene, own: frozenset[str]) -> bool:
    """Whether a fiscal code says who issued the document, or one of the tenant's own ids stands on it."""
    if scene.issuer is not None:
        return True
    return any(_is_own(each, own) for each in scene.ids) and not _has_untold(scene)


def is_clear(scene: Scene, supplier: TaxId) -> bool:
    """Whether labels and places leave no doubt whose this id is: its check digit does not say that."""
    if _has_untold(scene):
        return False
    weights = {True: [0.0], False: [-_CERTAIN]}
    for rank, each in enumerate(each for each in scene.ids if not _printed_the_form(each)):
        weights[_same(each, supplier)].append(_leaning(scene, each, rank))
    return max(weights[True]) - max(weights[False]) >= _MARGIN and max(weights[True]) > 1


def _has_untold(scene: Scene) -> bool:
    """An id stands in a block headed as some party's: that it is the buyer's was only the likelier reading."""
    return any(not zone.told and zone.holds(each.row.page, each.box) for zone in scene.zones for each in scene.ids)


def _told_by_code(scene: Scene, others: list[TaxId], weights: Mapping[int, float]) -> tuple[TaxId | None, TaxId | None]:
    """The id of the fiscal code where it is printed as well, and the likeliest of the others."""
    issuer = frozenset({scene.issuer or ""})
    supplier = next((each for each in scene.ids if _is_own(each, issuer)), None)
    left = [
        each
        for each in others
        if not _is_own(each, issuer) and (supplier is None or _pairs(each, supplier, weights[id(each)]))
    ]
    return supplier, min(left, key=lambda each: (not each.proven, weights[id(each)]), default=None)


def _pairs(buyer: TaxId, supplier: TaxId, weight: float) -> bool:
    """A second id is another party's: in a buyer's block, or of the same kind with the supplier's being surer."""
    return weight < 1 or (buyer.proven and supplier.proven and buyer.country == supplier.country and weight < _CERTAIN)


def _sells(scene: Scene, ours: list[TaxId], other: TaxId) -> bool:
    """Our own id stands outside every buyer's block, the other's in one: the tenant issued this document."""
    if _has_untold(scene):
        return False
    return scene.in_zone("buyer", other.row.page, other.box) and not any(
        scene.in_zone("buyer", each.row.page, each.box) or _below_buyer(scene, each) for each in ours
    )


def _printed_the_form(each: TaxId) -> bool:
    """The printing house's own id in the small print of a preprinted form: no party to what is written on it."""
    return _PRINTER.search(squash(each.row.text)) is not None


def _is_own(each: TaxId, own: frozenset[str]) -> bool:
    return any(_bare(each.value) == _bare(mine) for mine in own)


def _same(one: TaxId, other: TaxId) -> bool:
    return _bare(one.value) == _bare(other.value)


def _bare(value: str) -> str:
    text = squash(value).upper()
    return text[2:] if text[:2].isalpha() else text


def _leaning(scene: Scene, each: TaxId, rank: int) -> float:
    """Positive speaks for the supplier, negative for the buyer."""
    score = 2.0 - 0.6 * rank
    occurrences = [other for other in scene.ids if _same(other, each)]
    for other in occurrences:
        score -= 5.0 if scene.in_zone("buyer", other.row.page, other.box) else 0.0
        score += 5.0 if scene.in_zone("supplier", other.row.page, other.box) else 0.0
        score += 3.0 if any(word in squash(other.row.text) for word in REGISTER) else 0.0
        score -= 4.0 if _below_buyer(scene, other) or _in_window(scene, other) else 0.0
        score += _FOOTER if _in_footer(scene, other) else 0.0
        score += _REACHABLE if _is_reachable(scene, other) else 0.0
    score += 1.5 if each.proven else (1.0 if each.country else 0.0)
    score -= _NAMED if _named_for(scene, each, _BUYERS) else 0.0
    score += _NAMED if _named_for(scene, each, _SELLERS) else 0.0
    score += _SIGNED if any(stands_again(scene, other) for other in occurrences) else 0.0
    score -= 4.0 if "uwbtw" in squash(each.row.text) or "ihreust" in squash(each.row.text) else 0.0
    return score


def _named_for(scene: Scene, each: TaxId, words: tuple[str, ...]) -> bool:
    """The label beside it or over it says whose it is: ``NIF cliente``, ``N.I.F. del expedidor ....``."""
    said = squash(_words_before(scene, each))
    if any(word in said for word in words):
        return True
    rows = scene.sheet.rows[max(0, each.row.number - 1) : each.row.number + 1]
    heads = [
        label
        for row in rows
        for label in scene.labels.in_row(row)
        if "tax_id" in label.roles and any(word in label.key for word in words)
    ]
    return any(
        overlap(head.box, each.box) > 0
        if head.row is not each.row
        else 0 <= each.tokens[0].start - head.end <= len(" : ")
        for head in heads
    )


def _words_before(scene: Scene, each: TaxId) -> str:
    """From the label of an id up to the id, where only words stand between."""
    start = each.tokens[0].start
    labels = [label for label in scene.labels.in_row(each.row) if "tax_id" in label.roles and label.start < start]
    between = each.row.text[labels[-1].start : start] if labels else ""
    return "" if any(map(str.isdigit, between)) else between


def _in_table_of(scene: Scene, zone: Zone, each: TaxId) -> bool:
    """``Cliente | NIF`` over a row of values: the id in the next column is the buyer's as well."""
    heads = [label for label in scene.labels.in_row(zone.label.row) if "tax_id" in label.roles]
    near = 0 < each.row.number - zone.label.row.number <= _BLOCK
    return near and any(head.start > zone.label.end and overlap(head.box, each.box) > 0 for head in heads)


def _in_footer(scene: Scene, each: TaxId) -> bool:
    """Small print under everything, where companies name themselves."""
    page = next((page for page in scene.sheet.pages if page.number == each.row.page), None)
    low = page is not None and each.box.top > _LOW * page.height
    return low and each.row.number > scene.table[1] and not scene.in_zone("buyer", each.row.page, each.box)


def _is_reachable(scene: Scene, each: TaxId) -> bool:
    """A telephone or an address on the web stands in its block: people print these of themselves."""
    rows = scene.sheet.rows[max(0, each.row.number - _BLOCK) : each.row.number + _BLOCK + 1]
    return any(
        is_contact(cell.text) and abs(cell.box.left - _left_of(each)) < each.row.height
        for row in rows
        if row.page == each.row.page
        for cell in row.cells()
    )


def _left_of(each: TaxId) -> float:
    """The left edge of the cell that it stands in."""
    return next((cell.box.left for cell in each.row.cells() if each.tokens[0] in cell.tokens), each.box.left)


def _in_window(scene: Scene, each: TaxId) -> bool:
    """Beside an address that nobody can be reached at, while another one on the page is the supplier's."""
    supplied = [address for address in scene.addresses if address.reachable]
    if not supplied or any(_stands_under(address, each) for address in supplied):
        return False
    return any(not address.reachable and _beside(address, each) for address in scene.addresses)


def _beside(address: Address, each: TaxId) -> bool:
    rows = [cell.row.number for cell in address.lines]
    left = min(cell.box.left for cell in address.lines) - each.row.height
    same_page = each.row.page == address.lines[0].row.page
    return same_page and min(rows) <= each.row.number <= max(rows) + 1 and each.box.left >= left


def _stands_under(address: Address, each: TaxId) -> bool:
    """In the column of an address, on one of the lines that follow it."""
    town = address.lines[-1]
    near = town.row.page == each.row.page and 0 <= each.row.number - town.row.number <= _BLOCK
    return near and any(overlap(cell.box, each.box) > 0 for cell in address.lines)


def _below_buyer(scene: Scene, each: TaxId) -> bool:
    """On a row next to a buyer's block: the same party, another column."""
    for zone in scene.zones:
        if zone.role != "buyer" or not zone.cells or zone.label.row.page != each.row.page:
            continue
        if _in_table_of(scene, zone, each):
            return True
        first, last = zone.label.row.number, max(cell.row.number for cell in zone.cells)
        beside = each.box.right > zone.label.box.left
        if (
            zone.inline
            and beside
            and first <= each.row.number <= last + 1
            and not scene.in_zone("supplier", each.row.page, each.box)
        ):
            return True
    return False
