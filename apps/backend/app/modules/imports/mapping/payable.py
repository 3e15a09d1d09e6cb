"""Tells by arithmetic what a row prints: a total before or after what is withheld, a tax with its surcharge or alone.

Nothing is computed over a printed figure: a figure that belongs elsewhere is read there.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

_T = TypeVar("_T")

GROSS: Final = "totals.gross"
PAYABLE: Final = "totals.payable"
_NET: Final = "totals.net"
_TAX: Final = "totals.tax"
_WITHHELD: Final = "totals.withholding"
_SURCHARGE: Final = "taxes.0.surcharge_amount"
_WITHOUT_SURCHARGE: Final = "taxes.0.amount"
_MOST_RATES: Final = 10
_OF_TAX: Final = ("amount", "surcharge_amount")
_BASES: Final = tuple(f"taxes.{place}.base" for place in range(_MOST_RATES))
_AMOUNTS: Final = tuple(f"taxes.{place}.{key}" for place in range(_MOST_RATES) for key in _OF_TAX)
_ZERO: Final = Decimal(0)
_CENT: Final = Decimal("0.01")


def may_belong_to(paths: Collection[str]) -> tuple[str, ...]:
    """The fields that are none of ``paths``, and that a sum of theirs may turn out to belong to."""
    if GROSS not in paths:
        return ()
    payable = (PAYABLE,) if _WITHHELD in paths and PAYABLE not in paths else ()
    alone = (_WITHOUT_SURCHARGE,) if {_TAX, _SURCHARGE} <= {*paths} and _WITHOUT_SURCHARGE not in paths else ()
    return payable + alone


def belongs_to(values: Mapping[str, object], elsewhere: Collection[str]) -> dict[str, str]:
    """Field → the one of ``elsewhere`` that its sum belongs to; some write a withholding with a sign of its own."""
    net = _stated(values, (_NET,)) or _stated(values, _BASES)
    tax = _stated(values, (_TAX,)) if _TAX in values else _stated(values, _AMOUNTS)
    total = values.get(GROSS)
    if net is None or tax is None or not isinstance(total, Decimal):
        return {}
    withheld = (_stated(values, (_WITHHELD,)) or _ZERO) if PAYABLE in elsewhere else _ZERO
    surcharge = (_stated(values, (_SURCHARGE,)) or _ZERO) if _WITHOUT_SURCHARGE in elsewhere else _ZERO
    for taken in dict.fromkeys((_ZERO, withheld, -withheld)):
        for added in dict.fromkeys((_ZERO, surcharge)):
            if abs(net + tax + added - taken - total) <= _CENT:
                return {**({GROSS: PAYABLE} if taken else {}), **({_TAX: _WITHOUT_SURCHARGE} if added else {})}
    return {}


def with_sign_of_net(values: Mapping[str, object]) -> Mapping[str, object]:
    """The values with what is withheld as a part of the net sum: a minus before it only says that it is taken off."""
    net, withheld = values.get(_NET), values.get(_WITHHELD)
    if not (isinstance(net, Decimal) and isinstance(withheld, Decimal)) or net * withheld >= 0:
        return values
    return {**values, _WITHHELD: -withheld}


def moved(by_path: Mapping[str, _T], moves: Mapping[str, str]) -> dict[str, _T]:
    """The same with what stands at each moved field at its new one."""
    return {moves.get(path, path): found for path, found in by_path.items()}


def _stated(values: Mapping[str, object], paths: Iterable[str]) -> Decimal | None:
    found = [value for path in paths if isinstance(value := values.get(path), Decimal)]
    return sum(found[1:], found[0]) if found else None
