"""The two doorbells. Which one hangs is the whole difference between inline and Celery mode."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from typing import TYPE_CHECKING

import structlog
from kombu.exceptions import OperationalError as BrokerError

from app.modules.imports.domain.pipeline import STAGES

if TYPE_CHECKING:
    from celery import Celery

    from app.modules.imports.ports import Ring

log = structlog.get_logger()

_BROKER_REST_SECONDS = 2.0


class InlineDoorbell:
    """Rings for threads of this process. The same ring twice is one ring."""

    def __init__(self) -> None:
        self._waiting: OrderedDict[Ring, None] = OrderedDict()
        self._changed = threading.Condition()

    def ring(self, ring: Ring) -> None:
        with self._changed:
            self._waiting[ring] = None
            self._changed.notify()

    def next(self, timeout: float) -> Ring | None:
        """The ring that waited longest, or None when none came within the timeout (seconds)."""
        with self._changed:
            if not self._waiting:
                self._changed.wait(timeout)
            return self._waiting.popitem(last=False)[0] if self._waiting else None


class CeleryDoorbell:
    """Rings as messages on the stage's queue. A broker that is away costs a ring, never a request."""

    def __init__(self, celery: Celery) -> None:
        self._celery = celery
        self._rest_until = 0.0

    def ring(self, ring: Ring) -> None:
        if time.monotonic() < self._rest_until:
            return
        spec = STAGES[ring.stage]
        arguments = {"tenant_id": str(ring.tenant_id)}
        try:
            self._celery.send_task(spec.task_name, kwargs=arguments, queue=spec.queue, retry=False, ignore_result=True)
        except (BrokerError, OSError) as error:
            # The sweeper rings again. Resting keeps a dead broker from costing every request its timeout.
            self._rest_until = time.monotonic() + _BROKER_REST_SECONDS
            log.warning("ring_dropped", stage=ring.stage.value, error=type(error).__name__)
