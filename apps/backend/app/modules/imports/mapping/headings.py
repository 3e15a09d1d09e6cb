"""Finds, with no mapping declared, which column of a row is which field: by the words of the headings alone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from app.modules.imports.domain.canonical import DocumentType
from app.modules.imports.mapping.bank_headings import is_ledger, is_payer
from app.modules.imports.mapping.bank_or_cash import are_cash_headings
from app.modules.imports.mapping.model import ColumnRule, TableMapping
from app.modules.imports.mapping.sides import with_sides
from app.modules.imports.mapping.vocabulary import fold_header, headings

if TYPE_CHECKING:
    from collections.abc import Mapping

_SHORTEST_WORD: Final = 3
_NUMBER: Final = frozenset({"invoice_number"})
_DATED: Final = frozenset({"issue_date"})
_SUMS: Final = frozenset({"totals.gross", "totals.net", "totals.payable"})
_SPENT: Final = frozenset({"supplier.name", "supplier.tax_id", "category"})
"""What only an expense names. Several sums, taxes and texts stand in sales, orders and exports of payments as well."""
_MOVED: Final = frozenset({"entry.amount", "entry.debit", "entry.credit"})
_BANKISH: Final = frozenset({"entry.balance", "entry.debit", "entry.credit", "entry.value_date"})
_PARTIES_BESIDE: Final = frozenset({DocumentType.INVOICE, DocumentType.EXPENSE})
_BOUGHT_FROM: Final = frozenset({"supplier.name", "supplier.tax_id"})
_SOLD_TO: Final = frozenset({"buyer.name", "buyer.tax_id"})
_OF_SALES: Final = re.compile(
    r"\b(billing|lineitem|settlement|payout|transaccion|transaction|factura|invoice|bill)\b"
    r"|^((num |id |fecha )?pedido|order( id| num| fecha)?)$"
)
"""Over columns of orders, invoices and settlements of a shop, which have articles and prices as well."""
_OF_SHOPS: Final = re.compile(r"\b(billing|lineitem)\b")
_SHARERS: Final = re.compile(
    r"^(para( quien| todos)?|for( whom)?|split( between| with)?|shared with|participantes|participants"
    r"|repartid[oa]( entre)?|compartid[oa]( con)?|entre( quien(es)?)?|deudor(es)?|debtors?|who owes)$|^impacted to\b"
)
_COUNTED: Final = frozenset({"cantidad", "unidades", "quantity", "qty"})
"""What a line counts; a product list may call its stock so, if nothing else in it is a line's."""
_DAY: Final = re.compile(
    r"^(?!.*\b(caducidad|vencimiento|expir\w+|alta|added|creat\w+|creacion|update\w*|modif\w+|actualizacion)\b)"
    r".*\bfecha\b"
)
"""Of a line; the days of a product are when it was entered, changed or goes bad."""
_IDENTIFIES: Final = frozenset({"product.sku", "product.name", "product.barcode"})
_MOVEMENT: Final = DocumentType.BANK_MOVEMENT
_OF_LINES: Final = frozenset({"totals.gross", "totals.net"})


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
            # An invoice states what is withheld as well; a retención has a number or a code of its own.
            frozenset({"withholdings.0.withholding_code", "invoice_number"}),
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
        (rank, _is_abbreviated(column), place, path)
        for place, column in enumerate(columns)
        for path, rank in known.get(fold_header(column), ())
    )
    matched: dict[str, str] = {}
    taken: set[int] = set()
    for _, _, place, path in claims:
        if path not in matched and place not in taken:
            matched[path] = columns[place]
            taken.add(place)
    return with_sides(matched, columns) if target in _PARTIES_BESIDE else matched


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


def is_ruled_out(target: DocumentType, columns: tuple[str, ...]) -> bool:
    """Whether the headings are another list's: what was sold is no expense, a line no product and no movement."""
    if target in (DocumentType.EXPENSE, DocumentType.BANK_MOVEMENT) and is_ledger(map(fold_header, columns)):
        return True
    if _are_shared(columns):
        return True
    if target is DocumentType.EXPENSE:
        matched = match_columns(columns, target).keys()
        return bool(matched & _SOLD_TO and not matched & _BOUGHT_FROM) or _some_say(_OF_SHOPS, columns)
    if target is DocumentType.BANK_MOVEMENT:
        return _name_payers(columns) or _is_cash_book(columns) or (_names_articles(columns) and _are_lines(columns))
    return target is DocumentType.PRODUCT and (_are_lines(columns) or _are_dated_texts(columns))


def _are_shared(columns: tuple[str, ...]) -> bool:
    """A list of what a group spent: who paid, and whose it was. What one owes another is in it as well."""
    return _name_payers(columns) and _some_say(_SHARERS, columns)


def _name_payers(columns: tuple[str, ...]) -> bool:
    return any(is_payer(fold_header(column)) for column in columns)


def _is_cash_book(columns: tuple[str, ...]) -> bool:
    of_account = {"entry.value_date", "account_iban", "account_number"} & match_columns(columns, _MOVEMENT).keys()
    return not of_account and are_cash_headings([fold_header(column) for column in columns])


def _are_dated_texts(columns: tuple[str, ...]) -> bool:
    """Days, texts and costs are what was spent: a product has a name or a code."""
    named = match_columns(columns, DocumentType.PRODUCT).keys() & _IDENTIFIES
    return not named and _some_say(_DAY, columns)


def _are_lines(columns: tuple[str, ...]) -> bool:
    said = match_columns(columns, DocumentType.INVOICE).keys()
    if said & _SOLD_TO or _some_say(_OF_SALES, columns):
        return True
    counted = match_columns(columns, DocumentType.PRODUCT).get("product.stock")
    if counted is None or fold_header(counted) not in _COUNTED:
        return False
    return bool(said & _OF_LINES) or _some_say(_DAY, columns)


def _names_articles(columns: tuple[str, ...]) -> bool:
    matched = match_columns(columns, DocumentType.PRODUCT)
    return "product.unit_price" in matched or fold_header(matched.get("product.sku", "")) == "sku"


def _some_say(words: re.Pattern[str], columns: tuple[str, ...]) -> bool:
    return any(words.search(fold_header(column)) for column in columns)


def _is_abbreviated(column: str) -> bool:
    """A mere ``Nº`` mostly counts the rows where a column beside it is called number in full."""
    return sum(map(str.isalpha, column)) < _SHORTEST_WORD


def _is_met(need: TargetNeed, columns: tuple[str, ...]) -> bool:
    matched = match_columns(columns, need.target).keys()
    if not all(matched & wanted for wanted in need.sets) or is_ruled_out(need.target, columns):
        return False
    return not need.one_of or len(matched & need.one_of) == 1
