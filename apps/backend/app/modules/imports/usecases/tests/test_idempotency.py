"""One key, one effect: also for requests that meet."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from app.modules.imports.domain.errors import RefusedUpload
from app.modules.imports.usecases.idempotency import Answer, fingerprint, once
from app.modules.imports.usecases.tests.factories import make_batch

if TYPE_CHECKING:
    from uuid import UUID

    from app.database import Database, Session

REQUEST = fingerprint("batches", {"name": "x"})


def make(session: Session) -> Answer:
    return Answer(status=201, body={"id": str(make_batch(session))})


def test_fifty_requests_at_once_make_one_batch(database: Database, tenant: UUID) -> None:
    def ask(_: int) -> Answer:
        with database.tenant_session(tenant) as session:
            return once(session, "k", REQUEST, lambda: make(session))

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(ask, range(50)))
    assert len({answer.body["id"] for answer in answers}) == 1
    assert sum(not answer.replayed for answer in answers) == 1
    with database.tenant_session(tenant) as session:
        assert len(session.execute("SELECT 1 FROM import_batches")) == 1


def test_an_effect_that_fails_leaves_its_key_free(database: Database, tenant: UUID) -> None:
    def fail() -> Answer:
        raise RefusedUpload("no")

    with pytest.raises(RefusedUpload), database.tenant_session(tenant) as session:
        once(session, "k", REQUEST, fail)
    with database.tenant_session(tenant) as session:
        assert not once(session, "k", REQUEST, lambda: make(session)).replayed


def test_a_request_that_waits_too_long_for_the_first_is_told_so(database: Database, tenant: UUID) -> None:
    with database.tenant_session(tenant) as first:
        once(first, "k", REQUEST, lambda: make(first))
        with database.tenant_session(tenant) as second:
            second.execute("SET LOCAL lock_timeout = '50ms'")
            with pytest.raises(RefusedUpload, match="idempotency_key_busy") as refused, second.savepoint():
                once(second, "k", REQUEST, lambda: make(second))
    assert refused.value.status == 409


def test_a_key_a_day_old_is_free_again(database: Database, tenant: UUID) -> None:
    with database.tenant_session(tenant) as session:
        first = once(session, "k", REQUEST, lambda: make(session))
        session.execute("UPDATE import_requests SET created_at = created_at - interval '25 hours'")
    with database.tenant_session(tenant) as session:
        second = once(session, "k", fingerprint("other"), lambda: make(session))
    assert not second.replayed
    assert second.body != first.body
