"""I13: memory, open files, connections and broker keys come back to where they were. Reads ``/proc`` and counts."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from app.modules.imports.usecases.invariants import BrokenInvariant

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    import psycopg

_PROC: Final = Path("/proc")
_CONNECTIONS: Final = "SELECT count(*) AS n FROM pg_stat_activity WHERE application_name = 'gestiq-imports'"


class Broker(Protocol):
    """The part of a Redis client that is asked."""

    def dbsize(self) -> int: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Resources:
    """What the watched processes hold, all together, at one moment."""

    rss_bytes: int = 0
    open_files: int = 0
    connections: int = 0
    broker_keys: int = 0


# Below these, a tenth of the baseline is less than what one more cache entry or socket makes.
_SLACK: Final = Resources(rss_bytes=32 * 1024 * 1024, open_files=8, connections=2, broker_keys=8)


class ResourceSampler:
    """``sample`` before and after, then ``grown``."""

    def __init__(
        self,
        processes: Callable[[], Collection[int]],
        connection: psycopg.Connection[Any] | None = None,
        broker: Broker | None = None,
    ) -> None:
        self._processes = processes
        self._connection = connection
        self._broker = broker

    def sample(self) -> Resources:
        """Processes that end meanwhile count for nothing."""
        pids = self._processes()
        return Resources(
            rss_bytes=sum(map(_rss_bytes, pids)),
            open_files=sum(map(_open_files, pids)),
            connections=self._connections(),
            broker_keys=self._broker.dbsize() if self._broker else 0,
        )

    def _connections(self) -> int:
        if self._connection is None:
            return 0
        row = self._connection.execute(_CONNECTIONS).fetchone()
        assert row is not None
        return int(row["n"] if isinstance(row, dict) else row[0])


def grown(baseline: Resources, now: Resources, *, by: float = 0.10) -> tuple[BrokenInvariant, ...]:
    """What is more than a tenth above its baseline."""
    return tuple(_grown(baseline, now, by))


def _grown(baseline: Resources, now: Resources, by: float) -> Iterator[BrokenInvariant]:
    for field in fields(Resources):
        before, after = getattr(baseline, field.name), getattr(now, field.name)
        if after > max(before * (1 + by), before + getattr(_SLACK, field.name)):
            detail = f"{field.name} grew from {before} to {after}"
            yield BrokenInvariant(code="I13", detail=detail, count=after - before)


def _rss_bytes(pid: int) -> int:
    with suppress(FileNotFoundError, ProcessLookupError):
        for line in (_PROC / str(pid) / "status").read_text("utf-8").splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024
    return 0


def _open_files(pid: int) -> int:
    with suppress(FileNotFoundError, ProcessLookupError, PermissionError):
        return sum(1 for _ in (_PROC / str(pid) / "fd").iterdir())
    return 0
