"""Chance that repeats: everything drawn or invented hangs on one seed."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

T = TypeVar("T")


class Chance(random.Random):
    """A source of chance, seeded by words, with the questions that the generator asks."""

    def likely(self, share: float) -> bool:
        """True in this share of all cases."""
        return self.random() < share

    def digits(self, count: int) -> str:
        """So many digits, the first one not a zero."""
        return str(self.randint(1, 9)) + "".join(str(self.randint(0, 9)) for _ in range(count - 1))

    def weighted(self, shares: Mapping[str, float]) -> str:
        """One of the keys, as often as its weight says."""
        return self.choices(list(shares), list(shares.values()))[0]

    def some(self, things: Sequence[T], fewest: int, most: int) -> list[T]:
        """Several different ones, in their order."""
        places = sorted(self.sample(range(len(things)), min(len(things), self.randint(fewest, most))))
        return [things[place] for place in places]
