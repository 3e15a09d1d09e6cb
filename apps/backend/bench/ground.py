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

    from app.modules.imports.usecases.batches import BatchStatus

_TEMPLATE: Final = "bench_template"
_LOOK_SECONDS: Final = 0.02
_LOOK_SHARE: Final = 0.04
"""Of the time that may be spent on looking how far a batch is: it counts all items, and would measure itself."""
_PATIENCE_SECONDS: Final = 600.0


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


def await_published(database: Database, tenant: UUID, batch: UUID) -> None:
    """Returns when every item is published; fails when one is not, or when it takes too long."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    looked = time.monotonic()
    while not (status := _status(database, tenant, batch)).finished:
        if time.monotonic() > deadline:
            raise TimeoutError(f"the batch stands still: {dict(status.status_breakdown)}")
        time.sleep(max(_LOOK_SECONDS, (time.monotonic() - looked) / _LOOK_SHARE))
        looked = time.monotonic()
    if status.failed:
        raise RuntimeError(f"not all was published: {dict(status.status_breakdown)}")


def _status(database: Database, tenant: UUID, batch: UUID) -> BatchStatus:
    with database.tenant_session(tenant) as session:
        return batch_status(session, batch)
