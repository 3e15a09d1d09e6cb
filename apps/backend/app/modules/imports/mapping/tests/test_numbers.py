from __future__ import annotations

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.modules.imports.mapping.numbers import Mark, deduce_mark, looks_numeric, number_parser, parse_number
from app.modules.imports.mapping.problem import ValueProblem

AMOUNTS = st.decimals(min_value=-(10**11), max_value=10**11, places=2, allow_nan=False, allow_infinity=False)


def _printed(number: Decimal, mark: Mark, *, grouped: bool) -> str:
    english = f"{number:,.2f}" if grouped else f"{number:.2f}"
    return english if mark == "." else english.translate(str.maketrans(",.", ".,"))


@given(AMOUNTS, st.sampled_from([",", "."]), st.booleans())
def test_an_amount_printed_in_either_convention_reads_back_with_no_mark_declared(
    number: Decimal, mark: Mark, grouped: object
) -> None:
    assert parse_number(_printed(number, mark, grouped=bool(grouped))) == number


@given(AMOUNTS, st.sampled_from([",", "."]), st.booleans())
def test_an_amount_printed_in_the_declared_convention_reads_back_the_short_way(
    number: Decimal, mark: Mark, grouped: object
) -> None:
    assert number_parser(mark)(_printed(number, mark, grouped=bool(grouped))) == number


@given(st.text(max_size=80))
def test_any_text_is_a_number_or_a_problem_and_nothing_else(text: str) -> None:
    for mark in (None, ",", "."):
        with suppress(ValueProblem):
            assert number_parser(mark)(text).is_finite()


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1.234,56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("1.234.567", "1234567"),
        ("31.24", "31.24"),
        ("'579,68 USD", "579.68"),
        ("'1.234,56", "1234.56"),
        ("31,2", "31.2"),
        ("0.234", "0.234"),
        ("1234.567", "1234.567"),
        (".50", "0.50"),
        ("12,", "12"),
        ("-182,61EUR", "-182.61"),
        ("€ 1.234,50", "1234.50"),
        ("-$67.45", "-67.45"),
        ("$ -67.45", "-67.45"),
        ("(5.00)", "-5.00"),
        ("$(1,000.00)", "-1000.00"),
        ("€ (5,00)", "-5.00"),
        ("(5,00) EUR", "-5.00"),
        ("1 234,56", "1234.56"),
        ("1\u00a0234,56", "1234.56"),
        ("1'234.50", "1234.50"),
        ("100,00-", "-100.00"),
        ("−5,00", "-5.00"),
        ("21 %", "21"),
        ("5.00 DR", "-5.00"),
        ("5.00 CR", "5.00"),
        ("+1.191,01", "1191.01"),
        (Decimal("1.10"), "1.10"),
        (7, "7"),
        (0.1, "0.1"),
    ],
)
def test_an_unambiguous_amount_is_read_exactly(text: object, number: str) -> None:
    assert str(parse_number(text)) == number


@pytest.mark.parametrize(
    ("text", "mark", "number"), [("1.234", ",", "1234"), ("1.234", ".", "1.234"), ("1,234", ".", "1234")]
)
def test_an_ambiguous_amount_follows_the_declared_mark(text: str, mark: Mark, number: str) -> None:
    assert str(parse_number(text, mark)) == number


@pytest.mark.parametrize(
    ("value", "mark", "code"),
    [
        ("1.234", None, "ambiguous_number"),
        ("1,234", None, "ambiguous_number"),
        ("1,234.56", ",", "number_against_mark"),
        ("1.234,56", ".", "number_against_mark"),
        ("NaN", None, "bad_number"),
        ("Infinity", None, "bad_number"),
        ("1e400", None, "bad_number"),
        ("٣٤", None, "bad_number"),
        ("１２", None, "bad_number"),
        ("12 34", None, "bad_number"),
        ("1.2.3", None, "bad_number"),
        ("1,23,4", None, "bad_number"),
        ("1.987,501.000,00", None, "bad_number"),
        ("--5", None, "bad_number"),
        ("(5", None, "bad_number"),
        ("9" * 31, None, "bad_number"),
        ("1." * 20_000, None, "bad_number"),
        ("", None, "bad_number"),
        (True, None, "bad_number"),
        (None, None, "bad_number"),
        (float("inf"), None, "bad_number"),
        (Decimal("1e400"), None, "bad_number"),
    ],
)
def test_what_is_no_certain_number_is_refused_by_code(value: object, mark: Mark | None, code: str) -> None:
    with pytest.raises(ValueProblem) as caught:
        parse_number(value, mark)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("column", "mark"),
    [
        (["1.234", "5,00"], ","),
        (["1,234", "5.00"], "."),
        (["1.234.567"], ","),
        (["1.234", "2.500"], None),
        (["5,00", "5.00"], None),
        (["12", "text"], None),
    ],
)
def test_a_column_shows_its_mark_or_none(column: list[str], mark: Mark | None) -> None:
    assert deduce_mark(column) == mark


def test_an_ambiguous_number_still_looks_like_one_and_a_word_does_not() -> None:
    assert looks_numeric("1.234")
    assert not looks_numeric("uno")
    assert not looks_numeric(True)
