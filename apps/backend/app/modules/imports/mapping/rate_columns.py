"""Finds the columns that a table has for each rate of tax: ``Base 21%`` and ``Cuota 21%``, or ``Base 1``, ``% IVA 1``.

What a row states of a rate is a tax of it; the sums of all rates are stated by no column, and are not computed.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from app.modules.imports.domain.canonical import DocumentType
from app.modules.imports.mapping.model import ColumnRule
from app.modules.imports.mapping.vocabulary import fold_header

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from app.modules.imports.mapping.model import TableMapping

    Columns = Mapping[str, str]

_HEADING: Final = re.compile(
    r"(?P<base>base( imponible| imp)?( iva)?( al)?|subtotal( iva)?)"
    r"|(?P<amount>(cuota|importe)( iva| igic)?( al)?|iva( al)?|igic( al)?|i ?iva)"
    r"|(?P<rate>%( iva)?|%iva|tipo( iva)?|porcentaje( iva)?|p ?iva)"
    r"|(?P<surcharge_rate>%( r e| re| rec| receq| recargo)|%receq|tipo recargo( eq)?|p ?rec)"
    r"|(?P<surcharge_amount>cuota (re|rec|recargo)( eq)?|i ?rec|recargo( eq)?)"
)
_NUMBERED: Final = re.compile(r"(?P<words>.*?) ?(?P<number>[0-9]{1,2}(?: [0-9]{1,2})?)(?P<share> ?%)?")
_RATES: Final = frozenset({"0", "2", "4", "5", "7", "7.5", "8", "10", "12", "14", "15", "21", "3", "9.5", "20"})
"""Lawful ones of Spain, the Canaries and Ecuador."""
_MOST_ROWS: Final = 9
_SUMS: Final = frozenset({"base", "amount"})


def with_rate_columns(mapping: TableMapping, header: Sequence[str]) -> TableMapping:
    """The mapping with a row of taxes for each rate that has columns of its own; those that one column sums stay so."""
    if mapping.target not in (DocumentType.INVOICE, DocumentType.EXPENSE) or "totals.tax" in mapping.columns:
        return mapping
    taken = {column for rule in mapping.columns.values() for column in rule.columns}
    groups = _groups(column for column in header if column not in taken)
    if len(groups) < 2 or len(groups) > _MOST_ROWS:  # noqa: PLR2004  (of one rate, the usual headings say all)
        return mapping
    columns = {path: rule for path, rule in mapping.columns.items() if not path.startswith("taxes.")}
    stated = dict(mapping.stated)
    for place, (number, group) in enumerate(groups.items()):
        columns |= {f"taxes.{place}.{key}": ColumnRule(columns=(column,)) for key, column in group.items()}
        if "rate" not in group:
            stated[f"taxes.{place}.rate"] = number
    return replace(mapping, columns=columns, stated=stated)


def _groups(header: Iterable[str]) -> dict[str, Columns]:
    """By rate, or by the number of the group, the columns that have both a base and a tax."""
    found: dict[str, dict[str, str]] = {}
    shares: dict[str, bool] = {}
    for column in header:
        numbered = _NUMBERED.fullmatch(fold_header(column).replace("%", " % ").strip().replace("  ", " "))
        named = _HEADING.fullmatch(numbered["words"].strip()) if numbered else None
        if numbered is None or named is None:
            continue
        number = numbered["number"].replace(" ", ".")
        key = next(key for key, text in named.groupdict().items() if text)
        found.setdefault(number, {}).setdefault(key, column)
        shares[number] = shares.get(number, False) or bool(numbered["share"])
    whole = {number: group for number, group in found.items() if group.keys() >= _SUMS}
    if all("rate" in group for group in whole.values()):
        return dict(whole)
    are_rates = all(number in _RATES and (shares[number] or len(number) > 1 or number in "04") for number in whole)
    return dict(whole) if are_rates and not any("rate" in group for group in whole.values()) else {}
