"""One child of the sandbox as its parent sees it: started, asked, listened to within a deadline, and killed."""

from __future__ import annotations

import fcntl
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.modules.imports.adapters.sandbox.frames import FrameBroken, FrameTimeout, read_frame, write_frame
from app.modules.imports.adapters.sandbox.room import Room
from app.modules.imports.domain.errors import ImportsError, Terminal, Transient

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from app.modules.imports.adapters.sandbox.launching import Launched

_START_SECONDS = 30.0
_CORES_PER_JOB = 2
_PIPE_BYTES = 1024 * 1024
"""What Linux lets any user have (/proc/sys/fs/pipe-max-size)."""


class ChildProcess:
    """One process. ``is_clean`` is false from the start of a job until its last frame came."""

    def __init__(self, launch: Callable[[Room], Launched], rooms: Path) -> None:
        self.owner: str | None = None
        """Whose files it has read; None as long as it has read none."""
        self._room = Room(rooms)
        try:
            self._process = launch(self._room)
        except BaseException:
            self._room.leave()
            raise
        _widen(self._process.stdout.fileno())
        self.jobs = 0
        self.is_clean = False
        self.walls = self._first_answer()
        self.is_clean = True

    def _first_answer(self) -> list[str]:
        try:
            walls: list[str] = self._answer(time.monotonic() + _START_SECONDS)["walls"]
        except BaseException:
            self.kill()  # whatever interrupted it: nobody else knows of this process yet
            raise
        return walls

    @property
    def pid(self) -> int:
        return self._process.pid

    def is_alive(self) -> bool:
        return self._process.is_alive()

    def run(self, job: str, arguments: dict[str, Any], seconds: float) -> Iterator[Any]:
        if "path" not in arguments:
            yield from self._run(job, arguments, seconds)
            return
        with self._room.lent(Path(arguments["path"])) as lent:
            yield from self._run(job, {**arguments, "path": str(lent)}, seconds)

    def _run(self, job: str, arguments: dict[str, Any], seconds: float) -> Iterator[Any]:
        self.jobs += 1
        self.is_clean = False
        deadline = time.monotonic() + seconds
        try:
            limits = {"cpu_seconds": seconds * _CORES_PER_JOB}
            write_frame(self._process.stdin, {"job": job, "arguments": arguments, **limits})
        except OSError as error:
            raise Transient("resource", "the reader ended") from error
        while True:
            answer = self._answer(deadline)
            if "part" in answer:
                yield answer["part"]
                continue
            self._room.clear()
            self.is_clean = True
            if "error" in answer:
                raise _error(answer["error"])
            yield answer.get("result")
            return

    def _answer(self, deadline: float) -> dict[str, Any]:
        try:
            answer = read_frame(self._process.stdout.fileno(), deadline)
        except FrameTimeout as error:
            self.kill()
            raise Transient("time_limit", "reading took too long") from error
        except FrameBroken as error:
            self.kill()
            raise Transient("resource", str(error)) from error
        if not isinstance(answer, dict):
            self.kill()
            raise Transient("resource", "the reader sent no answer")
        return answer

    def kill(self) -> None:
        self.is_clean = False
        self._process.end()
        for stream in (self._process.stdin, self._process.stdout):
            with suppress(OSError):
                stream.close()
        self._room.leave()


def _widen(pipe: int) -> None:
    """So that a child writes a whole part and reads on, while its parent is still at the part before."""
    with suppress(OSError, AttributeError):  # more than this user may have, or another system than Linux
        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)


def _error(error: dict[str, str]) -> ImportsError:
    kind = Terminal if error.get("kind") == "terminal" else Transient
    return kind(str(error.get("code", "unexpected_error")), str(error.get("detail", "")))
