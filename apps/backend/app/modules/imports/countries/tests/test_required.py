"""What must be there before a document can be published."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from app.modules.imports.countries.tests.documents import ECUADORIAN, SPANISH, findings, money
from app.modules.imports.domain.canonical import (
    BankEntry,
    CanonicalDocument,
    DocumentType,
    Party,
    Product,
    Statement,
    Totals,
)

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

EMPTY = CanonicalDocument(doc_type=DocumentType.INVOICE)
DATED = BankEntry(booking_date=SPANISH.issue_date, amount=money("1.00"))
INVOICE = {"invoice_number", "issue_date", "totals.gross", "supplier"}
NOTE = {"issue_date", "totals.gross"}


def missing(document: CanonicalDocument) -> AbstractSet[str]:
    found = {finding.params["field"] for finding in findings(document) if finding.code == "missing_field"}
    assert found == {finding.field for finding in findings(document) if finding.code == "missing_field"}
    return found


@pytest.mark.parametrize(
    ("doc_type", "fields"),
    [
        (DocumentType.INVOICE, INVOICE),
        (DocumentType.CREDIT_NOTE, INVOICE),
        (DocumentType.CORRECTIVE_INVOICE, INVOICE),
        (DocumentType.DEBIT_NOTE, INVOICE),
        (DocumentType.PURCHASE_SETTLEMENT, INVOICE),
        (DocumentType.SIMPLIFIED_INVOICE, NOTE),
        (DocumentType.RECEIPT, NOTE),
        (DocumentType.EXPENSE, NOTE),
        (DocumentType.WITHHOLDING, {"invoice_number", "issue_date", "totals.withholding", "supplier"}),
        (DocumentType.BANK_STATEMENT, set()),
        (DocumentType.BANK_MOVEMENT, {"statement.entries"}),
        (DocumentType.PRODUCT, {"product.sku"}),
        (DocumentType.OTHER, set()),
        (DocumentType.PROFORMA, set()),
    ],
)
def test_an_empty_document_lacks_what_its_type_asks_for(doc_type: DocumentType, fields: set[str]) -> None:
    assert missing(replace(EMPTY, doc_type=doc_type)) == fields


@pytest.mark.parametrize(
    "document",
    [
        SPANISH,
        replace(SPANISH, supplier=Party(name="Sin NIF")),
        replace(SPANISH, supplier=Party(tax_id="B29423548")),
        replace(SPANISH, totals=Totals(payable=money("200.00")), taxes=(), lines=()),
        replace(EMPTY, doc_type=DocumentType.RECEIPT, issue_date=SPANISH.issue_date, totals=Totals(gross=money("1"))),
        replace(ECUADORIAN, doc_type=DocumentType.WITHHOLDING, totals=Totals(withholding=money("1")), taxes=()),
        replace(EMPTY, doc_type=DocumentType.PRODUCT, product=Product(name="Tornillo")),
        replace(EMPTY, doc_type=DocumentType.BANK_MOVEMENT, statement=Statement(entries=(DATED,))),
    ],
)
def test_a_document_with_what_its_type_asks_for_lacks_nothing(document: CanonicalDocument) -> None:
    assert missing(document) == set()


def test_an_entry_needs_a_day_and_an_amount() -> None:
    announced = BankEntry(amount=money("3"), status="PDNG")
    entries = (DATED, BankEntry(value_date=SPANISH.issue_date), BankEntry(amount=money("2")), announced)
    document = replace(EMPTY, doc_type=DocumentType.BANK_STATEMENT, statement=Statement(entries=entries))
    assert missing(document) == {"statement.entries.1.amount", "statement.entries.2.booking_date"}


def test_a_statement_without_any_date_does_not_drown_its_reader() -> None:
    statement = Statement(entries=(BankEntry(amount=money("2")),) * 500)
    assert len(missing(replace(EMPTY, doc_type=DocumentType.BANK_STATEMENT, statement=statement))) == 20
