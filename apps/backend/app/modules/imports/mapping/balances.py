"""The arithmetic of a running balance: which way the rows run, where it opens and closes, and whether it holds."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

_CENT: Final = Decimal("0.005")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trail:
    """What the balances say. ``checks`` pairs of stated balances were compared, ``held`` of them agree."""

    newest_first: bool
    opening: Decimal | None
    closing: Decimal | None
    checks: int
    held: int
    spanned: range
    """The places, in the file's own order, from the first balance stated to the last: past them nothing is compared."""
    opens_stated: bool
    """The oldest movement states its balance."""
    closes_stated: bool
    """The newest movement states its balance."""

    @property
    def is_proved(self) -> bool:
        return 0 < self.checks == self.held

    def proves(self, place: int) -> bool:
        """Whether the balances prove the amount at a place of the file."""
        return self.is_proved and place in self.spanned


def count_held(amounts: Sequence[Decimal], balances: Sequence[Decimal | None]) -> tuple[int, int, int]:
    """How many neighbouring balances agree with the amounts, oldest first and newest first, out of how many."""
    total = list(accumulate(amounts, initial=Decimal(0)))
    stated = [(place, balance) for place, balance in enumerate(balances) if balance is not None]
    rising = falling = 0
    for (i, before), (j, after) in pairwise(stated):
        rising += abs(after - before - (total[j + 1] - total[i + 1])) < _CENT
        falling += abs(before - after - (total[j] - total[i])) < _CENT
    return rising, falling, max(len(stated) - 1, 0)


def follow_balance(amounts: Sequence[Decimal], balances: Sequence[Decimal | None], *, dates_fall: bool) -> Trail:
    """The trail of amounts and balances in the file's own order."""
    rising, falling, checks = count_held(amounts, balances)
    newest_first = falling > rising or (falling == rising and dates_fall)
    stated = [place for place, balance in enumerate(balances) if balance is not None]
    spanned = range(stated[0], stated[-1] + 1) if stated else range(0)
    from_first, to_last = 0 in spanned, len(balances) - 1 in spanned
    if newest_first:
        amounts, balances = amounts[::-1], balances[::-1]
    opening, closing = _ends(amounts, balances)
    held = falling if newest_first else rising
    return Trail(
        newest_first=newest_first,
        opening=opening,
        closing=closing,
        checks=checks,
        held=held,
        spanned=spanned,
        opens_stated=to_last if newest_first else from_first,
        closes_stated=from_first if newest_first else to_last,
    )


def _ends(amounts: Sequence[Decimal], balances: Sequence[Decimal | None]) -> tuple[Decimal | None, Decimal | None]:
    stated = [place for place, balance in enumerate(balances) if balance is not None]
    if not stated:
        return None, None
    first, last = stated[0], stated[-1]
    opening = _known(balances[first]) - sum(amounts[: first + 1], Decimal(0))
    closing = _known(balances[last]) + sum(amounts[last + 1 :], Decimal(0))
    return opening, closing


def _known(balance: Decimal | None) -> Decimal:
    assert balance is not None
    return balance


def signs_by_balance(
    amounts: Sequence[Decimal], balances: Sequence[Decimal | None], opening: Decimal | None
) -> tuple[Decimal, ...] | None:
    """Amounts whose signs are doubtful, signed by the steps of the balance (oldest first, then newest first); None when
    they are no steps of it. The movement before which no balance is known keeps its sign.
    """
    if len(amounts) < 2 or any(balance is None for balance in balances):  # noqa: PLR2004  (one has no neighbour)
        return None
    stated = [_known(balance) for balance in balances]
    forward = _signed(amounts, stated, opening)
    if forward is not None:
        return forward
    backward = _signed(amounts[::-1], stated[::-1], opening)
    return None if backward is None else backward[::-1]


def _signed(
    amounts: Sequence[Decimal], balances: Sequence[Decimal], opening: Decimal | None
) -> tuple[Decimal, ...] | None:
    signed: list[Decimal] = []
    before = opening
    for amount, balance in zip(amounts, balances, strict=True):
        step = amount if before is None else balance - before
        if abs(abs(step) - abs(amount)) >= _CENT:
            return None
        signed.append(amount.copy_sign(step))
        before = balance
    return tuple(signed)
