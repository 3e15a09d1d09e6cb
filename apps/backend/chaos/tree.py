"""The processes under test: the worker tree and the API, started as the commands start them, heard from, and killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.error import URLError
from urllib.request import urlopen

from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from app.crashpoints import release
from app.modules.imports.application.tests.worker_site import descendants
from app.modules.imports.domain.pipeline import PIPELINE
from chaos.servers import free_port

if TYPE_CHECKING:
    from collections.abc import Sequence

    from celery import Celery

_BACKEND: Final = Path(__file__).parents[1]
_WORKER_MAIN: Final = "app.modules.imports.application.worker_main"
_START_SECONDS: Final = 90.0
_STOP_SECONDS: Final = 25.0
_LOOK: Final = 0.02
_READER: Final = "adapters.sandbox.child"
_TEMPLATE: Final = "adapters.sandbox.child_template"
"""A child that was forked has the command of its template."""
_TAIL: Final = 3_000
WORKERS: Final = len(PIPELINE) + 1
POINTS: Final = (
    *(f"{moment}:{spec.name}" for spec in PIPELINE for moment in ("claimed", "worked", "settling")),
    *(f"express:{spec.name}" for spec in PIPELINE[:-1]),
    "settling:express",
)


@dataclass(slots=True)
class Program:
    """One command with its environment and log; ``kill`` ends it with everything below it."""

    command: list[str]
    environment: dict[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 [our own modules]
                [sys.executable, "-m", *self.command],
                cwd=_BACKEND,
                env={**os.environ, **self.environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def stop(self) -> float:
        """SIGTERM; how many seconds the end took."""
        assert self.process is not None
        began = time.monotonic()
        self.process.terminate()
        try:
            self.process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
        return time.monotonic() - began

    def kill(self) -> None:
        assert self.process is not None
        for pid in [self.pid, *descendants(self.pid)]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def tail(self) -> str:
        return self.log.read_text("utf-8", "replace")[-_TAIL:]


class Tree(Program):
    """The workers. Every crash point is there, spent; ``arm`` makes one hold whoever comes to it next."""

    def __init__(
        self, environment: dict[str, str], directory: Path, *, concurrency: int | None, queues: Sequence[str] = ()
    ) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self._marks = directory
        for point in POINTS:
            self._mark(point).touch()
        armed = {"IMPORTS_CRASH_AT": ",".join(POINTS), "IMPORTS_CRASH_DIR": str(directory)}
        super().__init__(
            [
                _WORKER_MAIN,
                *(["--concurrency", str(concurrency)] if concurrency else []),
                *(["--queues", ",".join(queues)] if queues else []),
            ],
            {**environment, **armed, "IMPORTS_CRASH_ACTION": "hold"},
            directory.with_suffix(".log"),
        )

    def await_workers(self, celery: Celery, workers: int = WORKERS) -> None:
        """Until so many answer the broker: one for each queue, unless there are other trees."""
        deadline = time.monotonic() + _START_SECONDS
        while workers_heard(celery, workers) < workers:
            if not self.is_running() or time.monotonic() > deadline:
                raise RuntimeError(f"the workers did not all come up\n{self.tail()}")

    def arm(self, *points: str) -> None:
        for point in points:
            self._mark(point).unlink(missing_ok=True)

    def release(self, point: str) -> None:
        """Whoever holds there goes on."""
        release(self._mark(point))

    def disarm(self) -> None:
        """All points are spent again."""
        for point in POINTS:
            self._mark(point).touch()

    def caught_at(self, point: str) -> int | None:
        """The process that holds at an armed point, once there is one."""
        with suppress(FileNotFoundError, ValueError):
            return int(self._mark(point).read_text() or 0) or None
        return None

    def wait_at(self, point: str, seconds: float = 40.0) -> int:
        deadline = time.monotonic() + seconds
        while (pid := self.caught_at(point)) is None:
            if time.monotonic() > deadline:
                raise AssertionError(f"nobody came to {point}")
            time.sleep(_LOOK)
        return pid

    def pool_processes(self) -> list[int]:
        """The processes that work slices, of all queues."""
        return [pid for pid in descendants(self.pid) if _READER not in _command_of(pid)]

    def sandboxes(self) -> list[int]:
        """The children that parse documents, without the templates that they are forked from."""
        readers = [pid for pid in descendants(self.pid) if _READER in _command_of(pid)]
        return [
            pid for pid in readers if _TEMPLATE not in _command_of(pid) or _TEMPLATE in _command_of(_parent_of(pid))
        ]

    def _mark(self, point: str) -> Path:
        return self._marks / f"{point.replace(':', '-')}.pid"


class Api(Program):
    """The HTTP API on a port of its own."""

    def __init__(self, environment: dict[str, str], log: Path) -> None:
        self.port = free_port()
        super().__init__(
            ["uvicorn", "app.main:app", "--host", "127.0.0.1", "--port", str(self.port), "--log-level", "warning"],
            {**environment, "IMPORTS_ENABLED": "1", "IMPORTS_REQUESTS_PER_MINUTE": "1000000"},
            log,
        )

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def await_ready(self) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while not self._is_ready():
            if not self.is_running() or time.monotonic() > deadline:
                raise RuntimeError(f"the API did not come up\n{self.tail()}")
            time.sleep(_LOOK)

    def _is_ready(self) -> bool:
        try:
            with urlopen(f"{self.url}/health/live", timeout=2) as answer:  # noqa: S310 [our own server]
                return bool(answer.status)
        except (URLError, OSError):
            return False


def workers_heard(celery: Celery, most: int) -> int:
    """How many workers answer the broker."""
    try:
        with celery.connection_for_write() as connection:  # a pooled one may have been cut long ago
            return len(celery.control.ping(timeout=1.0, limit=most, connection=connection) or ())
    except (OperationalError, RedisError):
        return 0


def _parent_of(pid: int) -> int:
    try:
        return int((Path("/proc") / str(pid) / "stat").read_text("utf-8").rpartition(")")[2].split()[1])
    except OSError:
        return 0


def _command_of(pid: int) -> str:
    try:
        return (Path("/proc") / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
    except OSError:
        return ""
