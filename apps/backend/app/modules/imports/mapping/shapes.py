"""What the cells of a column look like, as shares of those that are filled."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from app.modules.imports.mapping.cells import printed
from app.modules.imports.mapping.dates import looks_dated
from app.modules.imports.mapping.numbers import looks_numeric

if TYPE_CHECKING:
    from collections.abc import Sequence

_CODE: Final = re.compile(r"(?=(?:.*[0-9]){7})[A-Z0-9][A-Z0-9 .\-]{6,40}", re.IGNORECASE)
_BLANK: Final = frozenset({"", "-", "–", "—"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnShape:
    """Counts and shares of one column."""

    filled: int
    numeric: float
    dated: float
    coded: float
    """Long runs of digits and letters: tax ids, account numbers."""


def shape_of(cells: Sequence[object]) -> ColumnShape:
    """The shape of a column's cells."""
    filled = [cell for cell in cells if cell is not None and printed(cell).strip() not in _BLANK]
    if not filled:
        return ColumnShape(filled=0, numeric=0.0, dated=0.0, coded=0.0)
    dated = [looks_dated(cell) for cell in filled]
    numeric = sum(1 for cell, is_date in zip(filled, dated, strict=True) if not is_date and _is_number(cell))
    coded = sum(1 for cell in filled if _CODE.fullmatch(printed(cell).strip()[:60]))
    count = len(filled)
    return ColumnShape(filled=count, numeric=numeric / count, dated=sum(dated) / count, coded=coded / count)


def _is_number(cell: object) -> bool:
    return isinstance(cell, float) or looks_numeric(cell)
