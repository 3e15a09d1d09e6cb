"""Measures what one process does on its own, in inline mode: rows, XML files, a long table. Each in a new process."""

from __future__ import annotations

import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING

from app.modules.imports.application.bootstrap import open_house
from app.modules.imports.usecases.batches import NewBatch, create_batch
from app.modules.imports.usecases.ingest import Upload, ingest_files, ring_for_new, store_uploads
from app.settings import Settings
from bench.figures import Clock, Figure
from bench.ground import add_rows, add_tenant, await_published
from bench.material import invoice_rows, write_csv, write_facturae
from bench.processes import own_peak, peaks_below

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path
    from uuid import UUID

    from app.modules.imports.usecases.house import House
    from bench.ground import Plot

    Measure = Callable[[Plot, int], list[Figure]]


def in_a_new_process(measure: Measure, plot: Plot, count: int) -> list[Figure]:
    """So that its memory is its own, and nothing is warm from the measurement before."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(measure, plot, count).result()


def measure_rows(plot: Plot, count: int) -> list[Figure]:
    """Ingest alone, and ingest with all six stages."""
    rows = invoice_rows(count)
    with _house(plot) as house:
        tenant = add_tenant(house.database)
        clock = _clock()
        batch = add_rows(house.database, tenant, rows)
        ingested = clock.read()
        ring_for_new(house, tenant)
        await_published(house.database, tenant, batch)
        published = clock.read()
    return [
        Figure(name="ingest of rows alone", unit="rows", items=count, spent=ingested),
        Figure(
            name="inline, rows to published invoices",
            unit="items",
            items=count,
            spent=published,
            peaks={"process": own_peak()},
        ),
    ]


def measure_documents(plot: Plot, count: int) -> list[Figure]:
    """XML invoices, through antivirus and parser wall."""
    paths = write_facturae(plot.directory / "facturae", count)
    return [_measure_files(plot, "inline, Facturae files to published invoices", "documents", paths)]


def measure_table(plot: Plot, count: int) -> list[Figure]:
    """One CSV file that is split into rows."""
    path = write_csv(plot.directory / "invoices.csv", count)
    return [_measure_files(plot, "inline, one CSV file split and published", "rows", [path], items=count)]


def _measure_files(plot: Plot, name: str, unit: str, paths: Sequence[Path], items: int | None = None) -> Figure:
    with _house(plot) as house:
        tenant = add_tenant(house.database)
        clock = _clock()
        batch = _add_files(house, tenant, paths)
        await_published(house.database, tenant, batch)
        spent = clock.read()
        readers = peaks_below(os.getpid())
    peaks = {"process": own_peak(), "largest reader": readers[0] if readers else 0.0}
    return Figure(name=name, unit=unit, items=items or len(paths), spent=spent, peaks=peaks)


def _add_files(house: House, tenant: UUID, paths: Sequence[Path]) -> UUID:
    stored = []
    for path in paths:
        with path.open("rb") as content:
            stored += store_uploads(house, tenant, [Upload(name=path.name, content=content)])
    with house.database.tenant_session(tenant) as session:
        batch = create_batch(session, NewBatch(name="bench"))
        ingest_files(session, batch.id, stored)
    ring_for_new(house, tenant)
    return batch.id


def _clock() -> Clock:
    """Of the whole benchmark: this process and the server are both children of the one that started it."""
    return Clock(os.getppid())


@contextmanager
def _house(plot: Plot) -> Iterator[House]:
    config = Settings(IMPORTS_ENABLED=True, DB_DSN=plot.app_dsn, IMPORTS_DATA_DIR=plot.directory / "data")
    with open_house(config, with_runner=True) as house:
        yield house
