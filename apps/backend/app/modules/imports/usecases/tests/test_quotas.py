"""What a tenant may use is counted with what it brings, and refused before anything is written."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from app.modules.imports.domain.errors import QuotaReached, RefusedUpload
from app.modules.imports.domain.pipeline import ItemState
from app.modules.imports.usecases.ingest import ingest_files
from app.modules.imports.usecases.quotas import (
    Quotas,
    Spending,
    change_limits,
    refuse_beyond,
    refuse_open_batches,
    release_accounts,
    spending,
    usage,
)
from app.modules.imports.usecases.rate_limit import take_token
from app.modules.imports.usecases.tests.factories import Made, make_batch, make_item

if TYPE_CHECKING:
    from uuid import UUID

    from app.database import Database
    from app.modules.imports.usecases.house import House


def spend(database: Database, tenant: UUID, quotas: Quotas, wanted: Spending) -> QuotaReached | None:
    try:
        with database.tenant_session(tenant) as session, spending(session, quotas, wanted):
            make_batch(session)
    except QuotaReached as refused:
        return refused
    return None


def batches(database: Database, tenant: UUID) -> int:
    with database.tenant_session(tenant) as session:
        return int(session.execute("SELECT count(*) AS n FROM import_batches")[0]["n"])


@pytest.mark.parametrize("name", ["rows", "files", "bytes"])
def test_a_day_holds_exactly_its_quota_and_says_when_the_next_one_begins(
    database: Database, tenant: UUID, other_tenant: UUID, name: str
) -> None:
    quotas = Quotas(**{f"{name}_per_day": 10})
    assert spend(database, tenant, quotas, Spending(**{name: 10})) is None
    refused = spend(database, tenant, quotas, Spending(**{name: 1}))
    assert refused is not None
    assert (refused.code, refused.status) == ("quota_of_day_reached", 429)
    assert refused.retry_after is not None
    assert 0 < refused.retry_after <= 86_400
    assert batches(database, tenant) == 1
    assert spend(database, other_tenant, quotas, Spending(**{name: 10})) is None
    too_large = spend(database, other_tenant, quotas, Spending(**{name: 11}))
    assert too_large is not None
    assert (too_large.code, too_large.status, too_large.retry_after) == ("quota_request_too_large", 413, None)


def test_many_at_once_do_not_spend_more_than_there_is(database: Database, tenant: UUID) -> None:
    quotas = Quotas(rows_per_day=10)
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda _: spend(database, tenant, quotas, Spending(rows=3)), range(12)))
    assert results.count(None) == batches(database, tenant) == 3


def test_yesterdays_use_is_nobodys_today(database: Database, tenant: UUID) -> None:
    quotas = Quotas(rows_per_day=5)
    assert spend(database, tenant, quotas, Spending(rows=5)) is None
    with database.tenant_session(tenant) as session:
        session.execute("UPDATE import_usage SET day = day - 1")
    assert spend(database, tenant, quotas, Spending(rows=5)) is None


def test_the_store_counts_each_content_once_and_lets_go_what_is_collected(quiet_house: House, tenant: UUID) -> None:
    database, quotas = quiet_house.database, Quotas(files_in_store=2, bytes_in_store=11)
    stored = [(quiet_house.files.put(tenant, io.BytesIO(content)), "f") for content in (b"12345", b"123456", b"12345")]
    with database.tenant_session(tenant) as session:
        ingest_files(session, make_batch(session), stored)
        assert (usage(session, quotas).files_in_store, usage(session, quotas).bytes_in_store) == (2, 11)
        with pytest.raises(QuotaReached) as refused:
            refuse_beyond(session, quotas, Spending(files=1, bytes=1))
        assert (refused.value.code, refused.value.status) == ("quota_of_store_reached", 507)
        refuse_beyond(session, quotas, Spending(rows=100))
        release_accounts(session, [stored[0][0].key, "unknown"])
        assert (usage(session, quotas).files_in_store, usage(session, quotas).bytes_in_store) == (1, 6)


def test_items_in_flight_and_open_batches_end_with_their_work(database: Database, tenant: UUID) -> None:
    quotas = Quotas(items_in_flight=3, open_batches=2)
    with database.tenant_session(tenant) as session:
        first = make_batch(session)
        for _ in range(3):
            make_item(session, first, Made(state=ItemState.PENDING))
        refuse_open_batches(session, quotas)
        make_batch(session)
        with pytest.raises(QuotaReached) as refused:
            refuse_open_batches(session, quotas)
        assert (refused.value.status, refused.value.retry_after) == (429, 30.0)
        with pytest.raises(QuotaReached) as refused:
            refuse_beyond(session, quotas, Spending(rows=1))
        assert (refused.value.status, refused.value.retry_after) == (429, 30.0)
        session.execute("""UPDATE import_items SET state = 'preprocess_failed', due_stage = NULL, next_run_at = NULL""")
        refuse_open_batches(session, quotas)
        refuse_beyond(session, quotas, Spending(rows=3))
        assert (usage(session, quotas).open_batches, usage(session, quotas).items_in_flight) == (1, 0)


def test_a_tenants_own_limits_go_over_the_defaults_and_are_audited(database: Database, tenant: UUID) -> None:
    with database.tenant_session(tenant) as session:
        change_limits(session, {"rows_per_day": 7, "requests_per_minute": 2}, "cli")
        assert usage(session, Quotas()).limits.rows_per_day == 7
        assert [take_token(session, 600) is None for _ in range(3)] == [True, True, False]
        change_limits(session, {"rows_per_day": None}, "cli")
        assert usage(session, Quotas()).limits == Quotas()
        for wrong in ({"rows": 1}, {"rows_per_day": -1}):
            with pytest.raises(RefusedUpload):
                change_limits(session, wrong, "cli")
        assert len(session.execute("SELECT 1 FROM import_audit WHERE action = 'tenant.limits'")) == 2
