"""Measures the same through Celery: the real tree of workers, a real broker."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from celery import Celery

from app.modules.imports.application.doorbells import CeleryDoorbell
from app.modules.imports.domain.pipeline import FIRST, PIPELINE
from app.modules.imports.ports import Ring
from bench.figures import Figure
from bench.loads import import_load, opened
from bench.processes import peaks_by_kind
from bench.tree import running

if TYPE_CHECKING:
    from uuid import UUID

    from app.modules.imports.usecases.house import House
    from bench.ground import Plot
    from bench.loads import Load

_WORKER_MAIN = "app.modules.imports.application.worker_main"


def measure_queued(plot: Plot, broker_url: str, load: Load, processes: int) -> Figure:
    """``processes`` is pool processes for each of the six queues."""
    environment = {
        "IMPORTS_ENABLED": "1",
        "IMPORTS_RUNNER_MODE": "celery",
        "DB_DSN": plot.app_dsn,
        "REDIS_URL": broker_url,
        "IMPORTS_DATA_DIR": str(plot.directory / "data"),
    }
    doorbell = CeleryDoorbell(Celery("bench", broker=broker_url))

    def ring(_house: House, tenant: UUID) -> None:
        doorbell.ring(Ring(FIRST.name, tenant))

    with_maintenance = len(PIPELINE) + 1
    command = [_WORKER_MAIN, "--concurrency", str(processes)]
    log = plot.directory / "workers.log"
    with (
        running(command, environment, workers=with_maintenance, log=log) as pid,
        opened(plot, with_runner=False) as house,
    ):
        spent = import_load(house, plot, load, os.getpid(), ring)
        peaks = peaks_by_kind(pid)
    return Figure(name=f"Celery, {load.name}", unit=load.unit, items=load.count, spent=spent, peaks=peaks)
