"""Finds, with no mapping declared, which column of a row is which field: by the words of the headings alone."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from app.modules.imports.domain.canonical import DocumentType
from app.modules.imports.mapping.model import ColumnRule, TableMapping
from app.modules.imports.mapping.vocabulary import fold_header, headings

if TYPE_CHECKING:
    from collections.abc import Mapping

_NUMBER: Final = frozenset({"invoice_number"})
_DATED: Final = frozenset({"issue_date"})
_SUMS: Final = frozenset({"totals.gross", "totals.net", "totals.payable"})
_SPENT: Final = frozenset({"supplier.name", "supplier.tax_id", "category"})
"""What only an expense names. Several sums, taxes and texts stand in sales, orders and exports of payments as well."""
_MOVED: Final = frozenset({"entry.amount", "entry.debit", "entry.credit"})
_BANKISH: Final = frozenset({"entry.balance", "entry.debit", "entry.credit", "entry.value_date"})


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetNeed:
    """What makes a row one of the target: at least one field of every set, and of ``one_of`` no second."""

    target: DocumentType
    sets: tuple[frozenset[str], ...]
    one_of: frozenset[str] = frozenset()


TARGET_NEEDS: Final = (
    TargetNeed(
        target=DocumentType.WITHHOLDING,
        sets=(
            frozenset({"withholdings.0.amount"}),
            frozenset({"withholdings.0.withholding_code", "withholdings.0.document_number"}),
        ),
    ),
    TargetNeed(target=DocumentType.INVOICE, sets=(_NUMBER, _SUMS)),
    TargetNeed(target=DocumentType.BANK_MOVEMENT, sets=(frozenset({"entry.booking_date"}), _MOVED, _BANKISH)),
    TargetNeed(target=DocumentType.EXPENSE, sets=(_DATED, _SUMS, _SPENT)),
    TargetNeed(
        target=DocumentType.PRODUCT,
        sets=(
            frozenset({"product.sku", "product.name", "product.description", "product.barcode"}),
            frozenset({"product.unit_price", "product.cost", "product.stock"}),
        ),
    ),
    TargetNeed(
        target=DocumentType.BANK_MOVEMENT,
        sets=(
            frozenset({"entry.booking_date", "entry.value_date"}),
            _MOVED,
            frozenset({"entry.description", "entry.reference"}),
        ),
    ),
    TargetNeed(target=DocumentType.EXPENSE, sets=(_SUMS, frozenset({"supplier.name"}))),
    TargetNeed(target=DocumentType.EXPENSE, sets=(_DATED, _SUMS), one_of=_SUMS),
)


def match_columns(columns: tuple[str, ...], target: DocumentType) -> Mapping[str, str]:
    """Field path → column, for the columns whose heading names a field; the most telling heading wins."""
    known = headings(target)
    claims = sorted(
        (rank, place, path) for place, column in enumerate(columns) for path, rank in known.get(fold_header(column), ())
    )
    matched: dict[str, str] = {}
    taken: set[int] = set()
    for _, place, path in claims:
        if path not in matched and place not in taken:
            matched[path] = columns[place]
            taken.add(place)
    return matched


@lru_cache(maxsize=1_000)
def infer_mapping(columns: tuple[str, ...], target: DocumentType | None = None) -> TableMapping | None:
    """The mapping that the headings state by themselves; None when they do not say what the rows are."""
    targets = (target,) if target else tuple(need.target for need in TARGET_NEEDS if _is_met(need, columns))
    for candidate in targets:
        matched = match_columns(columns, candidate)
        if matched:
            rules = {path: ColumnRule(columns=(column,)) for path, column in matched.items()}
            return TableMapping(target=candidate, columns=rules)
    return None


def _is_met(need: TargetNeed, columns: tuple[str, ...]) -> bool:
    matched = match_columns(columns, need.target).keys()
    return all(matched & wanted for wanted in need.sets) and (not need.one_of or len(matched & need.one_of) == 1)
