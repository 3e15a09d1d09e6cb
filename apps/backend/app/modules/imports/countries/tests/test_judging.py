"""Whose law applies, and what becomes of what the reader saw."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.modules.imports.countries.judging import country_of
from app.modules.imports.countries.tests.documents import ECUADORIAN, SPANISH, findings, found, with_totals
from app.modules.imports.domain.canonical import CanonicalDocument, DocumentType, Party
from app.modules.imports.domain.finding import Severity

BARE = CanonicalDocument(doc_type=DocumentType.INVOICE)


@pytest.mark.parametrize(
    ("document", "default", "code"),
    [
        (replace(BARE, country="EC", currency="EUR", supplier=Party(tax_id="B29423548")), "ES", "EC"),
        (replace(BARE, country="IT", currency="EUR"), "ES", None),
        (replace(BARE, supplier=Party(country="DE"), currency="EUR"), "ES", None),
        (replace(BARE, supplier=Party(tax_id="B29423548"), currency="USD"), "EC", "ES"),
        (replace(BARE, supplier=Party(tax_id="1714307103001"), currency="EUR"), "ES", "EC"),
        (replace(BARE, supplier=Party(tax_id="DE811257345"), currency="EUR"), "ES", None),
        (replace(BARE, supplier=Party(tax_id="ESB29423549"), currency="EUR"), "EC", "ES"),
        (replace(BARE, currency="EUR"), "EC", "ES"),
        (replace(BARE, currency="USD"), "ES", "EC"),
        (replace(BARE, currency="GBP"), "ES", "ES"),
        (BARE, "EC", "EC"),
        (BARE, None, None),
        (BARE, "XX", None),
    ],
)
def test_the_country_is_what_proves_most(document: CanonicalDocument, default: str | None, code: str | None) -> None:
    pack = country_of(document, default=default)
    assert (pack.code if pack else None) == code


def test_a_country_without_a_pack_is_judged_by_the_general_rules_alone() -> None:
    italian = replace(with_totals(SPANISH, gross="1.00"), country="IT", supplier=Party(tax_id="IT00000000000"))
    assert set(found(italian, country="ES")) == {"totals_mismatch", "payable_mismatch"}


@pytest.mark.parametrize(
    ("code", "severity"),
    [
        ("totals_mismatch", Severity.BLOCKS),
        ("balance_mismatch", Severity.BLOCKS),
        ("truncated_statement", Severity.BLOCKS),
        ("schema_invalid", Severity.LOOK),
        ("not_proven_authorised", Severity.LOOK),
        ("signature_broken", Severity.LOOK),
        ("signature_weak", Severity.NOTE),
        ("signature_expired", Severity.NOTE),
        ("signature_other_party", Severity.NOTE),
        ("signature_unverifiable", Severity.NOTE),
        ("something_new", Severity.LOOK),
    ],
)
def test_what_the_reader_saw_becomes_a_finding(code: str, severity: Severity) -> None:
    assert found(replace(SPANISH, findings=(code,))) == {code: severity}


def test_what_reader_and_rule_both_saw_is_said_once() -> None:
    document = replace(
        with_totals(SPANISH, gross="1.00", payable=None), findings=("totals_mismatch", "totals_mismatch")
    )
    assert [(f.code, f.field) for f in findings(document)] == [("totals_mismatch", "totals.gross")]


def test_one_code_at_two_fields_is_said_twice() -> None:
    document = replace(ECUADORIAN, supplier=Party(tax_id="1714307104001"), buyer=Party(tax_id="1714307104"))
    assert [f.field for f in findings(document)] == ["supplier.tax_id", "buyer.tax_id"]
    assert len({f.severity for f in findings(document)}) == 2


def test_a_test_environment_blocks_in_every_country() -> None:
    assert found(replace(SPANISH, environment="test")) == {"test_environment": Severity.BLOCKS}
