"""Ecuadorian rates on the days on which they change, the clave against its document, authorisation, the final consumer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.modules.imports.countries.ec import COUNTRY
from app.modules.imports.countries.tests.documents import ECUADORIAN, findings, found, money, with_tax
from app.modules.imports.countries.tests.test_ec_clave import make_clave
from app.modules.imports.domain.canonical import DocumentType, Evidence, Party, Totals, Withholding
from app.modules.imports.domain.finding import Severity

ELECTRONIC = replace(
    ECUADORIAN, access_key=make_clave(), authorization_number=make_clave(), environment="production", format="sri factura 2.1.0"
)  # fmt: skip


def test_an_invoice_in_order_has_no_findings() -> None:
    assert findings(ECUADORIAN) == ()
    assert findings(ELECTRONIC) == ()


@pytest.mark.parametrize(
    ("rate", "day", "lawful"),
    [
        ("12", "2016-05-31", True), ("12", "2016-06-01", False), ("14", "2016-05-31", False), ("14", "2016-06-01", True),
        ("14", "2017-05-31", True), ("14", "2017-06-01", False), ("12", "2017-06-01", True), ("12", "2024-03-31", True),
        ("12", "2024-04-01", False), ("15", "2024-03-31", False), ("15", "2024-04-01", True), ("15.00", "2026-05-04", True),
        ("5", "2024-03-31", False), ("5", "2024-04-01", True), ("0", "2026-05-04", True), ("19", "2026-05-04", False),
    ],
)  # fmt: skip
def test_iva_has_the_rate_of_its_day(rate: str, day: str, *, lawful: bool) -> None:
    codes = found(with_tax(ECUADORIAN, day, tax_code="IVA", rate=rate))
    assert ("rate_not_lawful" not in codes) == lawful
    assert lawful or codes["rate_not_lawful"] is Severity.LOOK


@pytest.mark.parametrize(
    ("day", "named"),
    [
        ("2022-02-25", False), ("2022-02-26", True), ("2022-03-01", True), ("2022-03-02", False), ("2022-04-15", True),
        ("2022-04-18", False), ("2024-10-30", False), ("2024-10-31", True), ("2024-11-04", True), ("2024-11-05", False),
        ("2025-04-18", True), ("2025-04-20", True), ("2025-04-21", False), ("2025-08-10", False), ("2025-10-09", True),
        ("2025-10-10", False), ("2025-10-31", False), ("2025-11-01", True), ("2025-11-04", True), ("2025-11-05", False),
        ("2025-12-31", False), ("2026-01-01", True), ("2026-01-04", True), ("2026-01-05", False), ("2026-02-13", False),
        ("2026-02-14", True), ("2026-02-17", True), ("2026-02-18", False),
    ],
)  # fmt: skip
def test_eight_percent_is_law_on_the_days_that_a_decree_names(day: str, *, named: bool) -> None:
    codes = found(with_tax(ECUADORIAN, day, tax_code="IVA", rate="8"))
    assert ("reduced_rate_outside_calendar" not in codes) == named
    assert named or codes["reduced_rate_outside_calendar"] is Severity.LOOK
    assert "rate_not_lawful" not in codes


def test_a_rate_is_judged_by_the_day_of_the_supply_not_of_the_invoice() -> None:
    after = with_tax(ECUADORIAN, "2026-02-20", tax_code="IVA", rate="8")
    assert "reduced_rate_outside_calendar" in found(after)
    assert "reduced_rate_outside_calendar" not in found(replace(after, operation_date=date(2026, 2, 15)))


def test_ice_is_another_tax() -> None:
    assert "rate_not_lawful" not in found(with_tax(ECUADORIAN, "2026-05-04", tax_code="ICE", rate="75"))


def test_an_impossible_rate_blocks() -> None:
    assert found(with_tax(ECUADORIAN, "2026-05-04", rate="1500"))["rate_impossible"] is Severity.BLOCKS


def test_a_credit_note_may_carry_the_rate_of_what_it_corrects() -> None:
    late = with_tax(ECUADORIAN, "2024-05-01", tax_code="IVA", rate="12")
    assert "rate_not_lawful" not in found(replace(late, doc_type=DocumentType.CREDIT_NOTE))


def test_each_rate_has_the_code_of_the_sri() -> None:
    codes = {(f"{row.rate:f}", row.code) for row in COUNTRY.rates}
    assert codes == {
        ("0", "0"), ("0", "6"), ("0", "7"), ("12", "2"), ("14", "3"), ("15", "4"), ("5", "5"), ("8", "8"), ("13", "10"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"issue_date": date(2026, 5, 5)}, "issue_date"),
        ({"supplier": Party(name="Otra", tax_id="1792060346001")}, "supplier.tax_id"),
        ({"invoice_number": "001-003-000000345"}, "invoice_number"),
        ({"invoice_number": "001-002-000000346"}, "invoice_number"),
        ({"doc_type": DocumentType.CREDIT_NOTE}, "doc_type"),
    ],
)
def test_a_clave_that_says_otherwise_than_its_document_blocks(change: dict[str, object], field: str) -> None:
    document = replace(ELECTRONIC, **change)  # type: ignore[arg-type]  # [one field of any type, by parameter]
    said = {(f.code, f.field, f.severity) for f in findings(document)}
    assert said == {("access_key_mismatch", field, Severity.BLOCKS)}


@pytest.mark.parametrize("number", ["1-2-345", "001002000000345", "001-002-000000345", "001 - 002 - 345"])
def test_a_number_agrees_however_it_is_padded(number: str) -> None:
    assert "access_key_mismatch" not in found(replace(ELECTRONIC, invoice_number=number))


def test_a_series_of_its_own_counts_as_part_of_the_number() -> None:
    assert "access_key_mismatch" not in found(replace(ELECTRONIC, invoice_series="001-002", invoice_number="000000345"))


def test_in_a_liquidacion_de_compra_the_clave_holds_the_buyer() -> None:
    document = replace(
        ELECTRONIC,
        doc_type=DocumentType.PURCHASE_SETTLEMENT,
        access_key=make_clave(kind="03"),
        authorization_number=make_clave(kind="03"),
        supplier=Party(name="Un vendedor", tax_id="PA4471"),
        buyer=Party(name="Ferretería Cotopaxi", tax_id="1714307103001"),
    )
    assert findings(document) == ()
    wrong = replace(document, buyer=Party(tax_id="1714307104001"))
    assert found(wrong)["invalid_tax_id"] is Severity.BLOCKS


def test_a_wrong_clave_blocks() -> None:
    clave = make_clave()
    wrong = clave[:-1] + str((int(clave[-1]) + 5) % 10)
    assert found(replace(ELECTRONIC, access_key=wrong, authorization_number=wrong)) == {
        "access_key_invalid": Severity.BLOCKS
    }


@pytest.mark.parametrize("environment", ["test", "production"])
def test_the_test_environment_blocks_whoever_says_so(environment: str) -> None:
    kind = "1" if environment == "production" else "2"
    clave = make_clave(environment=kind)
    document = replace(ELECTRONIC, environment=environment, access_key=clave, authorization_number=clave)
    assert found(document) == {"test_environment": Severity.BLOCKS}


def test_a_bare_xml_is_not_proven_authorised() -> None:
    assert found(replace(ELECTRONIC, authorization_number=None)) == {"not_proven_authorised": Severity.LOOK}
    assert found(replace(ELECTRONIC, authorization_number=None, format="pdf")) == {}


def test_what_the_sri_refused_blocks_and_is_said_once() -> None:
    refused = replace(ELECTRONIC, authorization_number=None, findings=("not_authorised",))
    assert found(refused) == {"not_authorised": Severity.BLOCKS}


@pytest.mark.parametrize(
    ("number", "agrees"), [("1" * 37, True), (make_clave(), True), (make_clave(code="87654321"), False)]
)
def test_an_authorisation_of_49_digits_is_the_clave(number: str, *, agrees: bool) -> None:
    assert ("authorisation_mismatch" not in found(replace(ELECTRONIC, authorization_number=number))) == agrees


def test_a_ruc_without_check_digit_is_a_note() -> None:
    assert found(replace(ECUADORIAN, supplier=Party(tax_id="1793213150001"))) == {"tax_id_check_digit": Severity.NOTE}


def test_a_wrong_ruc_of_a_person_blocks() -> None:
    assert found(replace(ECUADORIAN, supplier=Party(tax_id="1714307104001"))) == {"invalid_tax_id": Severity.BLOCKS}


@pytest.mark.parametrize(("gross", "over"), [("50.00", False), ("50.01", True)])
def test_the_final_consumer_buys_up_to_a_limit(gross: str, *, over: bool) -> None:
    document = replace(ECUADORIAN, buyer=Party(tax_id="9999999999999"), totals=Totals(gross=money(gross)), taxes=())
    assert found(document) == ({"final_consumer_over_limit": Severity.NOTE} if over else {})


def test_the_final_consumer_issues_nothing() -> None:
    document = replace(ECUADORIAN, supplier=Party(tax_id="9999999999999"))
    assert found(document)["invalid_tax_id"] is Severity.BLOCKS


def test_dollars_are_the_currency() -> None:
    assert found(replace(ECUADORIAN, currency="EUR")) == {"foreign_currency": Severity.NOTE}


@pytest.mark.parametrize("code", ["ICE", "IRBPNR"])
def test_a_tarifa_in_dollars_a_unit_is_no_percentage(code: str) -> None:
    by_unit = with_tax(ECUADORIAN, "2026-05-04", tax_code=code, rate="0.02", base="24.00", amount="0.48")
    assert found(by_unit) == {}
    assert found(with_tax(by_unit, "2026-05-04", tax_code="IVA", rate="15", base="24.00", amount="0.48"))


def test_a_foreign_id_is_no_cedula_whatever_it_looks_like() -> None:
    buyer = Party(name="Rosa Peña", tax_id="0912345679")
    assert found(replace(ECUADORIAN, buyer=buyer)) == {"invalid_tax_id": Severity.LOOK}
    assert found(replace(ECUADORIAN, buyer=replace(buyer, tax_id_type="foreign"))) == {}


def test_rows_of_a_retencion_that_its_reader_compared_are_not_judged_again() -> None:
    row = Withholding(rate=money("1.50"), base=money("25000.00"), amount=money("371.25"))
    voucher = replace(
        ECUADORIAN,
        doc_type=DocumentType.WITHHOLDING,
        totals=Totals(withholding=money("371.25")),
        taxes=(),
        withholdings=(row,),
    )
    assert found(voucher) == {"tax_mismatch": Severity.LOOK}
    by_reader = {"withholdings.0.amount": Evidence(source="xml")}
    assert found(replace(voucher, evidence=by_reader)) == {}
    by_person = {"withholdings.0.amount": Evidence(source="person")}
    assert found(replace(voucher, evidence=by_person)) == {"tax_mismatch": Severity.LOOK}
