"""Tells a printed total from which a withholding is already taken off (the sum to be paid) from the gross total."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

_T = TypeVar("_T")

GROSS: Final = "totals.gross"
PAYABLE: Final = "totals.payable"
_PARTS: Final = ("totals.net", "totals.tax", "totals.withholding")
_CENT: Final = Decimal("0.01")


def may_be_payable(paths: Collection[str]) -> bool:
    """Whether rows with these fields print one total only, and all that tells which of the two it is."""
    return PAYABLE not in paths and all(path in paths for path in (GROSS, *_PARTS))


def is_payable(values: Mapping[str, object]) -> bool:
    """Whether net + tax − withholding is the printed total; some write the withholding with a sign of its own."""
    net, tax, withheld, total = (values.get(path) for path in (*_PARTS, GROSS))
    if not (isinstance(net, Decimal) and isinstance(tax, Decimal) and isinstance(total, Decimal)):
        return False
    if not isinstance(withheld, Decimal) or abs(net + tax - total) <= _CENT:
        return False
    return min(abs(net + tax - withheld - total), abs(net + tax + withheld - total)) <= _CENT


def with_sign_of_net(values: Mapping[str, object]) -> Mapping[str, object]:
    """The values with what is withheld as a part of the net sum: a minus before it only says that it is taken off."""
    net, withheld = values.get(_PARTS[0]), values.get(_PARTS[-1])
    if not (isinstance(net, Decimal) and isinstance(withheld, Decimal)) or net * withheld >= 0:
        return values
    return {**values, _PARTS[-1]: -withheld}


def as_payable(by_path: Mapping[str, _T]) -> dict[str, _T]:
    """What stands at the gross total, at the one to be paid."""
    return {PAYABLE if path == GROSS else path: found for path, found in by_path.items()}
