"""Threads that answer rings in this process, and the sweeper beside them: the production path without a broker."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import structlog
from sqlalchemy.exc import SQLAlchemyError

from app.modules.imports.application.slices_in_hand import SlicesInHand
from app.modules.imports.domain.pipeline import STAGES
from app.modules.imports.usecases.sweep import sweep

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.modules.imports.application.doorbells import InlineDoorbell
    from app.modules.imports.usecases.advance_slice import Runtime

log = structlog.get_logger()

_FINISH_SECONDS = 3.0
_END_SECONDS = 5.0
_PAUSE_SECONDS = 1.0


class InlineRunner:
    """Starts with ``start``; ``stop`` lets every thread finish the stage it works on, for a moment, and releases what
    is not finished then.
    """

    def __init__(
        self,
        runtime: Runtime,
        doorbell: InlineDoorbell,
        *,
        threads: int,
        sweep_seconds: float,
        stopping: threading.Event,
    ) -> None:
        self._store = runtime.store
        self._hands = SlicesInHand(runtime)
        self._doorbell = doorbell
        self._sweep_seconds = sweep_seconds
        self._stopping = stopping
        self._threads = [self._thread(f"inline-{number}", self._answer) for number in range(threads)]
        self._sweeper = self._thread("inline-sweeper", self._sweep)

    def start(self) -> None:
        for thread in (*self._threads, self._sweeper):
            thread.start()

    def stop(self) -> None:
        """Returns within seconds, with no lease left behind."""
        self._stopping.set()
        self._doorbell.wake()
        ended = [self._sweeper]
        if self._hands.wait_until_empty(_FINISH_SECONDS):
            ended += self._threads
        else:
            log.warning("slices_given_back", slices=self._hands.give_back())
        for thread in ended:
            thread.join(_END_SECONDS)

    def _thread(self, name: str, work: Callable[[], None]) -> threading.Thread:
        return threading.Thread(target=self._keep_at, args=(work,), daemon=True, name=name)

    def _keep_at(self, work: Callable[[], None]) -> None:
        while not self._stopping.is_set():
            try:
                work()
            except SQLAlchemyError as error:  # the database is away: the sweeper rings again when it is back
                log.warning("work_interrupted", error=type(error).__name__)
                self._stopping.wait(_PAUSE_SECONDS)
            except Exception:
                # A bug costs what it happened on; without this it would silently cost the process its hands.
                log.exception("work_failed")
                self._stopping.wait(_PAUSE_SECONDS)

    def _answer(self) -> None:
        ring = self._doorbell.next(timeout=_PAUSE_SECONDS)
        if ring is not None and not self._stopping.is_set():
            self._hands.advance(STAGES[ring.stage], ring.tenant_id)

    def _sweep(self) -> None:
        sweep(self._store, self._doorbell)
        self._stopping.wait(self._sweep_seconds)
