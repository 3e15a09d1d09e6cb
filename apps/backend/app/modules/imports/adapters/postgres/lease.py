"""The lease of a slice: one row that fences all its items, moves on with them, and is closed when they are let go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.modules.imports.domain.errors import LeaseLost

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

    from app.database import Session
    from app.modules.imports.domain.pipeline import StageSpec
    from app.modules.imports.ports import Slice

# With its stage, because a slice that walked on keeps its token: settled again after a commit whose answer was lost,
# the stage would be recorded twice.
_FENCE = """
SELECT started_at FROM import_leases
WHERE tenant_id = (SELECT app_tenant()) AND token = %(token)s AND stage = %(stage)s FOR UPDATE
"""
_MOVE = """
UPDATE import_leases SET stage = %(stage)s, started_at = clock_timestamp(),
    leased_until = clock_timestamp() + make_interval(secs => %(lease)s),
    deadline_at = clock_timestamp() + make_interval(secs => %(hard_limit)s)
WHERE tenant_id = (SELECT app_tenant()) AND token = %(token)s
"""
_CLOSE = "DELETE FROM import_leases WHERE tenant_id = (SELECT app_tenant()) AND token = %(token)s"


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """Seconds of the lease, and the base of the exponential backoff."""

    lease: float
    backoff: float


def fence(session: Session, slice_: Slice) -> datetime:
    """Lock the lease for this transaction, or raise ``LeaseLost``; gives the time when the stage began."""
    rows = session.execute(_FENCE, {"token": slice_.token, "stage": slice_.stage.name.value})
    if not rows:
        raise LeaseLost(f"{slice_.stage.name} slice of {len(slice_.items)}")
    started: datetime = rows[0]["started_at"]
    return started


def change_ours(session: Session, statement: str, parameters: Mapping[str, object], expected: int) -> None:
    """A change of so many items of a fenced slice. Raises ``LeaseLost`` when it meets fewer."""
    # The lease row is the fence; the token on each item is the second lock on the same door.
    if session.count(statement, parameters) != expected:
        raise LeaseLost("an item of the slice is no longer ours")


def move_lease(session: Session, token: UUID, stage: StageSpec, timing: Timing) -> None:
    """The lease is one of the next stage from now on, with that stage's own deadline."""
    limits = {"lease": timing.lease, "hard_limit": stage.hard_limit.total_seconds()}
    session.execute(_MOVE, {"token": token, "stage": stage.name.value, **limits})


def close_lease(session: Session, token: UUID) -> bool:
    """Whether there was one to close."""
    return bool(session.count(_CLOSE, {"token": token}))
