"""Files walk the stages: single documents, containers and their parts, and what must not get through."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from app.modules.imports.application.tests.driving import add_files, rows_of, status_of, wait_until_finished
from app.modules.imports.domain.pipeline import StageName
from app.modules.imports.usecases.discard import discard_item
from app.modules.imports.usecases.retry_batch import retry_batch
from app.modules.imports.usecases.review_item import Review, review_item

if TYPE_CHECKING:
    from uuid import UUID

    from app.modules.imports.usecases.batches import BatchStatus
    from app.modules.imports.usecases.house import House

SAMPLES = Path(__file__).parents[2] / "formats" / "tests" / "samples"
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE!$H+H*"


def run(house: House, tenant: UUID, *files: Path) -> BatchStatus:
    batch = add_files(house, tenant, files)
    return wait_until_finished(house.database, tenant, batch, seconds=90)


def written(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def codes(house: House, tenant: UUID) -> list[str]:
    return [
        row["code"] for row in rows_of(house.database, tenant, "SELECT code FROM import_items WHERE code IS NOT NULL")
    ]


def test_a_structured_invoice_is_published_with_its_lines_and_taxes(house: House, tenant: UUID) -> None:
    assert run(house, tenant, SAMPLES / "facturae" / "exempt.xml").status_breakdown == {"published": 1}
    [counts] = rows_of(
        house.database,
        tenant,
        """SELECT (SELECT count(*) FROM invoices) AS invoices, (SELECT count(*) FROM invoice_lines) AS lines,
                  (SELECT count(*) FROM invoice_taxes) AS taxes""",
    )
    assert counts["invoices"] == 1
    assert counts["lines"] >= 1
    assert counts["taxes"] >= 1


def test_a_batch_of_invoices_in_one_file_becomes_one_item_each(house: House, tenant: UUID) -> None:
    status = run(house, tenant, SAMPLES / "facturae" / "three-invoices.xml")
    assert status.total_items == 4
    [counts] = rows_of(
        house.database,
        tenant,
        """SELECT (SELECT count(*) FROM import_items WHERE kind = 'container' AND state = 'published') AS containers,
                  (SELECT count(*) FROM import_items WHERE parent_id IS NOT NULL) AS parts,
                  (SELECT count(DISTINCT source_item_id) FROM invoices) AS invoices""",
    )
    assert dict(counts) == {"containers": 1, "parts": 3, "invoices": 3}


def test_the_rows_of_a_table_become_items_and_one_bad_row_stops_nobody(
    house: House, tenant: UUID, tmp_path: Path
) -> None:
    lines = ["Número;Fecha;Proveedor;NIF;Base;IVA;Total"]
    lines += [f"F-{n};15/03/2026;Ferretería del Norte, S.L.;B29423548;100,00;21,00;121,00" for n in range(50)]
    lines[20] = lines[20].replace("100,00", "cien")
    status = run(house, tenant, written(tmp_path, "facturas.csv", "\n".join(lines).encode()))
    assert status.total_items == 51
    assert status.status_breakdown == {"published": 50, "extract_failed": 1}
    assert len(rows_of(house.database, tenant, "SELECT 1 FROM invoices WHERE gross = 121.00")) == 49


def test_the_files_of_an_archive_become_items(house: House, tenant: UUID, tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.write(SAMPLES / "facturae" / "exempt.xml", "a/uno.xml")
        archive.write(SAMPLES / "facturae" / "igic-canary-islands.xml", "dos.xml")
    status = run(house, tenant, written(tmp_path, "todo.zip", buffer.getvalue()))
    assert status.status_breakdown == {"published": 3}
    tables = rows_of(house.database, tenant, "SELECT DISTINCT dest_table FROM import_publications ORDER BY 1")
    assert [row["dest_table"] for row in tables] == ["import_items", "invoices"]


def test_the_same_file_again_is_stopped_twice_and_can_be_accepted_twice(house: House, tenant: UUID) -> None:
    file = SAMPLES / "facturae" / "exempt.xml"
    run(house, tenant, file)
    batch = add_files(house, tenant, [file])
    # The bytes are known, and so is the invoice in them: each is for a person to settle.
    for code in ("duplicate_file", "duplicate_suspect"):
        assert wait_until_finished(house.database, tenant, batch).failed == 1
        assert codes(house, tenant) == [code]
        [item] = rows_of(house.database, tenant, "SELECT id FROM import_items WHERE code IS NOT NULL")
        with house.database.tenant_session(tenant) as session:
            review_item(session, item["id"], Review(accept=[code], reason="asked for twice"), "test")
    assert wait_until_finished(house.database, tenant, batch).status_breakdown == {"published": 1}
    assert len(rows_of(house.database, tenant, "SELECT 1 FROM invoices")) == 2


def test_a_file_whose_item_was_discarded_may_be_brought_again(house: House, tenant: UUID, tmp_path: Path) -> None:
    file = written(tmp_path, "una.csv", b"uno;dos;tres\n" + b"a;b;c\n" * 10)
    run(house, tenant, file)
    [item] = rows_of(house.database, tenant, "SELECT id FROM import_items")
    with house.database.tenant_session(tenant) as session:
        discard_item(session, item["id"], "test", "the wrong file")
    run(house, tenant, file)
    found = rows_of(house.database, tenant, "SELECT state, code FROM import_items ORDER BY created_at")
    assert [(row["state"], row["code"]) for row in found] == [
        ("discarded", "mapping_needed"),
        ("extract_failed", "mapping_needed"),
    ]


def test_malware_is_stopped_before_anything_parses_it(house: House, tenant: UUID, tmp_path: Path) -> None:
    status = run(house, tenant, written(tmp_path, "factura.xml", b"<a>" + EICAR + b"</a>"))
    assert status.status_breakdown == {"preprocess_failed": 1}
    assert codes(house, tenant) == ["malware_detected"]


@pytest.mark.parametrize("content", [b"\x00\x01\x02\x03" * 100, b"%PDF-1.7 nothing", b"<Facturae><", b"{]"])
def test_what_cannot_be_read_fails_with_a_code_and_harms_nobody(
    house: House, tenant: UUID, tmp_path: Path, content: bytes
) -> None:
    bad = written(tmp_path, "bad.bin", content)
    status = run(house, tenant, bad, SAMPLES / "facturae" / "exempt.xml")
    assert (status.completed, status.failed) == (1, 1)
    [code] = codes(house, tenant)
    assert code not in ("unexpected_error", "resource", "time_limit")


def test_a_test_environment_invoice_is_never_published(house: House, tenant: UUID, tmp_path: Path) -> None:
    [sample] = [p for p in (SAMPLES / "sri_xml").glob("*.xml") if b"<ambiente>1<" in p.read_bytes()][:1]
    status = run(house, tenant, sample)
    assert status.completed == 0
    assert "test_environment" in {
        finding["code"]
        for row in rows_of(house.database, tenant, "SELECT findings FROM import_payloads")
        for finding in row["findings"] or ()
    }


def test_a_correction_is_validated_again_and_published_with_its_author(
    house: House, tenant: UUID, tmp_path: Path
) -> None:
    rows = "Número;Fecha;Proveedor;NIF;Base;IVA;Total\nF-1;15/03/2026;Norte;B29423548;100,00;21,00;999,00\n"
    batch = add_files(house, tenant, [written(tmp_path, "una.csv", rows.encode())])
    wait_until_finished(house.database, tenant, batch)
    [item] = rows_of(house.database, tenant, "SELECT id, code FROM import_items WHERE state = 'validate_failed'")
    assert item["code"] == "totals_mismatch"
    with house.database.tenant_session(tenant) as session:
        review = Review(corrections={"totals.gross": "121.00"}, reason="misprint")
        assert review_item(session, item["id"], review, "ana") is StageName.VALIDATE
    assert wait_until_finished(house.database, tenant, batch).failed == 0
    [row] = rows_of(house.database, tenant, "SELECT gross, evidence FROM invoices")
    assert str(row["gross"]) == "121.00"
    assert row["evidence"]["totals.gross"]["proofs"] == ["person"]


def test_a_retry_after_a_mended_cause_goes_on_where_it_failed(house: House, tenant: UUID, tmp_path: Path) -> None:
    file = SAMPLES / "facturae" / "exempt.xml"
    batch = add_files(house, tenant, [file])
    wait_until_finished(house.database, tenant, batch)
    with house.database.tenant_session(tenant) as session:
        assert retry_batch(session, batch, "test").retried == 0
    assert status_of(house.database, tenant, batch).completed == 1


def test_the_dates_of_a_table_are_read_by_the_order_of_its_whole_column(
    house: House, tenant: UUID, tmp_path: Path
) -> None:
    rows = "Número;Fecha;Proveedor;NIF;Base;IVA;Total\n" + "".join(
        f"F-{day};{day:02}/03/2026;Norte;B29423548;1.000,00;210,00;1.210,00\n" for day in (2, 25)
    )
    batch = add_files(house, tenant, [written(tmp_path, "dos.csv", rows.encode())])
    assert wait_until_finished(house.database, tenant, batch).failed == 0
    days = rows_of(house.database, tenant, "SELECT issue_date FROM invoices ORDER BY issue_date")
    assert [str(row["issue_date"]) for row in days] == ["2026-03-02", "2026-03-25"]


def test_a_table_whose_headings_say_nothing_waits_for_a_mapping(house: House, tenant: UUID, tmp_path: Path) -> None:
    status = run(house, tenant, written(tmp_path, "x.csv", b"uno;dos;tres\n" + b"a;b;c\n" * 10))
    assert status.status_breakdown == {"extract_failed": 1}
    assert codes(house, tenant) == ["mapping_needed"]


def test_a_file_of_more_documents_than_go_at_once_becomes_one_item_each_and_is_read_once(
    house: House, tenant: UUID, tmp_path: Path
) -> None:
    whole = (SAMPLES / "facturae" / "exempt.xml").read_text("utf-8")
    head, rest = whole.split("<Invoices>")
    invoice, tail = rest.split("</Invoices>")
    number = invoice.partition("<InvoiceNumber>")[2].partition("<")[0]
    many = "".join(invoice.replace(f">{number}<", f">{number}-{n}<") for n in range(230))
    status = run(house, tenant, written(tmp_path, "many.xml", f"{head}<Invoices>{many}</Invoices>{tail}".encode()))
    assert status.status_breakdown == {"published": 231}
    [parts] = rows_of(
        house.database,
        tenant,
        """SELECT count(*) AS n, max(position) AS last, count(DISTINCT p.document ->> 'invoice_number') AS numbers
           FROM import_items i JOIN import_payloads p ON p.item_id = i.id WHERE i.parent_id IS NOT NULL""",
    )
    assert dict(parts) == {"n": 230, "last": 229, "numbers": 230}
