"""Health, metrics and dead letters over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from app.modules.imports.domain.pipeline import ItemState
from app.modules.imports.usecases.tests.factories import Made, make_item

if TYPE_CHECKING:
    from app.database import Database
    from app.modules.imports.web.tests.conftest import Caller


def test_a_process_that_is_switched_off_is_alive_but_not_ready(admin: Caller) -> None:
    client = admin.client
    assert client.get("/health/live").json() == {"status": "alive"}
    assert client.get("/health/ready").json() == {"status": "ready"}
    admin.app.state.house = None
    assert client.get("/health/live").status_code == 200
    refused = client.get("/health/ready")
    assert (refused.status_code, refused.json()["code"]) == (503, "imports_disabled")


def test_the_metrics_tell_how_much_waits_and_who_nobody_may_know(admin: Caller, database: Database) -> None:
    batch = admin.new_batch()
    admin.post(f"/batches/{batch}/ingest", {"rows": [{"a": 1}, {"a": 2}]})
    with database.tenant_session(admin.tenant_id) as session:
        make_item(session, UUID(batch))
    answer = admin.client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    assert 'imports_queue_depth{queue="imports_pre"} 2.0' in answer.text
    assert 'imports_queue_depth{queue="imports_ocr"} 0.0' in answer.text
    assert "imports_dead_letters_open 1.0" in answer.text
    assert "imports_items_processed_total" in answer.text
    assert batch not in answer.text


def test_dead_letters_are_listed_newest_first_and_by_batch_and_code(admin: Caller, database: Database) -> None:
    one, other = admin.new_batch(), admin.new_batch()
    with database.tenant_session(admin.tenant_id) as session:
        first = str(make_item(session, UUID(one)))
        second = str(make_item(session, UUID(other), Made(state=ItemState.OCR_FAILED, code="too_dark")))

    def listed(**params: object) -> list[str]:
        return [letter["item_id"] for letter in admin.get("/dead-letters", params=params).json()["dead_letters"]]

    assert listed() == [second, first]
    assert listed(batch_id=one) == [first]
    assert listed(code="too_dark") == [second]
    admin.post(f"/batches/{one}/retry")
    assert listed() == [second]
    assert listed(resolved=True) == [second, first]


def test_dead_letters_come_page_by_page(admin: Caller, database: Database) -> None:
    batch = admin.new_batch()
    with database.tenant_session(admin.tenant_id) as session:
        made = [str(make_item(session, UUID(batch), Made(position=n))) for n in range(3)]
    first = admin.get("/dead-letters", params={"limit": 2}).json()
    second = admin.get("/dead-letters", params={"limit": 2, "cursor": first["next_cursor"]}).json()
    letters = first["dead_letters"] + second["dead_letters"]
    assert [letter["item_id"] for letter in letters] == made[::-1]
