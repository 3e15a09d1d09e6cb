"""Items over HTTP: read, reviewed, retried."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from app.modules.imports.domain.pipeline import ItemState
from app.modules.imports.usecases.tests.factories import Made, make_item

if TYPE_CHECKING:
    from app.database import Database
    from app.modules.imports.web.tests.conftest import Caller


@pytest.fixture
def batch(admin: Caller) -> str:
    return admin.new_batch()


@pytest.fixture
def item(admin: Caller, batch: str, database: Database) -> str:
    """An invoice that did not pass validation."""
    with database.tenant_session(admin.tenant_id) as session:
        return str(make_item(session, UUID(batch)))


def test_items_are_listed_in_their_order_page_by_page(admin: Caller, batch: str) -> None:
    admin.post(f"/batches/{batch}/ingest", {"rows": [{"n": n} for n in range(7)]})
    positions: list[int] = []
    cursor: str | None = ""
    while cursor is not None:
        options = {"params": {"limit": 3, **({"cursor": cursor} if cursor else {})}}
        page = admin.get(f"/batches/{batch}/items", **options).json()
        positions += [item["position"] for item in page["items"]]
        cursor = page["next_cursor"]
    assert positions == list(range(7))


def test_items_can_be_asked_for_by_state_and_code(admin: Caller, batch: str, database: Database, item: str) -> None:
    with database.tenant_session(admin.tenant_id) as session:
        other = str(make_item(session, UUID(batch), Made(state=ItemState.OCR_FAILED, code="too_dark", position=1)))
        make_item(session, UUID(batch), Made(state=ItemState.PUBLISHED, position=2))

    def ids(**params: object) -> list[str]:
        return [i["id"] for i in admin.get(f"/batches/{batch}/items", params=params).json()["items"]]

    assert ids(state="validate_failed") == [item]
    assert ids(state=["validate_failed", "ocr_failed"]) == [item, other]
    assert ids(code="too_dark") == [other]
    assert ids(state="published", code="too_dark") == []
    assert admin.get(f"/batches/{batch}/items", params={"state": "nowhere"}).status_code == 422


def test_an_item_shows_its_document_its_evidence_and_what_stopped_it(admin: Caller, item: str) -> None:
    shown = admin.get(f"/items/{item}").json()
    assert shown["document"]["evidence"]["totals.gross"]["text"] == "121,00"
    assert (shown["state"], shown["code"], shown["detail"]) == ("validate_failed", "totals_mismatch", "the detail")
    [finding] = shown["findings"]
    assert (finding["code"], finding["field"], finding["accepted"]) == ("totals_mismatch", "totals.gross", False)
    assert shown["publication"] is None


def test_findings_are_told_in_the_readers_language(admin: Caller, item: str) -> None:
    spanish = admin.get(f"/items/{item}").json()
    english = admin.get(f"/items/{item}", headers={"Accept-Language": "fr, en-GB;q=0.8, es;q=0.5"}).json()
    assert spanish["findings"][0]["message"] != english["findings"][0]["message"]
    assert spanish["message"] == spanish["findings"][0]["message"]


def test_a_correction_is_shown_as_a_persons_and_sends_the_item_back_to_validation(admin: Caller, item: str) -> None:
    body = {"corrections": {"totals.gross": "122.00", "due_date": "2026-03-03"}, "reason": "read from the paper"}
    answer = admin.call("PATCH", f"/items/{item}", json=body)
    assert answer.status_code == 200
    shown = answer.json()
    assert (shown["state"], shown["code"]) == ("extracted", None)
    assert shown["document"]["totals"]["gross"] == "122.00"
    assert shown["document"]["evidence"]["totals.gross"]["proofs"] == ["person"]
    assert shown["corrections"] == body["corrections"]
    assert admin.get("/dead-letters").json()["dead_letters"] == []


def test_an_accepted_finding_is_remembered(admin: Caller, item: str) -> None:
    shown = admin.call("PATCH", f"/items/{item}", json={"accept": ["totals_mismatch"]}).json()
    assert shown["accepted"] == ["totals_mismatch"]
    assert shown["findings"][0]["accepted"] is True


def test_only_a_failed_item_can_be_reviewed(admin: Caller, item: str) -> None:
    admin.call("PATCH", f"/items/{item}", json={"accept": ["totals_mismatch"]})
    again = admin.call("PATCH", f"/items/{item}", json={"accept": ["totals_mismatch"]})
    assert (again.status_code, again.json()["code"]) == (409, "item_not_in_review")


@pytest.mark.parametrize("body", [{"state": "published"}, {"corrections": {"": 1}}, {"accept": ["NOT A CODE"]}])
def test_a_review_that_is_none_is_refused(admin: Caller, item: str, body: dict[str, object]) -> None:
    assert admin.call("PATCH", f"/items/{item}", json=body).json()["code"] == "request_invalid"


def test_a_correction_that_makes_no_document_is_refused(admin: Caller, item: str) -> None:
    answer = admin.call("PATCH", f"/items/{item}", json={"corrections": {"issue_date": "31/02/2026"}})
    assert (answer.status_code, answer.json()["code"]) == (422, "correction_invalid")
    assert admin.get(f"/items/{item}").json()["state"] == "validate_failed"


def test_one_failed_item_can_be_retried_alone(admin: Caller, item: str, batch: str) -> None:
    assert admin.post(f"/items/{item}/retry").json() == {"retried": 1, "batch_id": batch}
    again = admin.post(f"/items/{item}/retry")
    assert (again.status_code, again.json()["code"]) == (409, "item_not_failed")


def test_what_is_not_wanted_is_discarded_and_can_be_taken_back(admin: Caller, item: str, batch: str) -> None:
    body = {"reason": "the same invoice as yesterday"}
    assert admin.post(f"/items/{item}/discard", body).json() == {"discarded": 1, "batch_id": batch}
    assert admin.get(f"/items/{item}").json()["state"] == "discarded"
    status = admin.get(f"/batches/{batch}/status").json()
    assert (status["discarded"], status["failed"], status["finished"]) == (1, 0, True)
    assert admin.get("/dead-letters").json()["dead_letters"] == []
    again = admin.post(f"/items/{item}/discard")
    assert (again.status_code, again.json()["code"]) == (409, "item_not_failed")
    assert admin.post(f"/items/{item}/restore").json() == {"restored": 1, "batch_id": batch}
    assert admin.get(f"/items/{item}").json()["state"] == "validate_failed"
    assert [letter["item_id"] for letter in admin.get("/dead-letters").json()["dead_letters"]] == [item]
    again = admin.post(f"/items/{item}/restore")
    assert (again.status_code, again.json()["code"]) == (409, "item_not_discarded")


def test_the_same_discard_again_has_one_effect_and_one_answer(admin: Caller, item: str) -> None:
    key = {"Idempotency-Key": "discard-1"}
    first = admin.post(f"/items/{item}/discard", headers=key)
    again = admin.post(f"/items/{item}/discard", headers=key)
    assert first.json() == again.json()
    assert "Idempotency-Replayed" in again.headers
    other = admin.post(f"/items/{item}/discard", {"reason": "another"}, headers=key)
    assert other.json()["code"] == "idempotency_key_reused"


def test_duplicates_of_a_batch_are_discarded_in_one_request(admin: Caller, item: str, batch: str) -> None:
    codes = {"codes": ["duplicate_file", "duplicate_suspect"]}
    assert admin.post(f"/batches/{batch}/discard", codes).json() == {"discarded": 0, "batch_id": batch}
    assert admin.post(f"/batches/{batch}/discard", {"codes": ["totals_mismatch"]}).json()["discarded"] == 1
    assert admin.get(f"/items/{item}").json()["state"] == "discarded"


@pytest.mark.parametrize("body", [{}, {"codes": []}, {"codes": ["NOT A CODE"]}, {"codes": ["x"], "all": True}])
def test_a_batch_is_not_discarded_without_saying_what(
    admin: Caller, item: str, batch: str, body: dict[str, object]
) -> None:
    assert admin.post(f"/batches/{batch}/discard", body).json()["code"] == "request_invalid"
    assert admin.get(f"/items/{item}").json()["state"] == "validate_failed"


def test_why_an_item_stopped_is_said_with_its_figures(admin: Caller, batch: str, database: Database) -> None:
    params = {"computed": "121.00", "stated": "122.00", "difference": "1.00"}
    finding = {"code": "totals_mismatch", "severity": "blocks", "field": "totals.gross", "params": params}
    with database.tenant_session(admin.tenant_id) as session:
        item = make_item(session, UUID(batch), Made(findings=[finding]))
    said = admin.get(f"/items/{item}").json()
    assert said["message"] == said["findings"][0]["message"]
    [listed] = admin.get(f"/batches/{batch}/items").json()["items"]
    assert listed["message"] == said["message"]
    assert all(figure in said["message"] for figure in params.values())
