"""A batch as a file over HTTP: every item a line, in order, of one's own tenant only."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from python_calamine import CalamineWorkbook

from app.modules.imports.domain.pipeline import ItemState
from app.modules.imports.usecases.tests.factories import INVOICE, Made, make_item
from app.modules.imports.web.tests.conftest import new_key
from app.security import Role

if TYPE_CHECKING:
    from app.database import Database
    from app.modules.imports.web.tests.conftest import Caller

CREDIT = INVOICE | {
    "invoice_number": "-7",
    "currency": "EUR",
    "buyer": {"name": "=HYPERLINK(1)", "tax_id": "B29423548"},
    "totals": {"net": "-100.00", "tax": "-21.00", "gross": "-121.00", "payable": "-106.00", "withholding": "15.00"},
}


@pytest.fixture
def batch(admin: Caller, database: Database) -> str:
    batch = admin.new_batch()
    with database.tenant_session(admin.tenant_id) as session:
        failed = make_item(session, UUID(batch), Made(file_name="+scan.pdf", document=CREDIT))
        done = Made(state=ItemState.PUBLISHED, findings=(), position=1, file_name="two.xml")
        published = make_item(session, UUID(batch), done)
        session.execute(
            """INSERT INTO import_publications (tenant_id, item_id, dest_table, dest_id, payload_hash)
               VALUES ((SELECT app_tenant()), %(id)s, 'invoices', %(failed)s, '')""",
            {"id": published, "failed": failed},
        )
    return batch


def test_a_batch_is_a_csv_that_a_spreadsheet_opens_without_running_anything(admin: Caller, batch: str) -> None:
    answer = admin.get(f"/batches/{batch}/export")
    lines = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == f'attachment; filename="batch-{batch}.csv"'
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert [line["position"] for line in lines] == ["1", "2"]
    failed, published = lines
    assert (failed["file"], failed["number"], failed["buyer_name"]) == ("'+scan.pdf", "'-7", "'=HYPERLINK(1)")
    assert (failed["net"], failed["withholding"], failed["payable"]) == ("-100.00", "15.00", "-106.00")
    assert (failed["state"], failed["stage"], failed["code"]) == ("validate_failed", "validate", "totals_mismatch")
    assert (failed["findings"], failed["destination"], failed["issue_date"]) == ("totals_mismatch", "", "2026-02-03")
    assert (published["state"], published["stage"], published["code"]) == ("published", "", "")
    assert (published["destination"], published["destination_id"]) == ("invoices", failed["item_id"])
    assert {line["batch_id"] for line in lines} == {batch}


def test_semicolons_are_for_those_who_write_decimals_with_a_comma(admin: Caller, batch: str) -> None:
    answer = admin.get(f"/batches/{batch}/export", params={"format": "csv", "delimiter": "semicolon"})
    lines = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert [line["gross"] for line in lines] == ["-121,00", "121,00"]


def test_a_workbook_holds_numbers_days_and_text(admin: Caller, batch: str) -> None:
    answer = admin.get(f"/batches/{batch}/export", params={"format": "xlsx"})
    heading, failed, published = (
        CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    )
    line = dict(zip(heading, failed, strict=True))
    assert answer.headers["content-type"].endswith("spreadsheetml.sheet")
    assert answer.headers["content-disposition"] == f'attachment; filename="batch-{batch}.xlsx"'
    assert (line["gross"], line["issue_date"], line["buyer_name"]) == (-121.0, date(2026, 2, 3), "'=HYPERLINK(1)")
    assert dict(zip(heading, published, strict=True))["position"] == 2


def test_a_long_batch_comes_whole_and_in_its_order(admin: Caller) -> None:
    batch = admin.new_batch()
    admin.post(f"/batches/{batch}/ingest", {"rows": [{"n": n} for n in range(1_203)]})
    data = admin.get(f"/batches/{batch}/export").content.decode("utf-8-sig")
    items = [line["item_id"] for line in csv.DictReader(io.StringIO(data, newline=""))]
    listed = admin.get(f"/batches/{batch}/items", params={"limit": 200}).json()["items"]
    assert len(set(items)) == 1_203
    assert items[:200] == [item["id"] for item in listed]


def test_an_export_is_the_tenants_own(admin: Caller, stranger: Caller, batch: str) -> None:
    assert stranger.get(f"/batches/{batch}/export").status_code == 404
    assert admin.get(f"/batches/{batch}/export", params={"format": "ods"}).status_code == 422
    assert admin.get(f"/batches/{batch}/export", params={"delimiter": "tab"}).status_code == 422


def test_a_viewer_may_export(admin: Caller, batch: str, database: Database) -> None:
    key = new_key(database, admin.tenant_id, Role.VIEWER)
    assert admin.client.get(f"/api/v1/imports/batches/{batch}/export", headers={"X-API-Key": key}).status_code == 200
