"""The text of each movement: banks spread it over several columns, and over rows below that hold nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.modules.imports.mapping.bank_row_kinds import cell
from app.modules.imports.mapping.cells import printed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from app.modules.imports.mapping.bank_columns import BankColumns
    from app.modules.imports.mapping.bank_movements import Movement

    Row = tuple[object, ...]

_LONGEST: Final = 1_000


def describe_movements(movements: Sequence[Movement], columns: BankColumns) -> list[str | None]:
    """A text or None for each movement."""
    telling = _telling(movements, columns)
    return [_joined(_parts(movement, telling)) or _first(movement.row, columns) for movement in movements]


def _telling(movements: Sequence[Movement], columns: BankColumns) -> tuple[int, ...]:
    """The columns whose texts are joined: none of kinds of movement, none that says the same in every row."""
    named = [place for place in columns.descriptions if place not in columns.fallback_texts]
    if len(movements) == 1:
        return tuple(named)
    return tuple(place for place in named if len({_text(m.row, place) for m in movements}) > 1)


def _parts(movement: Movement, telling: Sequence[int]) -> Iterable[str]:
    for row in (movement.row, *movement.more):
        for place in telling:
            yield _text(row, place)


def _joined(parts: Iterable[str]) -> str:
    """The parts that are not already said by those before."""
    joined = ""
    for part in parts:
        if part and part.casefold() not in joined.casefold():
            joined = f"{joined} {part}" if joined else part
    return joined[:_LONGEST]


def _first(row: Row, columns: BankColumns) -> str | None:
    return next(filter(None, (_text(row, place) for place in columns.descriptions)), None)


def _text(row: Row, place: int) -> str:
    return " ".join(printed(cell(row, place)).split())
