"""Ecuadorian tax ids, good and bad, and those that no check digit confirms."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.modules.imports.countries.ec_tax_ids import check_digit_holds, tax_id

ISSUED_WITHOUT_CHECK_DIGIT = ["1793213150001", "0993366721001", "0993370026001", "0993381661001"]
GOOD = [
    ("1714307103", "1714307103"),
    ("171430710-3", "1714307103"),
    ("1714307103001", "1714307103001"),
    ("EC1714307103001", "1714307103001"),
    ("1792060346-001", "1792060346001"),
    ("0962467429001", "0962467429001"),
    ("1760013210001", "1760013210001"),
    ("9999999999999", "9999999999999"),
    *((number, number) for number in ISSUED_WITHOUT_CHECK_DIGIT),
]
BAD = [
    "", "1714307104", "1714307103000", "171430710300", "1714307104001", "2514307103", "0014307103", "1774307103001", "1784307103001",
    "3190000000001", "9999999999", "A714307103001", "1714307103001\n9", "١٧١٤٣٠٧١٠٣", "B29423548",
]  # fmt: skip


@pytest.mark.parametrize(("text", "normal"), GOOD)
def test_a_good_tax_id_is_brought_to_its_normal_form(text: str, normal: str) -> None:
    assert tax_id(text) == normal


@pytest.mark.parametrize("text", BAD)
def test_what_is_no_ecuadorian_tax_id_is_refused(text: str) -> None:
    assert tax_id(text) is None


@pytest.mark.parametrize("number", ISSUED_WITHOUT_CHECK_DIGIT)
def test_a_company_ruc_without_check_digit_is_valid_and_known_as_such(number: str) -> None:
    assert tax_id(number) == number
    assert not check_digit_holds(number)


@pytest.mark.parametrize("number", ["1792060346001", "0962467429001", "1760013210001", "1714307103", "9999999999999"])
def test_a_number_that_some_algorithm_confirms_is_known_as_such(number: str) -> None:
    assert check_digit_holds(number)


@given(st.text())
def test_any_text_has_an_answer(text: str) -> None:
    normal = tax_id(text)
    assert normal is None or tax_id(normal) == normal


@given(st.from_regex(r"[0-9]{10}([0-9]{3})?", fullmatch=True))
def test_whatever_is_valid_can_be_asked_for_its_check_digit(number: str) -> None:
    if tax_id(number):
        assert check_digit_holds(number) in {True, False}
