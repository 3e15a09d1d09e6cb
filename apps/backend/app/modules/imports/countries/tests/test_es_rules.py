"""Spanish rates on the days on which they change, and the rules around them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from app.modules.imports.countries.es import COUNTRY
from app.modules.imports.countries.tests.documents import SPANISH, findings, found, money, with_tax
from app.modules.imports.domain.canonical import DocumentType, Party, Tax, Totals, Withholding
from app.modules.imports.domain.finding import Severity

LAWFUL = [
    ("16", "2010-06-30"), ("18", "2010-07-01"), ("18", "2012-08-31"), ("8", "2012-08-31"), ("21", "2012-09-01"), ("10", "2012-09-01"),
    ("5", "2022-07-01"), ("5", "2024-09-30"), ("0", "2023-01-01"), ("2", "2024-10-01"), ("2", "2024-12-31"), ("7.5", "2024-10-01"),
    ("7.5", "2024-12-31"), ("4", "2025-01-01"), ("10", "2026-03-21"), ("0", "2026-01-01"),
]  # fmt: skip
UNLAWFUL = [
    ("16", "2010-07-01"), ("18", "2010-06-30"), ("18", "2012-09-01"), ("8", "2012-09-01"), ("21", "2012-08-31"), ("10", "2012-08-31"),
    ("5", "2022-06-30"), ("5", "2024-10-01"), ("2", "2024-09-30"), ("2", "2025-01-01"), ("7.5", "2024-09-30"), ("7.5", "2025-01-01"),
    ("19", "2026-01-01"), ("22", "2026-01-01"),
]  # fmt: skip
DATED = [
    ("electricity", "10", "2021-06-26", "2022-06-30"), ("electricity", "5", "2022-07-01", "2023-12-31"),
    ("electricity", "10", "2024-01-01", "2024-02-29"), ("electricity", "10", "2024-07-01", "2024-12-31"),
    ("natural gas", "5", "2022-10-01", "2023-12-31"), ("natural gas", "10", "2024-01-01", "2024-03-31"),
    ("pellets and firewood", "5", "2022-10-01", "2023-12-31"), ("pellets and firewood", "10", "2024-01-01", "2024-06-30"),
    ("basic food", "0", "2023-01-01", "2024-09-30"), ("basic food", "2", "2024-10-01", "2024-12-31"),
    ("seed oils and pasta", "5", "2023-01-01", "2024-09-30"), ("seed oils and pasta", "7.5", "2024-10-01", "2024-12-31"),
    ("olive oil", "5", "2023-01-01", "2024-06-30"), ("olive oil", "0", "2024-07-01", "2024-09-30"),
    ("olive oil", "2", "2024-10-01", "2024-12-31"),
]  # fmt: skip


def test_an_invoice_in_order_has_no_findings() -> None:
    assert findings(SPANISH) == ()


@pytest.mark.parametrize(("rate", "day"), LAWFUL)
def test_a_rate_is_lawful_on_its_day(rate: str, day: str) -> None:
    assert "rate_not_lawful" not in found(with_tax(SPANISH, day, tax_code="01", rate=rate))


@pytest.mark.parametrize(("rate", "day"), UNLAWFUL)
def test_a_rate_of_another_day_needs_a_look(rate: str, day: str) -> None:
    assert found(with_tax(SPANISH, day, tax_code="01", rate=rate))["rate_not_lawful"] is Severity.LOOK


@pytest.mark.parametrize(("condition", "rate", "first", "last"), DATED)
def test_a_temporary_rate_has_its_first_and_its_last_day(condition: str, rate: str, first: str, last: str) -> None:
    rows = [row for row in COUNTRY.rates if row.condition == condition and row.rate == Decimal(rate)]
    days = [(row.valid_from.isoformat(), row.valid_to.isoformat() if row.valid_to else None) for row in rows]
    assert (first, last) in days


def test_every_rate_names_its_source_and_ends_after_it_begins() -> None:
    for row in COUNTRY.rates:
        assert row.source
        assert row.valid_to is None or row.valid_from <= row.valid_to


@pytest.mark.parametrize(
    ("tax", "lawful"),
    [
        ({"rate": "7"}, True),
        ({"rate": "7", "tax_code": "VAT"}, True),
        ({"rate": "7", "tax_code": "03"}, True),
        ({"rate": "7", "tax_code": "01"}, False),
        ({"rate": "21", "tax_code": "IGIC"}, False),
        ({"rate": "8", "tax_code": "IPSI"}, True),
        ({"rate": "8"}, False),
        ({"rate": "7", "tax_code": "VAT", "category": "L"}, True),
        ({"rate": "21", "tax_code": "VAT", "category": "M"}, False),
        ({"rate": "5.11269632", "tax_code": "07"}, True),
    ],
)
def test_a_rate_is_judged_by_the_territory_of_its_tax(tax: dict[str, str], *, lawful: bool) -> None:
    assert ("rate_not_lawful" not in found(with_tax(SPANISH, "2026-01-15", **tax))) == lawful


def test_igic_had_another_general_rate_in_2019() -> None:
    assert "rate_not_lawful" in found(with_tax(SPANISH, "2019-06-01", tax_code="IGIC", rate="7"))
    assert "rate_not_lawful" not in found(with_tax(SPANISH, "2019-06-01", tax_code="IGIC", rate="6.5"))


def test_a_correction_may_carry_the_rate_of_what_it_corrects() -> None:
    late = with_tax(SPANISH, "2025-02-01", tax_code="01", rate="7.5")
    assert "rate_not_lawful" in found(late)
    assert "rate_not_lawful" not in found(replace(late, doc_type=DocumentType.CORRECTIVE_INVOICE))


def test_a_rate_is_judged_by_the_day_of_the_supply_not_of_the_invoice() -> None:
    january = with_tax(SPANISH, "2025-01-07", rate="2")
    assert "rate_not_lawful" in found(january)
    assert "rate_not_lawful" not in found(replace(january, operation_date=date(2024, 12, 20)))
    late = [f for f in findings(replace(january, operation_date=date(2025, 1, 2))) if f.code == "rate_not_lawful"]
    assert [f.params["date"] for f in late] == ["2025-01-02"]


@pytest.mark.parametrize(
    ("issued", "supplied", "rate", "lawful"),
    [
        ("2012-08-20", "2012-10-10", "18", True),
        ("2012-08-20", "2012-10-10", "21", False),
        ("2012-09-05", "2012-08-10", "18", True),
        ("2012-09-05", "2012-08-10", "21", False),
    ],
)
def test_what_is_paid_in_advance_has_the_rate_of_its_invoice(
    issued: str, supplied: str, rate: str, *, lawful: bool
) -> None:
    document = replace(with_tax(SPANISH, issued, tax_code="01", rate=rate), operation_date=date.fromisoformat(supplied))
    assert ("rate_not_lawful" not in found(document)) == lawful


@pytest.mark.parametrize("rate", ["12", "10.5"])
def test_the_compensation_of_farmers_is_lawful(rate: str) -> None:
    assert "rate_not_lawful" not in found(with_tax(SPANISH, "2026-05-04", tax_code="01", rate=rate))
    assert "rate_not_lawful" in found(with_tax(SPANISH, "2012-08-31", tax_code="01", rate=rate))


def test_a_new_rate_is_not_law_for_a_supply_of_the_year_before() -> None:
    january = with_tax(SPANISH, "2020-01-07", tax_code="IGIC", rate="15")
    assert "rate_not_lawful" not in found(january)
    assert "rate_not_lawful" in found(replace(january, operation_date=date(2019, 12, 30)))


@pytest.mark.parametrize("rate", ["-1", "101"])
def test_an_impossible_rate_blocks(rate: str) -> None:
    assert found(with_tax(SPANISH, "2026-01-15", rate=rate))["rate_impossible"] is Severity.BLOCKS


@pytest.mark.parametrize(
    ("day", "rate", "surcharge", "fits"),
    [
        ("2026-01-15", "21", "5.2", True),
        ("2026-01-15", "21", "1.75", True),
        ("2026-01-15", "10", "1.4", True),
        ("2026-01-15", "4", "0.5", True),
        ("2026-01-15", "21", "0", True),
        ("2026-01-15", "21", "1.4", False),
        ("2026-01-15", "0", "0.5", False),
        ("2024-11-15", "2", "0.26", True),
        ("2024-11-15", "7.5", "1", True),
        ("2024-09-30", "5", "0.62", True),
        ("2023-06-30", "5", "0.625", True),
        ("2012-08-31", "18", "4", True),
        ("2012-09-01", "21", "4", False),
    ],
)
def test_the_recargo_goes_with_its_rate(day: str, rate: str, surcharge: str, *, fits: bool) -> None:
    document = with_tax(SPANISH, day, tax_code="01", rate=rate, surcharge_rate=surcharge)
    assert ("surcharge_mismatch" not in found(document)) == fits


@pytest.mark.parametrize(("amount", "fits"), [("5.20", True), ("-5.21", True), ("5.30", False)])
def test_a_recargo_without_rate_is_judged_by_its_amount(amount: str, *, fits: bool) -> None:
    document = with_tax(SPANISH, "2026-01-15", rate="21", base="100", surcharge_amount=amount)
    assert ("surcharge_mismatch" not in found(document)) == fits


@pytest.mark.parametrize(
    ("rate", "day", "known"),
    [
        ("15", "2026-05-04", True), ("15.00", "2015-07-12", True), ("-15", "2026-05-04", True), ("7", "2026-05-04", True),
        ("6", "2026-05-04", True), ("7.6", "2026-05-04", True), ("6", "2018-01-01", False), ("8", "2026-05-04", False),
        ("19", "2026-05-04", True), ("19", "2016-01-01", True), ("19", "2015-12-31", False), ("1", "2026-05-04", True),
        ("2", "2026-05-04", True), ("24", "2026-05-04", True), ("4", "2026-05-04", False), ("21", "2026-05-04", False),
    ],
)  # fmt: skip
def test_an_unknown_irpf_rate_needs_a_look(rate: str, day: str, *, known: bool) -> None:
    document = replace(
        with_tax(SPANISH, day, rate="21"), withholdings=(Withholding(tax_code="IRPF", rate=money(rate)),)
    )
    codes = found(document)
    assert ("irpf_rate_unknown" not in codes) == known
    assert known or codes["irpf_rate_unknown"] is Severity.LOOK


def test_a_withholding_of_another_tax_is_none_of_irpf() -> None:
    document = replace(SPANISH, withholdings=(Withholding(tax_code="RENTA", rate=money("2.75")),))
    assert "irpf_rate_unknown" not in found(document)


@pytest.mark.parametrize(("gross", "over"), [("3000.00", False), ("3000.01", True)])
def test_a_simplified_invoice_has_a_limit(gross: str, *, over: bool) -> None:
    document = replace(SPANISH, doc_type=DocumentType.SIMPLIFIED_INVOICE, totals=Totals(gross=money(gross)), taxes=())
    assert ("simplified_over_limit" in found(document)) == over
    assert "simplified_over_limit" not in found(replace(document, doc_type=DocumentType.INVOICE))


def test_another_currency_is_a_note() -> None:
    assert found(replace(SPANISH, currency="USD")) == {"foreign_currency": Severity.NOTE}


@pytest.mark.parametrize(
    ("supplier", "severity"),
    [
        (Party(tax_id="B29423549"), Severity.BLOCKS),
        (Party(tax_id="sin datos"), Severity.BLOCKS),
        (Party(tax_id="B29423548"), None),
        (Party(tax_id="ESB29423548"), None),
        (Party(tax_id="DE811257345"), None),
        (Party(tax_id="47-1234567", country="US"), None),
        (Party(name="Sin NIF"), None),
    ],
)
def test_a_spanish_supplier_has_a_valid_tax_id(supplier: Party, severity: Severity | None) -> None:
    assert found(replace(SPANISH, supplier=supplier)).get("invalid_tax_id") is severity


def test_a_supplier_whom_nothing_makes_spanish_only_needs_a_look() -> None:
    document = replace(SPANISH, country=None, supplier=Party(tax_id="47-1234567-0"))
    assert found(document)["invalid_tax_id"] is Severity.LOOK


@pytest.mark.parametrize(("number", "looks"), [("A58818502", True), ("A58818501", False), ("PASS123", False)])
def test_a_buyer_with_a_wrong_tax_id_needs_a_look(number: str, *, looks: bool) -> None:
    codes = found(replace(SPANISH, buyer=Party(tax_id=number)))
    assert (codes.get("invalid_tax_id") is Severity.LOOK) == looks


def test_a_row_without_a_day_or_a_rate_is_not_judged() -> None:
    document = replace(SPANISH, taxes=(Tax(base=money("200.00"), amount=money("42.00")),))
    assert found(document) == {}
    assert "rate_not_lawful" not in found(replace(document, taxes=(Tax(rate=money("99")),), issue_date=None))
