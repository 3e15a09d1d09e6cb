"""Pages of a list: a cursor names the last entry seen, so that new entries move nothing."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from app.modules.imports.domain.errors import RefusedUpload

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

T = TypeVar("T")

MOST_PER_PAGE: Final = 200
_LONGEST_CURSOR: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[T]):
    """Entries of one page, and the cursor of the next; None after the last."""

    entries: tuple[T, ...]
    next_cursor: str | None


def clamped(limit: int) -> int:
    """A number of entries per page that a request may ask for."""
    return max(1, min(limit, MOST_PER_PAGE))


def write_cursor(values: Sequence[object]) -> str:
    """The position after the entry with these sort values. It holds nothing that its reader may not see anyway."""
    text = json.dumps([str(value) for value in values], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_cursor(cursor: str, *readers: Callable[[str], object]) -> tuple[Any, ...]:
    """The sort values that ``write_cursor`` wrote. Raises ``RefusedUpload('cursor_invalid')``."""
    try:
        return tuple(read(value) for read, value in zip(readers, _texts(cursor), strict=True))
    except (ValueError, OverflowError, RecursionError):
        raise RefusedUpload("cursor_invalid", "take next_cursor of the page before, unchanged") from None


def page_of(
    rows: Sequence[Mapping[str, Any]], limit: int, make: Callable[[Mapping[str, Any]], T], *sort: str
) -> Page[T]:
    """A page of at most ``limit``; ``rows`` holds one more when there is a page after it."""
    shown = rows[:limit]
    more = len(rows) > limit
    cursor = write_cursor([_sortable(shown[-1][name]) for name in sort]) if more else None
    return Page(entries=tuple(make(row) for row in shown), next_cursor=cursor)


def _sortable(value: object) -> object:
    isoformat = getattr(value, "isoformat", None)
    return isoformat() if isoformat is not None else value


def _texts(cursor: str) -> list[str]:
    if len(cursor) > _LONGEST_CURSOR or not cursor.isascii():
        raise ValueError(cursor[:20])
    values = json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise ValueError(cursor[:20])
    "".join(values).encode()  # a UnicodeEncodeError is a ValueError: half a character is no text that was ever stored
    return values
