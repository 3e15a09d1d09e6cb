from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.modules.imports.mapping.dates import Order, deduce_order, looks_dated, parse_date
from app.modules.imports.mapping.problem import ValueProblem

DAYS = st.dates(min_value=date(1990, 1, 1), max_value=date(2060, 12, 31))


@given(DAYS, st.sampled_from([("dmy", "%d/%m/%Y"), ("mdy", "%m-%d-%Y"), ("ymd", "%Y.%m.%d"), ("dmy", "%d.%m.%y")]))
def test_a_date_printed_in_the_declared_order_reads_back(day: date, form: tuple[Order, str]) -> None:
    order, pattern = form
    if "%y" in pattern and not 1970 <= day.year < 2070:
        return
    assert parse_date(day.strftime(pattern), order) == day


@given(st.text(max_size=60))
def test_any_text_is_a_date_or_a_problem_and_nothing_else(text: str) -> None:
    for order in (None, "dmy", "mdy", "ymd"):
        with suppress(ValueProblem):
            assert isinstance(parse_date(text, order), date)


@pytest.mark.parametrize(
    "printed",
    [
        "2024-01-15",
        "2024/1/15",
        "20240115",
        "15/01/2024",
        "15-01-24",
        "01/15/2024",
        "15.1.2024",
        "15 ene 2024",
        "15-ene.-2024",
        "15 de enero de 2024",
        "Jan 15, 2024",
        "15-Jan-2024",
        "15 gen 2024",
        "15 de janeiro de 2024",
        "lun, 15 ene 2024",
        "2024-01-15T10:30:00Z",
        "2024-1-15, 9:34 PM",
        "15/01/2024 10:30",
        datetime(2024, 1, 15, 23, 59),  # noqa: DTZ001  (a spreadsheet knows no zone)
        date(2024, 1, 15),
        Decimal(45306),
        Decimal(20240115),
    ],
)
def test_a_date_that_can_only_be_one_day_is_read(printed: object) -> None:
    assert parse_date(printed) == date(2024, 1, 15)


@pytest.mark.parametrize(
    "printed",
    [
        "Mar 1, 2024",
        "March 1, 2024",
        "1 March 2024",
        "1 mar 2024",
        "1 mar. 2024",
        "1 de marzo de 2024",
        "1 de març de 2024",
        "mar 1 mar 2024",
        "Tuesday, March 1, 2024",
        "vie 01/03/2024",
        "sáb. 2024-03-01",
    ],
)
def test_march_is_no_tuesday_and_a_weekday_may_stand_before_any_date(printed: str) -> None:
    assert parse_date(printed, "dmy") == date(2024, 3, 1)


def test_a_weekday_before_it_hides_neither_the_order_nor_the_doubt() -> None:
    assert deduce_order(["vie 13/03/2024"]) == "dmy"
    with pytest.raises(ValueProblem) as caught:
        parse_date("vie 08/03/2024")
    assert caught.value.code == "ambiguous_date"


def test_a_date_whose_parts_could_be_swapped_follows_the_declared_order() -> None:
    assert parse_date("03/04/2024", "dmy") == date(2024, 4, 3)
    assert parse_date("03/04/2024", "mdy") == date(2024, 3, 4)
    assert parse_date("24/03/04", "ymd") == date(2024, 3, 4)


def test_equal_day_and_month_need_no_order() -> None:
    assert parse_date("04/04/2024") == date(2024, 4, 4)


@pytest.mark.parametrize(
    ("value", "order", "code"),
    [
        ("03/04/2024", None, "ambiguous_date"),
        ("31/02/2024", None, "bad_date"),
        ("13/25/2024", "dmy", "bad_date"),
        ("12/25/2018", "dmy", "bad_date"),
        ("2024-13-01", None, "bad_date"),
        ("0001-01-01", None, "bad_date"),
        ("yesterday", None, "bad_date"),
        ("٠٣/٠٤/٢٠٢٤", "dmy", "bad_date"),
        ("1" * 60, None, "bad_date"),
        (Decimal("1e30"), None, "bad_date"),
        (Decimal("NaN"), None, "bad_date"),
        (True, None, "bad_date"),
        (None, None, "bad_date"),
    ],
)
def test_what_is_no_certain_date_is_refused_by_code(value: object, order: Order | None, code: str) -> None:
    with pytest.raises(ValueProblem) as caught:
        parse_date(value, order)
    assert caught.value.code == code


def test_a_column_shows_its_order_by_days_over_twelve() -> None:
    assert deduce_order(["03/04/2024", "13/04/2024"]) == "dmy"
    assert deduce_order(["03/04/2024", "04/13/2024"]) == "mdy"
    assert deduce_order(["03/04/2024"]) is None
    assert deduce_order(["13/04/2024", "04/13/2024"]) is None


def test_a_bare_number_does_not_look_like_a_date() -> None:
    assert not looks_dated(Decimal(45306))
    assert not looks_dated("1.234,56")
    assert looks_dated("03/04/2024")
