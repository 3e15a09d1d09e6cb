"""Numbers that were cut in two: written with a comma and without quotes, in a file whose cells end at commas.

Where not every row tells which commas were whose (``mended_numbers``), nothing does. What is left of a number is one
too, so it would be believed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from app.modules.imports.domain.errors import Unreadable

if TYPE_CHECKING:
    from collections.abc import Sequence

_BEFORE: Final = re.compile(r"\s*[-+(]?\s*[€$]?\s*(?:\d{1,3}(?:[. ]\d{3})+|\d+)")
_CENTS: Final = re.compile(r"\d\d\s*[-)€$]?\s*")
_THOUSAND: Final = re.compile(r"\s*[-+(]?\s*[€$]?\s*\d{1,3}")
_BEHIND_THOUSANDS: Final = re.compile(r"\d{3}(?:\.\d+)?\s*[-)€$]?\s*")


def refuse_cut_numbers(header: Sequence[object], row: Sequence[object], number: int) -> None:
    """Raises ``Unreadable``: ``numbers_cut``, where a row has cells beyond the last heading and somewhere in it two
    neighbours are a number before and behind its comma. ``number`` is its row of the sheet, from 1.
    """
    width = max((place for place, name in enumerate(header, 1) if name not in (None, "")), default=0)
    if all(cell in (None, "") for cell in row[width:]):
        return
    texts = [cell if isinstance(cell, str) else "" for cell in row]
    if any(map(_is_cut, texts, texts[1:])):
        raise Unreadable("numbers_cut", f"row {number} has more cells than there are headings")


def _is_cut(first: str, second: str) -> bool:
    return bool(
        (_BEFORE.fullmatch(first) and _CENTS.fullmatch(second))
        or (_THOUSAND.fullmatch(first) and _BEHIND_THOUSANDS.fullmatch(second))
    )
