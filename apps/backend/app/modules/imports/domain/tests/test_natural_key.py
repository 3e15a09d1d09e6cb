"""The same invoice has the same key however it is written; another one has another."""

from __future__ import annotations

from datetime import date

import pytest

from app.modules.imports.domain.canonical import CanonicalDocument, DocumentType, Party
from app.modules.imports.domain.natural_key import natural_key


def invoice(
    number: str = "F-001/26",
    tax_id: str = "B29423548",
    day: date = date(2026, 1, 2),
    kind: DocumentType = DocumentType.INVOICE,
    series: str | None = None,
) -> CanonicalDocument:
    return CanonicalDocument(
        doc_type=kind,
        invoice_number=number,
        invoice_series=series,
        issue_date=day,
        supplier=Party(tax_id=tax_id),
    )


@pytest.mark.parametrize(
    "same",
    [
        invoice("f 001 26"),
        invoice(tax_id="ESB29423548"),
        invoice("001/26", series="F-"),
        invoice(day=date(2026, 12, 31)),
        invoice(kind=DocumentType.SIMPLIFIED_INVOICE),
    ],
)
def test_the_same_invoice_written_otherwise_has_the_same_key(same: CanonicalDocument) -> None:
    assert natural_key(same) == natural_key(invoice())


@pytest.mark.parametrize(
    "other",
    [
        invoice("F-002/26"),
        invoice(tax_id="A08710006"),
        invoice(day=date(2025, 1, 2)),
        invoice(kind=DocumentType.CREDIT_NOTE),
    ],
)
def test_another_invoice_has_another_key(other: CanonicalDocument) -> None:
    assert natural_key(other) != natural_key(invoice())


@pytest.mark.parametrize("kind", [DocumentType.BANK_STATEMENT, DocumentType.PRODUCT])
def test_what_is_no_invoice_has_no_key(kind: DocumentType) -> None:
    assert natural_key(invoice(kind=kind)) is None


def test_an_invoice_without_number_has_no_key() -> None:
    assert natural_key(invoice(number="")) is None
