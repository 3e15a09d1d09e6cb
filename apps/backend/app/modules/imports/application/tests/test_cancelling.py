"""A cancelled batch: what waits stops, what is at work is dropped at its fence, and nothing is published after."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from app.modules.imports.application.tests.driving import (
    add_rows,
    advance_until_quiet,
    invoice_row,
    rows_of,
    status_of,
)
from app.modules.imports.domain.errors import LeaseLost, RefusedUpload
from app.modules.imports.domain.outcome import Done
from app.modules.imports.domain.pipeline import PIPELINE, STAGES, StageName
from app.modules.imports.usecases.advance_slice import advance_slice
from app.modules.imports.usecases.cancel_batch import cancel_batch
from app.modules.imports.usecases.delete_batch import delete_batch
from app.modules.imports.usecases.ingest import RowsRequest, ingest_rows
from app.modules.imports.usecases.legal_hold import hold_batch
from app.modules.imports.usecases.retry_batch import retry_batch, retry_item
from app.modules.imports.usecases.review_item import Review, review_item
from app.modules.imports.usecases.tests.factories import make_batch, make_item

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from app.modules.imports.usecases.cancel_batch import Cancelled
    from app.modules.imports.usecases.house import House

STANDING = """
SELECT (SELECT count(*) FROM import_items WHERE code = 'cancelled' AND state LIKE '%_failed') AS cancelled,
       (SELECT count(*) FROM import_dlq WHERE reason = 'cancelled' AND resolved_at IS NULL) AS letters,
       (SELECT count(*) FROM import_attempts WHERE outcome = 'cancelled') AS attempts,
       (SELECT count(*) FROM import_leases) AS leases, (SELECT count(*) FROM invoices) AS invoices
"""


def standing(house: House, tenant: UUID) -> Mapping[str, Any]:
    return dict(rows_of(house.database, tenant, STANDING.replace("%", "%%"))[0])


def cancel(house: House, tenant: UUID, batch: UUID) -> Cancelled:
    with house.database.tenant_session(tenant) as session:
        return cancel_batch(session, batch, "ana")


def test_what_waits_stops_with_a_letter_and_an_attempt_each(quiet_house: House, tenant: UUID) -> None:
    batch = add_rows(quiet_house, tenant, [invoice_row(n) for n in range(5)])
    assert cancel(quiet_house, tenant, batch).cancelled == 5
    assert cancel(quiet_house, tenant, batch).cancelled == 0
    status = status_of(quiet_house.database, tenant, batch)
    assert (status.failed, status.finished) == (5, True)
    advance_until_quiet(quiet_house, tenant)
    assert standing(quiet_house, tenant) == {"cancelled": 5, "letters": 5, "attempts": 5, "leases": 0, "invoices": 0}


@pytest.mark.parametrize("stage", [StageName.PREPROCESS, StageName.EXTRACT, StageName.VALIDATE, StageName.PUBLISH])
def test_a_slice_at_work_in_any_stage_is_dropped_at_its_fence(
    quiet_house: House, tenant: UUID, stage: StageName
) -> None:
    """A batch beside it that shares the slice goes on as if nothing had been."""
    batch = add_rows(quiet_house, tenant, [invoice_row(n) for n in range(3)])
    beside = add_rows(quiet_house, tenant, [invoice_row(n) for n in range(3, 5)])
    held = quiet_house.store.claim(PIPELINE[0], tenant)
    while held is not None and PIPELINE.index(held.stage) < PIPELINE.index(STAGES[stage]):
        held = quiet_house.store.settle(held, _outcomes(quiet_house, held)).onward
    assert held is not None
    cancelled = cancel(quiet_house, tenant, batch)
    assert (cancelled.cancelled, cancelled.stages) == (3, (held.stage.name,))
    with pytest.raises(LeaseLost):
        quiet_house.store.settle(held, [Done() for _ in held.items])
    advance_until_quiet(quiet_house, tenant)
    assert status_of(quiet_house.database, tenant, beside).completed == 2
    assert standing(quiet_house, tenant) == {"cancelled": 3, "letters": 3, "attempts": 3, "leases": 0, "invoices": 2}


def _outcomes(house: House, slice_: Any) -> Sequence[Any]:  # noqa: ANN401  (a slice)
    return house.runtime.stages[slice_.stage.name](slice_.items, house.runtime.tools(slice_))


def test_cancelling_waits_for_a_publication_that_is_being_written_and_keeps_it(
    quiet_house: House, tenant: UUID
) -> None:
    batch = add_rows(quiet_house, tenant, [invoice_row(1)])
    writing, go_on = threading.Event(), threading.Event()

    def slow_publish(items: Sequence[Any], session: Any) -> Sequence[Any]:  # noqa: ANN401  (a session)
        writing.set()
        assert go_on.wait(10)
        return quiet_house.runtime.publish(items, session)

    worker = threading.Thread(
        target=advance_slice, args=(PIPELINE[0], tenant, replace(quiet_house.runtime, publish=slow_publish))
    )
    worker.start()
    assert writing.wait(20)
    results: list[Cancelled] = []
    canceller = threading.Thread(target=lambda: results.append(cancel(quiet_house, tenant, batch)))
    canceller.start()
    canceller.join(0.5)
    assert canceller.is_alive()
    go_on.set()
    worker.join(10)
    canceller.join(10)
    assert results[0].cancelled == 0
    assert standing(quiet_house, tenant)["invoices"] == 1


def test_a_cancelled_batch_takes_nothing_more_and_nothing_of_it_is_retried(quiet_house: House, tenant: UUID) -> None:
    with quiet_house.database.tenant_session(tenant) as session:
        batch = make_batch(session)
        item = make_item(session, batch)
        cancel_batch(session, batch, "ana")
    attempts: list[Any] = [
        lambda session: ingest_rows(session, batch, RowsRequest(rows=[{"a": 1}])),
        lambda session: retry_batch(session, batch, "ana"),
        lambda session: retry_item(session, item, "ana"),
        lambda session: review_item(session, item, Review(accept=["totals_mismatch"]), "ana"),
    ]
    for attempt in attempts:
        with pytest.raises(RefusedUpload) as refused, quiet_house.database.tenant_session(tenant) as session:
            attempt(session)
        assert refused.value.code == "batch_cancelled"


def test_a_batch_is_deleted_only_when_nothing_works_holds_or_was_published(quiet_house: House, tenant: UUID) -> None:
    batch = add_rows(quiet_house, tenant, [invoice_row(1), {"invoice_number": "no more"}])
    other = add_rows(quiet_house, tenant, [{"invoice_number": "secret"}])

    def delete(which: UUID) -> str:
        try:
            with quiet_house.database.tenant_session(tenant) as session:
                delete_batch(session, which, "ana")
        except RefusedUpload as error:
            return error.code
        return "deleted"

    assert delete(batch) == "batch_at_work"
    advance_until_quiet(quiet_house, tenant)
    assert delete(batch) == "batch_published"
    with quiet_house.database.tenant_session(tenant) as session:
        hold_batch(session, other, held=True, actor="ana")
    assert delete(other) == "legal_hold"
    with quiet_house.database.tenant_session(tenant) as session:
        hold_batch(session, other, held=False, actor="ana")
    assert delete(other) == "deleted"
    assert delete(other) == "batch_not_found"
    left = rows_of(
        quiet_house.database,
        tenant,
        f"""SELECT raw, document, findings FROM import_payloads p JOIN import_items i ON i.id = p.item_id
            WHERE batch_id = '{other}'""",
    )
    assert [dict(row) for row in left] == [{"raw": None, "document": None, "findings": None}]
