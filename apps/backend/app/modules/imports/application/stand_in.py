"""Answers in place of workers that cannot hear: while the broker is away or swallows rings, and for a while after."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import structlog
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from app.modules.imports.application.doorbells import InlineDoorbell
from app.modules.imports.application.inline_runner import InlineRunner

if TYPE_CHECKING:
    from collections.abc import Collection

    from app.modules.imports.domain.pipeline import StageName
    from app.modules.imports.ports import Ring
    from app.modules.imports.usecases.house import House

log = structlog.get_logger()

_THREADS = 2
_PING_SECONDS = 1.0
_PULSE = "imports_supervisor"
_PULSE_SECONDS = 60
_RECONNECT_SECONDS = 35.0
"""Celery looks for a broker that is gone every 30 seconds at the latest."""


class StandIn:
    """``look`` decides whether somebody has to stand in; ``end`` gives back what is in hand."""

    def __init__(self, house: House, stages: Collection[StageName], broker_url: str, sweep_seconds: float) -> None:
        self._house = house
        self._stages = stages
        self._sweep_seconds = sweep_seconds
        self._broker = Redis.from_url(
            broker_url,
            socket_timeout=_PING_SECONDS,
            socket_connect_timeout=_PING_SECONDS,
            retry=Retry(NoBackoff(), 0),
        )
        self._runner: InlineRunner | None = None
        self._until = 0.0

    def look(self) -> bool:
        """Whether the workers can hear, as far as the broker is concerned."""
        if self._is_away():
            self.step_in(_RECONNECT_SECONDS)
            return False
        if self._runner is not None and time.monotonic() > self._until:
            self.end()
        return self._runner is None

    def step_in(self, seconds: float) -> None:
        """Nobody takes what is due, whatever the broker says: rings may be swallowed on their way."""
        self._until = time.monotonic() + seconds
        self._begin()

    def end(self) -> None:
        if self._runner is not None:
            log.warning("stand_in_ends")
            self._runner.stop()
            self._runner = None

    def _begin(self) -> None:
        if self._runner is not None:
            return
        log.warning("stand_in_begins", stages=sorted(stage.value for stage in self._stages))
        doorbell = _PartialDoorbell(self._stages)
        stopping = threading.Event()
        runtime = replace(self._house.runtime, doorbell=doorbell, stopping=stopping.is_set)
        self._runner = InlineRunner(
            runtime, doorbell, threads=_THREADS, sweep_seconds=self._sweep_seconds, stopping=stopping
        )
        self._runner.start()

    def _is_away(self) -> bool:
        # By writing: one that is full, or a copy of another, answers a ping and takes no ring.
        try:
            self._broker.set(_PULSE, 1, ex=_PULSE_SECONDS)
        except (RedisError, OSError):
            return True
        return False


class _PartialDoorbell(InlineDoorbell):
    """Hears only what the workers stood in for would hear."""

    def __init__(self, stages: Collection[StageName]) -> None:
        super().__init__()
        self._stages = stages

    def ring(self, ring: Ring) -> None:
        if ring.stage in self._stages:
            super().ring(ring)
