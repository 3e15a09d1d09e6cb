"""One run of a fault: its own tenants, what they had accepted, and the questions that a fault asks meanwhile."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID, uuid4

from httpx import Client, Response
from sqlalchemy.exc import SQLAlchemyError

from app.modules.imports.application.tests.paper import write_invoice
from app.modules.imports.usecases.batches import NewBatch, create_batch
from app.modules.imports.usecases.ingest import (
    RowsRequest,
    Upload,
    ingest_files,
    ingest_rows,
    ring_for_new,
    store_uploads,
)
from app.modules.imports.usecases.keys import create_key
from bench.material import invoice_row, write_csv, write_facturae, write_xlsx

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path
    from random import Random

    from app.modules.imports.ports import StoredFile
    from chaos.site import Site
    from chaos.tree import Api, Tree

PUBLISHED: Final = "published"
ANYHOW: Final = "at rest"
"""Where an item may end in whatever state."""
_API: Final = "/api/v1/imports"
_LOOK: Final = 0.05
_RATED_ROWS: Final = 400
_RATED_TIMES: Final = 3
_BUSY: Final = (
    "SELECT count(*) AS n FROM import_items WHERE tenant_id = ANY (%s)"
    " AND (due_stage IS NOT NULL OR lease_token IS NOT NULL)"
)


class Trial:
    """Feeds two tenants, A and B. ``short`` asks for less of what takes long."""

    def __init__(self, site: Site, chance: Random, *, short: bool, minutes: float | None = None) -> None:
        self.site = site
        self.chance = chance
        self.short = short
        self.minutes = minutes
        """Of the walk by chance, where somebody asked for so many."""
        self.bound: float | None = None
        """Of this run's recoveries, where it follows from what was measured before."""
        self.accepted: dict[UUID, str] = {}
        """Every item of an accepted request, with the state in which it has to end."""
        self.all_tenants: list[UUID] = []
        self.a, self.b = self.new_tenant("a"), self.new_tenant("b")
        self._numbers = 0
        self.folder = site.directory / f"trial-{self.a}"
        self.folder.mkdir()

    @property
    def tree(self) -> Tree:
        """The workers as they are by default."""
        return self.site.tree()

    def new_tenant(self, name: str = "one more") -> UUID:
        tenant = uuid4()
        self.site.ask("INSERT INTO tenants (id, name) VALUES (%s, %s)", tenant, name)
        self.all_tenants.append(tenant)
        return tenant

    # -------------------------------------------------------------------------------------------------- feeding

    def rows(self, count: int, tenant: UUID | None = None, *, ring: bool = True, ends: str = PUBLISHED) -> UUID:
        """A batch of correct invoices as rows."""
        return self.given_rows(self.numbered_rows(count), tenant or self.a, ring=ring, ends=ends)

    def numbered_rows(self, count: int) -> list[dict[str, str]]:
        return [invoice_row(number) for number in self._next(count)]

    def given_rows(self, rows: Sequence[Mapping[str, Any]], tenant: UUID, *, ring: bool, ends: str) -> UUID:
        with self.site.house.database.tenant_session(tenant) as session:
            batch = create_batch(session, NewBatch(name="rows")).id
            ingest_rows(session, batch, RowsRequest(rows=rows))
        self._note(batch, tenant, ends, ring=ring)
        return batch

    def upload(self, paths: Sequence[Path], tenant: UUID | None = None, *, ends: str = PUBLISHED) -> UUID:
        """A batch of files."""
        tenant = tenant or self.a
        handles = [path.open("rb") for path in paths]
        pairs = zip(paths, handles, strict=True)
        stored = store_uploads(self.site.house, tenant, [Upload(name=p.name, content=handle) for p, handle in pairs])
        for handle in handles:
            handle.close()
        return self.ingest(stored, tenant, ends=ends)

    def ingest(
        self, stored: Sequence[tuple[StoredFile, str]], tenant: UUID | None = None, *, ends: str = PUBLISHED
    ) -> UUID:
        """A batch of files that are in the store."""
        tenant = tenant or self.a
        with self.site.house.database.tenant_session(tenant) as session:
            batch = create_batch(session, NewBatch(name="files")).id
            ingest_files(session, batch, stored)
        self._note(batch, tenant, ends, ring=True)
        return batch

    def xml(self, count: int) -> list[Path]:
        return write_facturae(self.folder, count, first=self._next(count)[0])

    def csv(self, rows: int) -> list[Path]:
        first = self._next(rows)[0]
        return [write_csv(self.folder / f"table-{first}.csv", rows, first=first)]

    def workbook(self, rows: int) -> list[Path]:
        """Of many rows: a reader is at it for as long as it takes to see it at work."""
        return [write_xlsx(self.folder / f"workbook-{rows}.xlsx", rows)]

    def pdf(self, count: int) -> list[Path]:
        return [write_invoice(self.folder / f"{number}.pdf", f"P-{number:06}") for number in self._next(count)]

    def mixed(self, rows: int) -> None:
        """Rows of both tenants, a table, XML and PDF."""
        self.rows(rows, self.a)
        self.rows(rows, self.b)
        self.upload([*self.xml(3), *self.csv(10)], self.a)
        self.upload([*self.xml(2), *self.pdf(2)], self.b)

    def note_batch(self, batch: UUID, ends: str = PUBLISHED) -> None:
        """What the API has accepted."""
        for row in self.site.ask("SELECT id FROM import_items WHERE batch_id = %s AND parent_id IS NULL", batch):
            self.accepted.setdefault(row["id"], ends)

    def restart_numbers(self, first: int) -> None:
        """From here the documents of these numbers again: for another tenant."""
        self._numbers = first

    def _next(self, count: int) -> range:
        first, self._numbers = self._numbers, self._numbers + count
        return range(first, self._numbers)

    def _note(self, batch: UUID, tenant: UUID, ends: str, *, ring: bool) -> None:
        self.note_batch(batch, ends)
        if ring:
            ring_for_new(self.site.house, tenant)

    # ------------------------------------------------------------------------------------------------------ HTTP

    @contextmanager
    def api(self, environment: Mapping[str, str] | None = None) -> Iterator[Client]:
        """A client of tenant A's at an API of its own."""
        with self.site.api(environment) as api, self.client(api) as client:
            yield client

    def client(self, api: Api) -> Client:
        with self.site.house.database.tenant_session(self.a) as session:
            key = create_key(session, name="chaos", role="admin", actor="chaos").key
        return Client(base_url=api.url, headers={"X-API-Key": key}, timeout=30)

    def new_batch(self, client: Client) -> UUID:
        answer = client.post(f"{_API}/batches", json={"name": "http"})
        answer.raise_for_status()
        return UUID(answer.json()["id"])

    def post_rows(self, client: Client, count: int) -> UUID:
        """A batch of rows by HTTP."""
        return self.post_given(client, self.numbered_rows(count))

    def post_given(self, client: Client, rows: Sequence[Mapping[str, Any]], *, note: bool = True) -> UUID:
        batch = self.new_batch(client)
        self.post_into(client, batch, rows).raise_for_status()
        if note:
            self.note_batch(batch)
        return batch

    def post_into(self, client: Client, batch: UUID, rows: Sequence[Mapping[str, Any]]) -> Response:
        """The same request again has the same key."""
        key = {"Idempotency-Key": f"rows-of-{batch}"}
        return client.post(f"{_API}/batches/{batch}/ingest", json={"rows": list(rows)}, headers=key)

    # --------------------------------------------------------------------------------------------------- asking

    def busy(self) -> int:
        """Items of this run that are due, or at work."""
        found: int = self.site.ask(_BUSY, self.all_tenants)[0]["n"]
        return found

    def wait_quiet(self, seconds: float = 90.0) -> None:
        """Until every item of this run is at rest."""
        self.wait(lambda: not self.busy(), "all items to come to rest", seconds)

    def wait_published(self, batch: UUID) -> None:
        unpublished = "batch_id = %s AND state <> 'published'"
        self.wait(lambda: not self.count(unpublished, batch), "a batch to be published", 60)

    def wait(self, condition: Callable[[], bool], what: str, seconds: float = 30.0) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, f"waited {seconds:.0f} s for {what}{self._stuck()}"
            time.sleep(_LOOK)

    def _stuck(self) -> str:
        rows = self.site.ask(
            "SELECT state, due_stage, code, attempt, count(*) AS n FROM import_items WHERE tenant_id = ANY (%s)"
            " GROUP BY 1, 2, 3, 4",
            self.all_tenants,
        )
        return f": {[tuple(row.values()) for row in rows]}"

    def count(self, condition: str, *parameters: object) -> int:
        """Items of this run for which that holds."""
        statement = f"SELECT count(*) AS n FROM import_items WHERE tenant_id = ANY (%s) AND ({condition})"  # noqa: S608 [our own conditions]
        found: int = self.site.ask(statement, self.all_tenants, *parameters)[0]["n"]
        return found

    def attempts(self, condition: str, *parameters: object) -> Sequence[Mapping[str, Any]]:
        """Attempts of this run, oldest first."""
        statement = f"SELECT * FROM import_attempts WHERE tenant_id = ANY (%s) AND ({condition}) ORDER BY id"  # noqa: S608 [our own conditions]
        return self.site.ask(statement, self.all_tenants, *parameters)

    def claimed_again(self, stage: str, since: float) -> float:
        """Seconds from then until what was lost in this stage was claimed again."""
        condition = "stage = %s AND attempt >= 2 AND started_at > to_timestamp(%s)"
        self.wait(lambda: bool(self.attempts(condition, stage, since)), f"{stage} to be claimed again", 60)
        again: float = self.attempts(condition, stage, since)[0]["started_at"].timestamp()
        return again - since

    def probe(self, since: float | None = None) -> float:
        """Seconds from then (or now) until a new row is claimed for which nobody rings: only the sweeper finds it."""
        since = since or time.time()
        tenant = self.new_tenant("probe")
        self._until_accepted(tenant)
        of_probe = "SELECT min(started_at) AS at FROM import_attempts WHERE tenant_id = %s"
        self.wait(lambda: self.site.ask(of_probe, tenant)[0]["at"] is not None, "a new row to be claimed", 90)
        at: float = self.site.ask(of_probe, tenant)[0]["at"].timestamp()
        return at - since

    def _until_accepted(self, tenant: UUID) -> None:
        deadline = time.monotonic() + 30
        while True:
            try:
                self.rows(1, tenant, ring=False)
            except SQLAlchemyError:  # the client's own pool is healing
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)
            else:
                return

    def best_rate(self) -> float:
        """The best of some measurements."""
        return max(self.rate() for _ in range(_RATED_TIMES))

    def rate(self) -> float:
        """Rows a second, from before their acceptance to when the last was published, with nothing else to do."""
        tenant = self.new_tenant("rate")
        rows = self.numbered_rows(_RATED_ROWS)
        began = time.time()
        self.given_rows(rows, tenant, ring=True, ends=PUBLISHED)
        of_tenant = "SELECT count(*) AS n FROM import_items WHERE tenant_id = %s AND state <> 'published'"
        self.wait(lambda: not self.site.ask(of_tenant, tenant)[0]["n"], "the measured rows", 60)
        # As the database has it: the next look here may be long after.
        last = self.site.ask("SELECT max(finished_at) AS at FROM import_attempts WHERE tenant_id = %s", tenant)[0]["at"]
        seconds: float = last.timestamp() - began
        return _RATED_ROWS / seconds
