"""The sweeper: whatever was dropped is picked up. Runs every few seconds, in any number of processes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.modules.imports.ports import Doorbell, ItemStore


def sweep(store: ItemStore, doorbell: Doorbell) -> int:
    """Take back expired leases, then ring for all that is due. Returns how many rings were sent."""
    store.release_expired()
    rings = store.rings_due()
    for ring in rings:
        doorbell.ring(ring)
    return len(rings)
