"""What identifies a document has an honest length."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.modules.imports.countries.lengths import LONGEST
from app.modules.imports.countries.tests.documents import SPANISH, findings
from app.modules.imports.domain.canonical import CanonicalDocument, DocumentType, Party, Product, Statement
from app.modules.imports.domain.finding import Severity


def too_long(document: CanonicalDocument) -> list[str | None]:
    found = [finding for finding in findings(document) if finding.code == "value_too_long"]
    assert all(finding.severity is Severity.BLOCKS for finding in found)
    return [finding.field for finding in found]


@pytest.mark.parametrize(("length", "fields"), [(LONGEST, []), (LONGEST + 1, ["invoice_number"])])
def test_a_number_stops_the_document_only_beyond_the_longest(length: int, fields: list[str]) -> None:
    assert too_long(replace(SPANISH, invoice_number="9" * length)) == fields


def test_every_identifying_value_is_looked_at() -> None:
    long = "X" * (LONGEST + 1)
    document = CanonicalDocument(
        doc_type=DocumentType.INVOICE,
        invoice_series=long,
        supplier=Party(name=long, tax_id=long),
        buyer=Party(name=long, tax_id=long),
        product=Product(sku=long, name=long),
        statement=Statement(account_iban=long, account_number=long, holder=long),
    )
    assert set(too_long(document)) == {
        "invoice_series", "supplier.name", "supplier.tax_id", "buyer.name", "buyer.tax_id", "product.sku",
        "product.name", "statement.account_iban", "statement.account_number", "statement.holder",
    }  # fmt: skip
