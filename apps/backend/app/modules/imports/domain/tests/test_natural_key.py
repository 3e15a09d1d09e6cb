"""The same document has the same key however it is written; another one has another."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from app.modules.imports.domain.canonical import CanonicalDocument, DocumentType, Party, Totals, Withholding
from app.modules.imports.domain.natural_key import distinguishing_total, natural_key

RUC = "1790011674001"


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
        invoice("F001.26"),
        invoice(" F - 001 // 26 "),
        invoice(tax_id="ESB29423548"),
        invoice(tax_id="es-b29423548"),
        invoice("001/26", series="F-"),
        invoice("F-001/26", series="F"),
        invoice("F-001/26", series="F001"),
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
        invoice("F-00126"),
        invoice("F-0/0126"),
        invoice(tax_id="A08710006"),
        invoice(day=date(2025, 1, 2)),
        invoice(kind=DocumentType.CREDIT_NOTE),
        invoice(kind=DocumentType.WITHHOLDING),
    ],
)
def test_another_invoice_has_another_key(other: CanonicalDocument) -> None:
    assert natural_key(other) != natural_key(invoice())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (invoice("1/11"), invoice("11/1")),
        (invoice("1", series="1-1"), invoice("11", series="1")),
        (invoice("12", series="1"), invoice("12")),
        (invoice("AB1", series="A"), invoice("AB1")),
        (invoice("2026", series="2026"), invoice("2026")),
        (invoice("1-2-3"), invoice("001-002-000000003")),
    ],
)
def test_digits_are_never_moved_from_one_part_of_a_number_to_the_next(
    one: CanonicalDocument, other: CanonicalDocument
) -> None:
    assert natural_key(one) != natural_key(other)


@pytest.mark.parametrize(
    ("number", "series"),
    [
        ("001-002-123", None),
        ("1-2-123", None),
        ("001 002 000000123", None),
        ("001002000000123", None),
        ("001002-000000123", None),
        ("001-002000000123", None),
        ("123", "001-002"),
        ("000000123", "001002"),
        ("001-002-000000123", "001-002"),
    ],
)
def test_a_number_of_ecuador_is_one_however_its_parts_are_written(number: str, series: str | None) -> None:
    whole = invoice("001-002-000000123", tax_id=RUC)
    assert natural_key(invoice(number, tax_id=RUC, series=series)) == natural_key(whole)


@pytest.mark.parametrize("prefixed", ["IT01234567890", "PT501234567", "EL094259216", "XI123456789", "EC1790011674001"])
def test_the_letters_before_a_vat_number_are_no_part_of_it(prefixed: str) -> None:
    assert natural_key(invoice(tax_id=prefixed)) == natural_key(invoice(tax_id=prefixed[2:]))


def test_an_italian_persons_number_keeps_its_letters() -> None:
    key = natural_key(invoice(tax_id="DEMRRA85T10A562S"))
    assert key is not None
    assert key.startswith("DEMRRA85T10A562S|")


def test_a_purchase_settlement_is_numbered_by_the_buyer() -> None:
    kind = DocumentType.PURCHASE_SETTLEMENT
    first = replace(invoice("001-001-000000001", "1710034065", kind=kind), buyer=Party(tax_id=RUC))
    assert natural_key(first) == natural_key(replace(first, supplier=Party(tax_id=None)))
    assert natural_key(first) != natural_key(replace(first, buyer=Party(tax_id="1790012345001")))
    assert natural_key(replace(first, buyer=Party())) is None


@pytest.mark.parametrize("kind", [DocumentType.BANK_STATEMENT, DocumentType.PRODUCT, DocumentType.RECEIPT])
def test_what_is_no_invoice_has_no_key(kind: DocumentType) -> None:
    assert natural_key(invoice(kind=kind)) is None


@pytest.mark.parametrize("number", ["", "--"])
def test_an_invoice_without_number_has_no_key(number: str) -> None:
    assert natural_key(invoice(number=number)) is None


def test_an_invoice_is_told_apart_by_its_gross_or_else_by_what_is_to_be_paid() -> None:
    totals = Totals(gross=Decimal(121), payable=Decimal(106), withholding=Decimal(15))
    assert distinguishing_total(replace(invoice(), totals=totals)) == Decimal(121)
    assert distinguishing_total(replace(invoice(), totals=replace(totals, gross=None))) == Decimal(106)


def test_a_retencion_is_told_apart_by_what_it_withholds() -> None:
    rows = (Withholding(amount=Decimal("17.50")), Withholding(amount=Decimal("45.00")), Withholding())
    voucher = replace(invoice(kind=DocumentType.WITHHOLDING), withholdings=rows)
    assert distinguishing_total(voucher) == Decimal("62.50")
    assert distinguishing_total(replace(voucher, totals=Totals(withholding=Decimal(60)))) == Decimal(60)
    assert distinguishing_total(replace(voucher, withholdings=())) is None
