"""Measures the same rows through Celery: the real tree of workers, a real broker."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from celery import Celery

from app.database import Database
from app.modules.imports.application.doorbells import CeleryDoorbell
from app.modules.imports.domain.pipeline import FIRST, PIPELINE
from app.modules.imports.ports import Ring
from bench.figures import Clock, Figure, Spent
from bench.ground import add_rows, add_tenant, await_published
from bench.material import invoice_rows
from bench.processes import peaks_below
from bench.tree import running

if TYPE_CHECKING:
    from bench.ground import Plot

_WORKER_MAIN = "app.modules.imports.application.worker_main"


def measure_queued_rows(plot: Plot, broker_url: str, count: int, processes: int) -> Figure:
    """``processes`` is pool processes for each of the six queues."""
    environment = {
        "IMPORTS_ENABLED": "1",
        "IMPORTS_RUNNER_MODE": "celery",
        "DB_DSN": plot.app_dsn,
        "REDIS_URL": broker_url,
        "IMPORTS_DATA_DIR": str(plot.directory / "data"),
    }
    with_maintenance = len(PIPELINE) + 1
    command = [_WORKER_MAIN, "--concurrency", str(processes)]
    log = plot.directory / "workers.log"
    with running(command, environment, workers=with_maintenance, log=log) as pid:
        spent = _import(plot, broker_url, count)
        peaks = peaks_below(pid)
    return Figure(
        name="Celery, rows to published invoices",
        unit="items",
        items=count,
        spent=spent,
        peaks={"largest worker": max(peaks, default=0.0), "all workers": sum(peaks)},
    )


def _import(plot: Plot, broker_url: str, count: int) -> Spent:
    rows = invoice_rows(count)
    doorbell = CeleryDoorbell(Celery("bench", broker=broker_url))
    database = Database(plot.app_dsn, pool_size=2)
    try:
        tenant = add_tenant(database)
        clock = Clock(os.getpid())
        batch = add_rows(database, tenant, rows)
        doorbell.ring(Ring(FIRST.name, tenant))
        await_published(database, tenant, batch)
        return clock.read()
    finally:
        database.close()
