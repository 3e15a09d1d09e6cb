"""Ids that follow on each other for things that are stored together, so that an index takes them side by side."""

from __future__ import annotations

from functools import lru_cache
from typing import Final
from uuid import UUID, uuid5

_POSITIONS: Final = (1 << 40) - 1


def following_id(origin: UUID, position: int) -> UUID:
    """The same for the same origin and position, and different for all others. ``position`` is below 2⁴⁰."""
    return UUID(int=_first(origin) + position)


@lru_cache(maxsize=1_000)
def _first(origin: UUID) -> int:
    return uuid5(origin, "parts").int & ~_POSITIONS
