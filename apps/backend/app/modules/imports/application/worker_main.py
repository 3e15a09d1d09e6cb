"""Starts and watches the workers: one Celery worker per queue, with that queue's own concurrency and limits.

    python -m app.modules.imports.application.worker_main [--queues imports_pre,imports_ocr] [--concurrency N]

SIGTERM ends these workers and no others: each finishes what it works on, for a moment, and releases what is not
finished then. A worker that died is started again; one that takes nothing while work is due is taken for deaf and
restarted; while the broker is away, or swallows what is rung, the supervisor itself answers, slowly, so that nothing
stands still.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING

import structlog
from sqlalchemy.exc import SQLAlchemyError

from app.embedded_process import is_alive
from app.modules.imports.application.bootstrap import embedded_database, open_house
from app.modules.imports.application.deafness import SWEEPING, Deafness, look
from app.modules.imports.application.stand_in import StandIn
from app.modules.imports.application.worker_metrics import served_metrics
from app.modules.imports.application.worker_tree import Worker, end, revive
from app.modules.imports.domain.pipeline import MAINTENANCE_QUEUE, PIPELINE
from app.security import refuse_unsafe_settings
from app.settings import Settings, settings
from app.telemetry import configure_logging, prepare_multiprocess

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from app.modules.imports.usecases.house import House

log = structlog.get_logger()

_LOOK_SECONDS = 1.0
_SWEEPS_UNHEARD = 3
_MARGIN_SECONDS = 2.0
"""The sweeper rings anew with each sweep: when several rings bring nobody to what is due, they do not arrive."""
_USAGE = 2
_WORK = {spec.queue: spec.name.value for spec in PIPELINE} | {MAINTENANCE_QUEUE: SWEEPING}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until SIGTERM or SIGINT; returns the exit code."""
    chosen = _parse(arguments)
    config = settings().model_copy(update={"runner_mode": "celery"})
    if not config.redis_url:
        sys.stderr.write("REDIS_URL is not set: Celery workers need a broker. Inline mode needs none.\n")
        return _USAGE
    refuse_unsafe_settings(config)
    configure_logging(production=config.environment == "production")
    if os.geteuid() == 0:
        log.warning("running_as_root", advice="workers need no rights: run them as a user of their own")
    metrics = (config.metrics_dir or config.data_dir / "metrics").absolute()
    prepare_multiprocess(metrics, clear=not _is_counted_in(metrics))
    stopping = _stopping_on_signals()
    with ExitStack() as stack:
        config = embedded_database(config, stack)
        house = stack.enter_context(open_house(config, with_runner=False))
        os.environ.update(_environment(config))
        workers = [Worker(queue, concurrency) for queue, concurrency in chosen.items()]
        stack.callback(end, workers)
        stack.enter_context(served_metrics(config))
        for worker in workers:
            worker.start()
        _watch(workers, house, config, stopping)
    return 0


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


def _is_counted_in(metrics: Path) -> bool:
    """Whether another process counts there: the API, or the workers of another supervisor, whose numbers must stay."""
    numbers = (path.stem.rpartition("_")[2] for path in metrics.glob("*_*.db"))
    return any(is_alive(int(number)) for number in numbers if number.isdigit() and int(number))


def _stopping_on_signals() -> threading.Event:
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stopping.set())
    return stopping


def _environment(config: Settings) -> dict[str, str]:
    """What the workers have to know that our own environment may not say: the database that is in force."""
    return {
        "DB_DSN": config.db_dsn or "",
        "IMPORTS_DATA_DIR": str(config.data_dir.absolute()),
        "IMPORTS_RUNNER_MODE": config.runner_mode,
    }


def _watch(workers: Sequence[Worker], house: House, config: Settings, stopping: threading.Event) -> None:
    queues = {worker.queue for worker in workers}
    stages = frozenset(spec.name for spec in PIPELINE if spec.queue in queues)
    stand_in = StandIn(house, stages, config.redis_url or "", config.sweep_seconds)
    unheard = min(_SWEEPS_UNHEARD * config.sweep_seconds + _MARGIN_SECONDS, config.deaf_seconds)
    deafness, suspects = Deafness(unheard), list[str]()
    while not stopping.wait(_LOOK_SECONDS):
        revive(workers)
        try:
            if not stand_in.look():
                continue
            _restart(workers, suspects)  # they were stood in for as long as it takes to be called deaf
            suspects.clear()
            suspects += deafness.silent(look(house.database, time.monotonic()), _listening(workers))
            if suspects:
                stand_in.step_in(config.deaf_seconds - unheard)
        except SQLAlchemyError as error:
            log.warning("watch_interrupted", error=type(error).__name__)
    stand_in.end()


def _listening(workers: Sequence[Worker]) -> dict[str, float]:
    """The work that somebody should take, and since when."""
    return {_WORK[worker.queue]: worker.started_at for worker in workers}


def _restart(workers: Sequence[Worker], silent: Sequence[str]) -> None:
    for worker in workers:
        # Where nothing is heard, it may also be that nobody rings: the sweeper is restarted too.
        if _WORK[worker.queue] in silent or (silent and worker.queue == MAINTENANCE_QUEUE):
            log.error("worker_deaf", queue=worker.queue, silent=silent)
            worker.restart()


if __name__ == "__main__":
    sys.exit(main())
