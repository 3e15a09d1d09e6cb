"""The clave de acceso: what it states, and what the check digit sees."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.modules.imports.countries.ec_clave import check_digit, read_clave, read_code
from app.modules.imports.domain.canonical import DocumentType


def make_clave(
    *, day: str = "04052026", kind: str = "01", environment: str = "2", number: str = "001002000000345", code: str = "12345678"
) -> str:  # fmt: skip
    body = f"{day}{kind}1714307103001{environment}{number}{code}1"
    return body + check_digit(body)


CLAVE = make_clave()


def test_a_clave_states_day_kind_issuer_number_and_environment() -> None:
    clave = read_clave(CLAVE)
    assert clave is not None
    assert (clave.issue_date, clave.doc_type) == (date(2026, 5, 4), DocumentType.INVOICE)
    assert (clave.ruc, clave.number, clave.environment) == ("1714307103001", "001-002-000000345", "production")


def test_spaces_within_a_printed_clave_do_not_matter() -> None:
    assert read_clave(f" {CLAVE[:20]} {CLAVE[20:]}\n") == read_clave(CLAVE)


def test_as_a_fiscal_code_it_names_the_fields_of_the_document() -> None:
    code = read_code(CLAVE)
    assert code is not None
    assert code.name == "clave_de_acceso"
    assert code.fields == {
        "access_key": CLAVE,
        "issue_date": "2026-05-04",
        "doc_type": "invoice",
        "supplier.tax_id": "1714307103001",
        "invoice_number": "001-002-000000345",
        "environment": "production",
    }


def test_in_a_liquidacion_de_compra_the_issuer_is_the_buyer() -> None:
    code = read_code(make_clave(kind="03"))
    assert code is not None
    assert code.fields["buyer.tax_id"] == "1714307103001"
    assert "supplier.tax_id" not in code.fields


def test_the_test_environment_shows() -> None:
    code = read_code(make_clave(environment="1"))
    assert code is not None
    assert code.fields["environment"] == "test"


@pytest.mark.parametrize(("remainder", "digit"), [(0, "0"), (1, "1"), (10, "1"), (2, "9")])
def test_eleven_is_written_zero_and_ten_is_written_one(remainder: int, digit: str) -> None:
    claves = (make_clave(code=f"{code:08}") for code in range(200))
    fitting = [clave for clave in claves if _remainder(clave) == remainder]
    assert fitting
    assert all(clave[-1] == digit and read_clave(clave) for clave in fitting)


@pytest.mark.parametrize(
    "wrong",
    [
        {"day": "31022026"},
        {"day": "00052026"},
        {"kind": "02"},
        {"kind": "99"},
        {"environment": "3"},
    ],
)
def test_impossible_parts_are_refused_whatever_the_check_digit(wrong: dict[str, str]) -> None:
    assert read_clave(make_clave(**wrong)) is None


@pytest.mark.parametrize("text", ["", CLAVE[:-1], CLAVE + "0", "x" * 49, CLAVE.replace("2", "２", 1)])
def test_what_has_not_49_digits_is_refused(text: str) -> None:
    assert read_clave(text) is None


@given(st.integers(0, 48), st.integers(1, 9))
def test_one_changed_digit_is_seen_unless_modulo_11_cannot(place: int, shift: int) -> None:
    changed = CLAVE[:place] + str((int(CLAVE[place]) + shift) % 10) + CLAVE[place + 1 :]
    hidden = place < 48 and {_remainder(changed), _remainder(CLAVE)} == {1, 10}
    assert (read_clave(changed) is None) or hidden


@given(st.text())
def test_any_text_has_an_answer(text: str) -> None:
    assert read_code(text) is None or len(text) >= 49


def _remainder(clave: str) -> int:
    weights = [2, 3, 4, 5, 6, 7]
    return sum(int(digit) * weights[place % 6] for place, digit in enumerate(reversed(clave[:48]))) % 11
