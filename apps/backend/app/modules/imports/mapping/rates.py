"""Tells whether a column of rates is written in fractions: a sheet shows a cell of 0.21 as 21 %, and keeps 0.21.

Decided for a whole column and never for one cell, since 0.5 may be a rate of a half per cent. What is decided stands in
the mapping as a transform, for a person to see and to take away.
"""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from app.modules.imports.mapping.conventions import read_number
from app.modules.imports.mapping.fields import Kind, field_kind
from app.modules.imports.mapping.model import Transform
from app.modules.imports.mapping.vocabulary import fold_header

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.modules.imports.mapping.model import TableMapping

    Rows = Sequence[Mapping[str, object]]
    Numbers = list[Decimal | None]

_NAMES_A_RATE: Final = re.compile(r"%|\b(tipo|tasa|tarifa|porcentaje|alicuota|taxa|rate|percent\w*|pct)\b")
_HIGHEST: Final = Decimal("0.27")
"""Of VAT in the European Union (Hungary); Ecuador and the Spanish islands are below."""
_SLIP: Final = Decimal("0.02")
_HALF_CENT: Final = Decimal("0.005")
_HUNDRED: Final = 100
_BASES: Final = {"taxes": "totals.net", "withholdings": "totals.net"}
_AMOUNTS: Final = {"taxes": "totals.tax", "withholdings": "totals.withholding"}
_PRICE: Final = "product.unit_price"
_ALL: Final = Transform(name="multiply", arguments=("100",))
_BELOW_ONE: Final = Transform(name="percent")


def with_whole_rates(mapping: TableMapping, rows: Rows) -> TableMapping:
    """The mapping with a transform that makes per cents of fractions on each column of rates that has them."""
    columns = dict(mapping.columns)
    for path, rule in mapping.columns.items():
        if field_kind(mapping.target, path) is Kind.RATE and len(rule.columns) == 1 and not rule.transforms:
            transform = _transform(path, mapping, rows)
            columns[path] = replace(rule, transforms=(transform,)) if transform else rule
    return replace(mapping, columns=columns)


def _transform(path: str, mapping: TableMapping, rows: Rows) -> Transform | None:
    """``base × rate = tax`` decides; without it, rates that are all below one in a column headed as one of rates."""
    column = mapping.columns[path].columns[0]
    if any("%" in cell for row in rows if isinstance(cell := row.get(column), str)):
        return None
    rates = _numbers(path, mapping, rows)
    known = [abs(rate) for rate in rates if rate]
    fractions, whole = _votes(path, rates, mapping, rows)
    if fractions and max(known) <= 1 and not whole:
        return _ALL
    if fractions and whole:
        return _BELOW_ONE
    if whole or not known or max(known) >= 1:
        return None
    is_headed = bool(_NAMES_A_RATE.search(fold_header(column)))
    return _ALL if is_headed or not _may_be_sums(rates, _numbers(_PRICE, mapping, rows)) else None


def _votes(path: str, rates: Numbers, mapping: TableMapping, rows: Rows) -> tuple[int, int]:
    """On how many rows the rate is a fraction, and on how many a percentage; rows that hold under both do not tell."""
    group, _, key = path.rpartition(".")
    kind = group.partition(".")[0]
    base_path = f"{group}.base" if f"{group}.base" in mapping.columns else _BASES.get(kind, "")
    amount = f"{group}.{key.removesuffix('rate')}amount"
    amount_path = amount if amount in mapping.columns or key != "rate" else _AMOUNTS.get(kind, "")
    fractions = whole = 0
    bases, taxes = _numbers(base_path, mapping, rows), _numbers(amount_path, mapping, rows)
    for base, rate, tax in zip(bases, rates, taxes, strict=True):
        if base and rate and tax:
            is_fraction = abs(abs(base * rate) - abs(tax)) <= _SLIP
            is_whole = abs(abs(base * rate / _HUNDRED) - abs(tax)) <= _SLIP
            fractions += is_fraction and not is_whole
            whole += is_whole and not is_fraction
    return fractions, whole


def _may_be_sums(values: Numbers, prices: Numbers) -> bool:
    """Whether a column headed by the mere name of a tax may hold the tax itself: then it is one share of all prices."""
    if any(value > _HIGHEST for value in values if value):
        return True
    pairs = [(value, price) for value, price in zip(values, prices, strict=True) if value and price]
    least = max(((value - _HALF_CENT) / price for value, price in pairs), default=Decimal(0))
    most = min(((value + _HALF_CENT) / price for value, price in pairs), default=Decimal(0))
    return len({price for _, price in pairs}) > 1 and least <= most


def _numbers(path: str, mapping: TableMapping, rows: Rows) -> Numbers:
    rule = mapping.columns.get(path)
    if rule is None:
        return [None] * len(rows)
    return [read_number(row.get(rule.columns[0]), mapping.decimal_mark) for row in rows]
