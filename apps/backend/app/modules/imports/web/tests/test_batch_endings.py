"""Cancelling, deleting and holding batches, quotas and the audit trail, over HTTP."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING

from app.modules.imports.usecases.quotas import Quotas
from app.modules.imports.web.tests.conftest import new_key
from app.security import Role

if TYPE_CHECKING:
    from app.database import Database
    from app.modules.imports.usecases.house import House
    from app.modules.imports.web.tests.conftest import Caller


def with_quotas(caller: Caller, house: House, quotas: Quotas) -> None:
    caller.app.state.house = replace(house, limits=replace(house.limits, quotas=quotas))


def test_a_cancelled_batch_says_so_and_refuses_rows_files_and_retries(admin: Caller) -> None:
    batch = admin.new_batch()
    admin.post(f"/batches/{batch}/ingest", {"rows": [{"a": 1}, {"a": 2}]})
    assert admin.post(f"/batches/{batch}/cancel").json() == {"batch_id": batch, "cancelled": 2}
    assert admin.post(f"/batches/{batch}/cancel").json()["cancelled"] == 0
    found = admin.get(f"/batches/{batch}").json()
    assert found["cancelled_at"] is not None
    assert (found["status"]["failed"], found["status"]["finished"]) == (2, True)
    letters = admin.get("/dead-letters").json()["dead_letters"]
    assert {(letter["reason"], letter["code"]) for letter in letters} == {("cancelled", "cancelled")}
    refused = [
        admin.post(f"/batches/{batch}/ingest", {"rows": [{"a": 1}]}),
        admin.call("POST", f"/batches/{batch}/files", files={"files": ("f.xml", io.BytesIO(b"<x/>"))}),
        admin.post(f"/batches/{batch}/retry"),
    ]
    assert {(answer.status_code, answer.json()["code"]) for answer in refused} == {(409, "batch_cancelled")}
    assert "imports_dead_letters_open 0.0" in admin.client.get("/metrics").text


def test_a_deleted_batch_is_gone_with_its_items_letters_and_files(admin: Caller) -> None:
    batch = admin.new_batch()
    admin.call("POST", f"/batches/{batch}/files", files={"files": ("f.xml", io.BytesIO(b"<x/>"))})
    item = admin.get(f"/batches/{batch}/items").json()["items"][0]["id"]
    assert admin.call("DELETE", f"/batches/{batch}").json()["code"] == "batch_at_work"
    admin.post(f"/batches/{batch}/cancel")
    assert admin.call("PUT", f"/batches/{batch}/hold").status_code == 204
    assert admin.get(f"/batches/{batch}").json()["legal_hold"] is True
    assert admin.call("DELETE", f"/batches/{batch}").json()["code"] == "legal_hold"
    assert admin.call("DELETE", f"/batches/{batch}/hold").status_code == 204
    assert admin.call("DELETE", f"/batches/{batch}").status_code == 204
    gone = (
        f"/batches/{batch}",
        f"/batches/{batch}/status",
        f"/batches/{batch}/items",
        f"/items/{item}",
        f"/items/{item}/file",
    )
    assert {admin.get(path).status_code for path in gone} == {404}
    assert admin.get("/batches").json()["batches"] == []
    assert admin.get("/dead-letters", params={"resolved": True}).json()["dead_letters"] == []


def test_only_reviewers_cancel_and_only_administrators_delete_hold_and_read_the_trail(
    admin: Caller, database: Database
) -> None:
    batch = admin.new_batch()
    uploader = replace(admin, key=new_key(database, admin.tenant_id, Role.UPLOADER))
    reviewer = replace(admin, key=new_key(database, admin.tenant_id, Role.REVIEWER))
    assert uploader.post(f"/batches/{batch}/cancel").status_code == 403
    assert reviewer.post(f"/batches/{batch}/cancel").status_code == 200
    for method, path in (("DELETE", f"/batches/{batch}"), ("PUT", f"/batches/{batch}/hold"), ("GET", "/audit")):
        assert reviewer.call(method, path).status_code == 403


def test_a_request_beyond_a_quota_writes_nothing_and_says_when_to_come_back(admin: Caller, quiet_house: House) -> None:
    batch = admin.new_batch()
    with_quotas(admin, quiet_house, Quotas(rows_per_day=2, bytes_per_day=8, files_in_store=1, open_batches=1))
    rows = {"rows": [{"a": 1}, {"a": 2}]}
    assert admin.post(f"/batches/{batch}/ingest", rows).status_code == 200
    refused = admin.post(f"/batches/{batch}/ingest", {"rows": [{"a": 1}]})
    assert (refused.status_code, refused.json()["code"]) == (429, "quota_of_day_reached")
    assert 1 <= int(refused.headers["Retry-After"]) <= 86_400
    assert admin.post("/batches", {"name": "x"}).json()["code"] == "too_many_open_batches"

    def upload(content: bytes) -> tuple[int, str | None]:
        answer = admin.call("POST", f"/batches/{batch}/files", files={"files": ("f", io.BytesIO(content))})
        return answer.status_code, answer.json().get("code")

    assert upload(b"123456789") == (413, "quota_request_too_large")
    assert upload(b"1234") == (200, None)
    assert upload(b"12345") == (429, "quota_of_day_reached")
    assert upload(b"12") == (507, "quota_of_store_reached")
    assert len(list(quiet_house.files.old_keys(admin.tenant_id, quiet_house.care.file_grace * 0))) == 1
    used = admin.get("/usage").json()
    assert (used["rows_today"], used["files_today"], used["bytes_today"], used["files_in_store"]) == (2, 1, 4, 1)
    assert (used["items_in_flight"], used["open_batches"], used["limits"]["rows_per_day"]) == (3, 1, 2)


def test_a_replayed_request_is_not_charged_again(admin: Caller) -> None:
    batch = admin.new_batch()
    for _ in range(3):
        admin.post(f"/batches/{batch}/ingest", {"rows": [{"a": 1}]}, headers={"Idempotency-Key": "k"})
    assert admin.get("/usage").json()["rows_today"] == 1


def test_the_trail_is_shown_newest_first_page_by_page_and_to_its_tenant_only(admin: Caller, stranger: Caller) -> None:
    for name in "abc":
        admin.post("/keys", {"name": name})
    first = admin.get("/audit", params={"limit": 2}).json()
    second = admin.get("/audit", params={"limit": 2, "cursor": first["next_cursor"]}).json()
    assert [entry["seq"] for entry in first["entries"] + second["entries"]] == [4, 3, 2, 1]
    assert all(len(entry["hash"]) == 64 for entry in first["entries"])
    assert [entry["seq"] for entry in stranger.get("/audit").json()["entries"]] == [1]
