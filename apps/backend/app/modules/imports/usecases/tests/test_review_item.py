"""Reviews: what a person may enter, and what the trail says of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from app.modules.imports.domain.errors import RefusedUpload
from app.modules.imports.domain.pipeline import ItemState, StageName
from app.modules.imports.usecases.review_item import Review, review_item
from app.modules.imports.usecases.tests.factories import Made, make_batch, make_item

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from app.database import Database, Session


def item_row(session: Session, item_id: UUID) -> Mapping[str, Any]:
    [row] = session.execute(
        "SELECT i.state, i.due_stage, i.code, i.doc_type, p.document, p.corrections, p.accepted FROM import_items i"
        " JOIN import_payloads p ON p.item_id = i.id WHERE i.id = %(id)s",
        {"id": item_id},
    )
    return row


def test_the_trail_says_who_changed_what_from_what_and_why(database: Database, tenant: UUID) -> None:
    review = Review(corrections={"totals.gross": "122.00", "buyer.name": "Compras SL"}, reason="paper")
    with database.tenant_session(tenant) as session:
        item = make_item(session, make_batch(session))
        assert review_item(session, item, review, "key:1") is StageName.VALIDATE
        [entry] = session.execute("SELECT actor, action, item_id, details FROM import_audit")
        row = item_row(session, item)
    assert (entry["actor"], entry["action"], entry["item_id"]) == ("key:1", "item.review", item)
    assert entry["details"]["before"] == {"totals.gross": "121.00", "buyer.name": None}
    assert entry["details"]["after"] == dict(review.corrections)
    assert (entry["details"]["reason"], entry["details"]["code"]) == ("paper", "totals_mismatch")
    assert row["document"]["totals"]["gross"] == "121.00"  # what was read stays as it was read


def test_later_corrections_are_laid_over_earlier_ones(database: Database, tenant: UUID) -> None:
    with database.tenant_session(tenant) as session:
        item = make_item(session, make_batch(session))
        review_item(session, item, Review(corrections={"invoice_number": "A", "currency": "EUR"}), "ana")
        session.execute(
            "UPDATE import_items SET state = 'validate_failed', due_stage = NULL, next_run_at = NULL, code = 'x'"
        )
        review_item(session, item, Review(corrections={"invoice_number": "B"}), "ana")
        assert item_row(session, item)["corrections"] == {"invoice_number": "B", "currency": "EUR"}


@pytest.mark.parametrize(
    "corrections",
    [
        {"issue_date": "31/02/2026"},
        {"issue_date": 20260203},
        {"totals.gross": "many"},
        {"totals.gross": "NaN"},
        {"totals.gross": "1e400"},
        {"totals.gross": "1E-9999999"},
        {"totals.gross": {"amount": "1"}},
        {"totals": "121.00"},
        {"invoice_number": 7},
        {"supplier.name": ["a"]},
        {"supplier.name": {"a": 1}},
        {"suplier.name": "typing error"},
        {"supplier.nmae": "typing error"},
        {"doc_type": "novel"},
        {"doc_type": None},
        {"lines.5.net_amount": "1"},
        {"lines.0": None},
        {"lines": [{"net_amount": True}]},
        {"evidence.totals.gross": {}},
        {"findings": []},
        {"lines_count": 3},
        {"invoice_number.x": "1"},
        {"." * 150: "1"},
    ],
)
def test_a_correction_that_makes_no_document_changes_nothing(
    database: Database, tenant: UUID, corrections: dict[str, object]
) -> None:
    with database.tenant_session(tenant) as session:
        item = make_item(session, make_batch(session))
        with pytest.raises(RefusedUpload, match="correction_invalid"):
            review_item(session, item, Review(corrections=corrections), "ana")
        assert item_row(session, item)["state"] == "validate_failed"


@pytest.mark.parametrize(
    "corrections",
    [
        {"due_date": None},
        {"due_date": "2026-04-01", "supplier.tax_id": "A58818501"},
        {"lines.0.net_amount": "99.99"},
        {"lines": []},
        {"taxes": [{"rate": "10", "base": "100", "amount": "10.00"}]},
        {"statement_id": "7", "opening_balance": "10.00"},
        {"doc_type": "receipt"},
    ],
)
def test_a_correction_of_the_right_shape_is_taken(
    database: Database, tenant: UUID, corrections: dict[str, object]
) -> None:
    with database.tenant_session(tenant) as session:
        item = make_item(session, make_batch(session))
        review_item(session, item, Review(corrections=corrections), "ana")
        assert item_row(session, item)["corrections"] == corrections


def test_only_findings_that_the_item_has_can_be_accepted(database: Database, tenant: UUID) -> None:
    with database.tenant_session(tenant) as session:
        item = make_item(session, make_batch(session))
        with pytest.raises(RefusedUpload, match="finding_not_found: invented"):
            review_item(session, item, Review(accept=["totals_mismatch", "invented"]), "ana")
        review_item(session, item, Review(accept=["totals_mismatch"]), "ana")
        assert item_row(session, item)["accepted"] == ["totals_mismatch"]


def test_an_item_of_which_nothing_was_read_goes_back_to_where_it_failed(database: Database, tenant: UUID) -> None:
    made = Made(state=ItemState.PREPROCESS_FAILED, code="duplicate_file", document=None, findings=())
    with database.tenant_session(tenant) as session:
        item = make_item(session, make_batch(session), made)
        assert review_item(session, item, Review(accept=["duplicate_file"]), "ana") is StageName.PREPROCESS
        row = item_row(session, item)
    assert (row["state"], row["due_stage"], row["accepted"]) == ("pending", "preprocess", ["duplicate_file"])


def test_an_item_of_which_nothing_was_read_can_be_entered_by_hand(database: Database, tenant: UUID) -> None:
    entered = {"doc_type": "receipt", "issue_date": "2026-02-03", "totals.gross": "12.50", "supplier.name": "Bar Sol"}
    with database.tenant_session(tenant) as session:
        item = make_item(session, make_batch(session), Made(state=ItemState.OCR_FAILED, document=None, findings=()))
        with pytest.raises(RefusedUpload, match="doc_type"):
            review_item(session, item, Review(corrections={"totals.gross": "12.50"}), "ana")
        assert review_item(session, item, Review(corrections=entered), "ana") is StageName.VALIDATE
        row = item_row(session, item)
    assert (row["state"], row["doc_type"], row["document"]) == ("extracted", "receipt", {"doc_type": "receipt"})


def test_a_container_cannot_be_entered_by_hand(database: Database, tenant: UUID) -> None:
    made = Made(state=ItemState.EXTRACT_FAILED, kind="container", document=None, findings=())
    with database.tenant_session(tenant) as session:
        item = make_item(session, make_batch(session), made)
        with pytest.raises(RefusedUpload, match="correction_invalid"):
            review_item(session, item, Review(corrections={"doc_type": "invoice"}), "ana")
