"""Rows of delimited text where some quote is only a character: it opens a cell that would swallow the rows below it."""

from __future__ import annotations

import csv
from collections import deque
from itertools import chain
from typing import TYPE_CHECKING, Final, Literal

from app.modules.imports.domain.errors import Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from app.modules.imports.formats.csv_dialect import Dialect

_END: Final = "\x1e"
"""Stands after the last line: a field that swallowed it was never closed."""
_TELLING: Final = 3
"""Columns from which rows within a cell are no coincidence."""


def read_records(lines: Iterable[str], dialect: Dialect) -> Iterator[list[str]]:
    """The rows of the lines. Where a quoted cell holds lines that are rows themselves, or is never closed, its quote is
    read as it stands, and what follows anew.

    Raises Unreadable: ``unclosed_quote``, ``bad_csv``.
    """
    waiting: deque[str] = deque()
    rest = chain(lines, (_END,))
    while True:
        taken: list[str] = []
        yield from _until_swallowed(_noted(waiting, rest, taken), dialect, taken)
        if not taken:
            return
        yield next(csv.reader(taken[:1], delimiter=dialect.delimiter, quoting=csv.QUOTE_NONE))
        waiting.extendleft(reversed(taken[1:]))


def _until_swallowed(lines: Iterator[str], dialect: Dialect, taken: list[str]) -> Iterator[list[str]]:
    """The rows up to one that swallowed others, whose lines stay in ``taken``; at the end nothing is left there."""
    try:
        for row in csv.reader(lines, delimiter=dialect.delimiter):
            if row and row[-1].endswith(_END):
                if row != [_END]:
                    _check(dialect, taken, Unreadable("unclosed_quote", "a quoted cell runs to the end of the file"))
                    return
                break
            if len(taken) > 1 and _swallows(taken, dialect):
                return
            taken.clear()
            yield row
    except csv.Error as error:
        _check(dialect, taken, Unreadable("bad_csv", str(error)))
        return
    taken.clear()


def _noted(waiting: deque[str], rest: Iterator[str], taken: list[str]) -> Iterator[str]:
    """First the lines that wait to be read anew; each is noted in ``taken``."""
    while waiting:
        taken.append(waiting.popleft())
        yield taken[-1]
    for line in rest:
        taken.append(line)
        yield line


def _check(dialect: Dialect, taken: list[str], refusal: Unreadable) -> None:
    """A cell that never ends is refused unless its first line is a row by itself."""
    if len(taken) < 2 or _split(taken[0], dialect) != dialect.columns:  # noqa: PLR2004
        raise refusal


def _swallows(taken: list[str], dialect: Dialect) -> bool:
    """Whether every line of one row is a row by itself; of two columns also that no quote ends where a cell does."""
    first, *others = taken
    if _split(first, dialect) != dialect.columns or not all(_is_row(line, dialect) for line in others):
        return False
    return dialect.columns >= _TELLING or not _closes(taken, dialect)


def _is_row(line: str, dialect: Dialect) -> bool:
    return not line.strip() or dialect.columns in (_split(line, dialect), _split(line, dialect, csv.QUOTE_MINIMAL))


def _split(line: str, dialect: Dialect, quoting: Literal[0, 3] = csv.QUOTE_NONE) -> int:
    """Its columns; 0 when it is no row of its own: a carriage return in its middle, a cell beyond csv's limit."""
    try:
        return len(next(csv.reader([line], delimiter=dialect.delimiter, quoting=quoting), []))
    except csv.Error:
        return 0


def _closes(taken: list[str], dialect: Dialect) -> bool:
    try:
        return bool(list(csv.reader(taken, delimiter=dialect.delimiter, strict=True)))
    except csv.Error:
        return False
