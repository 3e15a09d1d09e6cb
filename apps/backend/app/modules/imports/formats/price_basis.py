"""The price of one unit where a price is stated for several (EN 16931 BT-146 over BT-149)."""

from __future__ import annotations

from decimal import Decimal

_EXACT = Decimal(1).scaleb(-10)
_LARGEST = Decimal(10) ** 15


def unit_price(price: Decimal | None, basis: Decimal | None) -> Decimal | None:
    """``31.00`` for 100 is ``0.31``; absent when the division does not come out even, since nothing is rounded here."""
    if price is None or basis is None or basis == 1:
        return price
    if basis <= 0 or abs(price / basis) >= _LARGEST:
        return None
    single = (price / basis).quantize(_EXACT)
    if single * basis != price:
        return None
    exponent = -min(0, int(single.normalize().as_tuple().exponent))
    return single.quantize(Decimal(1).scaleb(-exponent))
