"""Finds the table inside a sheet: its heading is not always in row 1, and notes and totals stand around it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from app.modules.imports.domain.canonical import DocumentType
from app.modules.imports.mapping.cells import printed
from app.modules.imports.mapping.dates import looks_dated
from app.modules.imports.mapping.numbers import looks_numeric
from app.modules.imports.mapping.vocabulary import fold_header, headings

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    Row = tuple[object, ...]

HEAD_ROWS: Final = 80
_LOOK_BELOW: Final = 10
_TARGETS: Final = (
    DocumentType.INVOICE,
    DocumentType.BANK_MOVEMENT,
    DocumentType.PRODUCT,
    DocumentType.WITHHOLDING,
)
_LONGEST_HEADING: Final = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundTable:
    """Where the table is, by 0-based rows of the sheet. ``header_row`` is None when the sheet has no headings."""

    header_row: int | None
    header: tuple[str, ...]
    """Unique names, one a column."""
    data_start: int


def find_table(rows: Sequence[Row]) -> FoundTable | None:
    """The table among the first rows of a sheet; None when there is none."""
    head = rows[:HEAD_ROWS]
    usual = max((filled(row) for row in head), default=0)
    if usual == 0:
        return None
    scored = [(_heading_score(head, place, usual), -place) for place in range(len(head))]
    score, place = max(scored)
    if score <= 0:
        return _without_heading(head, usual)
    return _with_heading(head, -place)


def _heading_score(head: Sequence[Row], place: int, usual: int) -> float:
    row = head[place]
    cells = [cell for cell in row if cell not in (None, "")]
    if len(cells) < max(2, usual * 0.5) or not all(is_heading(cell) for cell in cells):
        return 0
    below = [r for r in head[place + 1 : place + 1 + _LOOK_BELOW] if filled(r)]
    typed = sum(1 for r in below if is_typed(r))
    distinct = len({str(cell).strip().lower() for cell in cells}) / len(cells)
    known = count_known(cells)
    if not known and not typed:
        return 0 if place else 0.1
    return distinct * (2 * known + len(cells) / usual) + (0.5 if typed else 0)


def count_known(cells: Iterable[object]) -> int:
    """How many cells are headings of some vocabulary."""
    folded = [fold_header(str(cell)) for cell in cells if cell not in (None, "")]
    return max(sum(1 for heading in folded if heading in headings(target)) for target in _TARGETS)


def is_heading(cell: object) -> bool:
    """Whether the cell can be a heading: words, neither a date nor a number."""
    if not isinstance(cell, str) or len(cell) > _LONGEST_HEADING:
        return False
    return not looks_dated(cell) and not looks_numeric(cell)


def is_typed(row: Row) -> bool:
    """Whether some cell is a date or a number."""
    return any(isinstance(cell, Decimal) or looks_dated(cell) or looks_numeric(cell) for cell in row)


def filled(row: Row) -> int:
    """How many cells hold something."""
    return len([1 for cell in row if cell is not None and not (isinstance(cell, str) and (not cell or cell.isspace()))])


def _with_heading(head: Sequence[Row], place: int) -> FoundTable:
    first = head[place]
    second = head[place + 1] if place + 1 < len(head) else ()
    merged = merge_headings(first, second)
    is_double = filled(second) > 1 and all(cell in (None, "") or is_heading(cell) for cell in second)
    if is_double and count_known(merged) >= max(1, count_known(first)):
        return FoundTable(header_row=place, header=unique_names(merged), data_start=place + 2)
    return FoundTable(header_row=place, header=unique_names(first), data_start=place + 1)


def merge_headings(first: Row, second: Row) -> Row:
    """Headings of two rows as one, column by column."""
    width = max(len(first), len(second))
    padded = zip((*first, *[None] * (width - len(first))), (*second, *[None] * (width - len(second))), strict=True)
    return tuple(" ".join(str(cell).strip() for cell in pair if cell not in (None, "")) for pair in padded)


def _without_heading(head: Sequence[Row], usual: int) -> FoundTable | None:
    start = next(
        (place for place, row in enumerate(head) if filled(row) >= max(2, usual * 0.5) and is_typed(row)), None
    )
    if start is None:
        return None
    return FoundTable(header_row=None, header=unique_names((None,) * len(head[start])), data_start=start)


def unique_names(cells: Row) -> tuple[str, ...]:
    """One name a column: empty ones by their place (``column_3``), repeated ones numbered (``Divisa 2``)."""
    last = max((place for place, cell in enumerate(cells) if cell not in (None, "")), default=len(cells) - 1)
    names: list[str] = []
    taken: set[str] = set()
    for place, cell in enumerate(cells[: last + 1], 1):
        bare = " ".join(printed(cell).split()) or f"column_{place}"
        name, count = bare, 1
        while name in taken:
            count += 1
            name = f"{bare} {count}"
        taken.add(name)
        names.append(name)
    return tuple(names)
