"""The bucket of a tenant, poured from by many at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from app.modules.imports.usecases.rate_limit import UnknownTenant, take_token

if TYPE_CHECKING:
    from uuid import UUID

    from app.database import Database


def test_no_more_requests_pass_than_the_bucket_holds(database: Database, tenant: UUID) -> None:
    def ask(_: int) -> float | None:
        with database.tenant_session(tenant) as session:
            return take_token(session, 20)

    with ThreadPoolExecutor(8) as pool:
        waits = list(pool.map(ask, range(40)))
    refused = [wait for wait in waits if wait is not None]
    assert 19 <= len(refused) <= 20  # one token comes back every three seconds
    assert all(0 <= wait <= 3 for wait in refused)


def test_the_bucket_fills_with_time_and_never_beyond_its_size(database: Database, tenant: UUID) -> None:
    with database.tenant_session(tenant) as session:
        for _ in range(3):
            take_token(session, 3)
        assert take_token(session, 3) is not None
        session.execute("UPDATE import_rate_buckets SET filled_at = filled_at - interval '1 hour'")
        assert [take_token(session, 3) is None for _ in range(4)] == [True, True, True, False]


def test_a_tenant_that_does_not_exist_has_no_bucket(database: Database) -> None:
    with pytest.raises(UnknownTenant), database.tenant_session(uuid4()) as session:
        take_token(session, 100)
