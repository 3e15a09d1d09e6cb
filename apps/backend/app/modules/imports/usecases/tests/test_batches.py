"""The status of a batch: in one snapshot, whatever its items do meanwhile."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from app.modules.imports.domain.pipeline import ItemState
from app.modules.imports.usecases.batches import batch_status, batch_statuses
from app.modules.imports.usecases.tests.factories import Made, make_batch, make_item

if TYPE_CHECKING:
    from uuid import UUID

    from app.database import Database


def test_the_counts_add_up_while_items_move(database: Database, tenant: UUID) -> None:
    with database.tenant_session(tenant) as session:
        batch = make_batch(session)
        for position in range(200):
            make_item(session, batch, Made(position=position))
    done = threading.Event()

    def move() -> None:
        with database.tenant_session(tenant) as session:
            ids = [row["id"] for row in session.execute("SELECT id FROM import_items")]
        for item_id in ids:
            with database.tenant_session(tenant) as session:
                session.execute(
                    "UPDATE import_items SET state = 'extracted', due_stage = 'validate', next_run_at = now()"
                    " WHERE id = %(id)s",
                    {"id": item_id},
                )
        done.set()

    thread = threading.Thread(target=move)
    thread.start()
    seen = set()
    while not done.is_set():
        with database.tenant_session(tenant) as session:
            status = batch_status(session, batch)
        assert status.pending + status.processing + status.completed + status.failed == status.total_items == 200
        assert sum(status.status_breakdown.values()) == 200
        seen.add(status.failed)
    thread.join()
    assert len(seen) > 1


def test_every_state_is_counted_in_exactly_one_of_the_five(database: Database, tenant: UUID) -> None:
    leased = {state for state in ItemState if state.value.endswith("ing") and state is not ItemState.PENDING}
    with database.tenant_session(tenant) as session:
        batch = make_batch(session)
        for state in set(ItemState) - leased:
            make_item(session, batch, Made(state=state))
        status = batch_status(session, batch)
    assert (status.pending, status.completed, status.failed, status.discarded) == (1, 1, 6, 1)
    assert status.processing == status.total_items - 9 == 5


def test_a_batch_without_items_has_not_begun(database: Database, tenant: UUID) -> None:
    with database.tenant_session(tenant) as session:
        batch = make_batch(session)
        status = batch_statuses(session, [batch])[batch]
    assert (status.status, status.finished, status.progress, status.total_items) == ("pending", False, 0.0, 0)
