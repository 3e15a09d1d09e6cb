"""The ground to measure on: a durable PostgreSQL of its own, and for each measurement an empty database and tenant."""

from __future__ import annotations

import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import UUID, uuid4

import psycopg

from app.database import Database, migrate
from app.embedded import EmbeddedPostgres, template_database
from app.modules.imports.usecases.batches import NewBatch, batch_status, create_batch
from app.modules.imports.usecases.ingest import RowsRequest, ingest_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_TEMPLATE: Final = "bench_template"
_LOOK_SECONDS: Final = 0.05
_PATIENCE_SECONDS: Final = 3_600.0
# Asked of two small indexes: whoever counted the items of the batch would measure the counting.
_BUSY: Final = """
SELECT EXISTS (SELECT 1 FROM import_leases) OR (SELECT count(*) FROM (
    SELECT 1 FROM import_items WHERE due_stage IS NOT NULL ORDER BY tenant_id, due_stage, next_run_at LIMIT 1) AS due
) > 0 AS busy
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """One measurement's own database and folder. Can be handed to another process."""

    directory: Path
    app_dsn: str
    admin_dsn: str


@dataclass(frozen=True, slots=True)
class Ground:
    """The server with a migrated template to copy."""

    directory: Path
    server: EmbeddedPostgres

    def plot(self, name: str) -> Plot:
        """An empty database under the name, and a folder that everybody may enter."""
        admin_dsn = template_database(self.server, f"bench_{name}", _TEMPLATE)
        directory = self.directory / name
        directory.mkdir(mode=0o755)
        return Plot(directory=directory, app_dsn=self.server.dsn(f"bench_{name}", "imports_app"), admin_dsn=admin_dsn)

    def version(self) -> str:
        with psycopg.connect(self.server.superuser_dsn()) as connection:
            return connection.info.parameter_status("server_version") or "unknown"


@contextmanager
def break_ground() -> Iterator[Ground]:
    """The server, in a temporary folder that goes with it."""
    with tempfile.TemporaryDirectory(prefix="gq-bench-", ignore_cleanup_errors=True) as name:
        directory = Path(name)
        directory.chmod(0o755)
        with EmbeddedPostgres(directory / "postgres", durable=True) as server:
            template_database(server, _TEMPLATE, "template1")
            migrate(server.superuser_dsn(_TEMPLATE))
            yield Ground(directory, server)


def add_tenant(database: Database) -> UUID:
    tenant = uuid4()
    with database.tenant_session(tenant) as session:
        session.execute("INSERT INTO tenants (id, name) VALUES (%(id)s, 'bench')", {"id": tenant})
    return tenant


def add_rows(database: Database, tenant: UUID, rows: Sequence[Mapping[str, str]]) -> UUID:
    """Ingest the rows as one request; the batch's id."""
    with database.tenant_session(tenant) as session:
        batch = create_batch(session, NewBatch(name="bench"))
        ingest_rows(session, batch.id, RowsRequest(rows=rows))
    return batch.id


def await_rest(database: Database, tenant: UUID) -> None:
    """Returns when nothing is due or at work any more, or when that takes too long."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while _is_busy(database, tenant) and time.monotonic() < deadline:
        time.sleep(_LOOK_SECONDS)


def refuse_unpublished(database: Database, tenant: UUID, batch: UUID, count: int) -> None:
    """Fails unless so many items of the batch, and no others, are published."""
    with database.tenant_session(tenant) as session:
        status = batch_status(session, batch)
    if dict(status.status_breakdown) != {"published": count}:
        raise RuntimeError(f"not all of {count} were published: {dict(status.status_breakdown)}")


def _is_busy(database: Database, tenant: UUID) -> bool:
    with database.tenant_session(tenant) as session:
        [row] = session.execute(_BUSY)
    return bool(row["busy"])
