"""Threads that answer rings in this process, and the sweeper beside them: the production path without a broker."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import structlog
from sqlalchemy.exc import SQLAlchemyError

from app.modules.imports.domain.pipeline import STAGES
from app.modules.imports.usecases.advance_slice import advance_slice
from app.modules.imports.usecases.sweep import sweep

if TYPE_CHECKING:
    from app.modules.imports.application.doorbells import InlineDoorbell
    from app.modules.imports.usecases.advance_slice import Runtime

log = structlog.get_logger()

_STOP_SECONDS = 30.0


class InlineRunner:
    """Starts with ``start``; ``stop`` lets every thread finish or release the slice it holds."""

    def __init__(
        self,
        runtime: Runtime,
        doorbell: InlineDoorbell,
        *,
        threads: int,
        sweep_seconds: float,
        stopping: threading.Event,
    ) -> None:
        self._runtime = runtime
        self._doorbell = doorbell
        self._sweep_seconds = sweep_seconds
        self._stopping = stopping
        self._threads = [threading.Thread(target=self._answer, daemon=True, name=f"inline-{i}") for i in range(threads)]
        self._threads.append(threading.Thread(target=self._sweep, daemon=True, name="inline-sweeper"))

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._stopping.set()
        for thread in self._threads:
            thread.join(_STOP_SECONDS)

    def _answer(self) -> None:
        while not self._stopping.is_set():
            ring = self._doorbell.next(timeout=0.5)
            if ring is None:
                continue
            try:
                advance_slice(STAGES[ring.stage], ring.tenant_id, self._runtime)
            except SQLAlchemyError as error:  # the database is away: the sweeper rings again when it is back
                log.warning("advance_interrupted", stage=ring.stage.value, error=type(error).__name__)
                self._stopping.wait(1.0)

    def _sweep(self) -> None:
        while True:
            try:
                sweep(self._runtime.store, self._doorbell)
            except SQLAlchemyError as error:
                log.warning("sweep_interrupted", error=type(error).__name__)
            if self._stopping.wait(self._sweep_seconds):
                return
