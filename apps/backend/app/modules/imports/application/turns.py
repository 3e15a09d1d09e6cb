"""Whose turn it is: a ring says that a stage has work, and the tenants that have some are served one after another.

A tenant that rings a thousand times for ten thousand items would keep one with ten items waiting for all of them.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from uuid import UUID

    from app.modules.imports.domain.pipeline import StageName
    from app.modules.imports.ports import ItemStore


class Turns:
    """One per process. Thread-safe. Every ring is answered by one slice of somebody, so as many are served as rang."""

    def __init__(self, store: ItemStore) -> None:
        self._store = store
        self._served: dict[StageName, UUID] = {}
        self._lock = threading.Lock()

    def next(self, stage: StageName, rang: UUID) -> UUID:
        """The tenant to serve for this ring: the next one behind the last served that has work due, else who rang."""
        with self._lock:
            last = self._served.get(stage)
        found = (self._store.next_tenant(stage, last) if last is not None else None) or rang
        with self._lock:
            self._served[stage] = found
        return found
