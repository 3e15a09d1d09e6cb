"""The wall on every path that reaches the database: requests side by side, workers, the sweeper, purges, metrics, inline."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy.exc import DBAPIError

from app.database import Database
from app.modules.imports.application.tests.driving import (
    add_rows,
    invoice_row,
    rows_of,
    wait_until_finished,
)
from app.modules.imports.domain.errors import LeaseLost
from app.modules.imports.domain.outcome import Done
from app.modules.imports.domain.pipeline import FIRST
from app.modules.imports.usecases.batches import NewBatch, create_batch
from app.modules.imports.usecases.dead_letters import purge_dead_letters
from app.modules.imports.usecases.tests.factories import make_batch, make_item
from app.modules.imports.web.gauges import queue_gauges

if TYPE_CHECKING:
    from uuid import UUID

    from app.embedded import EmbeddedPostgres
    from app.modules.imports.usecases.house import House

_NAMES = "SELECT name FROM import_batches"  # without a condition: only the wall stands between
_WHOSE = "SELECT DISTINCT tenant_id FROM import_items"


class Interrupted(Exception):
    """An error of the application in the middle of a request."""


def test_two_hundred_requests_of_two_tenants_on_two_connections_never_cross(
    app_dsn: str, tenant: UUID, other_tenant: UUID
) -> None:
    """Every third ends in an error: of the application, of the database, or inside a savepoint."""
    database = Database(app_dsn, pool_size=2)
    crossings: list[str] = []

    def ask(number: int) -> None:
        mine, name = ((tenant, "a"), (other_tenant, "b"))[number % 2]
        try:
            with database.tenant_session(mine) as session:
                create_batch(session, NewBatch(name=name))
                crossings.extend(row["name"] for row in session.execute(_NAMES) if row["name"] != name)
                _go_wrong(session, number)
                crossings.extend(row["name"] for row in session.execute(_NAMES) if row["name"] != name)
        except (Interrupted, DBAPIError):
            pass
        with database.door_session() as session:
            crossings.extend(row["name"] for row in session.execute(_NAMES))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(ask, range(200)))
    for mine, name in ((tenant, "a"), (other_tenant, "b")):
        with database.tenant_session(mine) as session:
            made = [row["name"] for row in session.execute(_NAMES)]
        assert set(made) == {name}
        assert 60 <= len(made) < 100
    database.close()
    assert crossings == []


def _go_wrong(session: Any, number: int) -> None:  # noqa: ANN401  (a session)
    if number % 12 == 3:
        raise Interrupted
    if number % 12 == 6:
        session.execute("SELECT 1 / 0")
    if number % 3 == 1:
        with pytest.raises(DBAPIError), session.savepoint():
            session.execute("SELECT 1 / 0")
    if number % 12 == 9:
        session.execute("SELECT set_config('app.tenant_id', 'garbage', true)")
        session.execute(_NAMES)


def test_after_a_rollback_and_inside_a_savepoint_the_tenant_is_still_the_same(
    database: Database, tenant: UUID, other_tenant: UUID
) -> None:
    for mine in (tenant, other_tenant):
        with suppress(Interrupted), database.tenant_session(mine) as session:
            create_batch(session, NewBatch(name="undone"))
            raise Interrupted
        with database.tenant_session(mine) as session:
            with session.savepoint():
                create_batch(session, NewBatch(name=str(mine)))
                assert [row["name"] for row in session.execute(_NAMES)] == [str(mine)]
            with pytest.raises(DBAPIError), session.savepoint():
                session.execute("SELECT no_such_function()")
            assert [row["name"] for row in session.execute(_NAMES)] == [str(mine)]


def test_a_claim_a_sweep_and_a_purge_touch_only_whom_they_are_for(
    quiet_house: House, tenant: UUID, other_tenant: UUID
) -> None:
    database = quiet_house.database
    for mine in (tenant, other_tenant):
        add_rows(quiet_house, mine, [invoice_row(n) for n in range(3)])
    slice_ = quiet_house.store.claim(FIRST, tenant)
    assert slice_ is not None
    assert (slice_.tenant_id, len(slice_.items)) == (tenant, 3)
    assert rows_of(database, other_tenant, "SELECT 1 FROM import_leases") == []
    rows_of(database, tenant, "UPDATE import_leases SET leased_until = leased_until - interval '1 hour'")
    assert quiet_house.store.release_expired() == 1
    assert rows_of(database, other_tenant, "SELECT 1 FROM import_attempts") == []
    with database.tenant_session(tenant) as session:
        make_item(session, make_batch(session))
        session.execute("UPDATE import_dlq SET created_at = created_at - interval '8 days'")
    with database.tenant_session(other_tenant) as session:
        make_item(session, make_batch(session))
    assert purge_dead_letters(database, 7) == 1
    assert len(rows_of(database, other_tenant, "SELECT 1 FROM import_dlq WHERE payload IS NOT NULL")) == 1


def test_a_worker_of_one_tenant_cannot_settle_what_another_holds(
    quiet_house: House, tenant: UUID, other_tenant: UUID
) -> None:
    add_rows(quiet_house, tenant, [invoice_row(1)])
    slice_ = quiet_house.store.claim(FIRST, tenant)
    assert slice_ is not None
    forged = replace(slice_, tenant_id=other_tenant)
    with pytest.raises(LeaseLost):
        quiet_house.store.settle(forged, [Done()])
    with pytest.raises(LeaseLost):
        quiet_house.store.renew(forged)
    quiet_house.store.release(forged)
    assert len(rows_of(quiet_house.database, tenant, "SELECT 1 FROM import_leases")) == 1


def test_metrics_count_everybody_and_name_nobody(quiet_house: House, tenant: UUID, other_tenant: UUID) -> None:
    for mine in (tenant, other_tenant):
        add_rows(quiet_house, mine, [invoice_row(n) for n in range(2)])
    readings = queue_gauges(quiet_house.database)
    depths = next(reading for reading in readings if reading.name == "imports_queue_depth")
    assert depths.values[(FIRST.queue,)] == 4
    assert str(tenant) not in str(readings)


def test_the_doors_answer_without_a_tenant_and_show_no_document(database: Database, tenant: UUID) -> None:
    with database.tenant_session(tenant) as session:
        make_item(session, make_batch(session))
    doors = (
        "imports_rings_due(9)", "imports_expired_leases(9)", "imports_queue_depths()", "imports_slices_held()",
        "imports_tenants_with_dead_letters(clock_timestamp())", "imports_all_tenants()",
    )  # fmt: skip
    with database.door_session() as session:
        answers = [session.execute(f"SELECT * FROM {door}") for door in doors]
    assert "Talleres" not in str(answers)
    assert {"tenant_id", "stage", "token", "due", "oldest_seconds", "held"} >= {
        n for a in answers for row in a for n in row
    }


def test_inline_threads_keep_two_tenants_apart(
    house: House, tenant: UUID, other_tenant: UUID, postgres: EmbeddedPostgres, database_name: str
) -> None:
    batches = {mine: add_rows(house, mine, [invoice_row(n) for n in range(20)]) for mine in (tenant, other_tenant)}
    for mine, batch in batches.items():
        wait_until_finished(house.database, mine, batch)
        assert rows_of(house.database, mine, _WHOSE) == [{"tenant_id": mine}]
    with psycopg.connect(postgres.superuser_dsn(database_name)) as owner:
        crossed = owner.execute(
            "SELECT v.id FROM invoices v JOIN import_items i ON i.id = v.source_item_id WHERE i.tenant_id <> v.tenant_id"
        ).fetchall()
        counted = owner.execute("SELECT tenant_id, count(*) FROM invoices GROUP BY 1").fetchall()
    assert crossed == []
    assert dict(counted) == {tenant: 20, other_tenant: 20}


def test_a_ring_for_a_tenant_that_is_not_there_finds_nothing(quiet_house: House, tenant: UUID) -> None:
    add_rows(quiet_house, tenant, [invoice_row(1)])
    assert quiet_house.store.claim(FIRST, uuid4()) is None
