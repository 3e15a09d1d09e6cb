"""Strict values."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from app.modules.imports.formats import printed_values as values


@pytest.mark.parametrize("text", ["1", "-1.50", "+2.", ".5", "0.000000", "33." + "3" * 27])
def test_a_decimal_is_kept_as_printed(text: str) -> None:
    assert values.decimal_value(text) == Decimal(text)


@pytest.mark.parametrize(
    "text", ["", "1,50", "1.234,56", "1e5", "NaN", "Infinity", "1 000", "9" * 31, "0." + "3" * 31, "١٢"]
)
def test_what_is_no_decimal_is_none(text: str) -> None:
    assert values.decimal_value(text) is None


@pytest.mark.parametrize("text", ["1", "-1.50", "1.0E7", "5e-4", "-.5E+2", "9E30"])
def test_a_double_is_a_decimal_or_has_an_exponent(text: str) -> None:
    value = values.double_value(text)
    assert value == Decimal(text)
    assert "E" not in str(value)


@pytest.mark.parametrize("text", ["", "INF", "NaN", "1E", "E7", "1E31", "1E-31", "1E1000", "1e5e5", "1,5E2", "1E٢"])
def test_what_is_no_double_is_none(text: str) -> None:
    assert values.double_value(text) is None


@pytest.mark.parametrize("text", ["2026-02-03", "2026-02-03Z", "2026-02-03+01:00", "2026-02-03T10:11:12.5-05:00"])
def test_iso_dates(text: str) -> None:
    assert values.iso_date(text) == date(2026, 2, 3)


@pytest.mark.parametrize("text", ["2026-02-30", "03-02-2026", "2026-2-3", "2026-02-03 mañana", "0000-01-01"])
def test_what_is_no_iso_date_is_none(text: str) -> None:
    assert values.iso_date(text) is None


def test_other_dates() -> None:
    assert values.day_first_date("03/02/2026") == date(2026, 2, 3)
    assert values.day_first_date("2026-02-03") == date(2026, 2, 3)
    assert values.day_first_date("31/02/2026") is None
    assert values.compact_date("20260203") == date(2026, 2, 3)
    assert values.compact_date("202602031130") == date(2026, 2, 3)
    assert values.compact_date("20261303") is None


def test_ids_lose_their_separators() -> None:
    assert values.tax_id_form("es b-1234.567 8") == "ESB12345678"
    assert values.tax_id_form(" - ") is None
    assert values.iban_form("ES91 2100 0418 4502 0005 1332") == "ES9121000418450200051332"
    assert values.iban_form("cuenta 12") is None
