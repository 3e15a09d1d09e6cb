"""A tree of Celery workers under one parent: started, heard from, and ended with everything below it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from celery import Celery

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_BACKEND: Final = Path(__file__).parents[1]
_START_SECONDS: Final = 120.0
_STOP_SECONDS: Final = 40.0
_TAIL: Final = 4_000


@contextmanager
def running(command: Sequence[str], environment: Mapping[str, str], *, workers: int, log: Path) -> Iterator[int]:
    """The process id of ``python -m command…``, once that many workers answer the broker in ``REDIS_URL``."""
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 [our own modules]
            [sys.executable, "-m", *command],
            cwd=_BACKEND,
            env={**os.environ, **environment},
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        _await_workers(Celery("bench", broker=environment["REDIS_URL"]), process, workers)
        yield process.pid
    except BaseException:
        sys.stderr.write(log.read_text("utf-8", "replace")[-_TAIL:])
        raise
    finally:
        _end(process)


def _await_workers(celery: Celery, process: subprocess.Popen[bytes], workers: int) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while len(celery.control.ping(timeout=1.0, limit=workers) or ()) < workers:
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"of {workers} Celery workers not all came up")


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
