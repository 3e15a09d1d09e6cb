"""Spanish tax ids, good and bad."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.modules.imports.countries.es_tax_ids import tax_id

GOOD = [
    ("12345678Z", "12345678Z"),
    ("12.345.678-Z", "12345678Z"),
    ("00000001R", "00000001R"),
    ("1234567L", "01234567L"),
    ("1.234.567-L", "01234567L"),
    ("A0011012B", "A0011012B"),
    ("A00110122", "A00110122"),
    ("X1234567L", "X1234567L"),
    ("y-1234567-x", "Y1234567X"),
    ("Z1234567R", "Z1234567R"),
    ("K1234567L", "K1234567L"),
    ("M1234567L", "M1234567L"),
    ("B29423548", "B29423548"),
    ("ESB29423548", "B29423548"),
    ("ES-B-29423548", "B29423548"),
    ("A58818501", "A58818501"),
    ("Q2826000H", "Q2826000H"),
    ("P2807900B", "P2807900B"),
    ("J99216582", "J99216582"),
    ("J9921658B", "J9921658B"),
]
BAD = [
    "", "ES", "12345678A", "12345678", "123456S", "A0011012C", "1234567Z", "123456789Z", "X1234567A", "I1234567A", "B29423549", "B29423548\nX", "B2942354H",
    "Q28260008", "A5881850A", "FRB29423548", "１２３４５６７８Z", "1714307103001", "B29423548B", "T1234567L",
]  # fmt: skip


@pytest.mark.parametrize(("text", "normal"), GOOD)
def test_a_good_tax_id_is_brought_to_its_normal_form(text: str, normal: str) -> None:
    assert tax_id(text) == normal


@pytest.mark.parametrize("text", BAD)
def test_what_is_no_spanish_tax_id_is_refused(text: str) -> None:
    assert tax_id(text) is None


@given(st.text())
def test_any_text_has_an_answer_and_a_normal_form_answers_itself(text: str) -> None:
    normal = tax_id(text)
    assert normal is None or tax_id(normal) == normal


@given(st.integers(0, 99_999_999), st.sampled_from("TRWAGMYFPDXBNJZSQVHLCKE"))
def test_of_all_letters_one_belongs_to_a_number(number: int, letter: str) -> None:
    accepted = [each for each in "TRWAGMYFPDXBNJZSQVHLCKE" if tax_id(f"{number:08}{each}")]
    assert len(accepted) == 1
    assert (tax_id(f"{number:08}{letter}") is not None) == (letter == accepted[0])
