"""Starts one Celery worker of the naive chain per queue, as the pipeline's own supervisor does, and ends with them."""

from __future__ import annotations

import signal
import subprocess
import sys
from typing import TYPE_CHECKING

from bench.naive import STAGES, queue_of

if TYPE_CHECKING:
    from types import FrameType


def main() -> int:
    """``python -m bench.naive_tree PROCESSES`` runs until SIGTERM."""
    processes = sys.argv[1]
    workers = [_worker(queue_of(stage), processes) for stage in STAGES]

    def end(_number: int, _frame: FrameType | None) -> None:
        for worker in workers:
            worker.terminate()

    signal.signal(signal.SIGTERM, end)
    for worker in workers:
        worker.wait()
    return 0


def _worker(queue: str, processes: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "celery", "-A", "bench.naive", "worker", "--queues", queue]
    command += ["--concurrency", processes, "--pool", "prefork", "--hostname", f"{queue}@%h"]
    command += ["--without-gossip", "--without-mingle", "--loglevel", "WARNING"]
    return subprocess.Popen(command)  # noqa: S603 [our own module]


if __name__ == "__main__":
    sys.exit(main())
