"""How a child comes into being: forked from a template that has everything loaded or, where it cannot, started anew."""

from __future__ import annotations

import os
import select
import signal
import socket
import subprocess
import sys
import threading
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Final, Protocol

from app.modules.imports.domain.errors import Transient

if TYPE_CHECKING:
    from app.modules.imports.adapters.sandbox.room import Room

_ANSWER_SECONDS: Final = 30.0
_END_MILLISECONDS: Final = 10_000
_LONGEST_NUMBER: Final = 32
WITH_ENGINE, WITHOUT_ENGINE = "with-engine", "without-engine"
"""What the template has loaded before it forks."""
_PASSED_ON: Final = (
    *("IMPORTS_MODEL_DIR", "IMPORTS_OCR_ENGINE", "IMPORTS_OCR_LANGUAGES"),
    *("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"),
)


class Launched(Protocol):
    """A child's process, with the pipes to it."""

    pid: int
    stdin: IO[bytes]
    stdout: IO[bytes]

    def is_alive(self) -> bool: ...
    def end(self) -> None:
        """Kill it, with what it may have started, and wait until it is gone."""


class Launcher(Protocol):
    """Brings children into being. Thread-safe."""

    needs_engine: bool
    """Set, children come with the engine that reads pages; without it, they load it when they are asked to."""

    def launch(self, room: Room) -> Launched:
        """Raises ``Transient('resource')``."""

    def close(self) -> None: ...


def launcher(memory_bytes: int) -> Launcher:
    """The quickest that this host has."""
    try:
        os.close(os.pidfd_open(os.getpid()))
    except (AttributeError, OSError):  # not Linux, or before 5.3
        return Starter(memory_bytes)
    return Template(memory_bytes)


class Template:
    """Children are forked. The template starts with the first of them, and again should it have ended."""

    def __init__(self, memory_bytes: int) -> None:
        self.needs_engine = False
        self._memory_bytes = memory_bytes
        self._process: subprocess.Popen[bytes] | None = None
        self._asked: socket.socket | None = None
        self._lock = threading.Lock()

    @property
    def pid(self) -> int | None:
        """The template's own; None while there is none."""
        return None if self._process is None else self._process.pid

    def launch(self, room: Room) -> Launched:
        with self._lock:
            try:
                if self._process is None or self._process.poll() is not None:
                    self._end()
                    self._start()
                child = self._forked(room)
            except BaseException as error:
                # Interrupted, too: its answer, still to come, would be taken for that of the next request.
                self._end()
                if isinstance(error, OSError):
                    raise Transient("resource", "no child could be started") from error
                raise
        if child is None:
            raise Transient("resource", "no child could be started")
        return child

    def close(self) -> None:
        with self._lock:
            self._end()

    def _start(self) -> None:
        self._asked, other = socket.socketpair()
        self._asked.settimeout(_ANSWER_SECONDS)
        with other:
            self._process = subprocess.Popen(  # noqa: S603  (our own module)
                [*_command("child_template"), str(self._memory_bytes), str(other.fileno())],
                pass_fds=[other.fileno()],
                env=_environment(),
                start_new_session=True,
            )

    def _forked(self, room: Room) -> Forked | None:
        """None where the template lives, and its child does not."""
        assert self._asked is not None
        with ExitStack() as opened:
            theirs_in, stdin = _pipe(opened)
            stdout, theirs_out = _pipe(opened)
            request = f"{WITH_ENGINE if self.needs_engine else WITHOUT_ENGINE} {room.path}"
            socket.send_fds(self._asked, [os.fsencode(request)], [theirs_in.fileno(), theirs_out.fileno()])
            told, descriptors, _, _ = socket.recv_fds(self._asked, _LONGEST_NUMBER, 1)
            if not told:
                raise ConnectionError("the template ended")
            if not descriptors:
                return None
            theirs_in.close()
            theirs_out.close()
            opened.pop_all()
            return Forked(int(told), descriptors[0], stdin, stdout)

    def _end(self) -> None:
        if self._asked is not None:
            self._asked.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._asked = self._process = None


@dataclass(slots=True)
class Forked:
    """A child of the template, held by a descriptor of its process."""

    pid: int
    descriptor: int
    stdin: IO[bytes]
    stdout: IO[bytes]

    def is_alive(self) -> bool:
        return self.descriptor >= 0 and not self._ends_within(0)

    def end(self) -> None:
        if self.descriptor < 0:
            return
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self.descriptor, signal.SIGSTOP)  # its number stays its own for the next line
            os.killpg(self.pid, signal.SIGKILL)
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self.descriptor, signal.SIGKILL)
        self._ends_within(_END_MILLISECONDS)
        descriptor, self.descriptor = self.descriptor, -1  # first, so that nothing closes it twice
        os.close(descriptor)

    def _ends_within(self, milliseconds: int) -> bool:
        ended = select.poll()
        ended.register(self.descriptor, select.POLLIN)
        return bool(ended.poll(milliseconds))


class Starter:
    """Each child is a program of its own, and loads what it needs."""

    def __init__(self, memory_bytes: int) -> None:
        self.needs_engine = False
        self._memory_bytes = memory_bytes

    def launch(self, room: Room) -> Launched:
        process = subprocess.Popen(  # noqa: S603  (our own module)
            [*_command("child"), str(self._memory_bytes), str(room.path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=_environment() | {"TMPDIR": str(room.work)},
            cwd=room.work,
            start_new_session=True,
        )
        assert process.stdin is not None
        assert process.stdout is not None
        return Started(process.pid, process, process.stdin, process.stdout)

    def close(self) -> None:
        """Nothing is kept."""


@dataclass(slots=True)
class Started:
    """A child of this process itself."""

    pid: int
    process: subprocess.Popen[bytes]
    stdin: IO[bytes]
    stdout: IO[bytes]

    def is_alive(self) -> bool:
        return self.process.poll() is None

    def end(self) -> None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        self.process.wait()


def _pipe(opened: ExitStack) -> tuple[IO[bytes], IO[bytes]]:
    """What is written to the second is read from the first."""
    reading, writing = os.pipe()
    return opened.enter_context(os.fdopen(reading, "rb")), opened.enter_context(os.fdopen(writing, "wb"))


def _command(module: str) -> list[str]:
    return [sys.executable, "-I", "-m", f"{__package__}.{module}"]


def _environment() -> dict[str, str]:
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return {"LANG": "C.UTF-8", "OMP_NUM_THREADS": "1", **environment}
