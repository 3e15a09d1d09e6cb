"""Ids of destination rows: they follow from the item, so a publication that is repeated names the same rows."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from uuid import UUID

_FREE_BITS = ~(0xF << 76 | 0x3 << 62)
"""All of a UUID but its version and variant (RFC 9562, section 4)."""


def row_id(item_id: UUID, table: str, line: int = 1) -> UUID:
    """Ids of items that follow on each other give ids that do: an index takes them side by side."""
    return UUID(int=item_id.int ^ _mask(table, line))


@lru_cache(maxsize=10_000)
def _mask(table: str, line: int) -> int:
    digest = hashlib.sha256(f"{table}/{line}".encode()).digest()
    return int.from_bytes(digest[:16], "big") & _FREE_BITS
