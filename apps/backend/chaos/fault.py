"""What a fault is, and what one run of it showed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from chaos.trial import Trial

LEASE: Final = 1.5
SWEEP: Final = 0.5
BACKOFF: Final = 0.2
DEAF: Final = 8.0
MARGIN: Final = 2.0
"""What the promise leaves for a process to start and a ring to be heard, however short lease and sweep are."""
PROMISE: Final = LEASE + SWEEP + MARGIN


class NotPossible(Exception):
    """This machine cannot do it; says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One row of the matrix. ``inject`` feeds documents, does harm, undoes it, and answers the recoveries in seconds:
    from the end of each harm to the moment when work went on. It fails by ``AssertionError``.
    """

    id: str
    title: str
    inject: Callable[[Trial], Sequence[float]]
    bound: float | None = PROMISE
    rated: bool = True
    """Whether the rate before and after is compared."""
    alone: bool = False
    """Whether its bound says how fast something is, and not when it goes on: nothing may be at work beside it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What one run of a fault showed."""

    seed: int
    items: int = 0
    lost: int = 0
    duplicated: int = 0
    recoveries: tuple[float, ...] = ()
    bound: float | None = None
    """Where it depends on what was measured in this run."""
    rate: float | None = None
    """Of the rate before, once the fault is over."""
    wrong: tuple[str, ...] = ()
    impossible: str = ""

    @property
    def is_broken(self) -> bool:
        return bool(self.lost or self.duplicated or self.wrong)

    @property
    def is_late(self) -> bool:
        return self.bound is not None and max(self.recoveries, default=0.0) > self.bound
