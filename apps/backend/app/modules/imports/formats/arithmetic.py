"""Whether the figures of a document agree with each other, within the rounding that suppliers practise.

A cent a line, never above five cents in all; anything missing agrees with everything.
"""

from __future__ import annotations

from decimal import Decimal
from itertools import combinations
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

CENT = Decimal("0.01")
ROUNDING = Decimal("0.05")
VAT_ROUNDING = Decimal(1)
"""EN 16931 BR-CO-17 as its schematron has it: base × rate may miss the stated VAT by less than one unit."""
ZERO = Decimal(0)


def total(values: Iterable[Decimal | None]) -> Decimal | None:
    """The sum of those that are stated; None when none is."""
    stated = [value for value in values if value is not None]
    return sum(stated, ZERO) if stated else None


def moved(start: Decimal | None, minus: Decimal | None, plus: Decimal | None) -> Decimal | None:
    """The start less the one plus the other, each nothing when absent; None without a start."""
    return None if start is None else start - (minus or ZERO) + (plus or ZERO)


def rounding(rows: int, profile: str = "") -> Decimal:
    """How far sums over so many amounts may be off; in EXTENDED, and its French sister, a cent each (FXEXT-CO-10)."""
    off = CENT * max(rows, 1)
    return off if "extended" in profile else min(off, ROUNDING)


def agree(computed: Decimal | None, stated: Decimal | None, allowed: Decimal = CENT) -> bool:
    return computed is None or stated is None or abs(computed - stated) <= allowed


def agree_with_some(
    computed: Decimal | None, stated: Decimal | None, extras: Sequence[Decimal], allowed: Decimal = ROUNDING
) -> bool:
    """Agrees after adding some of the extras: amounts that one writer counts in and the next leaves out."""
    if computed is None:
        return True
    known = [extra for extra in extras if extra]
    chosen = (sum(some, computed) for size in range(len(known) + 1) for some in combinations(known, size))
    return any(agree(candidate, stated, allowed) for candidate in chosen)


def rate_agrees(
    base: Decimal | None, rate: Decimal | None, amount: Decimal | None, allowed: Decimal = ROUNDING
) -> bool:
    """Base × rate % = amount. The sign is free: some writers turn only one of the two in a credit note."""
    if base is None or rate is None or amount is None:
        return True
    return abs(abs(base * rate / 100) - abs(amount)) <= allowed
