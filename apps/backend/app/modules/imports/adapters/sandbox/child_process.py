"""One child of the sandbox as its parent sees it: started, asked, listened to within a deadline, and killed."""

from __future__ import annotations

import fcntl
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.modules.imports.adapters.sandbox.frames import FrameBroken, FrameTimeout, read_frame, send_frame
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
        self.jobs = 0
        self.is_clean = False
        self._room = Room(rooms)
        try:
            self._process = launch(self._room)
        except BaseException:
            self._room.leave()
            raise
        try:
            _widen(self._process.stdout.fileno())
            self.walls: list[str] = self._answer(time.monotonic() + _START_SECONDS)["walls"]
        except BaseException:
            self.kill()  # whatever interrupted it: nobody else knows of this process yet
            raise
        self.is_clean = True

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
        self._ask({"job": job, "arguments": arguments, "cpu_seconds": seconds * _CORES_PER_JOB}, deadline)
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

    def _ask(self, message: dict[str, Any], deadline: float) -> None:
        with self._blamed():
            send_frame(self._process.stdin.fileno(), message, deadline)

    def _answer(self, deadline: float) -> dict[str, Any]:
        with self._blamed():
            answer = read_frame(self._process.stdout.fileno(), deadline)
            if not isinstance(answer, dict):
                raise FrameBroken("the reader sent no answer")
            return answer

    @contextmanager
    def _blamed(self) -> Iterator[None]:
        """A child that does not listen, or does not speak, is ended."""
        try:
            yield
        except FrameTimeout as error:
            self.kill()
            raise Transient("time_limit", "reading took too long") from error
        except (FrameBroken, OSError) as error:
            self.kill()
            raise Transient("resource", str(error)) from error

    def kill(self) -> None:
        """Doing it again does nothing, or what is left where it was interrupted."""
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
