"""What a tenant may use is counted with what it brings, and refused before anything is written."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count
from typing import TYPE_CHECKING

import pytest

from app.modules.imports.domain.errors import QuotaReached, RefusedUpload
from app.modules.imports.domain.pipeline import ItemState
from app.modules.imports.usecases.collect_files import collect_files
from app.modules.imports.usecases.ingest import Upload, ingest_files, store_uploads
from app.modules.imports.usecases.quotas import (
    Quotas,
    Spending,
    change_limits,
    give_back,
    prepay,
    refuse_beyond,
    refuse_open_batches,
    release_accounts,
    spending,
    usage,
    within_room,
)
from app.modules.imports.usecases.rate_limit import take_token
from app.modules.imports.usecases.tests.factories import Made, make_batch, make_item

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from app.database import Database, Session
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


def in_parallel(database: Database, tenant: UUID, bring: Callable[[Session], object]) -> int:
    """How many of twelve requests at once are not refused."""

    def ask(_: int) -> bool:
        try:
            with database.tenant_session(tenant) as session:
                bring(session)
        except QuotaReached:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        return sum(pool.map(ask, range(12)))


def test_many_at_once_open_no_more_batches_than_there_may_be(database: Database, tenant: UUID) -> None:
    def open_one(session: Session) -> None:
        refuse_open_batches(session, Quotas(open_batches=3))
        make_batch(session)

    assert in_parallel(database, tenant, open_one) == batches(database, tenant) == 3


def test_many_at_once_bring_no_more_items_than_may_be_in_flight(database: Database, tenant: UUID) -> None:
    quotas = Quotas(items_in_flight=3)
    with database.tenant_session(tenant) as session:
        batch = make_batch(session)

    def bring_row(session: Session) -> None:
        with spending(session, quotas, Spending(rows=1)):
            make_item(session, batch, Made(state=ItemState.PENDING))

    assert in_parallel(database, tenant, bring_row) == 3
    with database.tenant_session(tenant) as session:
        assert (usage(session, quotas).items_in_flight, usage(session, quotas).rows_today) == (3, 3)


def test_many_at_once_keep_no_more_files_than_the_store_holds(quiet_house: House, tenant: UUID) -> None:
    quotas, numbers = Quotas(files_in_store=3, files_per_day=5), count()
    with quiet_house.database.tenant_session(tenant) as session:
        batch = make_batch(session)

    def bring_file(session: Session) -> None:
        content = str(next(numbers)).encode()
        prepay(session, quotas, Spending(files=1, bytes=len(content)))
        with within_room(session, quotas):
            ingest_files(session, batch, [(quiet_house.files.put(tenant, io.BytesIO(content)), "f")])

    assert in_parallel(quiet_house.database, tenant, bring_file) == 3
    with quiet_house.database.tenant_session(tenant) as session:
        assert (usage(session, quotas).files_in_store, usage(session, quotas).files_today) == (3, 3)


def test_what_was_prepaid_is_charged_before_it_is_written_and_given_back_when_it_was_not(
    database: Database, tenant: UUID
) -> None:
    quotas, one = Quotas(files_per_day=1), Spending(files=1, bytes=5)
    with database.tenant_session(tenant) as session:
        prepay(session, quotas, one)
    with pytest.raises(QuotaReached), database.tenant_session(tenant) as session:
        prepay(session, quotas, one)
    with database.tenant_session(tenant) as session:
        give_back(session, one)
        assert (usage(session, quotas).files_today, usage(session, quotas).bytes_today) == (0, 0)
        prepay(session, quotas, one)


def test_files_of_a_refused_request_take_up_room_until_they_are_collected(quiet_house: House, tenant: UUID) -> None:
    uploads = [Upload(name="a", content=io.BytesIO(b"123")), Upload(name="b", content=io.BytesIO(b""))]
    with pytest.raises(RefusedUpload):
        store_uploads(quiet_house, tenant, uploads)
    with quiet_house.database.tenant_session(tenant) as session:
        assert usage(session, Quotas()).bytes_in_store == 3
    collect_files(quiet_house.database, quiet_house.files, quiet_house.reading, tenant, timedelta(0))
    with quiet_house.database.tenant_session(tenant) as session:
        assert (usage(session, Quotas()).bytes_in_store, usage(session, Quotas()).files_in_store) == (0, 0)


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
