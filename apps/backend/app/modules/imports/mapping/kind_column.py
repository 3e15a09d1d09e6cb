"""Finds the column that says what kind of document each row is: by its words, since headings name it in many ways."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from app.modules.imports.mapping.document_kinds import names_kind, read_kind
from app.modules.imports.mapping.fields import NUMERIC, field_kind
from app.modules.imports.mapping.model import ColumnRule
from app.modules.imports.mapping.problem import ValueProblem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.modules.imports.mapping.model import TableMapping

    Rows = Sequence[Mapping[str, object]]

_PATH: Final = "doc_type"


def with_kinds(mapping: TableMapping, rows: Rows) -> TableMapping:
    """The mapping with the column that names kinds of documents, whatever its heading; without one that names none."""
    if field_kind(mapping.target, _PATH) is None or not rows:
        return mapping
    headed = mapping.columns.get(_PATH)
    if headed and any(_is_known(row.get(headed.columns[0])) for row in rows):
        return mapping
    columns = {path: rule for path, rule in mapping.columns.items() if path != _PATH}
    claimed = {column: path for path, rule in columns.items() for column in rule.columns}
    # A column of words that was taken for one of numbers by its heading ("Tipo") is free for what it says.
    free = (c for c in rows[0] if c not in claimed or field_kind(mapping.target, claimed[c]) in NUMERIC)
    found = next((column for column in free if _names_kinds([row.get(column) for row in rows])), None)
    if found is not None:
        columns.pop(claimed.get(found, ""), None)
        columns[_PATH] = ColumnRule(columns=(found,))
    return replace(mapping, columns=columns)


def _names_kinds(cells: Sequence[object]) -> bool:
    filled = [cell for cell in cells if cell not in (None, "")]
    return bool(filled) and all(map(names_kind, filled))


def _is_known(cell: object) -> bool:
    try:
        return read_kind(cell) is not None
    except ValueProblem:
        return False
