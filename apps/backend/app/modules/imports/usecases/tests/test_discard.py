"""Discarding: what a person does not want leaves the queue, and comes back as it was."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from app.modules.imports.domain.errors import RefusedUpload
from app.modules.imports.domain.pipeline import PIPELINE
from app.modules.imports.usecases.batches import batch_status
from app.modules.imports.usecases.cancel_batch import cancel_batch
from app.modules.imports.usecases.delete_batch import delete_batch
from app.modules.imports.usecases.discard import discard_item, discard_items, restore_item
from app.modules.imports.usecases.retry_batch import retry_batch, retry_item
from app.modules.imports.usecases.review_item import Review, review_item
from app.modules.imports.usecases.tests.factories import Made, make_batch, make_item

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from app.database import Database, Session
    from app.modules.imports.domain.pipeline import StageSpec


def standing(session: Session, item_id: UUID) -> tuple[str, str, int]:
    """State, code, and how many dead letters are open."""
    [row] = session.execute("SELECT state, code FROM import_items WHERE id = %(id)s", {"id": item_id})
    [letters] = session.execute(
        "SELECT count(*) AS n FROM import_dlq WHERE item_id = %(id)s AND resolved_at IS NULL", {"id": item_id}
    )
    return row["state"], row["code"], letters["n"]


def trail(session: Session) -> list[Mapping[str, Any]]:
    return list(session.execute("SELECT actor, action, item_id, details FROM import_audit ORDER BY id"))


@pytest.mark.parametrize("spec", PIPELINE, ids=lambda spec: spec.name)
def test_an_item_is_discarded_wherever_it_failed_and_taken_back_to_there(
    spec: StageSpec, database: Database, tenant: UUID
) -> None:
    with database.tenant_session(tenant) as session:
        item = make_item(session, make_batch(session), Made(state=spec.failed))
        _, code, _ = standing(session, item)
        discard_item(session, item, "ana", "twice")
        assert standing(session, item) == ("discarded", code, 0)
        restore_item(session, item, "eva")
        assert standing(session, item) == (spec.failed.value, code, 1)
        discarded, restored = trail(session)
    assert (discarded["actor"], discarded["action"], discarded["item_id"]) == ("ana", "item.discard", item)
    assert discarded["details"] == {"reason": "twice", "state": spec.failed.value, "code": code}
    assert (restored["actor"], restored["action"], restored["item_id"]) == ("eva", "item.restore", item)


def test_what_is_discarded_is_neither_retried_nor_corrected_until_it_is_taken_back(
    database: Database, tenant: UUID
) -> None:
    with database.tenant_session(tenant) as session:
        batch = make_batch(session)
        item = make_item(session, batch)
        discard_item(session, item, "ana")
        assert retry_batch(session, batch, "ana").retried == 0
        with pytest.raises(RefusedUpload, match="item_not_failed"):
            retry_item(session, item, "ana")
        with pytest.raises(RefusedUpload, match="item_not_in_review"):
            review_item(session, item, Review(corrections={"currency": "EUR"}), "ana")
        with pytest.raises(RefusedUpload, match="item_not_failed"):
            discard_item(session, item, "ana")
        restore_item(session, item, "ana")
        with pytest.raises(RefusedUpload, match="item_not_discarded"):
            restore_item(session, item, "ana")
        assert retry_batch(session, batch, "ana").retried == 1


def test_only_what_stopped_with_these_codes_is_discarded(database: Database, tenant: UUID) -> None:
    with database.tenant_session(tenant) as session:
        batch, other = make_batch(session), make_batch(session)
        twice = [make_item(session, batch, Made(position=n, code="duplicate_file")) for n in range(2)]
        left = make_item(session, batch, Made(position=2, code="totals_mismatch"))
        theirs = make_item(session, other, Made(code="duplicate_file"))
        assert discard_items(session, batch, ["duplicate_file", "duplicate_suspect"], "ana", "twice").discarded == 2
        assert {standing(session, item)[0] for item in twice} == {"discarded"}
        assert {standing(session, item)[0] for item in (left, theirs)} == {"validate_failed"}
        assert discard_items(session, batch, ["duplicate_file"], "ana").discarded == 0
        [entry] = trail(session)
    assert entry["action"] == "batch.discard"
    assert entry["details"] == {"reason": "twice", "codes": ["duplicate_file", "duplicate_suspect"], "discarded": 2}


def test_a_batch_is_finished_when_the_rest_is_discarded(database: Database, tenant: UUID) -> None:
    with database.tenant_session(tenant) as session:
        batch = make_batch(session)
        item = make_item(session, batch)
        assert batch_status(session, batch).status == "completed_with_errors"
        discard_item(session, item, "ana")
        status = batch_status(session, batch)
    assert (status.status, status.finished, status.progress) == ("completed", True, 100.0)
    assert (status.failed, status.discarded, status.completed, status.total_items) == (0, 1, 0, 1)


def test_of_a_discard_and_retries_at_the_same_moment_each_item_is_had_by_one(database: Database, tenant: UUID) -> None:
    with database.tenant_session(tenant) as session:
        batch = make_batch(session)
        for position in range(200):
            make_item(session, batch, Made(position=position, code="duplicate_file"))

    def move(number: int) -> int:
        with database.tenant_session(tenant) as session:
            if number % 2:
                return retry_batch(session, batch, "ana").retried
            return discard_items(session, batch, ["duplicate_file"], "ana").discarded

    with ThreadPoolExecutor(10) as pool:
        assert sum(pool.map(move, range(10))) == 200
    with database.tenant_session(tenant) as session:
        [letters] = session.execute("SELECT count(*) AS n FROM import_dlq WHERE resolved_at IS NULL")
    assert letters["n"] == 0


def test_the_last_dead_letter_is_the_one_that_is_opened_again(database: Database, tenant: UUID) -> None:
    with database.tenant_session(tenant) as session:
        item = make_item(session, make_batch(session))
        session.execute(
            """INSERT INTO import_dlq (tenant_id, id, item_id, batch_id, stage, reason, code, attempts, created_at,
                                       resolved_at)
               SELECT tenant_id, gen_random_uuid(), item_id, batch_id, 'ocr', reason, code, attempts,
                      created_at - interval '1 h', created_at FROM import_dlq"""
        )
        discard_item(session, item, "ana")
        restore_item(session, item, "ana")
        [opened] = session.execute("SELECT stage FROM import_dlq WHERE resolved_at IS NULL")
        assert (opened["stage"], standing(session, item)[0]) == ("validate", "validate_failed")


def test_what_a_cancelled_batch_left_can_be_cleared_and_a_deleted_one_is_not_there(
    database: Database, tenant: UUID
) -> None:
    with database.tenant_session(tenant) as session:
        batch = make_batch(session)
        item = make_item(session, batch)
        cancel_batch(session, batch, "ana")
        discard_item(session, item, "ana")
        delete_batch(session, batch, "ana")
        for attempt in (lambda: restore_item(session, item, "ana"), lambda: discard_item(session, item, "ana")):
            with pytest.raises(RefusedUpload, match="item_not_found"):
                attempt()
        with pytest.raises(RefusedUpload, match="batch_not_found"):
            discard_items(session, batch, ["cancelled"], "ana")


def test_what_is_not_there_cannot_be_discarded(database: Database, tenant: UUID) -> None:
    with database.tenant_session(tenant) as session:
        with pytest.raises(RefusedUpload, match="item_not_found"):
            discard_item(session, uuid4(), "ana")
        with pytest.raises(RefusedUpload, match="item_not_found"):
            restore_item(session, uuid4(), "ana")
        with pytest.raises(RefusedUpload, match="batch_not_found"):
            discard_items(session, uuid4(), ["duplicate_file"], "ana")
