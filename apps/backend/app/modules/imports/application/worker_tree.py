"""The Celery workers under one supervisor: one per queue, each with its pool in a session of its own."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog

from app.modules.imports.domain.pipeline import MAINTENANCE_QUEUE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from multiprocessing.context import ForkServerProcess

log = structlog.get_logger()

_STOP_SECONDS = 15.0
_RESTART_PAUSE_SECONDS = 1.0
_LOOK_SECONDS = 0.05

# Workers are forked from a process without threads that has everything loaded; it ends with the supervisor.
_FORKING = multiprocessing.get_context("forkserver")
_FORKING.set_forkserver_preload(["app.modules.imports.application.queue_worker"])


def _work(arguments: Sequence[str]) -> None:
    from app.modules.imports.application.queue_worker import main  # noqa: PLC0415  (loaded there, and not here)

    main(arguments)


@dataclass(slots=True)
class Worker:
    """One Celery worker, restarted as often as needed. Its environment is the supervisor's at the first start."""

    queue: str
    concurrency: int
    process: ForkServerProcess | None = None
    started_at: float = 0.0

    def start(self) -> None:
        arguments = ["--queues", self.queue, "--concurrency", str(self.concurrency), "--pool", "prefork"]
        arguments += ["--hostname", f"{self.queue}.{os.getpid()}@%h", "--without-gossip", "--without-mingle"]
        if self.queue == MAINTENANCE_QUEUE:
            arguments += ["--beat"]
        process = _FORKING.Process(target=_work, args=(arguments,), name=self.queue)
        self.process, self.started_at = None, time.monotonic()
        try:
            process.start()
        except (OSError, EOFError) as error:
            # Whoever forks them was killed just now, or the machine has no room: ``revive`` tries again. What may have
            # been forked meanwhile ends by itself, as nobody holds the other end of its pipe.
            log.warning("worker_not_started", queue=self.queue, error=type(error).__name__)
            return
        self.process = process
        log.info("worker_started", queue=self.queue, pid=process.pid)

    def is_running(self) -> bool:
        return self.process is not None and self.process.is_alive()

    def ask_to_end(self) -> None:
        """All of this worker: its main process stops listening, its pool processes finish or release their slices."""
        self._signal(signal.SIGTERM)

    def kill(self) -> None:
        self._signal(signal.SIGKILL)
        if self.process is not None:
            self.process.join()

    def restart(self) -> None:
        self.kill()
        self.start()

    def _signal(self, number: signal.Signals) -> None:
        # The session of the worker, and nothing outside of it: another supervisor's workers are none of our business.
        if self.process is None or self.process.pid is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)
            return
        if self.is_running():  # forked, and not yet in its own session
            with suppress(ProcessLookupError):
                os.kill(self.process.pid, number)


def revive(workers: Sequence[Worker]) -> None:
    """Start again what died, though not faster than once a second."""
    for worker in workers:
        if not worker.is_running() and time.monotonic() - worker.started_at > _RESTART_PAUSE_SECONDS:
            log.warning("worker_died", queue=worker.queue)
            worker.restart()


def end(workers: Sequence[Worker]) -> None:
    """Ask all to end, and kill what has not ended in time; then its leases run out."""
    for worker in workers:
        worker.ask_to_end()
    deadline = time.monotonic() + _STOP_SECONDS
    while any(worker.is_running() for worker in workers) and time.monotonic() < deadline:
        time.sleep(_LOOK_SECONDS)
    for worker in workers:
        if worker.is_running():
            log.warning("worker_killed", queue=worker.queue)
        worker.kill()
