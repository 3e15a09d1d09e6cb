"""Which delimiter separates the columns of a text table: the one that splits most of its lines into as many cells.

A comma that stands between digits only is the decimal mark of a table with another delimiter, where there is one.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

_DELIMITERS: Final = "\t;|,"
_ENOUGH: Final = 0.5
_DECLARED: Final = "sep="
_WITHIN_NUMBERS: Final = re.compile(r"(?<=[0-9]),(?=[0-9])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """The delimiter, and how well it fits: the share of the lines that have the usual number of cells."""

    delimiter: str
    fit: float
    columns: int
    declared: bool = False
    """The first line declares the delimiter (``sep=;``) and is no row."""


def find_dialect(lines: Sequence[str]) -> Dialect | None:
    """The dialect of these lines; None when no delimiter makes a table of them."""
    if lines and lines[0].lower().startswith(_DECLARED) and len(lines[0].rstrip("\r\n")) == len(_DECLARED) + 1:
        return replace(_fit(lines[1:], lines[0][len(_DECLARED)]), fit=1.0, declared=True)
    fits = [fit for delimiter in _DELIMITERS if (fit := _fit(lines, delimiter)).fit]
    if not any("," in _WITHIN_NUMBERS.sub("", line) for line in lines):
        fits = [fit for fit in fits if fit.delimiter != ","] or fits
    return max(fits, key=lambda d: (d.fit > _ENOUGH, round(d.fit, 1), d.columns), default=None)


def _fit(lines: Sequence[str], delimiter: str) -> Dialect:
    """With quotes and without: one quote that is never closed must not hide the delimiter."""
    fits = (_fit_quoted(lines, delimiter, quoting) for quoting in (csv.QUOTE_MINIMAL, csv.QUOTE_NONE))
    return max(fits, key=lambda d: d.fit)


def _fit_quoted(lines: Sequence[str], delimiter: str, quoting: Literal[0, 3]) -> Dialect:
    reader = csv.reader(lines, delimiter=delimiter, quoting=quoting)
    try:
        widths = Counter(len(row) for row in reader if any(cell.strip() for cell in row))
    except csv.Error:
        return Dialect(delimiter=delimiter, fit=0.0, columns=0)
    total = sum(widths.values())
    usual, count = max(((w, n) for w, n in widths.items() if w > 1), key=lambda p: (p[1], p[0]), default=(0, 0))
    return Dialect(delimiter=delimiter, fit=count / total if total else 0.0, columns=usual)
