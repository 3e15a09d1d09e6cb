from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from app.modules.imports.mapping.problem import ValueProblem
from app.modules.imports.mapping.transforms import compile_transform, transform_names


@pytest.mark.parametrize(
    ("name", "arguments", "value", "result"),
    [
        ("strip", (), " a ", "a"),
        ("upper", (), "ñ", "Ñ"),
        ("lower", (), "Ñ", "ñ"),
        ("title", (), "ana ruiz", "Ana Ruiz"),
        ("collapse", (), " a  b ", "a b"),
        ("digits", (), "A-12.3", "123"),
        ("alphanumeric", (), "B-12 345", "B12345"),
        ("first", (3,), "abcdef", "abc"),
        ("last", (3,), "abcdef", "def"),
        ("pad", (9,), "42", "000000042"),
        ("replace", ("-", ""), "a-b", "ab"),
        ("prefix", ("F-",), "1", "F-1"),
        ("suffix", ("/24",), "1", "1/24"),
        ("split", ("-", 1), "001-002", "002"),
        ("split", ("-", -1), "a-b-c", "c"),
        ("split", ("-", 5), "a-b", None),
        ("concat", ("/",), ("A", None, "7"), "A/7"),
        ("coalesce", (), (None, " ", "x"), "x"),
        ("default", ("EUR",), "", "EUR"),
        ("default", ("EUR",), "USD", "USD"),
        ("lookup", ({"C": "credit"},), " c ", "credit"),
        ("lookup", ({}, "other"), "z", "other"),
        ("decimal", (",",), "1.234", Decimal(1234)),
        ("date", ("mdy",), "03/04/2024", date(2024, 3, 4)),
        ("negate", (), "5,00", Decimal("-5.00")),
        ("abs", (), Decimal(-5), Decimal(5)),
        ("percent", (), "0.21", Decimal("21.00")),
        ("percent", (), "21", Decimal(21)),
        ("multiply", ("100",), "0.5", Decimal("50.0")),
        ("upper", (), None, None),
    ],
)
def test_a_transform_does_what_its_name_says(
    name: str, arguments: tuple[object, ...], value: object, result: object
) -> None:
    assert compile_transform(name, arguments)(value) == result


@pytest.mark.parametrize(
    ("name", "arguments", "code"),
    [
        ("eval", ("1+1",), "unknown_transform"),
        ("__class__", (), "unknown_transform"),
        ("upper", ("x",), "bad_transform_arguments"),
        ("split", ("", 0), "bad_transform_arguments"),
        ("replace", ("", "x"), "bad_transform_arguments"),
        ("pad", (10**9,), "bad_transform_arguments"),
        ("pad", (5, "00"), "bad_transform_arguments"),
        ("first", ("3",), "bad_transform_arguments"),
        ("decimal", (";",), "bad_transform_arguments"),
        ("date", ("dym",), "bad_transform_arguments"),
        ("lookup", ("x",), "bad_transform_arguments"),
        ("prefix", ("x" * 501,), "bad_transform_arguments"),
        ("multiply", ("1.234.5",), "bad_number"),
    ],
)
def test_what_is_not_on_the_list_is_refused_when_compiled(name: str, arguments: tuple[object, ...], code: str) -> None:
    with pytest.raises(ValueProblem) as caught:
        compile_transform(name, arguments)
    assert caught.value.code == code


def test_a_value_outside_a_lookup_table_is_a_problem_and_never_passes_unchanged() -> None:
    with pytest.raises(ValueProblem, match="not_in_lookup"):
        compile_transform("lookup", ({"C": "credit"},))("D")


def test_text_does_not_grow_without_bound() -> None:
    with pytest.raises(ValueProblem, match="text_too_long"):
        compile_transform("upper", ())("x" * 10_001)
    assert len(str(compile_transform("replace", ("x", "y" * 20))("x" * 500))) == 10_000
    for name, arguments, value in (
        ("replace", ("x", "y" * 20), "x" * 501),
        ("replace", ("x", "y" * 400), "x" * 9_000),
        ("concat", (), ("x" * 5_000, "y" * 5_000)),
    ):
        with pytest.raises(ValueProblem, match="text_too_long"):
            compile_transform(name, arguments)(value)


def test_the_list_can_be_shown() -> None:
    assert {"strip", "decimal", "date", "lookup"} <= set(transform_names())
