"""One Celery worker with its pool, as ``worker_tree`` forks it: in its own session, and gone with its supervisor."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import threading
import time
import warnings
from importlib import import_module
from typing import TYPE_CHECKING

from celery.platforms import SecurityWarning
from celery.signals import beat_embedded_init

from app.modules.imports.application.bootstrap import load_plugins
from app.modules.imports.application.celery_app import app

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_LOOK_SECONDS = 1.0
_END_SECONDS = 15.0

# Loaded before the fork, for every worker and its pool: it would take seven times the memory and the seconds otherwise,
# and a pool process that was killed is replaced at once.
load_plugins()
for _module in (
    "app.modules.imports.application.pool_process",
    "celery.beat",
    "celery.bin.celery",
    "celery.concurrency.prefork",
    "celery.worker.components",
    "celery.worker.consumer",
    "kombu.transport.redis",
):
    import_module(_module)
gc.freeze()  # what is shared stays shared: a collection would write to all of it


def main(celery_arguments: Sequence[str]) -> None:
    """Until SIGTERM, or until the supervisor is gone, however it went."""
    os.setsid()
    warnings.simplefilter("ignore", SecurityWarning)  # the supervisor says it once
    supervisor = multiprocessing.parent_process()
    assert supervisor is not None
    _end_after(supervisor.join)
    app.worker_main(["--quiet", "worker", *celery_arguments])


@beat_embedded_init.connect  # type: ignore[untyped-decorator]  # [celery ships no types]
def _end_beat_with_worker(**_: object) -> None:
    # The pool ends with the worker by itself; the clock would go on ringing for ever.
    worker = os.getppid()

    def worker_is_gone() -> None:
        while os.getppid() == worker:
            time.sleep(_LOOK_SECONDS)

    _end_after(worker_is_gone)


def _end_after(wait: Callable[[], object]) -> None:
    threading.Thread(target=_end, args=(wait,), daemon=True, name="end-with-parent").start()


def _end(wait: Callable[[], object]) -> None:
    wait()
    os.killpg(0, signal.SIGTERM)
    time.sleep(_END_SECONDS)
    os.killpg(0, signal.SIGKILL)
