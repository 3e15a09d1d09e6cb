"""Columns of values as PostgreSQL array literals: ``unnest`` of them is the cheapest way in for a few hundred rows.

The driver's own arrays cost a call of Python for every element, and JSON is parsed once more than needed.
https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from uuid import UUID


def uuid_array(values: Iterable[UUID | None]) -> str:
    """For a parameter that is cast to ``uuid[]``."""
    return "{" + ",".join([_NULL if value is None else value.hex for value in values]) + "}"


def text_array(values: Iterable[str | None]) -> str:
    """For a parameter that is cast to an array of anything that is written as text: ``text[]``, ``jsonb[]``."""
    return "{" + ",".join([_NULL if value is None else _quoted(value) for value in values]) + "}"


def plain_array(values: Iterable[object]) -> str:
    """For ``numeric[]``, ``integer[]``, ``date[]``, ``boolean[]``: values that are written without quotes."""
    return "{" + ",".join([_NULL if value is None else str(value) for value in values]) + "}"


_NULL: Final = "NULL"
_WRITERS: Final[dict[str, Callable[[Iterable[object]], str]]] = {
    "uuid": uuid_array,  # type: ignore[dict-item]  # [the column's type says what is in it]
    "text": text_array,  # type: ignore[dict-item]
    "jsonb": text_array,  # type: ignore[dict-item]
}


def array_of(kind: str, values: Iterable[object]) -> str:
    """For a parameter that is cast to an array of the PostgreSQL type ``kind``; jsonb values are given as text."""
    return _WRITERS.get(kind, plain_array)(values)


def _quoted(text: str) -> str:
    if "\\" in text or '"' in text:
        text = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'
