"""The status of a batch as a stream of events."""

from __future__ import annotations

import json
import threading
import time
from typing import TYPE_CHECKING
from uuid import UUID

from app.modules.imports.domain.pipeline import ItemState
from app.modules.imports.usecases.tests.factories import Made, make_batch, make_item

if TYPE_CHECKING:
    from app.database import Database
    from app.modules.imports.web.tests.conftest import Caller


def statuses(text: str) -> list[dict[str, object]]:
    return [json.loads(line.removeprefix("data: ")) for line in text.splitlines() if line.startswith("data: ")]


def test_the_stream_of_a_finished_batch_says_so_and_ends(admin: Caller, database: Database) -> None:
    with database.tenant_session(admin.tenant_id) as session:
        batch = make_batch(session)
        make_item(session, batch, Made(state=ItemState.PUBLISHED))
    answer = admin.get(f"/batches/{batch}/events")
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert [status["status"] for status in statuses(answer.text)] == ["completed"]


def test_a_change_is_told_and_the_last_one_ends_the_stream(admin: Caller, database: Database) -> None:
    batch = admin.new_batch()

    def finish() -> None:
        time.sleep(0.3)
        with database.tenant_session(admin.tenant_id) as session:
            make_item(session, UUID(batch), Made(state=ItemState.PUBLISH_FAILED))

    thread = threading.Thread(target=finish)
    thread.start()
    answer = admin.get(f"/batches/{batch}/events")
    thread.join()
    assert [status["status"] for status in statuses(answer.text)] == ["pending", "completed_with_errors"]


def test_the_stream_of_a_batch_that_is_not_there_does_not_begin(admin: Caller) -> None:
    answer = admin.get("/batches/00000000-0000-4000-8000-000000000000/events")
    assert (answer.status_code, answer.json()["code"]) == (404, "batch_not_found")
