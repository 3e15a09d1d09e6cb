"""What must not delay those who take over: locks of a process that stopped, a broker that answers and takes nothing."""

from __future__ import annotations

import io
import time
from typing import TYPE_CHECKING

import pytest
from redis import Redis

from app.conftest import new_tenant
from app.embedded import EmbeddedBroker
from app.modules.imports.application.stand_in import StandIn
from app.modules.imports.application.tests.driving import add_rows, invoice_row, rows_of
from app.modules.imports.domain.pipeline import FIRST
from app.modules.imports.usecases.advance_slice import advance_slice
from app.modules.imports.usecases.batches import NewBatch, create_batch
from app.modules.imports.usecases.ingest import Upload, ingest_files, store_uploads
from app.settings import settings

if TYPE_CHECKING:
    from pathlib import Path
    from uuid import UUID

    from app.database import Database
    from app.modules.imports.usecases.house import House

SOON_SECONDS = 5.0


def test_a_lease_locked_by_a_process_that_stopped_holds_up_no_other_lease(
    quiet_house: House, database: Database, tenant: UUID, other_tenant: UUID
) -> None:
    for owner in (tenant, other_tenant):
        add_rows(quiet_house, owner, [invoice_row(1)])
        assert quiet_house.store.claim(FIRST, owner) is not None
        expire_leases(database, owner)
    with database.tenant_session(tenant) as stopped:
        stopped.execute("SELECT 1 FROM import_leases FOR UPDATE")
        began = time.monotonic()
        assert quiet_house.store.release_expired() == 1
        assert time.monotonic() - began < SOON_SECONDS
    assert state_of(database, other_tenant) == "pending"
    assert quiet_house.store.release_expired() == 1
    assert state_of(database, tenant) == "pending"


def test_an_item_locked_by_somebody_holds_up_no_other_lease(quiet_house: House, database: Database) -> None:
    held, free = new_tenant(database, "held"), new_tenant(database, "free")
    for owner in (held, free):
        add_rows(quiet_house, owner, [invoice_row(1)])
        assert quiet_house.store.claim(FIRST, owner) is not None
        expire_leases(database, owner)
    with database.tenant_session(held) as somebody:
        somebody.execute("SELECT 1 FROM import_items FOR UPDATE")
        began = time.monotonic()
        assert quiet_house.store.release_expired() == 1
        assert time.monotonic() - began < SOON_SECONDS
    assert state_of(database, free) == "pending"


def test_what_was_lost_once_is_due_at_once(quiet_house: House, database: Database, tenant: UUID) -> None:
    add_rows(quiet_house, tenant, [invoice_row(1)])
    assert quiet_house.store.claim(FIRST, tenant) is not None
    expire_leases(database, tenant)
    quiet_house.store.release_expired()
    assert [(ring.stage, ring.tenant_id) for ring in quiet_house.store.rings_due()] == [(FIRST.name, tenant)]


def test_a_file_that_changed_on_the_disk_is_not_read(quiet_house: House, database: Database, tenant: UUID) -> None:
    stored = store_uploads(quiet_house, tenant, [Upload(name="a.csv", content=io.BytesIO(b"number;total\n1;2\n"))])
    path = quiet_house.files.path(stored[0][0].key)
    path.write_bytes(path.read_bytes().replace(b"2", b"3"))
    with database.tenant_session(tenant) as session:
        ingest_files(session, create_batch(session, NewBatch(name="files")).id, stored)
    advance_slice(FIRST, tenant, quiet_house.runtime)
    [item] = rows_of(database, tenant, "SELECT state, code FROM import_items")
    assert (item["state"], item["code"]) == ("preprocess_failed", "blob_corrupt")


@pytest.mark.skipif(settings().redis_url is not None, reason="makes a replica of a broker of its own")
def test_a_broker_that_takes_nothing_is_stood_in_for(quiet_house: House, tmp_path: Path) -> None:
    with EmbeddedBroker(tmp_path / "broker") as broker, Redis.from_url(broker.url) as client:
        stand_in = StandIn(quiet_house, [FIRST.name], broker.url, sweep_seconds=0.5)
        try:
            assert stand_in.look()
            client.execute_command("REPLICAOF", "127.0.0.1", "1")
            assert client.ping()
            assert not stand_in.look()
        finally:
            stand_in.end()


def expire_leases(database: Database, tenant: UUID) -> None:
    with database.tenant_session(tenant) as session:
        session.execute("UPDATE import_leases SET leased_until = clock_timestamp() - interval '1 s'")


def state_of(database: Database, tenant: UUID) -> object:
    [item] = rows_of(database, tenant, "SELECT state FROM import_items")
    return item["state"]
