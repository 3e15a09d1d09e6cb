"""Mappings over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from app.modules.imports.web.tests.conftest import Caller

DEFINITION: dict[str, Any] = {
    "target": "invoice",
    "columns": {"invoice_number": "Nº", "issue_date": "Fecha", "totals.gross": "Total"},
    "decimal_mark": ",",
    "date_order": "dmy",
}


def test_a_mapping_keeps_its_old_versions(admin: Caller) -> None:
    made = admin.post("/mappings", {"name": "Acme", "definition": DEFINITION})
    assert (made.status_code, made.json()["version"]) == (201, 1)
    path = f"/mappings/{made.json()['id']}"
    changed = DEFINITION | {"decimal_mark": "."}
    replaced = admin.call("PUT", path, json={"name": "Acme 2", "definition": changed})
    assert (replaced.json()["version"], replaced.json()["name"]) == (2, "Acme 2")
    assert admin.get(path).json()["definition"]["decimal_mark"] == "."
    assert admin.get(path, params={"version": 1}).json()["definition"]["decimal_mark"] == ","
    assert [m["version"] for m in admin.get("/mappings").json()["mappings"]] == [2]


def test_a_definition_is_checked_when_it_is_stored(admin: Caller) -> None:
    bad = {"target": "invoice", "columns": {"no_such_field": "Total"}}
    refused = admin.post("/mappings", {"name": "x", "definition": bad})
    assert (refused.status_code, refused.json()["code"]) == (422, "mapping_unknown_field")


def test_a_deleted_mapping_takes_no_new_rows(admin: Caller) -> None:
    path = f"/mappings/{admin.post('/mappings', {'name': 'x', 'definition': DEFINITION}).json()['id']}"
    assert admin.call("DELETE", path).status_code == 204
    assert admin.get(path).json()["code"] == "mapping_not_found"
    assert admin.call("DELETE", path).status_code == 404
    assert admin.get("/mappings").json()["mappings"] == []
    batch = admin.new_batch()
    body = {"rows": [{"a": 1}], "mapping_id": path.rpartition("/")[2]}
    assert admin.post(f"/batches/{batch}/ingest", body).json()["code"] == "mapping_not_found"


def test_mappings_are_listed_by_name_page_by_page(admin: Caller) -> None:
    for name in ("b", "a", "c"):
        admin.post("/mappings", {"name": name, "definition": DEFINITION})
    first = admin.get("/mappings", params={"limit": 2}).json()
    second = admin.get("/mappings", params={"limit": 2, "cursor": first["next_cursor"]}).json()
    assert [m["name"] for m in first["mappings"] + second["mappings"]] == ["a", "b", "c"]
    assert second["next_cursor"] is None


def test_a_dry_run_shows_what_rows_become_and_what_is_wrong_with_them(admin: Caller) -> None:
    mapping = admin.post("/mappings", {"name": "x", "definition": DEFINITION}).json()["id"]
    rows = [
        {"Nº": "F-1", "Fecha": "03/02/2026", "Total": "1.210,50"},
        {"Nº": "F-2", "Fecha": "31/02/2026", "Total": "1"},
    ]
    stored = admin.post(f"/mappings/{mapping}/preview", {"rows": rows}).json()
    draft = admin.post("/mappings/preview", {"rows": rows, "definition": DEFINITION}).json()
    assert stored == draft
    assert (stored["readable"], stored["refused"]) == (1, 1)
    good, bad = stored["rows"]
    assert good["document"]["totals"]["gross"] == "1210.50"
    assert (bad["document"], bad["problems"][0]["field"]) == (None, "issue_date")
