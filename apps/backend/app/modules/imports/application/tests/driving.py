"""Drives batches from outside, as a client would, and checks afterwards what must hold of every one."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import psycopg

from app.modules.imports.domain.pipeline import PIPELINE
from app.modules.imports.usecases.advance_slice import advance_slice
from app.modules.imports.usecases.batches import NewBatch, batch_status, create_batch
from app.modules.imports.usecases.ingest import (
    RowsRequest,
    Upload,
    ingest_files,
    ingest_rows,
    ring_for_new,
    store_uploads,
)
from app.modules.imports.usecases.invariants import GRACE, broken_invariants

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import timedelta
    from pathlib import Path
    from uuid import UUID

    from app.database import Database
    from app.modules.imports.usecases.batches import BatchStatus
    from app.modules.imports.usecases.house import House


def invoice_row(number: int) -> dict[str, str]:
    """A correct Spanish invoice as a row."""
    return {
        "invoice_number": f"F-{number:06}",
        "issue_date": "2026-03-15",
        "supplier_name": "Ferretería del Norte, S.L.",
        "supplier_tax_id": "B29423548",
        "net": "100.00",
        "tax": "21.00",
        "total": "121.00",
        "currency": "EUR",
    }


def add_rows(house: House, tenant: UUID, rows: Sequence[Mapping[str, Any]]) -> UUID:
    """A new batch with these rows."""
    with house.database.tenant_session(tenant) as session:
        batch = create_batch(session, NewBatch(name="rows"))
        ingest_rows(session, batch.id, RowsRequest(rows=rows))
    ring_for_new(house, tenant)
    return batch.id


def add_files(house: House, tenant: UUID, files: Sequence[Path]) -> UUID:
    """A new batch with these files."""
    handles = [file.open("rb") for file in files]
    stored = store_uploads(house, tenant, [Upload(name=f.name, content=h) for f, h in zip(files, handles, strict=True)])
    for handle in handles:
        handle.close()
    with house.database.tenant_session(tenant) as session:
        batch = create_batch(session, NewBatch(name="files"))
        ingest_files(session, batch.id, stored)
    ring_for_new(house, tenant)
    return batch.id


def status_of(database: Database, tenant: UUID, batch: UUID) -> BatchStatus:
    with database.tenant_session(tenant) as session:
        return batch_status(session, batch)


def wait_until_finished(database: Database, tenant: UUID, batch: UUID, *, seconds: float = 60) -> BatchStatus:
    """The status once nothing is left to do; fails with the breakdown when that takes too long."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        status = status_of(database, tenant, batch)
        if status.finished:
            return status
        time.sleep(0.05)
    raise AssertionError(f"not finished after {seconds} s: {dict(status.status_breakdown)}")


def advance_until_quiet(house: House, tenant: UUID, *, seconds: float = 20) -> None:
    """Answer every stage in this thread until nothing is due any more, now or after its backoff."""
    until = time.monotonic() + seconds
    while rows_of(house.database, tenant, "SELECT 1 FROM import_items WHERE due_stage IS NOT NULL LIMIT 1"):
        assert time.monotonic() < until, "work is still due"
        for stage in PIPELINE:
            advance_slice(stage, tenant, house.runtime)


def rows_of(database: Database, tenant: UUID, statement: str) -> Sequence[Mapping[str, Any]]:
    with database.tenant_session(tenant) as session:
        return session.execute(statement)


def assert_nothing_broken(
    database: Database,
    *,
    accepted: Collection[UUID] = (),
    blobs: Path | None = None,
    grace: timedelta = GRACE,
) -> None:
    """Every invariant holds, of all tenants of the test's database."""
    with everything_of(database) as connection:
        broken = broken_invariants(connection, accepted=accepted, blobs=blobs, grace=grace)
    assert not broken, "\n".join(map(str, broken))


def everything_of(database: Database) -> psycopg.Connection[Any]:
    """The test's database, as its superuser."""
    url = database._engine.url.set(drivername="postgresql", username="postgres")
    return psycopg.connect(url.render_as_string(hide_password=False), autocommit=True)


def assert_published_exactly_once(database: Database, tenant: UUID, count: int, table: str = "invoices") -> None:
    """Every item is published, with one row and one ledger entry each, and no lease or dead letter is left."""
    [found] = rows_of(
        database,
        tenant,
        f"""SELECT (SELECT count(*) FROM import_items WHERE kind <> 'container') AS items,
               (SELECT count(*) FROM import_items WHERE state = 'published' AND kind <> 'container') AS published,
               (SELECT count(*) FROM {table}) AS rows,
               (SELECT count(DISTINCT source_item_id) FROM {table}) AS sources,
               (SELECT count(*) FROM import_publications WHERE dest_table = '{table}') AS ledger,
               (SELECT count(*) FROM import_leases) AS leases,
               (SELECT count(*) FROM import_dlq WHERE resolved_at IS NULL) AS dead_letters""",
    )
    assert dict(found) == {
        "items": count,
        "published": count,
        "rows": count,
        "sources": count,
        "ledger": count,
        "leases": 0,
        "dead_letters": 0,
    }
    assert_nothing_broken(database)
