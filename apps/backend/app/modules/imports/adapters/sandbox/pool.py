"""Warm, disposable children for everything that parses bytes from outside."""

from __future__ import annotations

import os
import tempfile
import time
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from app.modules.imports.adapters.sandbox.child_process import ChildProcess
from app.modules.imports.adapters.sandbox.launching import launcher
from app.modules.imports.adapters.sandbox.owners import one_owner
from app.modules.imports.adapters.sandbox.places import Places
from app.modules.imports.adapters.sandbox.room import remove_abandoned
from app.modules.imports.domain.errors import Transient

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

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
    ) -> None:
        self._launcher = launcher(memory_bytes)
        self._rooms = rooms or Path(tempfile.gettempdir()) / f"imports-rooms-{os.getuid()}"
        remove_abandoned(self._rooms)
        self._owner_of = owner_of
        self._walls: list[str] | None = None
        self._places = Places(children)

    def call(self, job: str, arguments: dict[str, Any], *, seconds: float) -> Any:  # noqa: ANN401  (JSON)
        """The result of one job. Raises what the job raised (``ImportsError``), ``Transient('time_limit')`` when it
        took too long and ``Transient('resource')`` when it took its child down.
        """
        until = time.monotonic() + seconds
        result = None
        with closing(self.stream(job, arguments, seconds=seconds)) as answers:
            for answer in answers:
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
        with self._child(owner) as child:
            yield from child.run(job, arguments, seconds)

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

    @contextmanager
    def _child(self, owner: str | None) -> Iterator[ChildProcess]:
        child = self._places.take(owner)
        try:
            child = self._living(child)
            child.owner = child.owner if owner is None else owner
            yield child
        finally:
            keep = child is not None and child.is_clean and child.jobs < _JOBS_PER_CHILD
            try:
                if child is not None and not keep:
                    child.kill()
            finally:
                self._places.give_back(child if keep else None)

    def _living(self, child: ChildProcess | None) -> ChildProcess:
        if child is not None:
            if child.is_alive():
                return child
            child.kill()
        return self._start()

    def _start(self) -> ChildProcess:
        child = ChildProcess(self._launcher.launch, self._rooms)
        self._walls = child.walls
        return child
