"""Warm, disposable children for everything that parses bytes from outside."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog

from app.modules.imports.adapters.sandbox.frames import FrameBroken, FrameTimeout, read_frame, write_frame
from app.modules.imports.adapters.sandbox.room import Room, remove_abandoned
from app.modules.imports.domain.errors import ImportsError, Terminal, Transient

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

log = structlog.get_logger()

_START_SECONDS = 30.0
_JOBS_PER_CHILD = 300
_CORES_PER_JOB = 2
_PIPE_BYTES = 1024 * 1024
"""What Linux lets any user have (/proc/sys/fs/pipe-max-size)."""
_PASSED_ON = (
    *("IMPORTS_MODEL_DIR", "IMPORTS_OCR_ENGINE", "IMPORTS_OCR_LANGUAGES"),
    *("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"),
)


class Sandbox:
    """A pool of children. Thread-safe; each child serves one job at a time.

    A job's ``path`` is lent to the child's own room, under the same name; of other files the child sees nothing.
    """

    def __init__(self, *, children: int = 2, memory_bytes: int = 3 * 1024**3, rooms: Path | None = None) -> None:
        self._memory_bytes = memory_bytes
        self._rooms = rooms or Path(tempfile.gettempdir()) / f"imports-rooms-{os.getuid()}"
        remove_abandoned(self._rooms)
        self._walls: list[str] | None = None
        self._idle: list[_Child] = []
        self._lock = threading.Lock()
        self._places = threading.BoundedSemaphore(children)

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
        """The parts of a job as they come; the last element is its result. Not read to the end, its child is ended."""
        with self._child() as child:
            yield from child.run(job, arguments, seconds)

    def walls(self) -> list[str]:
        """Names of the walls that stand around the children on this host."""
        if self._walls is None:
            with self._child() as child:
                self._walls = child.walls
        return self._walls

    def close(self) -> None:
        with self._lock:
            children, self._idle = self._idle, []
        for child in children:
            child.kill()

    @contextmanager
    def _child(self) -> Iterator[_Child]:
        with self._places:
            child = self._take()
            try:
                yield child
            finally:
                self._give_back(child)

    def _take(self) -> _Child:
        while True:
            with self._lock:
                child = self._idle.pop() if self._idle else None
            if child is None:
                return _Child(self._memory_bytes, self._rooms)
            if child.is_alive():
                return child
            child.kill()

    def _give_back(self, child: _Child) -> None:
        if child.is_clean and child.jobs < _JOBS_PER_CHILD:
            with self._lock:
                self._idle.append(child)
        else:
            child.kill()


class _Child:
    """One process. ``is_clean`` is false from the start of a job until its last frame came."""

    def __init__(self, memory_bytes: int, rooms: Path) -> None:
        self._room = Room(rooms)
        environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        command = [sys.executable, "-I", "-m", "app.modules.imports.adapters.sandbox.child"]
        self._process = subprocess.Popen(  # noqa: S603  (our own module)
            [*command, str(memory_bytes), str(self._room.path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={"LANG": "C.UTF-8", "OMP_NUM_THREADS": "1", "TMPDIR": str(self._room.work), **environment},
            cwd=self._room.work,
            start_new_session=True,
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._stdin, self._stdout = self._process.stdin, self._process.stdout
        _widen(self._stdout.fileno())
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

    def is_alive(self) -> bool:
        return self._process.poll() is None

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
            write_frame(self._stdin, {"job": job, "arguments": arguments, **limits})
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
            answer = read_frame(self._stdout.fileno(), deadline)
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
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        for stream in (self._stdin, self._stdout):
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
