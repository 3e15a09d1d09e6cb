"""Starts and watches the workers: one Celery worker per queue, with that queue's own concurrency and limits.

    python -m app.modules.imports.application.worker_main [--queues imports_pre,imports_ocr] [--concurrency N]

SIGTERM ends these workers and no others: each finishes what it holds; what does not end in time is killed, and its
lease runs out. A worker that died is started again; one that claims nothing while work is due is taken for deaf and
restarted; while the broker is away the supervisor itself answers, slowly, so that nothing stands still.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import structlog
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from app.modules.imports.application.bootstrap import embedded_database, open_house
from app.modules.imports.domain.pipeline import MAINTENANCE_QUEUE, PIPELINE, STAGES
from app.modules.imports.usecases.advance_slice import advance_slice
from app.settings import Settings, settings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import FrameType

    from app.modules.imports.usecases.house import House

log = structlog.get_logger()

_LOOK_SECONDS = 1.0
_STOP_SECONDS = 25.0
_RESTART_PAUSE_SECONDS = 1.0
_CELERY = "app.modules.imports.application.celery_app"
_DEPTHS = "SELECT stage, due, oldest_seconds FROM imports_queue_depths()"
_HELD = "SELECT stage, held FROM imports_slices_held()"


@dataclass(slots=True)
class _Worker:
    """One Celery worker with its pool, in a session of its own."""

    queue: str
    concurrency: int
    environment: Mapping[str, str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = field(default=0.0)

    def start(self) -> None:
        command = [sys.executable, "-m", "celery", "-A", _CELERY, "worker", "--queues", self.queue]
        command += ["--concurrency", str(self.concurrency), "--pool", "prefork", "--hostname", f"{self.queue}@%h"]
        command += ["--without-gossip", "--without-mingle", "--loglevel", "WARNING"]
        if self.queue == MAINTENANCE_QUEUE:
            command += ["--beat", "--schedule", f"{self.environment['IMPORTS_DATA_DIR']}/beat-schedule"]
        self.process = subprocess.Popen(command, env=dict(self.environment), start_new_session=True)  # noqa: S603
        self.started_at = time.monotonic()
        log.info("worker_started", queue=self.queue, pid=self.process.pid)

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def ask_to_end(self) -> None:
        if self.process is not None:
            with suppress(ProcessLookupError):
                self.process.terminate()

    def kill(self) -> None:
        """The whole tree of this worker, and nothing else."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until SIGTERM or SIGINT; returns the exit code."""
    chosen = _parse(arguments)
    config = settings()
    if not config.redis_url:
        sys.stderr.write("REDIS_URL is not set: Celery workers need a broker. Inline mode needs none.\n")
        return 2
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: _request_stop(stopping, _frame))
    with ExitStack() as stack:
        config = embedded_database(config, stack)
        house = stack.enter_context(open_house(config, with_runner=False))
        workers = [_Worker(q, c, _environment(config)) for q, c in chosen.items()]
        for worker in workers:
            worker.start()
        stack.callback(_end, workers)
        _watch(workers, house, config, stopping)
    return 0


def _request_stop(stopping: threading.Event, _frame: FrameType | None) -> None:
    stopping.set()


def _parse(arguments: Sequence[str] | None) -> dict[str, int]:
    """Queue → concurrency, as asked for."""
    known = {spec.queue: spec.concurrency for spec in PIPELINE} | {MAINTENANCE_QUEUE: 1}
    parser = argparse.ArgumentParser(prog="worker_main", description=__doc__.partition("\n")[0])
    parser.add_argument("--queues", default=",".join(known), help="comma-separated subset of: " + ", ".join(known))
    parser.add_argument("--concurrency", type=int, help="processes per queue, instead of the pipeline's own numbers")
    given = parser.parse_args(arguments)
    wanted = [queue.strip() for queue in given.queues.split(",") if queue.strip()]
    if unknown := sorted(set(wanted) - known.keys()):
        parser.error(f"unknown queues: {', '.join(unknown)}; known are {', '.join(known)}")
    return {queue: given.concurrency or known[queue] for queue in wanted}


def _environment(config: Settings) -> dict[str, str]:
    """The workers' environment: ours, with the database that is in force and a place for their metrics."""
    metrics = config.metrics_dir or config.data_dir / "metrics"
    metrics.mkdir(parents=True, exist_ok=True)
    given: dict[str, Any] = {
        "DB_DSN": config.db_dsn,
        "IMPORTS_DATA_DIR": config.data_dir.absolute(),
        "IMPORTS_RUNNER_MODE": "celery",
        "PROMETHEUS_MULTIPROC_DIR": metrics.absolute(),
    }
    return {**os.environ, **{name: str(value) for name, value in given.items()}}


def _end(workers: Sequence[_Worker]) -> None:
    for worker in workers:
        worker.ask_to_end()
    deadline = time.monotonic() + _STOP_SECONDS
    while any(worker.is_running() for worker in workers) and time.monotonic() < deadline:
        time.sleep(0.1)
    for worker in workers:
        worker.kill()


def _watch(workers: Sequence[_Worker], house: House, config: Settings, stopping: threading.Event) -> None:
    broker = Redis.from_url(config.redis_url or "", socket_timeout=2, socket_connect_timeout=1)
    silent_since = dict.fromkeys((worker.queue for worker in workers), time.monotonic())
    while not stopping.wait(_LOOK_SECONDS):
        _revive(workers)
        try:
            if _is_away(broker):
                _answer_inline(house, stopping)
            else:
                _restart_deaf(workers, house, silent_since, config.deaf_seconds)
        except SQLAlchemyError as error:
            log.warning("watch_interrupted", error=type(error).__name__)


def _revive(workers: Sequence[_Worker]) -> None:
    for worker in workers:
        if not worker.is_running() and time.monotonic() - worker.started_at > _RESTART_PAUSE_SECONDS:
            log.warning("worker_died", queue=worker.queue)
            worker.kill()
            worker.start()


def _is_away(broker: Redis) -> bool:
    try:
        broker.ping()
    except (RedisError, OSError):
        return True
    return False


def _answer_inline(house: House, stopping: threading.Event) -> None:
    """Without a broker nobody hears a ring: take back what expired and work what is due, here."""
    house.store.release_expired()
    for ring in house.store.rings_due():
        if stopping.is_set():
            return
        advance_slice(STAGES[ring.stage], ring.tenant_id, house.runtime)


def _restart_deaf(
    workers: Sequence[_Worker], house: House, silent_since: dict[str, float], deaf_seconds: float
) -> None:
    with house.database.door_session() as session:
        oldest = {row["stage"]: row["oldest_seconds"] for row in session.execute(_DEPTHS)}
        held = {row["stage"] for row in session.execute(_HELD)}
    stage_of = {spec.queue: spec.name.value for spec in PIPELINE}
    now = time.monotonic()
    for worker in workers:
        stage = stage_of.get(worker.queue)
        if stage is None or stage in held or oldest.get(stage, 0.0) < deaf_seconds:
            silent_since[worker.queue] = now
        elif now - silent_since[worker.queue] > deaf_seconds:
            log.error("worker_deaf", queue=worker.queue, oldest_due_seconds=round(oldest[stage]))
            worker.kill()
            worker.start()
            silent_since[worker.queue] = now


if __name__ == "__main__":
    sys.exit(main())
