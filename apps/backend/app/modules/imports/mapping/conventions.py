"""Which decimal mark and which order of dates a whole table follows: proved by its columns, never by one cell."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from app.modules.imports.mapping.dates import Order, deduce_order, parse_date
from app.modules.imports.mapping.numbers import Mark, deduce_mark, parse_number
from app.modules.imports.mapping.problem import ValueProblem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from decimal import Decimal

_T = TypeVar("_T")
MARKS: Final[tuple[Mark, ...]] = (",", ".")
_ORDERS: Final[tuple[Order, ...]] = ("dmy", "mdy")
_CLEARLY: Final = 3
_ACCESS_KEY: Final = re.compile(r"(0[1-9]|1[0-9]|2[0-8])(0[1-9]|1[0-2])(20[0-9]{2})[0-9]{41}")
"""The last days of a month are left out: only a day that could be a month needs to be told from one."""
_BLANK: Final = frozenset({"", "-", "--", "–", "—", "n/a"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided(Generic[_T]):
    """What was decided, and whether the table proves it."""

    value: _T
    proved: bool


def read_number(value: object, mark: Mark | None) -> Decimal | None:
    """The number of a cell, None when it holds none. What only the other mark can have written is read as such."""
    if value is None or (isinstance(value, str) and value.strip().lower() in _BLANK):
        return None
    try:
        return parse_number(value, mark)
    except ValueProblem as problem:
        if problem.code != "number_against_mark":
            return None
    return parse_number(value)


def read_date(value: object, order: Order | None) -> date | None:
    """The date of a cell, None when it holds none; the other order is tried when the day cannot be a month."""
    for tried in (order, None):
        try:
            return parse_date(value, tried)
        except ValueProblem:
            continue
    return None


def decide_mark(columns: Iterable[Sequence[object]], holds: Callable[[Mark], int]) -> Decided[Mark]:
    """The mark that all columns show; else the one under which more of the table's arithmetic ``holds``.

    Unproved, a point or comma before three digits groups thousands: money is seldom written with three decimals.
    """
    cells = [cell for column in columns for cell in column if isinstance(cell, str)]
    shown = deduce_mark(cells)
    if shown:
        return Decided(value=shown, proved=True)
    proofs = {mark: holds(mark) for mark in MARKS}
    if proofs[","] != proofs["."]:
        return Decided(value=max(MARKS, key=lambda mark: proofs[mark]), proved=True)
    doubtful = [cell for cell in cells if _is_doubtful(cell)]
    return Decided(value="," if any("." in cell for cell in doubtful) else ".", proved=not doubtful)


def decide_order(columns: Sequence[Sequence[object]], hints: Iterable[object] = ()) -> Decided[Order]:
    """The order that the date columns, or the dates around the table, show; else the one that keeps them sorted."""
    shown = deduce_order([cell for column in columns for cell in column]) or deduce_order(hints)
    if shown:
        return Decided(value=shown, proved=True)
    doubtful = any(_differs(cell) for column in columns for cell in column)
    if not doubtful:
        return Decided(value="dmy", proved=True)
    read = {order: [[read_date(cell, order) for cell in column] for column in columns] for order in _ORDERS}
    orderly = [order for order in _ORDERS if all(is_monotone(column) for column in read[order])]
    if len(orderly) == 1:
        return Decided(value=orderly[0], proved=True)
    spans = {order: sum(_span(column) for column in read[order]) for order in _ORDERS}
    is_month_first = spans["mdy"] * _CLEARLY < spans["dmy"]
    return Decided(value="mdy" if is_month_first else "dmy", proved=False)


def order_of_access_keys(columns: Sequence[Sequence[object]]) -> Order | None:
    """The order in which dates are those that a clave de acceso beside them begins with (SRI: DDMMAAAA)."""
    seen: set[Order] = set()
    for row in zip(*columns, strict=True):
        keys = (_ACCESS_KEY.fullmatch(cell.strip()) for cell in row if isinstance(cell, str))
        days = {date(int(key[3]), int(key[2]), int(key[1])) for key in keys if key}
        printed = [cell for cell in row if _differs(cell)] if days else []
        seen.update(order for cell in printed for order in _ORDERS if read_date(cell, order) in days)
    return seen.pop() if len(seen) == 1 else None


def is_monotone(dates: Sequence[date | None]) -> bool:
    """Whether the dates only rise or only fall."""
    known = [day for day in dates if day is not None]
    return all(a <= b for a, b in pairwise(known)) or all(a >= b for a, b in pairwise(known))


def mark_to_declare(decided: Decided[Mark], columns: Iterable[Iterable[object]]) -> Mark | None:
    """The mark for rows still to come: the one proved, where texts of the columns have one and none has the other."""
    printed = [cell for column in columns for cell in column if isinstance(cell, str) and ("," in cell or "." in cell)]
    if not decided.proved or not printed:
        return None
    return None if any(_is_against(cell, decided.value) for cell in printed) else decided.value


def order_to_declare(decided: Decided[Order], columns: Iterable[Iterable[object]]) -> Order | None:
    """The order for rows still to come: the one proved, where some text would be another day in another order."""
    shown = any(_depends_on_order(cell) for column in columns for cell in column)
    return decided.value if decided.proved and shown else None


def _is_against(cell: str, mark: Mark) -> bool:
    return _code_of(lambda text: parse_number(text, mark), cell) == "number_against_mark"


def _depends_on_order(cell: object) -> bool:
    return isinstance(cell, str) and (
        read_date(cell, "dmy") != read_date(cell, "mdy") or deduce_order([cell]) is not None
    )


def _span(dates: Sequence[date | None]) -> int:
    known = [day for day in dates if day is not None]
    return (max(known) - min(known)).days if known else 0


def _differs(cell: object) -> bool:
    return isinstance(cell, str) and _code_of(parse_date, cell) == "ambiguous_date"


def _is_doubtful(cell: str) -> bool:
    return _code_of(parse_number, cell) == "ambiguous_number"


def _code_of(parse: Callable[[object], object], cell: object) -> str | None:
    try:
        parse(cell)
    except ValueProblem as problem:
        return problem.code
    return None
