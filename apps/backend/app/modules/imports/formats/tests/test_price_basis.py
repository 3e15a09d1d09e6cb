"""Prices for several units."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.modules.imports.formats.price_basis import unit_price


@pytest.mark.parametrize(
    ("price", "basis", "expected"),
    [
        ("31.00", "100", "0.31"),
        ("5000", "10", "500"),
        ("12.00", "1", "12.00"),
        ("12.00", None, "12.00"),
        ("1", "3", None),
        ("1", "0", None),
        ("1", "-2", None),
        ("100000000000000", "0.00000000000000000001", None),
    ],
)
def test_the_price_of_one(price: str, basis: str | None, expected: str | None) -> None:
    single = unit_price(Decimal(price), Decimal(basis) if basis else None)
    assert (str(single) if single is not None else None) == expected


def test_without_a_price_there_is_none() -> None:
    assert unit_price(None, Decimal(100)) is None
