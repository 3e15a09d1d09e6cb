"""Whether the amount of a line is its quantity times its price, as closely as the printed price can say."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from app.modules.imports.formats.arithmetic import CENT, ZERO

if TYPE_CHECKING:
    from app.modules.imports.domain.canonical import Line

_CENTS: Final = -2
NOT_SUMMED: Final = frozenset(["GROUP", "INFORMATION"])
"""How a line is marked that stands above others and is made of them, or is only told: in Factur-X (BT-X-8), and in its
French sister in UBL (EXT-FR-FE-163). ``DETAIL`` counts, like a line without a mark.
"""


def line_agrees(line: Line, price: Decimal | None = None, moved: Decimal = ZERO) -> bool:
    """Quantity × unit price = net amount; anything missing agrees.

    ``price`` is that of a piece after discounts; ``moved`` what is put on the whole line, or below zero taken off it.

    A price that was rounded to be printed may be half a digit off, and so many times over as there are pieces. The
    sign is free: in a credit note some writers turn the quantity and others the price, and not all turn the discount.
    """
    if line.quantity is None or line.unit_price is None or line.net_amount is None:
        return True
    exponent = line.unit_price.as_tuple().exponent
    half_a_digit = Decimal(5).scaleb(min(int(exponent), _CENTS) - 1)
    whole = line.quantity * (line.unit_price if price is None else price)
    computed = [whole + moved, whole - moved] if whole < 0 else [whole + moved]
    allowed = CENT + abs(line.quantity) * half_a_digit
    return any(abs(abs(amount) - abs(line.net_amount)) <= allowed for amount in computed)
