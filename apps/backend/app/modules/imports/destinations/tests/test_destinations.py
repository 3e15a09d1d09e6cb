"""One suite that every destination passes: published once, whole, and for its own tenant only."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import pytest

from app.modules.imports.domain.canonical import (
    BankEntry,
    CanonicalDocument,
    DocumentType,
    Line,
    Party,
    Product,
    Statement,
    Tax,
    Totals,
    Withholding,
)
from app.modules.imports.plugins import destinations
from app.modules.imports.ports import Publication

if TYPE_CHECKING:
    from app.database import Database, Session

SUPPLIER = Party(name="Ferretería del Norte, S.L.", tax_id="B29423548")
TOTALS = Totals(net=Decimal("100.00"), tax=Decimal("21.00"), gross=Decimal("121.00"))
DAY = date(2026, 3, 15)
SUPPLY = date(2026, 2, 27)
DOCUMENTS = {
    "invoices": CanonicalDocument(
        doc_type=DocumentType.INVOICE,
        invoice_number="F-1",
        issue_date=DAY,
        operation_date=SUPPLY,
        supplier=SUPPLIER,
        totals=TOTALS,
        lines=(
            Line(description="Clavos 'nº 3' \\ \"x\"", net_amount=Decimal("60.00")),
            Line(net_amount=Decimal("40.00")),
        ),
        taxes=(Tax(rate=Decimal(21), base=Decimal("100.00"), amount=Decimal("21.00")),),
        withholdings=(Withholding(rate=Decimal(15), amount=Decimal("15.00")),),
    ),
    "expenses": CanonicalDocument(doc_type=DocumentType.RECEIPT, issue_date=DAY, supplier=SUPPLIER, totals=TOTALS),
    "bank_movements": CanonicalDocument(
        doc_type=DocumentType.BANK_STATEMENT,
        currency="EUR",
        statement=Statement(
            account_iban="ES9121000418450200051332",
            entries=(
                BankEntry(booking_date=DAY, amount=Decimal("-10.00"), description="Café"),
                BankEntry(booking_date=DAY, amount=Decimal("-10.00"), description="Café"),
            ),
        ),
    ),
    "withholdings": CanonicalDocument(
        doc_type=DocumentType.WITHHOLDING,
        invoice_number="001-001-000000001",
        issue_date=DAY,
        supplier=SUPPLIER,
        withholdings=(Withholding(amount=Decimal("1.75")), Withholding(amount=Decimal("30.00"))),
    ),
    "products": CanonicalDocument(
        doc_type=DocumentType.PRODUCT, product=Product(sku="A-1", name="Clavos", unit_price=Decimal("0.0125"))
    ),
}
ROWS = {"invoices": 1, "expenses": 1, "bank_movements": 2, "withholdings": 2, "products": 1}


def publication(name: str, item: UUID) -> Publication:
    evidence = {"totals.gross": {"source": "text", "page": 1}}
    return Publication(item_id=item, document=DOCUMENTS[name], evidence=evidence, payload_hash="x")


def rows(session: Session, name: str) -> list[dict[str, object]]:
    return [dict(row) for row in session.execute(f"SELECT * FROM {name}")]


def test_every_destination_has_a_document_here() -> None:
    assert set(DOCUMENTS) == set(destinations())


def test_no_type_of_document_has_two_destinations() -> None:
    taken = [kind for destination in destinations().values() for kind in destination.accepts]
    assert len(taken) == len(set(taken))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_is_written_whole(database: Database, tenant: UUID, name: str) -> None:
    item = uuid4()
    with database.tenant_session(tenant) as session:
        [published] = destinations()[name].publish([publication(name, item)], session)
    with database.tenant_session(tenant) as session:
        found = rows(session, name)
    assert published.table == name
    assert published.row_id in {row["id"] for row in found}
    assert len(found) == ROWS[name]
    assert {row["source_item_id"] for row in found} == {item}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_same_item_twice_is_written_once(database: Database, tenant: UUID, name: str) -> None:
    item = uuid4()
    with database.tenant_session(tenant) as session:
        first = destinations()[name].publish([publication(name, item)], session)
        again = destinations()[name].publish([publication(name, item)], session)
        assert first == again
        assert len(rows(session, name)) == ROWS[name]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_another_tenant_may_publish_the_same_item_id_and_sees_only_its_own(
    database: Database, tenant: UUID, other_tenant: UUID, name: str
) -> None:
    item = uuid4()
    for owner in (tenant, other_tenant):
        with database.tenant_session(owner) as session:
            destinations()[name].publish([publication(name, item)], session)
    with database.tenant_session(other_tenant) as session:
        found = rows(session, name)
    assert len(found) == ROWS[name]
    assert {row["tenant_id"] for row in found} == {other_tenant}


def test_lines_taxes_and_text_arrive_as_they_are(database: Database, tenant: UUID) -> None:
    with database.tenant_session(tenant) as session:
        destinations()["invoices"].publish([publication("invoices", uuid4())], session)
        lines = session.execute("SELECT * FROM invoice_lines ORDER BY line_no")
        taxes = session.execute("SELECT * FROM invoice_taxes ORDER BY line_no")
        [invoice] = rows(session, "invoices")
    assert [line["description"] for line in lines] == ["Clavos 'nº 3' \\ \"x\"", None]
    assert [(tax["kind"], str(tax["amount"])) for tax in taxes] == [("tax", "21.00"), ("withholding", "15.00")]
    assert (str(invoice["gross"]), invoice["issue_date"], invoice["operation_date"]) == ("121.00", DAY, SUPPLY)
    assert invoice["evidence"] == {"totals.gross": {"source": "text", "page": 1}}


def test_equal_movements_of_one_statement_are_told_apart(database: Database, tenant: UUID) -> None:
    with database.tenant_session(tenant) as session:
        destinations()["bank_movements"].publish([publication("bank_movements", uuid4())], session)
        found = rows(session, "bank_movements")
    assert len({row["fingerprint"] for row in found}) == 2
