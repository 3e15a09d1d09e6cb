"""A retención that comes again, in its envelope and bare, and a ticket that is uploaded twice: one is published."""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import uuid4

import pytest
from sqlalchemy.exc import IntegrityError

from app.modules.imports.adapters.postgres.registry import PostgresRegistry
from app.modules.imports.application.tests.driving import (
    add_files,
    advance_until_quiet,
    everything_of,
    rows_of,
    wait_until_finished,
)
from app.modules.imports.domain.canonical import CanonicalDocument, DocumentType, Party, Totals, Withholding
from app.modules.imports.domain.natural_key import natural_key
from app.modules.imports.plugins import destinations
from app.modules.imports.ports import Publication
from app.modules.imports.usecases.review_item import Review, review_item

if TYPE_CHECKING:
    from uuid import UUID

    from app.database import Database
    from app.modules.imports.usecases.house import House

SAMPLES: Final = Path(__file__).parents[2] / "formats" / "tests" / "samples"
RETENCION: Final = (SAMPLES / "sri_xml" / "retencion-1.0.0-bare.xml").read_text(encoding="utf-8")
MIGRATION: Final = Path(__file__).parents[5] / "migrations" / "versions" / "0008_keys_of_every_kind.py"
DAY: Final = date(2026, 3, 15)
VOUCHER: Final = CanonicalDocument(
    doc_type=DocumentType.WITHHOLDING,
    invoice_number="001-002-000000123",
    issue_date=DAY,
    supplier=Party(tax_id="1790011674001"),
    withholdings=(Withholding(amount=Decimal("17.50")), Withholding(amount=Decimal("45.00"))),
    totals=Totals(withholding=Decimal("62.50")),
)
TICKET: Final = CanonicalDocument(
    doc_type=DocumentType.SIMPLIFIED_INVOICE,
    invoice_number="A-12",
    issue_date=DAY,
    supplier=Party(tax_id="B12345674"),
    totals=Totals(gross=Decimal("12.10")),
)


def enveloped(voucher: str, folder: Path) -> Path:
    path = folder / "autorizada.xml"
    inner = voucher[voucher.index("<comprobanteRetencion") :]
    path.write_text(
        f"<autorizacion><estado>AUTORIZADO</estado><comprobante><![CDATA[{inner}]]></comprobante></autorizacion>",
        encoding="utf-8",
    )
    return path


def bare(voucher: str, folder: Path, name: str = "retencion.xml") -> Path:
    path = folder / name
    path.write_text(voucher, encoding="utf-8")
    return path


def brought(house: House, tenant: UUID, *files: Path) -> None:
    for file in files:
        batch = add_files(house, tenant, [file])
        wait_until_finished(house.database, tenant, batch, seconds=90)


def states(database: Database, tenant: UUID) -> list[tuple[str, str | None]]:
    found = rows_of(database, tenant, "SELECT state, code FROM import_items ORDER BY created_at")
    return [(row["state"], row["code"]) for row in found]


def written(document: CanonicalDocument, *, accepted: bool = False) -> Publication:
    return Publication(item_id=uuid4(), document=document, evidence={}, payload_hash="x", duplicate_accepted=accepted)


def test_a_retencion_in_its_envelope_and_bare_is_published_once(house: House, tenant: UUID, tmp_path: Path) -> None:
    brought(house, tenant, enveloped(RETENCION, tmp_path), bare(RETENCION, tmp_path))
    assert states(house.database, tenant) == [("published", None), ("validate_failed", "duplicate_suspect")]
    found = rows_of(house.database, tenant, "SELECT DISTINCT source_item_id FROM withholdings")
    assert len(found) == 1


def test_a_person_may_accept_the_second_retencion(house: House, tenant: UUID, tmp_path: Path) -> None:
    brought(house, tenant, enveloped(RETENCION, tmp_path), bare(RETENCION, tmp_path))
    [second] = rows_of(house.database, tenant, "SELECT id FROM import_items WHERE state = 'validate_failed'")
    with house.database.tenant_session(tenant) as session:
        review_item(session, second["id"], Review(accept=["duplicate_suspect"], reason="two copies"), "ana")
    advance_until_quiet(house, tenant)
    assert [state for state, _ in states(house.database, tenant)] == ["published", "published"]


@pytest.mark.parametrize("document", [VOUCHER, TICKET], ids=["retencion", "ticket"])
def test_the_race_of_two_with_one_key_and_one_total_is_closed_by_the_index(
    database: Database, tenant: UUID, document: CanonicalDocument
) -> None:
    destination = next(d for d in destinations().values() if document.doc_type in d.accepts)
    with database.tenant_session(tenant) as session:
        destination.publish([written(document)], session)
    with pytest.raises(IntegrityError, match="natural_key"), database.tenant_session(tenant) as session:
        destination.publish([written(document)], session)
    other = Totals(gross=Decimal(99), withholding=Decimal(99))
    with database.tenant_session(tenant) as session:
        destination.publish([written(replace(document, totals=other))], session)
        destination.publish([written(document, accepted=True)], session)


def test_totals_of_every_table_are_known_to_the_duplicate_check(database: Database, tenant: UUID) -> None:
    invoice = replace(TICKET, doc_type=DocumentType.INVOICE, totals=Totals(gross=Decimal("121.00")))
    with database.tenant_session(tenant) as session:
        for document in (VOUCHER, TICKET, invoice):
            destination = next(d for d in destinations().values() if document.doc_type in d.accepts)
            destination.publish([written(document)], session)
    keys = [natural_key(document) or "" for document in (VOUCHER, TICKET)]
    known = PostgresRegistry(database, tenant).namesakes(keys)
    assert {key: sorted(str(one.total) for one in found) for key, found in known.items()} == {
        keys[0]: ["62.50"],
        keys[1]: ["12.10", "121.00"],
    }


def test_keys_of_before_get_their_marks(database: Database, tenant: UUID) -> None:
    numbers = {"F-001/26": None, "2026/12": None, "12": "2025", "A-1": "B", "7": None, "001-002-000000123": None}
    invoices = [
        replace(TICKET, doc_type=DocumentType.INVOICE, invoice_number=number, invoice_series=series)
        for number, series in numbers.items()
    ]
    invoices[-1] = replace(invoices[-1], supplier=VOUCHER.supplier)
    with database.tenant_session(tenant) as session:
        destinations()["invoices"].publish([written(document) for document in invoices], session)
        session.execute("UPDATE invoices SET natural_key = replace(natural_key, '-', '')")
    spec = importlib.util.spec_from_file_location("migration", MIGRATION)
    assert spec is not None
    assert spec.loader is not None
    migration = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(migration)
    with everything_of(database) as connection:
        for statement in migration._MARKS:
            connection.execute(statement)
    found = rows_of(database, tenant, "SELECT natural_key FROM invoices")
    assert sorted(row["natural_key"] for row in found) == sorted(natural_key(document) or "" for document in invoices)
