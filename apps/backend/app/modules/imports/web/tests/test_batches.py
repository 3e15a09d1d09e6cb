"""Batches over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from app.modules.imports.domain.pipeline import ItemState
from app.modules.imports.usecases.tests.factories import Made, make_item

if TYPE_CHECKING:
    from uuid import UUID

    from app.database import Database
    from app.modules.imports.web.tests.conftest import Caller

ROWS = [{"Factura": "F-1", "Fecha": "03/02/2026", "Total": "121,00"}, {"Factura": "F-2", "Total": "1.210,00"}]


def test_a_batch_is_made_and_can_be_read_again(admin: Caller) -> None:
    made = admin.post("/batches", {"name": "March", "source_type": "invoices", "country": "ES"})
    assert made.status_code == 201
    read = admin.get(f"/batches/{made.json()['id']}")
    assert read.status_code == 200
    assert read.json() | {"status": None} == made.json()
    assert read.json()["status"]["status"] == "pending"


def test_batches_are_listed_newest_first_page_by_page(admin: Caller) -> None:
    made = [admin.new_batch() for _ in range(5)]
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = admin.get("/batches", params={"limit": 2, **({"cursor": cursor} if cursor else {})}).json()
        assert len(page["batches"]) <= 2
        seen += [batch["id"] for batch in page["batches"]]
        cursor = page["next_cursor"]
    assert seen == made[::-1]


def test_a_list_can_count_the_items_of_its_batches(admin: Caller) -> None:
    batch = admin.new_batch()
    admin.post(f"/batches/{batch}/ingest", {"rows": ROWS})
    [listed] = admin.get("/batches", params={"with_status": True}).json()["batches"]
    assert listed["status"]["pending"] == 2


def test_a_limit_is_clamped_and_a_bad_cursor_is_refused(admin: Caller) -> None:
    admin.new_batch()
    assert admin.get("/batches", params={"limit": 10**30}).status_code == 200
    assert admin.get("/batches", params={"limit": -1}).status_code == 200
    for cursor in ("x", "W10", "!!!!", "eyJhIjoxfQ", "WyIyMDI2IiwiYiJd"):
        refused = admin.get("/batches", params={"cursor": cursor})
        assert (refused.status_code, refused.json()["code"]) == (422, "cursor_invalid")


def test_rows_become_items_that_wait_for_their_first_stage(admin: Caller) -> None:
    batch = admin.new_batch()
    answer = admin.post(f"/batches/{batch}/ingest", {"rows": ROWS})
    assert answer.status_code == 200
    body = answer.json()
    assert body.keys() == {"batch_id", "items_ingested", "pipeline_enqueued", "group_id"}
    assert (body["batch_id"], body["items_ingested"], body["pipeline_enqueued"]) == (batch, 2, True)
    items = admin.get(f"/batches/{batch}/items").json()["items"]
    assert [(item["kind"], item["state"], item["position"]) for item in items] == [
        ("row", "pending", 0),
        ("row", "pending", 1),
    ]


def test_rows_beyond_the_limit_are_refused_as_a_whole(admin: Caller) -> None:
    batch = admin.new_batch()
    many = admin.post(f"/batches/{batch}/ingest", {"rows": [{}] * 10_001})
    none = admin.post(f"/batches/{batch}/ingest", {"rows": []})
    assert (many.status_code, many.json()["code"]) == (413, "too_many_rows")
    assert (none.status_code, none.json()["code"]) == (422, "request_invalid")
    assert admin.get(f"/batches/{batch}/status").json()["total_items"] == 0


def test_rows_of_an_unknown_batch_or_mapping_are_refused(admin: Caller) -> None:
    batch = admin.new_batch()
    homeless = admin.post(f"/batches/{uuid4()}/ingest", {"rows": ROWS})
    unmapped = admin.post(f"/batches/{batch}/ingest", {"rows": ROWS, "mapping_id": str(uuid4())})
    assert (homeless.status_code, homeless.json()["code"]) == (404, "batch_not_found")
    assert (unmapped.status_code, unmapped.json()["code"]) == (404, "mapping_not_found")


def test_a_field_that_no_body_has_is_refused(admin: Caller) -> None:
    for extra in ("state", "tenant_id", "id", "published_at"):
        refused = admin.post("/batches", {"name": "x", extra: "y"})
        assert refused.status_code == 422
        assert refused.json()["errors"][0]["field"] == f"body.{extra}"


def test_the_counts_of_a_status_add_up(admin: Caller, database: Database, tenant: UUID) -> None:
    batch = _batch_of(admin, database, {"published": 7, "validate_failed": 1, "classified": 1, "pending": 1})
    status = admin.get(f"/batches/{batch}/status").json()
    assert status == {
        "batch_id": batch,
        "status": "processing",
        "total_items": 10,
        "completed": 7,
        "processing": 1,
        "failed": 1,
        "discarded": 0,
        "pending": 1,
        "progress": 70.0,
        "finished": False,
        "status_breakdown": {"classified": 1, "pending": 1, "published": 7, "validate_failed": 1},
    }


def test_a_finished_batch_says_so_and_whether_all_went_well(admin: Caller, database: Database) -> None:
    well = admin.get(f"/batches/{_batch_of(admin, database, {'published': 3})}/status").json()
    badly = admin.get(f"/batches/{_batch_of(admin, database, {'published': 2, 'ocr_failed': 1})}/status").json()
    assert (well["status"], well["finished"], well["progress"]) == ("completed", True, 100.0)
    assert (badly["status"], badly["finished"], badly["progress"]) == ("completed_with_errors", True, 66.6)


def test_a_retry_puts_every_failed_item_back_where_it_failed(admin: Caller, database: Database) -> None:
    batch = _batch_of(admin, database, {"published": 1, "ocr_failed": 2, "publish_failed": 1})
    answer = admin.post(f"/batches/{batch}/retry")
    assert answer.json() == {"retried": 3, "batch_id": batch}
    status = admin.get(f"/batches/{batch}/status").json()
    assert status["status_breakdown"] == {"preprocessed": 2, "published": 1, "validated": 1}
    assert admin.get("/dead-letters").json()["dead_letters"] == []
    assert admin.post(f"/batches/{batch}/retry").json()["retried"] == 0


def test_a_request_sent_twice_under_one_key_makes_one_batch(admin: Caller) -> None:
    sent: dict[str, Any] = {"json": {"name": "once"}, "headers": {"Idempotency-Key": "k-1"}}
    first, second = admin.call("POST", "/batches", **sent), admin.call("POST", "/batches", **sent)
    assert first.status_code == second.status_code == 201
    assert first.json() == second.json()
    assert "Idempotency-Replayed" not in first.headers
    assert second.headers["Idempotency-Replayed"] == "true"
    assert len(admin.get("/batches").json()["batches"]) == 1


def test_a_key_with_another_body_is_refused(admin: Caller) -> None:
    headers = {"Idempotency-Key": "k-2"}
    admin.post("/batches", {"name": "one"}, headers=headers)
    refused = admin.post("/batches", {"name": "two"}, headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (422, "idempotency_key_reused")


def test_a_key_means_nothing_any_more_after_a_day(admin: Caller, database: Database) -> None:
    sent: dict[str, Any] = {"json": {"name": "again"}, "headers": {"Idempotency-Key": "k-9"}}
    first = admin.call("POST", "/batches", **sent)
    with database.tenant_session(admin.tenant_id) as session:
        session.execute("UPDATE import_requests SET created_at = created_at - interval '25 hours'", {})
    second = admin.call("POST", "/batches", **sent)
    assert second.status_code == 201
    assert second.json()["id"] != first.json()["id"]
    assert "Idempotency-Replayed" not in second.headers


def test_asking_often_how_far_a_large_batch_is_costs_little(admin: Caller) -> None:
    batch = admin.new_batch()
    for _ in range(2):
        admin.post(f"/batches/{batch}/ingest", {"rows": [{"n": n} for n in range(10_000)]})
    seconds = sorted(admin.get(f"/batches/{batch}/status").elapsed.total_seconds() for _ in range(40))
    assert admin.get(f"/batches/{batch}/status").json()["total_items"] == 20_000
    assert seconds[20] < 0.25


def test_a_refused_request_keeps_no_answer_under_its_key(admin: Caller) -> None:
    headers = {"Idempotency-Key": "k-3"}
    body = {"rows": ROWS, "mapping_id": str(uuid4())}
    batch = admin.new_batch()
    assert admin.post(f"/batches/{batch}/ingest", body, headers=headers).status_code == 404
    assert admin.post(f"/batches/{batch}/ingest", {"rows": ROWS}, headers=headers).status_code == 200


def test_a_key_of_one_tenant_says_nothing_to_another(admin: Caller, stranger: Caller) -> None:
    headers = {"Idempotency-Key": "shared"}
    mine = admin.post("/batches", {"name": "x"}, headers=headers).json()
    theirs = stranger.post("/batches", {"name": "x"}, headers=headers)
    assert theirs.status_code == 201
    assert theirs.json()["id"] != mine["id"]


def _batch_of(admin: Caller, database: Database, states: dict[str, int]) -> str:
    from uuid import UUID

    batch = admin.new_batch()
    with database.tenant_session(admin.tenant_id) as session:
        for state, count in states.items():
            for _ in range(count):
                make_item(session, UUID(batch), Made(state=ItemState(state)))
    return batch
