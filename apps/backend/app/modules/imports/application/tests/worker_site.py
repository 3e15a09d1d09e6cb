"""A database, a broker and a folder of their own, and the real worker tree as a process on top of them."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Self

from celery import Celery
from redis import Redis

from app.conftest import new_tenant
from app.embedded import EmbeddedBroker, EmbeddedPostgres, template_database
from app.modules.imports.application.bootstrap import open_house
from app.modules.imports.application.doorbells import CeleryDoorbell
from app.modules.imports.application.tests.broker_gate import BrokerGate
from app.modules.imports.domain.pipeline import PIPELINE
from app.settings import Settings, settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from uuid import UUID

    from app.modules.imports.usecases.house import House

BACKEND = Path(__file__).parents[5]
LEASE_SECONDS = 3.0
SWEEP_SECONDS = 1.0
DEAF_SECONDS = 10.0
POINTS = [f"{moment}:{spec.name}" for spec in PIPELINE for moment in ("claimed", "worked", "settling")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """``house`` is that of a client: it ingests and rings, and answers nothing itself."""

    house: House
    client: Celery
    gate: BrokerGate
    broker: Redis
    flush: Callable[[], object]
    environment: dict[str, str]
    directory: Path

    def tenant(self) -> UUID:
        return new_tenant(self.house.database)

    @property
    def metrics(self) -> Path:
        return Path(self.environment["IMPORTS_DATA_DIR"]) / "metrics"


@contextmanager
def open_site(postgres: EmbeddedPostgres, directory: Path, name: str) -> Iterator[Site]:
    """On ``REDIS_URL`` when it is set, on an embedded broker otherwise."""
    template_database(postgres, name, "imports_template")
    with ExitStack() as stack:
        given = settings().redis_url
        url = given or stack.enter_context(EmbeddedBroker(directory / "broker")).url
        gate = stack.enter_context(BrokerGate(url))
        environment = {
            "DB_DSN": postgres.dsn(name, "imports_app"),
            "REDIS_URL": gate.url,
            "IMPORTS_RUNNER_MODE": "celery",
            "IMPORTS_DATA_DIR": str(directory / "data"),
            "IMPORTS_LEASE_SECONDS": str(LEASE_SECONDS),
            "IMPORTS_SWEEP_SECONDS": str(SWEEP_SECONDS),
            "IMPORTS_BACKOFF_SECONDS": "0.2",
            "IMPORTS_DEAF_SECONDS": str(DEAF_SECONDS),
            "IMPORTS_METRICS_TENANTS": "1",
        }
        config = Settings(DB_DSN=environment["DB_DSN"], IMPORTS_DATA_DIR=directory / "data")
        house = stack.enter_context(open_house(config, with_runner=False))
        client = Celery("client", broker=gate.url)
        broker = stack.enter_context(Redis.from_url(url))
        yield Site(
            house=replace(house, doorbell=CeleryDoorbell(client)),
            client=client,
            gate=gate,
            broker=broker,
            # A broker that was given may have other databases in use.
            flush=broker.flushdb if given else broker.flushall,
            environment=environment,
            directory=directory,
        )


class Tree:
    """``worker_main`` as a process. Every crash point is armed in it, and fires once when a test asks for it."""

    def __init__(self, site: Site, name: str, *, queues: str | None = None, crash_action: str = "hold") -> None:
        self._site = site
        self._crash_dir = site.directory / f"{name}-points"
        self._crash_dir.mkdir(exist_ok=True)
        for point in POINTS:
            self._mark(point).touch()
        self._environment = {
            **os.environ,
            **site.environment,
            "IMPORTS_CRASH_AT": ",".join(POINTS),
            "IMPORTS_CRASH_DIR": str(self._crash_dir),
            "IMPORTS_CRASH_ACTION": crash_action,
        }
        self._command = [sys.executable, "-m", "app.modules.imports.application.worker_main", "--concurrency", "1"]
        self._command += ["--queues", queues] if queues else []
        self.log = site.directory / f"{name}.log"
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self._command, env=self._environment, cwd=BACKEND, stdout=log, stderr=log, stdin=subprocess.DEVNULL
            )

    def stop(self, seconds: float = 20.0) -> float:
        """SIGTERM; how many seconds the end took. Fails when it does not come."""
        assert self.process is not None
        began = time.monotonic()
        self.process.terminate()
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"the workers did not end within {seconds} s:\n{self.tail()}") from None
        return time.monotonic() - began

    def kill(self) -> None:
        """Ends every process of the tree at once, with -9."""
        assert self.process is not None
        for pid in [self.pid, *descendants(self.pid)]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()

    def main_of(self, queue: str) -> int:
        """The process id of the queue's Celery worker, once it is started."""
        pattern = re.compile(rf"worker_started .*pid=(\d+) queue={queue}\b")
        began = time.monotonic()
        while not pattern.search(self.log.read_text("utf-8")):
            assert time.monotonic() - began < 30, f"{queue} was not started\n{self.tail()}"
            time.sleep(0.02)
        return int(pattern.findall(self.log.read_text("utf-8"))[-1])

    def arm(self, *points: str) -> None:
        for point in points:
            self._mark(point).unlink()

    def caught_at(self, point: str) -> int | None:
        """The process that holds (or ended) at an armed point, once there is one."""
        with suppress(FileNotFoundError):
            return int(self._mark(point).read_text() or 0) or None
        return None

    def wait_at(self, point: str) -> int:
        wait_for(lambda: self.caught_at(point) is not None, f"a process at {point}\n{self.tail()}", seconds=40)
        pid = self.caught_at(point)
        assert pid is not None
        return pid

    def tail(self) -> str:
        return self.log.read_text("utf-8")[-3000:]

    def _mark(self, point: str) -> Path:
        return self._crash_dir / f"{point.replace(':', '-')}.pid"


def descendants(pid: int) -> list[int]:
    """All processes below one, by /proc."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                children.setdefault(parent_of(int(entry.name)), []).append(int(entry.name))
    found: list[int] = []
    waiting = [pid]
    while waiting:
        below = children.get(waiting.pop(), [])
        found += below
        waiting += below
    return found


def parent_of(pid: int) -> int:
    return int((Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[1])


def is_running(pid: int) -> bool:
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def wait_for(condition: Callable[[], bool], what: str, *, seconds: float = 30) -> float:
    """Seconds until it came true; fails when it does not."""
    began = time.monotonic()
    while not condition():
        if time.monotonic() - began > seconds:
            raise AssertionError(f"waited {seconds} s for {what}")
        time.sleep(0.02)
    return time.monotonic() - began
