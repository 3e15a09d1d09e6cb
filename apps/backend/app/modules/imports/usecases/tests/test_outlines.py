"""What an item of a list is about: its document in a few fields, as a reviewer left them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.modules.imports.domain.messages import message
from app.modules.imports.domain.pipeline import ItemState
from app.modules.imports.usecases.items import Wanted, get_item, list_items
from app.modules.imports.usecases.tests.factories import INVOICE, Made, make_batch, make_item

if TYPE_CHECKING:
    from uuid import UUID

    from app.database import Database, Session
    from app.modules.imports.usecases.outlines import Outline


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
    told = shown.outline
    assert told is not None
    assert (told.number, told.issue_date, told.currency) == ("F-8", "2026-02-03", "EUR")
    assert (told.supplier_name, told.supplier_tax_id) == ("Talleres Ficticios SL", "B29423548")
    assert told.total == "106.00"
    assert (told.findings, told.first_finding) == (2, "totals_mismatch")


def outline(session: Session, document: dict[str, Any], corrections: str = "{}") -> Outline:
    batch = make_batch(session)
    item = make_item(session, batch, Made(state=ItemState.PUBLISHED, document=document, findings=()))
    session.execute(
        "UPDATE import_payloads SET corrections = %(entered)s::jsonb WHERE item_id = %(id)s",
        {"id": item, "entered": corrections},
    )
    [shown] = list_items(session, batch, Wanted()).entries
    assert shown.outline is not None
    return shown.outline


def test_a_statement_a_movement_and_a_product_say_what_they_are(database: Database, tenant: UUID) -> None:
    entry = {"booking_date": "2026-03-02", "amount": "-12.50"}
    account = {"holder": "Huerta Valdelirio", "account_iban": "ES9121000418450200051332", "currency": "EUR"}
    with database.tenant_session(tenant) as session:
        statement = outline(
            session,
            account | {"doc_type": "bank_statement", "transactions": [entry] * 2, "transactions_count": 2,
                       "period_end": "2026-03-31"},
        )  # fmt: skip
        movement = outline(
            session,
            account | {"doc_type": "bank_movement", "transactions": [entry], "transactions_count": 1},
            '{"transactions.0.amount": "-13.50"}',
        )
        product = outline(session, {"doc_type": "product", "product": {"name": "Clavos", "sku": "A-1"}})
        entered = outline(session, INVOICE, '{"totals.gross": 1210.5, "transactions": [{}, {}]}')
    assert entered.total == "1210.5"
    assert (statement.name, statement.reference) == (account["holder"], account["account_iban"])
    assert (statement.issue_date, statement.movements, statement.total) == ("2026-03-31", 2, None)
    assert (movement.issue_date, movement.movements, movement.total) == ("2026-03-02", 1, "-13.50")
    assert (product.name, product.reference) == ("Clavos", "A-1")


def test_what_is_the_matter_is_said_in_the_readers_language(database: Database, tenant: UUID) -> None:
    findings = [{"code": "final_consumer_id", "severity": "note"}, {"code": "totals_mismatch", "severity": "blocks"}]
    with database.tenant_session(tenant) as session:
        batch = make_batch(session)
        make_item(session, batch, Made(findings=findings))
        [spanish] = list_items(session, batch, Wanted()).entries
        [english] = list_items(session, batch, Wanted(language="en")).entries
    assert spanish.outline is not None
    assert english.outline is not None
    assert (english.outline.findings, english.outline.first_finding) == (1, "totals_mismatch")
    assert english.message == message("totals_mismatch", "en", {})
    assert english.outline.first_message == english.message != spanish.outline.first_message


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
