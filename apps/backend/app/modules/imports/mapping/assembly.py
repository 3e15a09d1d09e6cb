"""Puts values by flat field path together into a canonical document; the paths are sorted out once per mapping."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from app.modules.imports.domain.canonical import (
    BankEntry,
    CanonicalDocument,
    DocumentType,
    Evidence,
    Party,
    Product,
    Statement,
    Tax,
    Totals,
    Withholding,
)
from app.modules.imports.domain.cell_evidence import CellEvidence
from app.modules.imports.mapping.bank_labels import read_label
from app.modules.imports.mapping.document_kinds import row_kind
from app.modules.imports.mapping.payable import belongs_to, may_belong_to, moved, with_sign_of_net
from app.modules.imports.mapping.problem import ValueProblem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    Values = Mapping[str, object]
    Builder = Callable[[Values, Mapping[str, Evidence]], CanonicalDocument]

_GROUPS: Final[Mapping[str, type]] = {"supplier": Party, "buyer": Party, "totals": Totals, "product": Product}
_ROWS: Final[Mapping[str, type]] = {"taxes": Tax, "withholdings": Withholding}
_AMOUNT: Final = "entry.amount"
_LEAST_OF_PRODUCT: Final = 3
_OF_GROUP: Final = frozenset({"product.sku", "product.name", "product.description"})
_SUMS_OF_TAX: Final = (".base", ".amount")
_TAX_PLACE: Final = re.compile(r"^taxes\.[0-9]\.")
_OF_STATEMENT: Final = frozenset({"account_iban", "account_number"})


def document_builder(target: DocumentType, paths: Iterable[str]) -> Builder:
    """The function that builds documents out of values at these paths."""
    ordered = tuple(paths)
    if target is DocumentType.BANK_MOVEMENT:
        return _movement_builder(ordered)
    elsewhere = may_belong_to(ordered)
    groups = _groups((*ordered, *elsewhere))
    plain = tuple(path for path in ordered if "." not in path and path != "doc_type")

    def build(values: Values, evidence: Mapping[str, Evidence]) -> CanonicalDocument:
        parts: dict[str, Any] = {path: values[path] for path in plain if path in values}
        for name, make, keys in groups:
            part = {key: values[path] for path, key in keys if path in values}
            if part and name in _ROWS:
                parts[name] = (*parts.get(name, ()), make(**part))
            elif part:
                parts[name] = make(**part)
        kind = row_kind(target, values.get("doc_type"))
        return CanonicalDocument(doc_type=kind, format="table", evidence=evidence, **parts)

    if target is DocumentType.PRODUCT and len(ordered) >= _LEAST_OF_PRODUCT:
        return _without_groups(build)
    rates = tuple(tuple(path for path, _ in keys) for name, _, keys in groups if name == "taxes")
    whole = _without_blank_rates(build, rates) if len(rates) > 1 else build
    return _told_apart(whole, elsewhere) if elsewhere else whole


def _without_groups(build: Builder) -> Builder:
    """A price list names its groups in rows of their own, in whichever column they stand."""

    def told(values: Values, evidence: Mapping[str, Evidence]) -> CanonicalDocument:
        if len(values) == 1 and not _OF_GROUP.isdisjoint(values):
            raise ValueProblem("no_product", "the row holds a name and nothing else")
        return build(values, evidence)

    return told


def _told_apart(build: Builder, elsewhere: tuple[str, ...]) -> Builder:
    def told(values: Values, evidence: Mapping[str, Evidence]) -> CanonicalDocument:
        values = with_sign_of_net(values)
        moves = belongs_to(values, elsewhere)
        if not moves:
            return build(values, evidence)
        cells = evidence.cells if isinstance(evidence, CellEvidence) else evidence
        return build(moved(values, moves), CellEvidence(moved(cells, moves)))

    return told


def _without_blank_rates(build: Builder, rates: tuple[tuple[str, ...], ...]) -> Builder:
    """Where each rate has columns of its own, a row has a tax of those only of which it states a sum."""

    def told(values: Values, evidence: Mapping[str, Evidence]) -> CanonicalDocument:
        stated = [paths for paths in rates if any(values.get(path) for path in paths if path.endswith(_SUMS_OF_TAX))]
        blank = {path for paths in rates if paths not in stated for path in paths}
        if not blank:
            return build(values, evidence)
        moves = {path: _TAX_PLACE.sub(f"taxes.{place}.", path) for place, paths in enumerate(stated) for path in paths}
        cells = evidence.cells if isinstance(evidence, CellEvidence) else evidence
        kept = moved({path: value for path, value in values.items() if path not in blank}, moves)
        return build(kept, CellEvidence(moved({p: cell for p, cell in cells.items() if p not in blank}, moves)))

    return told


def _groups(paths: tuple[str, ...]) -> tuple[tuple[str, type, tuple[tuple[str, str], ...]], ...]:
    found: dict[str, list[tuple[str, str]]] = {}
    for path in sorted(path for path in paths if "." in path):
        group, _, key = path.rpartition(".")
        found.setdefault(group, []).append((path, key))
    makers = {**_GROUPS, **_ROWS}
    return tuple(
        (name, makers[name], tuple(keys)) for group, keys in found.items() if (name := group.partition(".")[0])
    )


def _movement_builder(paths: tuple[str, ...]) -> Builder:
    has_sides = bool({"entry.debit", "entry.credit"} & set(paths))
    keys = tuple((p, p.removeprefix("entry.")) for p in paths if p.startswith("entry."))
    fields = tuple((path, key) for path, key in keys if key not in ("debit", "credit", "sign"))
    is_marked = "entry.sign" in paths
    plain = tuple(p for p in paths if p in ("currency", "category"))
    account = tuple(p for p in paths if p in _OF_STATEMENT)

    def build(values: Values, evidence: Mapping[str, Evidence]) -> CanonicalDocument:
        if read_label(values.get("entry.description")) is not None:
            raise ValueProblem("no_movement", "the row names a balance or a total", _AMOUNT)
        entry: dict[str, Any] = {key: values[path] for path, key in fields if path in values}
        if has_sides and "amount" not in entry:
            entry["amount"] = signed_amount(values.get("entry.debit"), values.get("entry.credit"))
        if is_marked:
            entry["amount"] = _marked_amount(entry.get("amount"), values.get("entry.sign"))
        if entry.get("amount") is None:
            raise ValueProblem("missing_value", "a movement has an amount", _AMOUNT)
        held: dict[str, Any] = {path: values[path] for path in account if path in values}
        parts: dict[str, Any] = {path: values[path] for path in plain if path in values}
        statement = Statement(entries=(BankEntry(**entry),), **held)
        return CanonicalDocument(
            doc_type=DocumentType.BANK_MOVEMENT, format="table", statement=statement, evidence=evidence, **parts
        )

    return build


def signed_amount(debit: object, credit: object) -> Decimal | None:
    """One signed amount out of two columns; money out is negative whichever sign its column prints."""
    out = debit if isinstance(debit, Decimal) else Decimal(0)
    into = credit if isinstance(credit, Decimal) else Decimal(0)
    if out and into:
        raise ValueProblem("debit_and_credit", "a movement is one or the other", _AMOUNT)
    if debit is None and credit is None:
        return None
    return -abs(out) if out else into


def _marked_amount(amount: object, sign: object) -> Decimal | None:
    """The mark decides; without one, a sum that is printed without a sign of its own may be either."""
    if not isinstance(amount, Decimal):
        return None
    if isinstance(sign, int):
        return abs(amount) * sign
    if amount > 0:
        raise ValueProblem("unknown_sign", "the column of debits and credits is blank", _AMOUNT)
    return amount


def evidence_path(path: str) -> str:
    """The public path of a field: a movement's row is the first of its statement's transactions."""
    key = path.removeprefix("entry.")
    if key == path:
        return path
    return "transactions.0." + ("amount" if key in ("debit", "credit") else key)
