"""Takes from a mapping made of headings what the cells contradict: where a heading may mean two things, they tell."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from app.modules.imports.mapping.cells import printed
from app.modules.imports.mapping.conventions import read_number
from app.modules.imports.mapping.fields import Kind, field_kind
from app.modules.imports.mapping.numbers import looks_numeric
from app.modules.imports.mapping.vocabulary import fold_header

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.modules.imports.mapping.model import TableMapping

    Rows = Sequence[Mapping[str, object]]

_AMOUNT: Final = re.compile(r"[^0-9]*[0-9]{1,5}|.*[0-9][.,][0-9]{1,2}[^0-9]*", re.DOTALL)
"""Fewer digits than a tax id has, or cents."""
_TAX_RATE: Final = "taxes.0.rate"
_TAX: Final = "totals.tax"
_NAMES_THE_TAX: Final = frozenset({"vat"})
_MAY_BE_ANYTHING: Final = frozenset({"tipo", "tarifa", "rate"})
_HIGHEST_RATE: Final = 30
_SLIP: Final = Decimal("0.02")
_HUNDRED: Final = 100


def without_contradicted(mapping: TableMapping, rows: Rows) -> TableMapping:
    """The mapping without tax ids that are amounts (``VAT`` may head either) and rates of tax that are none."""
    columns = dict(mapping.columns)
    for path, rule in mapping.columns.items():
        cells = [cell for row in rows if (cell := row.get(rule.columns[0])) not in (None, "")]
        if field_kind(mapping.target, path) is Kind.TAX_ID and _mostly(list(map(_is_amount, cells))):
            del columns[path]
            if _TAX not in mapping.columns and fold_header(rule.columns[0]) in _NAMES_THE_TAX:
                columns[_TAX] = rule
        elif path == _TAX_RATE and not _are_rates(rule.columns[0], cells, mapping, rows):
            del columns[path]
    return replace(mapping, columns=columns)


def _mostly(seen: Sequence[bool]) -> bool:
    return sum(seen) * 2 > len(seen)


def _is_amount(cell: object) -> bool:
    is_number = isinstance(cell, float) or looks_numeric(cell)
    return is_number and bool(_AMOUNT.fullmatch(printed(cell).strip()))


def _are_rates(column: str, cells: Sequence[object], mapping: TableMapping, rows: Rows) -> bool:
    if not cells:
        return True
    rates = [read_number(cell, mapping.decimal_mark) for cell in cells]
    if _mostly([rate is None for rate in rates]) or any(rate > _HIGHEST_RATE for rate in rates if rate is not None):
        return False
    return fold_header(column) not in _MAY_BE_ANYTHING or not _mostly(_misses(column, mapping, rows))


def _misses(column: str, mapping: TableMapping, rows: Rows) -> list[bool]:
    """Of the rows that state base and tax, whether the tax is another share of the base."""
    found = []
    for row in rows:
        rate = _number(column, mapping, row)
        base, tax = (_number(_column(path, mapping), mapping, row) for path in ("totals.net", _TAX))
        if base and tax and rate is not None:
            shares = (base * rate, base * rate / _HUNDRED)
            found.append(all(abs(abs(share) - abs(tax)) > _SLIP for share in shares))
    return found


def _column(path: str, mapping: TableMapping) -> str | None:
    rule = mapping.columns.get(path)
    return rule.columns[0] if rule is not None else None


def _number(column: str | None, mapping: TableMapping, row: Mapping[str, object]) -> Decimal | None:
    return read_number(row.get(column), mapping.decimal_mark) if column is not None else None
