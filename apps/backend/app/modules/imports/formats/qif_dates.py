"""The dates of Quicken files: ``31/12/2026``, ``12/31'26``, ``1/ 2' 4``, ``2026-12-31``. Their order is not stated."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_PARTS = re.compile(r"\s*(\d{1,4})\s*[/.\-]\s*(\d{1,2})\s*[/.\-']\s*(\d{1,4})\s*")
_MONTHS = 12
_CENTURY = 80
_YEAR_DIGITS = 4


@dataclass(frozen=True, slots=True)
class DateOrder:
    """Whether the day comes before the month, and whether the file proves it."""

    day_first: bool
    certain: bool


def find_order(printed: Iterable[str]) -> DateOrder:
    """One date with a number over 12 settles it for all; an apostrophe before the year is American, but no proof."""
    apostrophe = open_question = False
    for text in printed:
        found = _PARTS.fullmatch(text)
        if found is None or len(found.group(1)) == _YEAR_DIGITS:
            continue
        first, second = int(found.group(1)), int(found.group(2))
        if first > _MONTHS >= second:
            return DateOrder(day_first=True, certain=True)
        if second > _MONTHS >= first:
            return DateOrder(day_first=False, certain=True)
        apostrophe = apostrophe or "'" in text
        open_question = open_question or first != second
    return DateOrder(day_first=not apostrophe, certain=not open_question)


def read_day(printed: str, order: DateOrder) -> date | None:
    """The day, or None when it is none."""
    found = _PARTS.fullmatch(printed)
    if found is None:
        return None
    first, second, third = (int(part) for part in found.groups())
    if len(found.group(1)) == _YEAR_DIGITS:
        year, month, day = first, second, third
    else:
        day, month = (first, second) if order.day_first else (second, first)
        year = third if len(found.group(3)) == _YEAR_DIGITS else third + (1900 if third >= _CENTURY else 2000)
    try:
        return date(year, month, day)
    except ValueError:
        return None
