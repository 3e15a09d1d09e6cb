"""Measures the naive chain on the same rows."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Final
from uuid import UUID, uuid4

import psycopg
from psycopg.types.json import Jsonb

from app.database import Database
from bench import naive
from bench.figures import Clock, Figure, Spent
from bench.ground import add_tenant
from bench.material import invoice_rows
from bench.processes import peaks_by_kind
from bench.tree import running

if TYPE_CHECKING:
    from bench.ground import Plot

_INSERT: Final = """
INSERT INTO naive_items (tenant_id, id, raw) SELECT (SELECT app_tenant()), v.id, v.raw
FROM jsonb_to_recordset(%(rows)s) AS v (id uuid, raw jsonb)
"""
_LEFT: Final = "SELECT count(*) AS items FROM naive_items WHERE state <> 'publish_done'"
_PATIENCE_SECONDS: Final = 300.0
_LOOK_SECONDS: Final = 0.05


def measure_naive_rows(plot: Plot, broker_url: str, count: int, processes: int) -> Figure:
    """``processes`` is pool processes for each of the six queues, as many as the pipeline gets."""
    with psycopg.connect(plot.admin_dsn) as connection:
        connection.execute(naive.SCHEMA)
    naive.app.conf.broker_url = broker_url
    environment = {"DB_DSN": plot.app_dsn, "REDIS_URL": broker_url}
    command = ["bench.naive_tree", str(processes)]
    log = plot.directory / "workers.log"
    with running(command, environment, workers=len(naive.STAGES), log=log) as pid:
        spent = _import(plot, count)
        peaks = peaks_by_kind(pid)
    return Figure(
        name="naive chain, rows to published invoices",
        unit="items",
        items=count,
        spent=spent,
        peaks=peaks,
    )


def _import(plot: Plot, count: int) -> Spent:
    rows = [{"id": str(uuid4()), "raw": row} for row in invoice_rows(count)]
    database = Database(plot.app_dsn, pool_size=1)
    try:
        tenant = add_tenant(database)
        clock = Clock(os.getpid())
        with database.tenant_session(tenant) as session:
            session.execute(_INSERT, {"rows": Jsonb(rows)})
        for row in rows:
            naive.send(tenant, UUID(str(row["id"])))
        _await_published(database, tenant)
        return clock.read()
    finally:
        database.close()


def _await_published(database: Database, tenant: UUID) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while _left(database, tenant):
        if time.monotonic() > deadline:
            raise TimeoutError(f"{_left(database, tenant)} items of the naive chain are not published")
        time.sleep(_LOOK_SECONDS)


def _left(database: Database, tenant: UUID) -> int:
    with database.tenant_session(tenant) as session:
        [row] = session.execute(_LEFT)
    return int(row["items"])
