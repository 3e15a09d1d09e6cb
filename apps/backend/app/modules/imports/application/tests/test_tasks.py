"""Slices, leases, attempts and dead letters, on the real store with nobody else answering."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from app.conftest import new_tenant
from app.modules.imports.application.celery_app import app as celery
from app.modules.imports.application.tests.driving import (
    add_rows,
    advance_until_quiet,
    assert_published_exactly_once,
    invoice_row,
    rows_of,
    status_of,
)
from app.modules.imports.domain.errors import LeaseLost
from app.modules.imports.domain.outcome import Dead, Done, NeedsReview, Outcome, Retry
from app.modules.imports.domain.pipeline import FIRST, PIPELINE, STAGES, StageName
from app.modules.imports.usecases.advance_slice import advance_slice
from app.modules.imports.usecases.retry_batch import retry_batch
from app.modules.imports.usecases.sweep import sweep

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from app.database import Database
    from app.modules.imports.ports import Item
    from app.modules.imports.stages.tools import Tools
    from app.modules.imports.usecases.advance_slice import Runtime
    from app.modules.imports.usecases.house import House


def with_stage(runtime: Runtime, name: StageName, outcome: Outcome) -> Runtime:
    """The runtime with a stage that answers always the same."""

    def stage(items: Sequence[Item], _: Tools) -> Sequence[Outcome]:
        return [outcome for _ in items]

    return replace(runtime, stages={**runtime.stages, name: stage})


def test_every_stage_has_a_task_with_its_own_queue_and_limits() -> None:
    for spec in PIPELINE:
        task = celery.tasks[spec.task_name]
        assert task.soft_time_limit == spec.soft_limit.total_seconds()
        assert task.time_limit == spec.hard_limit.total_seconds()
    assert {queue.name for queue in celery.conf.task_queues} >= {spec.queue for spec in PIPELINE}


def test_rows_walk_all_six_stages_in_one_claim(quiet_house: House, tenant: UUID) -> None:
    add_rows(quiet_house, tenant, [invoice_row(n) for n in range(20)])
    assert advance_slice(FIRST, tenant, quiet_house.runtime) == 20
    assert_published_exactly_once(quiet_house.database, tenant, 20)
    stages = rows_of(
        quiet_house.database,
        tenant,
        "SELECT stage, count(*) AS n, bool_and(outcome = 'done' AND attempt = 1) AS clean FROM import_attempts GROUP BY 1",
    )
    assert {row["stage"]: (row["n"], row["clean"]) for row in stages} == {s.name.value: (20, True) for s in PIPELINE}


def test_a_published_row_keeps_its_values_to_the_cent(quiet_house: House, tenant: UUID) -> None:
    add_rows(quiet_house, tenant, [invoice_row(1)])
    advance_until_quiet(quiet_house, tenant)
    [row] = rows_of(quiet_house.database, tenant, "SELECT *, evidence_in_full(evidence) AS shown FROM invoices")
    assert (str(row["net"]), str(row["tax"]), str(row["gross"])) == ("100.00", "21.00", "121.00")
    assert row["supplier_tax_id"] == "B29423548"
    assert row["shown"]["totals.gross"]["proofs"] == ["structured"]


def test_an_empty_queue_claims_nothing(quiet_house: House, tenant: UUID) -> None:
    assert advance_slice(FIRST, tenant, quiet_house.runtime) == 0


def test_a_slice_holds_items_of_one_tenant_only(quiet_house: House, database: Database) -> None:
    a, b = new_tenant(database, "a"), new_tenant(database, "b")
    add_rows(quiet_house, a, [invoice_row(1)])
    add_rows(quiet_house, b, [invoice_row(2)])
    slice_ = quiet_house.store.claim(FIRST, a)
    assert slice_ is not None
    assert [item.raw["invoice_number"] for item in slice_.items if item.raw] == ["F-000001"]


def test_a_retry_is_counted_and_the_third_is_final(quiet_house: House, tenant: UUID) -> None:
    batch = add_rows(quiet_house, tenant, [invoice_row(1)])
    runtime = with_stage(quiet_house.runtime, StageName.EXTRACT, Retry(code="busy"))
    until = time.monotonic() + 20
    while not status_of(quiet_house.database, tenant, batch).finished and time.monotonic() < until:
        for stage in PIPELINE:
            advance_slice(stage, tenant, runtime)
    assert status_of(quiet_house.database, tenant, batch).status_breakdown == {"extract_failed": 1}
    [letter] = rows_of(quiet_house.database, tenant, "SELECT stage, reason, code, attempts, payload FROM import_dlq")
    assert (letter["stage"], letter["reason"], letter["code"], letter["attempts"]) == (
        "extract",
        "exhausted",
        "busy",
        3,
    )
    assert letter["payload"]["raw"]["invoice_number"] == "F-000001"
    attempts = rows_of(
        quiet_house.database, tenant, "SELECT attempt FROM import_attempts WHERE stage = 'extract' ORDER BY id"
    )
    assert [row["attempt"] for row in attempts] == [1, 2, 3]


@pytest.mark.parametrize(
    ("outcome", "reason"), [(Dead(code="broken"), "dead"), (NeedsReview(code="unclear"), "review")]
)
def test_what_no_attempt_can_mend_is_final_at_once(
    quiet_house: House, tenant: UUID, outcome: Outcome, reason: str
) -> None:
    batch = add_rows(quiet_house, tenant, [invoice_row(1)])
    advance_slice(FIRST, tenant, with_stage(quiet_house.runtime, StageName.VALIDATE, outcome))
    assert status_of(quiet_house.database, tenant, batch).status_breakdown == {"validate_failed": 1}
    [letter] = rows_of(quiet_house.database, tenant, "SELECT reason, attempts FROM import_dlq")
    assert (letter["reason"], letter["attempts"]) == (reason, 1)


def test_a_retry_by_a_person_goes_back_to_the_stage_that_failed(quiet_house: House, tenant: UUID) -> None:
    batch = add_rows(quiet_house, tenant, [invoice_row(1), invoice_row(2)])
    advance_slice(FIRST, tenant, with_stage(quiet_house.runtime, StageName.VALIDATE, Dead(code="broken")))
    with quiet_house.database.tenant_session(tenant) as session:
        assert retry_batch(session, batch, "test").retried == 2
    assert status_of(quiet_house.database, tenant, batch).status_breakdown == {"extracted": 2}
    assert advance_slice(STAGES[StageName.VALIDATE], tenant, quiet_house.runtime) == 2
    assert_published_exactly_once(quiet_house.database, tenant, 2)


def test_a_published_item_is_not_retried(quiet_house: House, tenant: UUID) -> None:
    batch = add_rows(quiet_house, tenant, [invoice_row(1)])
    advance_until_quiet(quiet_house, tenant)
    with quiet_house.database.tenant_session(tenant) as session:
        assert retry_batch(session, batch, "test").retried == 0
    assert_published_exactly_once(quiet_house.database, tenant, 1)


def test_a_slice_whose_lease_was_taken_over_changes_nothing(quiet_house: House, tenant: UUID) -> None:
    add_rows(quiet_house, tenant, [invoice_row(1)])
    zombie = quiet_house.store.claim(FIRST, tenant)
    assert zombie is not None
    _expire_leases(quiet_house, tenant)
    assert quiet_house.store.release_expired() == 1
    with pytest.raises(LeaseLost):
        quiet_house.store.settle(zombie, [Done()])
    with pytest.raises(LeaseLost):
        quiet_house.store.renew(zombie)
    advance_until_quiet(quiet_house, tenant)
    assert_published_exactly_once(quiet_house.database, tenant, 1)


def test_a_lost_lease_counts_as_an_attempt_and_the_third_is_a_dead_letter(quiet_house: House, tenant: UUID) -> None:
    add_rows(quiet_house, tenant, [invoice_row(1)])
    for _ in range(3):
        while quiet_house.store.claim(FIRST, tenant) is None:
            pass
        _expire_leases(quiet_house, tenant)
        quiet_house.store.release_expired()
    [item] = rows_of(quiet_house.database, tenant, "SELECT state, code FROM import_items")
    assert (item["state"], item["code"]) == ("preprocess_failed", "attempts_exhausted")
    assert len(rows_of(quiet_house.database, tenant, "SELECT 1 FROM import_attempts WHERE outcome = 'lost'")) == 3


def test_a_released_slice_is_due_again_and_not_charged(quiet_house: House, tenant: UUID) -> None:
    add_rows(quiet_house, tenant, [invoice_row(1)])
    slice_ = quiet_house.store.claim(FIRST, tenant)
    assert slice_ is not None
    quiet_house.store.release(slice_)
    [item] = rows_of(quiet_house.database, tenant, "SELECT state, attempt FROM import_items")
    assert (item["state"], item["attempt"]) == ("pending", 0)


def test_a_stopping_process_gives_its_slice_back(quiet_house: House, tenant: UUID) -> None:
    add_rows(quiet_house, tenant, [invoice_row(1)])
    advance_slice(FIRST, tenant, replace(quiet_house.runtime, stopping=lambda: True))
    [item] = rows_of(quiet_house.database, tenant, "SELECT state, attempt FROM import_items")
    assert (item["state"], item["attempt"]) == ("pending", 0)


def test_one_bad_row_does_not_hold_up_its_slice(quiet_house: House, tenant: UUID) -> None:
    rows = [invoice_row(n) for n in range(10)]
    rows[4] = {**rows[4], "net": "a hundred"}
    batch = add_rows(quiet_house, tenant, rows)
    advance_until_quiet(quiet_house, tenant)
    status = status_of(quiet_house.database, tenant, batch)
    assert status.status_breakdown == {"published": 9, "extract_failed": 1}
    assert status.progress == 90.0
    assert status.completed + status.processing + status.failed + status.pending == status.total_items


def test_the_same_invoice_twice_in_one_slice_is_published_once(quiet_house: House, tenant: UUID) -> None:
    batch = add_rows(quiet_house, tenant, [invoice_row(1), invoice_row(1), invoice_row(2)])
    advance_until_quiet(quiet_house, tenant)
    assert status_of(quiet_house.database, tenant, batch).status_breakdown == {"published": 2, "publish_failed": 1}
    [failed] = rows_of(quiet_house.database, tenant, "SELECT code FROM import_items WHERE state = 'publish_failed'")
    assert failed["code"] == "duplicate_suspect"


def test_an_invoice_published_before_is_suspected_at_validation(quiet_house: House, tenant: UUID) -> None:
    add_rows(quiet_house, tenant, [invoice_row(1)])
    advance_until_quiet(quiet_house, tenant)
    batch = add_rows(quiet_house, tenant, [invoice_row(1)])
    advance_until_quiet(quiet_house, tenant)
    assert status_of(quiet_house.database, tenant, batch).status_breakdown == {"validate_failed": 1}
    assert len(rows_of(quiet_house.database, tenant, "SELECT 1 FROM invoices")) == 1


def test_the_sweeper_rings_for_what_is_due(quiet_house: House, tenant: UUID) -> None:
    add_rows(quiet_house, tenant, [invoice_row(1)])
    assert sweep(quiet_house.store, quiet_house.doorbell) == 1
    advance_until_quiet(quiet_house, tenant)
    assert sweep(quiet_house.store, quiet_house.doorbell) == 0


def test_a_forged_ring_for_an_unknown_tenant_claims_nothing(quiet_house: House) -> None:
    assert advance_slice(FIRST, uuid4(), quiet_house.runtime) == 0


def _expire_leases(house: House, tenant: UUID) -> None:
    with house.database.tenant_session(tenant) as session:
        session.execute("UPDATE import_leases SET leased_until = clock_timestamp() - interval '1 s'")
