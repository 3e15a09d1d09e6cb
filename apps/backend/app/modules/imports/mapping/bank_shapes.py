"""Names the columns of a bank's export that has no headings, where its running balance proves which they are."""

from __future__ import annotations

from functools import partial
from itertools import permutations
from typing import TYPE_CHECKING, Final

from app.modules.imports.mapping.balances import count_held
from app.modules.imports.mapping.conventions import decide_mark, read_number
from app.modules.imports.mapping.dates import looks_dated
from app.modules.imports.mapping.numbers import looks_numeric

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from app.modules.imports.mapping.numbers import Mark

    Row = tuple[object, ...]

_LEAST_ROWS: Final = 3
_MOST_COLUMNS: Final = 12
_DATES: Final = ("Fecha", "Fecha valor")


def name_by_shape(rows: Sequence[Row]) -> tuple[str, ...] | None:
    """Headings for these rows; None unless every step of a balance is proved by an amount."""
    dated_rows = [row for row in rows if any(map(looks_dated, row))]
    width = max((len(row) for row in dated_rows), default=0)
    if len(dated_rows) < _LEAST_ROWS or not 0 < width <= _MOST_COLUMNS:
        return None
    columns = [[row[i] if i < len(row) else None for row in dated_rows] for i in range(width)]
    dated = [i for i, cells in enumerate(columns) if all(map(looks_dated, cells))]
    numeric = [i for i, cells in enumerate(columns) if i not in dated and all(map(looks_numeric, cells))]
    proved = _amount_and_balance(columns, numeric)
    if not dated or proved is None:
        return None
    names = dict(zip(dated, _DATES, strict=False)) | dict(zip(proved, ("Importe", "Saldo"), strict=True))
    texts = [i for i in range(width) if i not in names and i not in numeric and i not in dated]
    if texts:
        names[max(texts, key=lambda i: sum(len(str(cell)) for cell in columns[i]))] = "Concepto"
    return tuple(names.get(i, "") for i in range(width))


def _amount_and_balance(columns: Sequence[Sequence[object]], numeric: Sequence[int]) -> tuple[int, int] | None:
    for amount, balance in permutations(numeric, 2):
        pair = (columns[amount], columns[balance])
        mark = decide_mark(pair, partial(_steps_held, pair)).value
        rising, falling, checks = _held(pair, mark)
        if max(rising, falling) == checks:
            return amount, balance
    return None


def _steps_held(pair: tuple[Sequence[object], Sequence[object]], mark: Mark) -> int:
    return max(_held(pair, mark)[:2])


def _held(pair: tuple[Sequence[object], Sequence[object]], mark: Mark) -> tuple[int, int, int]:
    amounts, balances = ([read_number(cell, mark) for cell in cells] for cells in pair)
    known: list[Decimal] = [amount for amount in amounts if amount is not None]
    return count_held(known, balances) if len(known) == len(amounts) else (0, 0, 1)
