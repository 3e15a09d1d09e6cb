"""Mappings over HTTP."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

import pytest

from app.modules.imports.domain.errors import RefusedUpload
from app.modules.imports.usecases.mapping_trials import preview_rows

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


def test_a_suggested_mapping_can_be_stored_as_it_is(admin: Caller) -> None:
    rows = [
        {"Nº factura": "F-1", "Fecha": "13/02/2026", "Base": "100,00", "IVA": "21,00", "Importe": "121,00"},
        {"Nº factura": "F-2", "Fecha": "14/02/2026", "Base": "200,00", "IVA": "42,00", "Importe": "242,00"},
    ]
    suggested = admin.post("/mappings/suggest", {"rows": rows}).json()
    assert suggested["columns"]["totals.gross"]["column"] == "Importe"
    assert suggested["columns"]["totals.gross"]["reason"] == "arithmetic"
    assert admin.post("/mappings", {"name": "s", "definition": suggested["definition"]}).status_code == 201


def test_a_table_that_says_nothing_gets_no_suggestion(admin: Caller) -> None:
    refused = admin.post("/mappings/suggest", {"rows": [{"a1": "lorem", "b2": "ipsum"}]})
    assert (refused.status_code, refused.json()["code"]) == (422, "nothing_to_suggest")


def test_a_mapping_that_asks_for_too_much_is_refused_wherever_it_comes(admin: Caller) -> None:
    chain = {"column": "Nº", "transforms": ["title"] * 21}
    dear = DEFINITION | {"columns": {"invoice_number": chain}}
    wide = DEFINITION | {"columns": {path: {"columns": ["Nº"] * 170} for path in DEFINITION["columns"]}}
    long, row = {f"c{n}": "x" for n in range(501)}, {"Nº": "F-1"}
    path = f"/mappings/{admin.post('/mappings', {'name': 'x', 'definition': DEFINITION}).json()['id']}"
    ingest = f"/batches/{admin.new_batch()}/ingest"
    overlaid = {"rows": [row], "transforms": {"invoice_number": ["title"] * 21}}
    refused = [
        admin.post("/mappings", {"name": "x", "definition": dear}),
        admin.call("PUT", path, json={"name": "x", "definition": dear}),
        admin.post("/mappings/preview", {"definition": dear, "rows": [row]}),
        admin.post(ingest, overlaid),
        admin.post(ingest, overlaid | {"mapping_id": path.rpartition("/")[2]}),
        admin.post("/mappings", {"name": "x", "definition": wide}),
        admin.post("/mappings/preview", {"definition": wide, "rows": [row]}),
        admin.post(f"{path}/preview", {"rows": [long]}),
        admin.post("/mappings/suggest", {"rows": [long]}),
    ]
    assert [answer.status_code for answer in refused] == [422] * 9
    assert [answer.json()["code"] for answer in refused] == ["too_many_transforms"] * 5 + ["too_many_columns"] * 4


def test_a_dry_run_takes_no_longer_than_somebody_waits_for_it() -> None:
    rows = [{"Nº": "F-1", "Fecha": "03/02/2026", "Total": "1,00"}] * 5
    assert preview_rows(DEFINITION, rows, clock=count(0.0, 0.3).__next__).readable == 5
    with pytest.raises(RefusedUpload, match="mapping_too_slow"):
        preview_rows(DEFINITION, rows, clock=count(0.0, 0.6).__next__)


def test_cells_that_no_table_has_are_problems_of_their_row(admin: Caller) -> None:
    odd = [[1], {"a": 1}, True, 1.5, None, "", "\u202e", 10**40, "9" * 5000]
    rows = [{"Nº": cell, "Fecha": cell, "Total": cell} for cell in odd]
    previewed = admin.post("/mappings/preview", {"rows": rows, "definition": DEFINITION})
    assert previewed.status_code == 200
    assert previewed.json()["refused"] >= 6
    assert admin.post("/mappings/suggest", {"rows": rows}).status_code in {200, 422}
