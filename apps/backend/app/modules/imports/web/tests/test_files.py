"""Files over HTTP: up in one request, down as an attachment."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, BinaryIO
from uuid import UUID, uuid4

import pytest

from app.modules.imports.adapters.files import LocalFileStore
from app.modules.imports.domain.errors import Transient
from app.modules.imports.domain.pipeline import ItemState
from app.modules.imports.usecases.tests.factories import Made, make_item, preprocessed

if TYPE_CHECKING:
    from httpx import Response

    from app.database import Database
    from app.modules.imports.ports import StoredFile
    from app.modules.imports.usecases.house import House
    from app.modules.imports.web.tests.conftest import Caller
    from app.settings import Settings

XML = b"<Facturae/>"


def upload(admin: Caller, batch: str, *files: tuple[str, bytes], headers: dict[str, str] | None = None) -> Response:
    return admin.call(
        "POST", f"/batches/{batch}/files", files=[("files", file) for file in files], headers=headers or {}
    )


def find_clean(admin: Caller, item: str, outcome: str = "done", code: str | None = None) -> None:
    with admin.app.state.house.database.tenant_session(admin.tenant_id) as session:
        preprocessed(session, UUID(item), outcome, code)


@pytest.fixture
def batch(admin: Caller) -> str:
    return admin.new_batch()


def test_many_files_become_an_item_each(admin: Caller, batch: str) -> None:
    answer = upload(admin, batch, ("a.xml", XML), ("b.csv", b"x;y\n1;2\n"))
    assert answer.status_code == 200
    assert answer.json() | {"group_id": ""} == {
        "batch_id": batch, "items_ingested": 2, "pipeline_enqueued": True, "group_id": "",
    }  # fmt: skip
    items = admin.get(f"/batches/{batch}/items").json()["items"]
    assert [(item["kind"], item["file_name"]) for item in items] == [("document", "a.xml"), ("document", "b.csv")]


def test_a_file_comes_back_byte_for_byte_and_no_browser_runs_it(admin: Caller, batch: str) -> None:
    page = b"<html><script>alert(1)</script></html>"
    upload(admin, batch, ('año "1".html', page))
    [item] = admin.get(f"/batches/{batch}/items").json()["items"]
    find_clean(admin, item["id"])
    answer = admin.get(f"/items/{item['id']}/file")
    assert answer.content == page
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("name", ["../../etc/passwd", "a\r\nX-Evil: 1.pdf", 'q".pdf', "C:\\temp\\f.pdf", "é" * 300])
def test_a_name_is_data_and_nothing_else(admin: Caller, batch: str, name: str) -> None:
    with_name = {"files": [("files", ("plain.pdf", XML))]}
    admin.call("POST", f"/batches/{batch}/files", **with_name)
    [item] = admin.get(f"/batches/{batch}/items").json()["items"]
    with admin.app.state.house.database.tenant_session(admin.tenant_id) as session:
        session.execute(
            "UPDATE import_items SET file_name = %(name)s WHERE id = %(id)s", {"name": name, "id": item["id"]}
        )
        preprocessed(session, UUID(item["id"]))
    answer = admin.get(f"/items/{item['id']}/file")
    assert answer.status_code == 200
    assert "X-Evil" not in answer.headers
    assert "/" not in answer.headers["content-disposition"].partition("''")[2]


def test_an_empty_or_a_too_large_file_is_refused_with_all_its_request(
    admin: Caller, batch: str, quiet_house: House
) -> None:
    admin.app.state.house = replace(quiet_house, limits=replace(quiet_house.limits, max_file_bytes=100, max_files=2))
    empty = upload(admin, batch, ("a.xml", XML), ("b.xml", b""))
    large = upload(admin, batch, ("a.xml", XML), ("b.xml", b"x" * 101))
    many = upload(admin, batch, *[("a.xml", XML)] * 3)
    assert (empty.status_code, empty.json()["code"]) == (422, "empty_file")
    assert (large.status_code, large.json()["code"]) == (413, "file_too_large")
    assert (many.status_code, many.json()["code"]) == (413, "too_many_files")
    assert admin.get(f"/batches/{batch}/status").json()["total_items"] == 0


def test_no_file_at_all_is_refused(admin: Caller, batch: str) -> None:
    assert admin.call("POST", f"/batches/{batch}/files", data={"mapping_id": str(uuid4())}).status_code == 422
    broken = admin.call(
        "POST", f"/batches/{batch}/files", content=b"--x", headers={"Content-Type": "multipart/form-data"}
    )
    assert broken.status_code in {400, 422}
    assert broken.headers["content-type"] == "application/problem+json"


def test_files_sent_twice_under_one_key_are_taken_once(admin: Caller, batch: str) -> None:
    headers = {"Idempotency-Key": "files-1"}
    first = upload(admin, batch, ("a.xml", XML), headers=headers)
    second = upload(admin, batch, ("a.xml", XML), headers=headers)
    other = upload(admin, batch, ("a.xml", XML + b" "), headers=headers)
    assert first.json() == second.json()
    assert other.json()["code"] == "idempotency_key_reused"
    assert admin.get(f"/batches/{batch}/status").json()["total_items"] == 1


def in_store(admin: Caller, house: House) -> list[str]:
    return list(house.files.old_keys(admin.tenant_id, timedelta(0)))


def test_nothing_is_stored_or_charged_for_a_request_that_is_refused(
    admin: Caller, batch: str, quiet_house: House
) -> None:
    cancelled = admin.new_batch()
    admin.post(f"/batches/{cancelled}/cancel")
    upload(admin, batch, ("a.xml", XML), headers={"Idempotency-Key": "k"})
    kept, used = in_store(admin, quiet_house), admin.get("/usage").json()
    assert len(kept) == used["files_today"] == used["files_in_store"] == 1
    other = ("b.xml", b"<Other/>")
    refused = [
        upload(admin, str(uuid4()), other),
        upload(admin, cancelled, other),
        upload(admin, batch, other, headers={"Idempotency-Key": "k"}),
        upload(admin, batch, other, ("c.xml", b"")),
        admin.call("POST", f"/batches/{batch}/files", files=[("files", other)], data={"mapping_id": str(uuid4())}),
    ]
    codes = ["batch_not_found", "batch_cancelled", "idempotency_key_reused", "empty_file", "mapping_not_found"]
    assert [answer.json()["code"] for answer in refused] == codes
    assert in_store(admin, quiet_house) == kept
    assert upload(admin, batch, ("a.xml", XML), headers={"Idempotency-Key": "k"}).headers["Idempotency-Replayed"]
    assert admin.get("/usage").json() == used


def test_what_a_disk_without_room_does_not_take_is_not_charged(
    admin: Caller, batch: str, quiet_house: House, config: Settings
) -> None:
    class Full(LocalFileStore):
        def put(self, tenant_id: UUID, source: BinaryIO) -> StoredFile:
            if source.read(1) == b"!":
                raise Transient("storage_full")
            source.seek(0)
            return super().put(tenant_id, source)

    admin.app.state.house = replace(quiet_house, files=Full(config.files_dir))
    answer = upload(admin, batch, ("a.xml", XML), ("b.xml", b"!"))
    assert (answer.status_code, answer.json()["code"]) == (503, "storage_full")
    used = admin.get("/usage").json()
    assert (used["files_today"], used["bytes_today"]) == (0, 0)
    assert (used["files_in_store"], used["bytes_in_store"]) == (1, len(XML)), "the first file takes up room"


def test_a_row_has_no_file(admin: Caller, batch: str) -> None:
    admin.post(f"/batches/{batch}/ingest", {"rows": [{"a": 1}]})
    [item] = admin.get(f"/batches/{batch}/items").json()["items"]
    answer = admin.get(f"/items/{item['id']}/file")
    assert (answer.status_code, answer.json()["code"]) == (404, "item_without_file")


def test_a_file_that_the_store_lost_is_gone(admin: Caller, batch: str, database: Database) -> None:
    key = f"{admin.tenant_id}/ab/{'ab' * 32}"
    with database.tenant_session(admin.tenant_id) as session:
        item = make_item(session, UUID(batch), Made(file_key=key, file_name="x"))
        preprocessed(session, item)
    answer = admin.get(f"/items/{item}/file")
    assert (answer.status_code, answer.json()["code"]) == (410, "blob_missing")


def test_a_file_in_which_the_antivirus_found_something_stays_where_it_is(
    admin: Caller, batch: str, database: Database
) -> None:
    with database.tenant_session(admin.tenant_id) as session:
        made = Made(state=ItemState.PREPROCESS_FAILED, code="malware_detected", file_key="k", document=None)
        item = make_item(session, UUID(batch), made)
        preprocessed(session, item)  # whatever was thought of it before
        preprocessed(session, item, "dead", "malware_detected")
    answer = admin.get(f"/items/{item}/file")
    assert (answer.status_code, answer.json()["code"]) == (409, "file_quarantined")


@pytest.mark.parametrize(
    ("outcome", "code"), [("", None), ("retry", "av_unavailable"), ("dead", "pdf_encrypted"), ("cancelled", None)]
)
@pytest.mark.parametrize("path", ["file", "pages/1.png"])
def test_a_file_is_not_parsed_and_not_given_back_before_it_was_found_clean(
    admin: Caller, batch: str, path: str, outcome: str, code: str | None
) -> None:
    upload(admin, batch, ("a.pdf", b"%PDF-1.4"))
    [item] = admin.get(f"/batches/{batch}/items").json()["items"]
    if outcome:
        with admin.app.state.house.database.tenant_session(admin.tenant_id) as session:
            preprocessed(session, UUID(item["id"]), outcome, code)
    answer = admin.get(f"/items/{item['id']}/{path}")
    assert (answer.status_code, answer.json()["code"]) == (409, "not_scanned_yet")
    find_clean(admin, item["id"])
    assert admin.get(f"/items/{item['id']}/{path}").status_code in {200, 404}


@pytest.mark.parametrize(("outcome", "code"), [("review", "duplicate_file"), ("dead", "unsupported_format")])
def test_what_is_a_duplicate_or_has_no_reader_was_scanned_before(
    admin: Caller, batch: str, outcome: str, code: str
) -> None:
    upload(admin, batch, ("a.xml", XML))
    [item] = admin.get(f"/batches/{batch}/items").json()["items"]
    find_clean(admin, item["id"], outcome, code)
    assert admin.get(f"/items/{item['id']}/file").content == XML


def test_a_part_was_scanned_with_its_container_only_where_it_lies_in_the_same_file(
    admin: Caller, batch: str, quiet_house: House
) -> None:
    keys = [quiet_house.files.put(admin.tenant_id, io.BytesIO(content)).key for content in (b"whole", b"member")]
    with quiet_house.database.tenant_session(admin.tenant_id) as session:
        whole = make_item(session, UUID(batch), Made(kind="container", file_key=keys[0]))
        parts = [make_item(session, UUID(batch), Made(file_key=key, position=n)) for n, key in enumerate(keys)]
        session.execute(
            "UPDATE import_items SET parent_id = %(whole)s WHERE id = ANY (%(parts)s)", {"whole": whole, "parts": parts}
        )
        preprocessed(session, whole)
    assert [admin.get(f"/items/{part}/file").status_code for part in parts] == [200, 409]
    find_clean(admin, str(parts[1]), "dead", "malware_detected")
    assert admin.get(f"/items/{parts[1]}/file").json()["code"] == "file_quarantined"


def form(charset: str, *parts: tuple[str, bytes]) -> tuple[bytes, dict[str, str]]:
    written = [b"--x\r\nContent-Disposition: form-data; %s\r\n\r\n%s\r\n" % (n.encode(), v) for n, v in parts]
    return b"".join(written) + b"--x--\r\n", {"Content-Type": f"multipart/form-data; boundary=x{charset}"}


@pytest.mark.parametrize(
    ("charset", "status"),
    [
        ("", 200),
        ("; charset=UTF-8", 200),
        ('; charset="utf-8"', 200),
        ("; charset=punycode", 415),
        ("; charset=x", 415),
    ],
)
def test_no_client_chooses_by_which_code_its_form_is_decoded(
    admin: Caller, batch: str, charset: str, status: int
) -> None:
    body, headers = form(charset, ('name="x"', b"b" * 1000 + b"-" + b"a"), ('name="files"; filename="a.xml"', XML))
    answer = admin.call("POST", f"/batches/{batch}/files", content=body, headers=headers)
    assert answer.status_code == status


@pytest.mark.parametrize("fields", [[('name="x"', b"b" * 10_000)], [(f'name="{n}"', b"") for n in range(30)]])
def test_beside_the_files_a_form_has_few_short_fields(
    admin: Caller, batch: str, fields: list[tuple[str, bytes]]
) -> None:
    body, headers = form("", *fields, ('name="files"; filename="a.xml"', XML))
    answer = admin.call("POST", f"/batches/{batch}/files", content=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "request_malformed")
