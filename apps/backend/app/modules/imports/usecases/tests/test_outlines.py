"""What an item of a list is about: its document in a few fields, as a reviewer left them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.modules.imports.domain.pipeline import ItemState
from app.modules.imports.usecases.items import Wanted, get_item, list_items
from app.modules.imports.usecases.tests.factories import INVOICE, Made, make_batch, make_item

if TYPE_CHECKING:
    from uuid import UUID

    from app.database import Database


def test_an_item_of_a_list_says_what_it_is_about(database: Database, tenant: UUID) -> None:
    findings = [
        {"code": code, "severity": "look"} for code in ("rate_not_lawful", "totals_mismatch", "irpf_rate_unknown")
    ]
    with database.tenant_session(tenant) as session:
        batch = make_batch(session)
        item = make_item(session, batch, Made(document=INVOICE | {"currency": "EUR"}, findings=findings))
        session.execute(
            """UPDATE import_payloads SET accepted = '{rate_not_lawful}', corrections =
                   '{"invoice_number": "F-8", "supplier.tax_id": "B29423548", "totals.gross": null, "lines.7.code": "x"}'
               WHERE item_id = %(id)s""",
            {"id": item},
        )
        session.execute(
            """UPDATE import_payloads SET document = jsonb_set(document, '{totals,payable}', '"106.00"')""", {}
        )
        [shown] = list_items(session, batch, Wanted()).entries
        assert get_item(session, item).summary.outline == shown.outline
    outline = shown.outline
    assert outline is not None
    assert (outline.number, outline.issue_date, outline.currency) == ("F-8", "2026-02-03", "EUR")
    assert (outline.supplier_name, outline.supplier_tax_id) == ("Talleres Ficticios SL", "B29423548")
    assert outline.total == "106.00"
    assert (outline.findings, outline.first_finding) == (2, "totals_mismatch")


def test_an_item_without_a_document_has_no_outline(database: Database, tenant: UUID) -> None:
    with database.tenant_session(tenant) as session:
        batch = make_batch(session)
        make_item(session, batch, Made(document=None, findings=()))
        make_item(session, batch, Made(position=1, state=ItemState.PUBLISHED, document={"doc_type": "product"}))
        bare, product = list_items(session, batch, Wanted()).entries
    assert bare.outline is None
    assert product.outline is not None
    assert (product.outline.number, product.outline.total) == (None, None)


def test_corrections_that_no_longer_fit_leave_what_was_read(database: Database, tenant: UUID) -> None:
    with database.tenant_session(tenant) as session:
        batch = make_batch(session)
        item = make_item(session, batch)
        session.execute(
            """UPDATE import_payloads SET corrections = '{"invoice_number.deep.deeper": "x"}' WHERE item_id = %(id)s""",
            {"id": item},
        )
        [shown] = list_items(session, batch, Wanted()).entries
    assert shown.outline is not None
    assert shown.outline.number == INVOICE["invoice_number"]


def test_another_tenants_documents_stay_out_of_the_list(database: Database, tenant: UUID, other_tenant: UUID) -> None:
    with database.tenant_session(tenant) as session:
        batch = make_batch(session)
        make_item(session, batch)
    with database.tenant_session(other_tenant) as session:
        other = make_batch(session)
        make_item(session, other, Made(document=INVOICE | {"invoice_number": "OTHER"}))
        assert [item.outline.number for item in list_items(session, other, Wanted()).entries if item.outline] == [
            "OTHER"
        ]
