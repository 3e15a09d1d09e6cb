"""Which required values count as proven."""

from __future__ import annotations

from datetime import date

import pytest

from app.modules.imports.domain.canonical import CanonicalDocument, DocumentType, Evidence, Party, Proof
from app.modules.imports.fields.proofs import lacking_field, missing_proofs, unproven_values, without_values

_ALL = ("total_unproven", "date_unproven", "supplier_unproven", "number_unproven")


def test_a_bare_reading_proves_nothing() -> None:
    assert missing_proofs(CanonicalDocument(doc_type=DocumentType.INVOICE)) == _ALL


def test_a_receipt_needs_no_number() -> None:
    assert missing_proofs(CanonicalDocument(doc_type=DocumentType.RECEIPT)) == _ALL[:3]


def test_what_is_never_published_as_a_sale_needs_no_proof() -> None:
    assert missing_proofs(CanonicalDocument(doc_type=DocumentType.OTHER)) == ()


def test_a_labelled_date_is_enough_in_a_text_layer_and_not_after_ocr() -> None:
    for source, missing in (("text", False), ("ocr", True)):
        evidence = {"issue_date": Evidence(source=source, confidence=0.95)}
        document = CanonicalDocument(doc_type=DocumentType.INVOICE, evidence=evidence)
        assert ("date_unproven" in missing_proofs(document)) is missing


def test_a_withholding_is_proven_by_what_is_withheld() -> None:
    evidence = {"totals.withholding": Evidence(source="text", proofs=(Proof.ARITHMETIC,))}
    document = CanonicalDocument(doc_type=DocumentType.WITHHOLDING, evidence=evidence)
    assert "total_unproven" not in missing_proofs(document)


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        (DocumentType.INVOICE, ["totals.gross", "issue_date", "supplier.tax_id", "invoice_number"]),
        (DocumentType.WITHHOLDING, ["totals.withholding", "issue_date", "supplier.tax_id", "invoice_number"]),
        (DocumentType.BANK_STATEMENT, ["closing_balance"]),
    ],
)
def test_each_missing_proof_names_its_field(kind: DocumentType, fields: list[str]) -> None:
    document = CanonicalDocument(doc_type=kind)
    assert [lacking_field(document, code) for code in missing_proofs(document)] == fields


def test_what_can_be_done_without_is_left_out_and_nothing_else() -> None:
    evidence = {
        "supplier.name": Evidence(source="text", confidence=0.6),
        "buyer.name": Evidence(source="ocr", confidence=0.95),
        "due_date": Evidence(source="ocr", confidence=0.95),
        "iban": Evidence(source="text", confidence=0.99, proofs=(Proof.CHECK_DIGIT,)),
    }
    document = CanonicalDocument(
        doc_type=DocumentType.INVOICE, supplier=Party(name="Vega, S.L.", tax_id="B29423548"),
        buyer=Party(name="Sur, S.L."), due_date=date(2026, 3, 2), iban="ES00", evidence=evidence,
    )  # fmt: skip
    gone = unproven_values(document)
    assert gone == ("supplier.name", "due_date")
    rest = without_values(document, gone)
    assert (rest.supplier, rest.buyer.name) == (Party(tax_id="B29423548"), "Sur, S.L.")
    assert (rest.due_date, rest.iban) == (None, "ES00")
