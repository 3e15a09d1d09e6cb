"""Warm, disposable children for everything that parses bytes from outside."""

from __future__ import annotations

import os
import tempfile
import time
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from app.modules.imports.adapters.sandbox.child_process import ChildProcess
from app.modules.imports.adapters.sandbox.launching import launcher
from app.modules.imports.adapters.sandbox.owners import one_owner
from app.modules.imports.adapters.sandbox.places import LONGEST_WAIT_SECONDS, Places
from app.modules.imports.adapters.sandbox.room import remove_abandoned
from app.modules.imports.domain.errors import Transient

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

_JOBS_PER_CHILD: Final = 300
_NEED_THE_ENGINE: Final = frozenset({"engine_version", "pages", "extract", "page_picture"})


class Sandbox:
    """A pool of children. Thread-safe; each child serves one job at a time, and the files of one owner.

    A job's ``path`` is lent to the child's own room, under the same name; of other files the child sees nothing. What a
    file may have made of the child that read it, it is for its owner alone: ``owner_of`` tells who that is.
    """

    def __init__(
        self,
        *,
        children: int = 2,
        memory_bytes: int = 3 * 1024**3,
        rooms: Path | None = None,
        owner_of: Callable[[Path], str] = one_owner,
        longest_wait: float = LONGEST_WAIT_SECONDS,
    ) -> None:
        self._launcher = launcher(memory_bytes)
        self._rooms = rooms or Path(tempfile.gettempdir()) / f"imports-rooms-{os.getuid()}"
        remove_abandoned(self._rooms)
        self._owner_of = owner_of
        self._walls: list[str] | None = None
        self._places = Places(children, longest_wait)

    def call(self, job: str, arguments: dict[str, Any], *, seconds: float) -> Any:  # noqa: ANN401  (JSON)
        """The result of one job. Raises what the job raised (``ImportsError``), ``Transient('time_limit')`` when it
        took too long and ``Transient('resource')`` when it took its child down, or no child was to be had.
        """
        result, until = None, 0.0
        with closing(self.stream(job, arguments, seconds=seconds)) as answers:
            for answer in answers:
                # From the first answer on: before it, the child keeps the time, and no job is charged for its waiting.
                until = until or time.monotonic() + seconds
                if time.monotonic() > until:  # a child that always has something to say is never waited for
                    raise Transient("time_limit", "reading took too long")
                result = answer
        return result

    def stream(self, job: str, arguments: dict[str, Any], *, seconds: float) -> Generator[Any]:
        """The parts of a job as they come; the last element is its result. Not read to the end, its child is ended when
        this is closed, and only then is there room for another.
        """
        owner = self._owner_of(Path(arguments["path"])) if "path" in arguments else None
        self._launcher.needs_engine |= job in _NEED_THE_ENGINE
        turn = object()
        try:
            try:
                child = self._child(turn, owner)
                yield from child.run(job, arguments, seconds)
            finally:
                self._leave(turn)
        finally:
            # The limit of a stage is raised wherever its process just is: whoever was leaving then has not left.
            self._leave(turn)

    def walls(self) -> list[str]:
        """Names of the walls that stand around the children on this host. Waits for no job."""
        if self._walls is None:
            child = self._start()
            if not self._places.offer(child):
                child.kill()
            return child.walls
        return self._walls

    def close(self) -> None:
        for child in self._places.clear():
            child.kill()
        self._launcher.close()

    def _child(self, turn: object, owner: str | None) -> ChildProcess:
        try:
            place = self._places.take(turn, owner)
        except (TimeoutError, Transient) as error:  # the latter: its stage's limit, met while nothing of it was read
            raise Transient("resource", "no reader came free") from error
        child = place.child
        if child is not None and not _may_serve(child, owner):
            child.kill()
            child = None
        if child is None:
            child = place.child = self._start()
        child.owner = child.owner if owner is None else owner
        return child

    def _leave(self, turn: object) -> None:
        """Doing it again does nothing."""
        place = self._places.held_by(turn)
        if place is not None and place.child is not None and not _is_reusable(place.child):
            with suppress(OSError):  # what cannot be ended costs no place
                place.child.kill()
            place.child = None
        self._places.give_back(turn)

    def _start(self) -> ChildProcess:
        try:
            child = ChildProcess(self._launcher.launch, self._rooms)
        except OSError as error:  # no room on the disk, too many files or processes
            raise Transient("resource", "no child could be started") from error
        self._walls = child.walls
        return child


def _is_reusable(child: ChildProcess) -> bool:
    return child.is_clean and child.jobs < _JOBS_PER_CHILD


def _may_serve(child: ChildProcess, owner: str | None) -> bool:
    return child.owner in (owner, None) and _is_reusable(child) and child.is_alive()
