"""Evidence of cells is short in the store and whole wherever it is shown."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

from app.modules.imports.domain.canonical import CanonicalDocument, DocumentType, Evidence, Proof, Totals
from app.modules.imports.domain.canonical_json import from_json, in_full, stored_text, to_json
from app.modules.imports.domain.cell_evidence import CellEvidence, cell_evidence

DECLARED = Evidence(source="person", path="mapping.defaults", proofs=(Proof.PERSON,))
ROW = CanonicalDocument(
    doc_type=DocumentType.INVOICE,
    issue_date=date(2026, 1, 2),
    currency="EUR",
    totals=Totals(gross=Decimal("121.00")),
    evidence=CellEvidence({"totals.gross": ("Total", "121,00 €"), "currency": DECLARED}),
)


def test_cells_read_as_evidence() -> None:
    assert ROW.evidence["totals.gross"] == Evidence(
        source="cell", path="Total", text="121,00 €", proofs=(Proof.STRUCTURED,)
    )
    assert ROW.evidence["currency"] is DECLARED
    assert dict(ROW.evidence) == {"totals.gross": cell_evidence("Total", "121,00 €"), "currency": DECLARED}


def test_of_a_cell_only_column_and_text_are_stored() -> None:
    assert json.loads(stored_text(ROW))["evidence"]["totals.gross"] == ["Total", "121,00 €"]


def test_what_was_stored_is_the_public_json_again() -> None:
    assert in_full(json.loads(stored_text(ROW))) == to_json(ROW)


def test_both_forms_are_read_as_the_same_document() -> None:
    assert from_json(json.loads(stored_text(ROW))) == from_json(to_json(ROW)) == ROW


def test_the_same_document_is_stored_as_the_same_text() -> None:
    assert stored_text(from_json(to_json(ROW))) == stored_text(from_json(json.loads(stored_text(ROW))))


def test_a_document_without_evidence_has_none_in_either_form() -> None:
    bare = CanonicalDocument(doc_type=DocumentType.OTHER)
    assert "evidence" not in json.loads(stored_text(bare))
    assert in_full({"doc_type": "other"}) == {"doc_type": "other"}
