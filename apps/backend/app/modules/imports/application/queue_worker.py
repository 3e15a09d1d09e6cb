"""One Celery worker with its pool, as ``worker_tree`` forks it: in a session of its own, and gone with its supervisor."""

from __future__ import annotations

import os
import signal
import threading
import time
import warnings
from typing import TYPE_CHECKING

from celery.platforms import SecurityWarning

# Loaded before the fork for all workers and their pools: seven times the memory and the seconds otherwise, and a pool
# process that was killed is replaced at once.
from app.modules.imports.application import pool_process  # noqa: F401
from app.modules.imports.application.celery_app import app

if TYPE_CHECKING:
    from collections.abc import Sequence

_LOOK_SECONDS = 1.0
_END_SECONDS = 15.0


def main(celery_arguments: Sequence[str]) -> None:
    """Until SIGTERM, or until the supervisor is gone, however it went."""
    os.setsid()
    warnings.simplefilter("ignore", SecurityWarning)  # the supervisor says it once
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True, name="end-with-supervisor").start()
    app.worker_main(["--quiet", "worker", *celery_arguments])


def _end_with(parent: int) -> None:
    # Not PR_SET_PDEATHSIG: that is Linux alone, and speaks of the thread that started us.
    while os.getppid() == parent:
        time.sleep(_LOOK_SECONDS)
    os.killpg(0, signal.SIGTERM)
    time.sleep(_END_SECONDS)
    os.killpg(0, signal.SIGKILL)
