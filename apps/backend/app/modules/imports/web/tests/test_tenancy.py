"""What one tenant has does not exist for another, on every route that takes an id."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import pytest

from app.modules.imports.usecases.tests.factories import Made, make_item, preprocessed
from app.modules.imports.web.tests.conftest import PREFIX

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.database import Database
    from app.modules.imports.usecases.house import House
    from app.modules.imports.web.tests.conftest import Caller

_MAPPING: dict[str, Any] = {"name": "m", "definition": {"target": "invoice", "columns": {"invoice_number": "Factura"}}}
_BODIES: dict[str, dict[str, Any]] = {
    "ingestRows": {"json": {"rows": [{"Factura": "F-1"}]}},
    "ingestFiles": {"files": {"files": ("f.xml", io.BytesIO(b"<x/>"))}},
    "reviewItem": {"json": {"accept": ["totals_mismatch"]}},
    "discardItems": {"json": {"codes": ["totals_mismatch"]}},
    "giveMapping": {"json": {"mapping_id": str(uuid4())}},
    "replaceMapping": {"json": _MAPPING},
    "previewMapping": {"json": {"rows": [{"Factura": "F-1"}]}},
}


@pytest.fixture
def owned(admin: Caller, database: Database, quiet_house: House) -> dict[str, str]:
    """One of each thing that has an id, of tenant A."""
    batch = admin.new_batch()
    stored = quiet_house.files.put(admin.tenant_id, io.BytesIO(b"content"))
    with database.tenant_session(admin.tenant_id) as session:
        item = make_item(session, UUID(batch), Made(file_key=stored.key, file_name="f.xml"))
        preprocessed(session, item)
    mapping = admin.post("/mappings", _MAPPING).json()["id"]
    key = admin.post("/keys", {"name": "k"}).json()["id"]
    return {"batch_id": batch, "item_id": str(item), "mapping_id": mapping, "key_id": key}


def test_what_is_anothers_answers_exactly_like_what_is_not_there(
    admin: Caller, stranger: Caller, owned: dict[str, str]
) -> None:
    tried = list(_id_routes(admin))
    assert len(tried) >= 18
    for method, path, operation in tried:
        options = _BODIES.get(operation, {})
        foreign = stranger.call(method, path.format(**owned), **options)
        unknown = stranger.call(method, path.format(**{name: uuid4() for name in owned}), **options)
        assert foreign.status_code == 404, (method, path, foreign.text)
        assert foreign.content == unknown.content, (method, path)
        assert foreign.headers == unknown.headers, (method, path)


def test_after_all_that_the_owner_still_has_everything(admin: Caller, stranger: Caller, owned: dict[str, str]) -> None:
    before = admin.get(f"/items/{owned['item_id']}").json()
    for method, path, operation in _id_routes(admin):
        stranger.call(method, path.format(**owned), **_BODIES.get(operation, {}))
    assert admin.get(f"/items/{owned['item_id']}").json() == before
    assert admin.get(f"/mappings/{owned['mapping_id']}").json()["version"] == 1
    assert admin.get(f"/batches/{owned['batch_id']}/status").json()["total_items"] == 1
    assert all(key["revoked_at"] is None for key in admin.get("/keys").json()["keys"])


def test_the_owner_can_do_all_of_it(admin: Caller, owned: dict[str, str]) -> None:
    order = {"GET": 0, "POST": 1, "PATCH": 2, "PUT": 3, "DELETE": 4}
    routes = sorted(_id_routes(admin), key=lambda route: order[route[0]])
    # One does not end here, others find nothing failed any more, one no pages, one no table; endings have their own tests.
    skipped = {
        "streamBatchStatus",
        "retryItem",
        "discardItem",
        "restoreItem",
        "getItemPage",
        "giveMapping",
        "cancelBatch",
        "deleteBatch",
        "holdBatch",
    }
    for method, path, operation in routes:
        if operation not in skipped and operation != "reviewItem":
            answer = admin.call(method, path.format(**owned), **_BODIES.get(operation, {}))
            assert answer.status_code in {200, 204}, (method, path, answer.text)


def test_anothers_mapping_cannot_be_used_for_ones_own_rows(
    admin: Caller, stranger: Caller, owned: dict[str, str]
) -> None:
    batch = stranger.new_batch()
    refused = stranger.post(f"/batches/{batch}/ingest", {"rows": [{}], "mapping_id": owned["mapping_id"]})
    assert (refused.status_code, refused.json()["code"]) == (404, "mapping_not_found")


def test_a_tenant_named_anywhere_but_in_the_credential_is_ignored(admin: Caller, stranger: Caller) -> None:
    batch = admin.new_batch()
    headers = {"X-Tenant-Id": str(admin.tenant_id), "Cookie": f"tenant_id={admin.tenant_id}"}
    answer = stranger.get("/batches", params={"tenant_id": str(admin.tenant_id)}, headers=headers)
    assert answer.json()["batches"] == []
    assert admin.get("/batches").json()["batches"][0]["id"] == batch


def test_a_cursor_of_one_tenant_shows_another_nothing_of_it(admin: Caller, stranger: Caller) -> None:
    for _ in range(3):
        admin.new_batch()
    cursor = admin.get("/batches", params={"limit": 1}).json()["next_cursor"]
    assert stranger.get("/batches", params={"cursor": cursor}).json()["batches"] == []


def _id_routes(caller: Caller) -> Iterator[tuple[str, str, str]]:
    """From the application itself, so that a new route cannot be forgotten."""
    for path, methods in caller.client.get("/openapi.json").json()["paths"].items():
        if re.search(r"\{\w+_id\}", path):
            for method, operation in methods.items():
                yield method.upper(), path.removeprefix(PREFIX).replace("{number}", "1"), operation["operationId"]
