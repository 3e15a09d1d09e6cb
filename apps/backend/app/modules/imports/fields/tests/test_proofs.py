"""Which required values count as proven."""

from __future__ import annotations

from datetime import date

import pytest

from app.modules.imports.domain.canonical import CanonicalDocument, DocumentType, Evidence, Party, Proof
from app.modules.imports.fields.proofs import lacking_field, missing_proofs, unproven_values, without_values

_READ = ("date_unproven", "number_unproven")
_ALL = ("total_unproven", "date_unproven", "supplier_unproven", "number_unproven")


def test_a_bare_reading_proves_nothing() -> None:
    assert missing_proofs(CanonicalDocument(doc_type=DocumentType.INVOICE)) == _ALL


def test_a_receipt_needs_no_number() -> None:
    assert missing_proofs(CanonicalDocument(doc_type=DocumentType.RECEIPT)) == _ALL[:3]


def test_what_is_never_published_as_a_sale_needs_no_proof() -> None:
    assert missing_proofs(CanonicalDocument(doc_type=DocumentType.OTHER)) == ()


@pytest.mark.parametrize(
    ("source", "confidence", "missing"), [("text", 0.95, ()), ("ocr", 0.95, ()), ("ocr", 0.949, _READ)]
)
def test_a_labelled_number_and_date_are_enough_where_each_glyph_is_sure(
    source: str, confidence: float, missing: tuple[str, ...]
) -> None:
    evidence = {path: Evidence(source=source, confidence=confidence) for path in ("issue_date", "invoice_number")}
    document = CanonicalDocument(doc_type=DocumentType.INVOICE, evidence=evidence)
    assert set(missing_proofs(document)) & set(_READ) == set(missing)


def test_after_ocr_a_label_is_not_enough_for_what_has_a_check_digit() -> None:
    evidence = {path: Evidence(source="ocr", confidence=0.95) for path in ("buyer.tax_id", "iban", "due_date")}
    document = CanonicalDocument(
        doc_type=DocumentType.INVOICE, buyer=Party(tax_id="B29423540"), due_date=date(2026, 3, 2), iban="ES00",
        evidence=evidence,
    )  # fmt: skip
    assert unproven_values(document) == ("buyer.tax_id", "iban")


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
        "due_date": Evidence(source="ocr", confidence=0.9),
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
