"""One Celery worker with its pool, as ``worker_tree`` forks it: in its own session, and gone with its supervisor."""

from __future__ import annotations

import os
import signal
import threading
import time
import warnings
from typing import TYPE_CHECKING

# All of these are loaded before the fork, for every worker and its pool: it would take seven times the memory and the
# seconds otherwise, and a pool process that was killed is replaced at once.
import celery.beat
import celery.bin.celery
import celery.concurrency.prefork
import celery.worker.components
import kombu.transport.redis  # noqa: F401
from celery.exceptions import CPendingDeprecationWarning
from celery.platforms import SecurityWarning
from celery.signals import beat_embedded_init

from app.modules.imports.application import pool_process  # noqa: F401
from app.modules.imports.application.bootstrap import load_plugins
from app.modules.imports.application.celery_app import app

if TYPE_CHECKING:
    from collections.abc import Sequence

_LOOK_SECONDS = 1.0
_END_SECONDS = 15.0

load_plugins()


def main(celery_arguments: Sequence[str]) -> None:
    """Until SIGTERM, or until the supervisor is gone, however it went."""
    os.setsid()
    warnings.simplefilter("ignore", SecurityWarning)  # the supervisor says it once
    warnings.simplefilter("ignore", CPendingDeprecationWarning)  # of late acknowledgement, which is off
    _end_with_parent()
    app.worker_main(["--quiet", "worker", *celery_arguments])


@beat_embedded_init.connect  # type: ignore[untyped-decorator]  # [celery ships no types]
def _end_beat_with_worker(**_: object) -> None:
    _end_with_parent()


def _end_with_parent() -> None:
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True, name="end-with-parent").start()


def _end_with(parent: int) -> None:
    # Not PR_SET_PDEATHSIG: that is Linux alone, and speaks of the thread that started us.
    while os.getppid() == parent:
        time.sleep(_LOOK_SECONDS)
    os.killpg(0, signal.SIGTERM)
    time.sleep(_END_SECONDS)
    os.killpg(0, signal.SIGKILL)
