"""Which child serves whom: never one that has read files of another, and seldom at the price of a warm one."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from app.modules.imports.domain.pipeline import PIPELINE
from app.telemetry import observe_parser_wait

if TYPE_CHECKING:
    from app.modules.imports.adapters.sandbox.child_process import ChildProcess

_REST_SECONDS: Final = 0.05
"""Between two jobs of a slice a child waits for less; one that has waited longer is not needed just now."""
_PATIENCE_SECONDS: Final = 0.25
"""After so long a child of another is ended even between two of its jobs."""
LONGEST_WAIT_SECONDS: Final = max(spec.hard_limit for spec in PIPELINE).total_seconds()
"""No stage keeps a place for longer, so whoever has waited so long waits for one that nobody gives back."""


@dataclass(eq=False, slots=True)
class Place:
    """Room for one child, at work or idle."""

    child: ChildProcess | None = None
    turn: object | None = None
    """Whose it is; None where it is free. Giving it back is to set this: one step, which is done or is not."""
    since: float = 0.0
    """It has been free."""


class Places:
    """As many as there may be children. Thread-safe, and what is done twice is done once: whoever may have been
    interrupted while he gave a place back does so again.
    """

    def __init__(self, most: int, longest_wait: float = LONGEST_WAIT_SECONDS) -> None:
        self._places = [Place() for _ in range(most)]
        self._longest_wait = longest_wait
        # Entered and left as itself, never as the condition, which is Python: interrupted there, it would stay locked.
        # And one that may be entered twice, because a generator that is collected gives its place back in any line.
        self._lock = threading.RLock()
        self._changed = threading.Condition(self._lock)

    @property
    def idle(self) -> list[ChildProcess]:
        """Who served last is the last."""
        free = sorted(self._free(), key=lambda place: place.since)
        return [place.child for place in free if place.child is not None]

    @property
    def _busy(self) -> int:
        return len(self._places) - len(self._free())

    def take(self, turn: object, owner: str | None) -> Place:
        """The place of ``turn`` until it is given back. Its child has read files of this owner only, or none yet; or it
        has none; or, where there was no other way, that of another, who is to be ended. Raises ``TimeoutError``.
        """
        asked = time.monotonic()
        with self._lock:
            place = self._taken(turn, owner, asked)
        return place or self._waited_for(turn, owner, asked)

    def held_by(self, turn: object) -> Place | None:
        return next((place for place in self._places if place.turn is turn), None)

    def give_back(self, turn: object) -> None:
        """The place that was taken, if there is one, with the child that is in it."""
        with self._lock:
            place = self.held_by(turn)
            if place is not None:
                place.since = time.monotonic()
                place.turn = None
            self._changed.notify_all()

    def offer(self, child: ChildProcess) -> bool:
        """Keep one that nobody has taken yet; false where there is no place."""
        with self._lock:
            place = next((place for place in self._free() if place.child is None), None)
            if place is None:
                return False
            place.since = time.monotonic()
            place.child = child
            self._changed.notify_all()
            return True

    def clear(self) -> list[ChildProcess]:
        """All that are idle, to be ended."""
        with self._lock:
            idle = self.idle
            for place in self._free():
                place.child = None
            self._changed.notify_all()
            return idle

    def _free(self) -> list[Place]:
        return [place for place in self._places if place.turn is None]

    def _waited_for(self, turn: object, owner: str | None, asked: float) -> Place:
        try:
            with self._lock:
                while (place := self._taken(turn, owner, asked)) is None:
                    self._wait(asked)
                return place
        finally:
            observe_parser_wait(time.monotonic() - asked)

    def _wait(self, asked: float) -> None:
        left = asked + self._longest_wait - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._changed.wait(min([left, *(self._seconds_until_it_may_end(place, asked) for place in self._free())]))

    def _taken(self, turn: object, owner: str | None, asked: float) -> Place | None:
        place = self._best(owner, asked)
        if place is not None:
            place.turn = turn
        return place

    def _best(self, owner: str | None, asked: float) -> Place | None:
        free = self._free()
        fitting = [place for place in free if place.child is not None and place.child.owner in (owner, None)]
        if fitting:
            # Its own before one that is still anybody's, and the one that served last.
            return max(
                fitting, key=lambda place: (place.child is not None and place.child.owner is not None, place.since)
            )
        others = sorted(free, key=lambda place: (place.child is not None, place.since))
        if others and (others[0].child is None or self._seconds_until_it_may_end(others[0], asked) <= 0):
            return others[0]
        return None

    @staticmethod
    def _seconds_until_it_may_end(place: Place, asked: float) -> float:
        return min(place.since + _REST_SECONDS, asked + _PATIENCE_SECONDS) - time.monotonic()
