"""Codes of tax rows against their rates, and what a reader has compared already."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.modules.imports.countries.tests.documents import ECUADORIAN, SPANISH, findings, found, money, with_tax
from app.modules.imports.domain.canonical import Evidence
from app.modules.imports.domain.finding import Severity

DAY = "2026-05-04"


@pytest.mark.parametrize("category", ["S", "AA", "", "L"])
def test_a_rate_under_a_category_with_tax_says_nothing(category: str) -> None:
    document = with_tax(SPANISH, DAY, tax_code="VAT", category=category, rate="21", base="100", amount="21")
    assert "rate_against_code" not in found(document)


@pytest.mark.parametrize(("category", "rate"), [("E", "21"), ("AE", "10"), ("K", "4"), ("N2.1", "22"), ("S", "0")])
def test_a_rate_that_its_category_rules_out_is_a_note_where_the_amount_follows_it(category: str, rate: str) -> None:
    amount = str(money(rate))
    document = with_tax(SPANISH, DAY, category=category, rate=rate, base="100", amount=amount)
    assert found(document)["rate_against_code"] is Severity.NOTE


def test_it_needs_a_look_where_the_amount_follows_the_category() -> None:
    document = with_tax(SPANISH, DAY, category="E", rate="21", base="100", amount="0")
    assert found(document)["rate_against_code"] is Severity.LOOK


@pytest.mark.parametrize(
    ("code", "rate", "expected"),
    [("2", "15", "12"), ("4", "12", "15"), ("0", "15", "0"), ("7", "5", "0"), ("5", "15", "5")],
)
def test_a_tarifa_that_its_codigo_porcentaje_does_not_mean_is_said(code: str, rate: str, expected: str) -> None:
    amount = str(money(rate))
    document = with_tax(ECUADORIAN, DAY, tax_code="IVA", category=code, rate=rate, base="100", amount=amount)
    [finding] = [one for one in findings(document) if one.code == "rate_against_code"]
    assert (finding.severity, finding.field) == (Severity.NOTE, "taxes.0.rate")
    assert dict(finding.params) == {"rate": rate, "code": code, "expected": expected}


@pytest.mark.parametrize(("code", "rate"), [("4", "15.00"), ("8", "8"), ("8", "5"), ("99", "15"), ("6", "0")])
def test_a_tarifa_of_its_code_or_of_a_code_without_one_rate_says_nothing(code: str, rate: str) -> None:
    document = with_tax(ECUADORIAN, DAY, tax_code="IVA", category=code, rate=rate, base="100", amount=rate)
    assert "rate_against_code" not in found(document)


def test_codes_of_other_taxes_are_theirs() -> None:
    document = with_tax(ECUADORIAN, DAY, tax_code="ICE", category="3092", rate="15", base="100", amount="15")
    assert "rate_against_code" not in found(document)


@pytest.mark.parametrize(
    ("total", "said", "code"),
    [("net", "lines_mismatch", "lines_mismatch"), ("payable", "payable_mismatch", "payable_mismatch")],
)
def test_what_the_reader_of_an_xml_compared_is_not_compared_again_without_its_charges(
    total: str, said: str, code: str
) -> None:
    off = replace(SPANISH, totals=replace(SPANISH.totals, net=money("210"), payable=money("240")))
    stated = replace(off, evidence={f"totals.{total}": Evidence(source="xml")})
    assert code in found(off)
    assert code not in found(stated)
    assert code in found(replace(stated, findings=(said,)))
