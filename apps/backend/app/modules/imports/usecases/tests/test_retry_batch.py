"""Retries, many at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from app.modules.imports.domain.errors import RefusedUpload
from app.modules.imports.domain.pipeline import PIPELINE
from app.modules.imports.usecases.retry_batch import retry_batch, retry_item
from app.modules.imports.usecases.tests.factories import Made, make_batch, make_item

if TYPE_CHECKING:
    from uuid import UUID

    from app.database import Database


def test_an_item_goes_back_to_the_stage_where_it_failed_with_all_its_attempts(database: Database, tenant: UUID) -> None:
    with database.tenant_session(tenant) as session:
        batch = make_batch(session)
        items = {make_item(session, batch, Made(state=spec.failed)): spec for spec in PIPELINE}
        retried = retry_batch(session, batch, "ana")
        rows = session.execute("SELECT id, state, due_stage, attempt, code FROM import_items")
    assert retried.retried == len(PIPELINE)
    assert set(retried.stages) == {spec.name for spec in PIPELINE}
    for row in rows:
        spec = items[row["id"]]
        assert (row["state"], row["due_stage"]) == (spec.takes.value, spec.name.value)
        assert (row["attempt"], row["code"]) == (0, None)


def test_twenty_retries_at_once_put_every_item_back_once(database: Database, tenant: UUID) -> None:
    with database.tenant_session(tenant) as session:
        batch = make_batch(session)
        for position in range(300):
            make_item(session, batch, Made(position=position))

    def retry(_: int) -> int:
        with database.tenant_session(tenant) as session:
            return retry_batch(session, batch, "ana").retried

    with ThreadPoolExecutor(20) as pool:
        assert sum(pool.map(retry, range(20))) == 300
    with database.tenant_session(tenant) as session:
        [audited] = session.execute("SELECT sum((details->>'retried')::int) AS n FROM import_audit")
        [letters] = session.execute("SELECT count(*) AS n FROM import_dlq WHERE resolved_at IS NULL")
    assert (audited["n"], letters["n"]) == (300, 0)


def test_a_retry_leaves_other_batches_alone(database: Database, tenant: UUID) -> None:
    with database.tenant_session(tenant) as session:
        mine, other = make_batch(session), make_batch(session)
        make_item(session, mine)
        left = make_item(session, other)
        assert retry_batch(session, mine, "ana").retried == 1
        [row] = session.execute("SELECT state FROM import_items WHERE id = %(id)s", {"id": left})
    assert row["state"] == "validate_failed"


def test_what_is_not_there_cannot_be_retried(database: Database, tenant: UUID) -> None:
    with database.tenant_session(tenant) as session:
        with pytest.raises(RefusedUpload, match="batch_not_found"):
            retry_batch(session, uuid4(), "ana")
        with pytest.raises(RefusedUpload, match="item_not_found"):
            retry_item(session, uuid4(), "ana")
