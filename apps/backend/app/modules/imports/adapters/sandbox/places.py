"""Which child serves whom: never one that has read files of another, and seldom at the price of a warm one."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from app.modules.imports.adapters.sandbox.child_process import ChildProcess

_REST_SECONDS: Final = 0.05
"""Between two jobs of a slice a child waits for less; one that has waited longer is not needed just now."""
_PATIENCE_SECONDS: Final = 0.25
"""After so long a child of another is ended even between two of its jobs."""


@dataclass(frozen=True, slots=True)
class _Idle:
    child: ChildProcess
    since: float = field(default_factory=time.monotonic)


class Places:
    """As many as there may be children, at work and idle together. Thread-safe."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._busy = 0
        self._idle: list[_Idle] = []
        """Who has waited longest is the first."""
        self._changed = threading.Condition()

    @property
    def idle(self) -> list[ChildProcess]:
        """Who served last is the last."""
        return [entry.child for entry in self._idle]

    def take(self, owner: str | None) -> ChildProcess | None:
        """A child that has read files of this owner only, or none yet; None where a new one has its place. For that one
        of another owner is ended, where there is no other way.
        """
        asked = time.monotonic()
        with self._changed:
            while True:
                child = self._fitting(owner)
                if child is not None or len(self._idle) + self._busy < self._most:
                    self._busy += 1
                    return child
                wait = self._seconds_until_one_may_end(asked)
                if wait is not None and wait <= 0:
                    self._busy += 1
                    ended = self._idle.pop(0).child
                    break
                self._changed.wait(wait)
        try:
            ended.kill()
        except BaseException:
            self.give_back(None)
            raise
        return None

    def give_back(self, child: ChildProcess | None) -> None:
        """The place of one that was taken, with the child where it may serve again."""
        with self._changed:
            self._busy -= 1
            if child is not None:
                self._idle.append(_Idle(child))
            self._changed.notify_all()

    def offer(self, child: ChildProcess) -> bool:
        """Keep one that nobody has taken yet; false where there is no place."""
        with self._changed:
            fits = len(self._idle) + self._busy < self._most
            if fits:
                self._idle.append(_Idle(child))
                self._changed.notify_all()
            return fits

    def clear(self) -> list[ChildProcess]:
        """All that are idle, to be ended."""
        with self._changed:
            idle, self._idle = self.idle, []
            self._changed.notify_all()
            return idle

    def _fitting(self, owner: str | None) -> ChildProcess | None:
        fitting = [entry for entry in self._idle if entry.child.owner in (owner, None)]
        if not fitting:
            return None
        # Its own before one that is still anybody's, and the one that served last.
        entry = max(fitting, key=lambda entry: (entry.child.owner is not None, entry.since))
        self._idle.remove(entry)
        return entry.child

    def _seconds_until_one_may_end(self, asked: float) -> float | None:
        if not self._idle:
            return None
        return min(self._idle[0].since + _REST_SECONDS, asked + _PATIENCE_SECONDS) - time.monotonic()
