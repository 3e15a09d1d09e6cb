"""The head of a tenant's audit trail, and the place outside of the database where heads are kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditHead:
    """How far a trail had come at some moment: the number of its last entry, and that entry's hash."""

    tenant_id: UUID
    seq: int
    hash: str


class AuditAnchors(Protocol):
    """Heads that are added to, never changed."""

    def add(self, heads: Sequence[AuditHead]) -> None: ...
    def all(self) -> Sequence[AuditHead]:
        """In the order in which they were added."""
