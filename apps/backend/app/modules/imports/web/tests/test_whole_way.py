"""The whole way over HTTP, with the pipeline at work: rows in, records out, and a person in between."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from app.modules.imports.usecases.house import House
    from app.modules.imports.web.tests.conftest import Caller

MAPPING: dict[str, Any] = {
    "target": "invoice",
    "columns": {
        "invoice_number": "Factura",
        "issue_date": "Fecha",
        "supplier.name": "Proveedor",
        "supplier.tax_id": "NIF",
        "totals.net": "Base",
        "totals.tax": "IVA",
        "totals.gross": "Total",
    },
    "defaults": {"currency": "EUR", "country": "ES"},
    "decimal_mark": ",",
    "date_order": "dmy",
}
GOOD = {
    "Factura": "F-1", "Fecha": "03/02/2026", "Proveedor": "Talleres Ficticios SL", "NIF": "B12345674",
    "Base": "100,00", "IVA": "21,00", "Total": "121,00",
}  # fmt: skip


@pytest.fixture
def working(admin: Caller, house: House) -> Caller:
    """The same tenant, in a house where rings are answered."""
    admin.app.state.house = house
    return admin


def last_status(caller: Caller, batch: str) -> dict[str, Any]:
    """Waits for the end of the stream."""
    lines = caller.get(f"/batches/{batch}/events").text.splitlines()
    status: dict[str, Any] = json.loads(
        [line for line in lines if line.startswith("data: ")][-1].removeprefix("data: ")
    )
    return status


def test_rows_become_invoices_and_one_that_a_person_corrects_becomes_one_too(working: Caller) -> None:
    mapping = working.post("/mappings", {"name": "m", "definition": MAPPING}).json()["id"]
    batch = working.new_batch()
    rows = [GOOD, GOOD | {"Factura": "F-2", "Total": "999,00"}]
    working.post(f"/batches/{batch}/ingest", {"rows": rows, "mapping_id": mapping})
    status = last_status(working, batch)
    assert (status["completed"], status["failed"], status["status"]) == (1, 1, "completed_with_errors")

    [stopped] = working.get(f"/batches/{batch}/items", params={"state": "validate_failed"}).json()["items"]
    [letter] = working.get("/dead-letters").json()["dead_letters"]
    assert letter["item_id"] == stopped["id"]
    detail = working.get(f"/items/{stopped['id']}").json()
    assert detail["code"] in {finding["code"] for finding in detail["findings"]}
    assert all(finding["message"] for finding in detail["findings"])

    body = {"corrections": {"totals.gross": "121.00"}, "reason": "typing error"}
    assert working.call("PATCH", f"/items/{stopped['id']}", json=body).status_code == 200
    status = last_status(working, batch)
    assert (status["completed"], status["status"], status["progress"]) == (2, "completed", 100.0)
    published = working.get(f"/items/{stopped['id']}").json()
    assert published["publication"]["table"] == "invoices"
    assert [a["stage"] for a in published["attempts"]][-2:] == ["validate", "publish"]


def test_a_retry_ends_where_the_first_try_ended(working: Caller) -> None:
    batch = working.new_batch()
    working.post(f"/batches/{batch}/ingest", {"rows": [{"nonsense": "x"}]})
    first = last_status(working, batch)
    assert working.post(f"/batches/{batch}/retry").json()["retried"] == 1
    assert last_status(working, batch) == first
    [item] = working.get(f"/batches/{batch}/items").json()["items"]
    attempts = working.get(f"/items/{item['id']}").json()["attempts"]
    failed = [attempt for attempt in attempts if attempt["outcome"] != "done"]
    assert len(failed) == 2
    assert len(working.get("/dead-letters", params={"resolved": True}).json()["dead_letters"]) == 2
