"""Tells a worker that is deaf from one that is busy or idle: work is due, and nothing of it is taken.

A process that is up, answers pings and takes no work is what a broken broker connection leaves behind now and then
(github.com/celery/celery issues 8030, 8091, 10502).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.database import Database

SWEEPING = "sweeping"
"""The work of the maintenance worker, beside the names of the stages: leases that ran out and lie about."""

_START_SECONDS = 20.0
_SAME_SECONDS = 0.5

_DEPTHS = "SELECT stage, due, oldest_seconds FROM imports_queue_depths()"
_HELD = "SELECT stage FROM imports_slices_held() WHERE held > 0"
_EXPIRED = "SELECT count(*) AS expired FROM imports_expired_leases(500)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Work that waits: how much, and since when (on the clock of the look)."""

    due: int
    oldest_at: float


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen at one moment (monotonic seconds): waiting work by stage, and the stages being worked."""

    at: float
    waiting: Mapping[str, Waiting]
    held: frozenset[str] = frozenset()


def look(database: Database, at: float) -> Look:
    """For all tenants together; asks for counts only."""
    with database.door_session() as session:
        waiting = {
            row["stage"]: Waiting(due=row["due"], oldest_at=at - row["oldest_seconds"])
            for row in session.execute(_DEPTHS)
        }
        held = frozenset(row["stage"] for row in session.execute(_HELD))
        [found] = session.execute(_EXPIRED)
    if found["expired"]:
        waiting[SWEEPING] = Waiting(due=found["expired"], oldest_at=0.0)
    return Look(at, waiting, held)


class Deafness:
    """Compares looks. Work is taken when a slice is held, when less of it waits, or when the oldest is another one."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._last: Mapping[str, Waiting] = {}
        self._silent_since: dict[str, float] = {}

    def silent(self, seen: Look, started_at: Mapping[str, float]) -> list[str]:
        """The stages of which nothing was taken for too long; ``started_at`` says since when somebody should listen."""
        for stage in started_at:
            if stage not in self._silent_since or self._is_taken(stage, seen):
                self._silent_since[stage] = seen.at
        self._last = seen.waiting
        return [stage for stage, started in started_at.items() if self._is_silent(stage, seen.at, started)]

    def _is_taken(self, stage: str, seen: Look) -> bool:
        before, now = self._last.get(stage), seen.waiting.get(stage)
        if before is None or now is None or stage in seen.held:
            return True
        return now.due < before.due or now.oldest_at > before.oldest_at + _SAME_SECONDS

    def _is_silent(self, stage: str, at: float, started: float) -> bool:
        # A worker needs a while to come up; one that never does is silent too.
        since = max(self._silent_since[stage], min(started + _START_SECONDS, at))
        return at - since > self._seconds
