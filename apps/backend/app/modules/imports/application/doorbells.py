"""The two doorbells. Which one hangs is the whole difference between inline and Celery mode."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from typing import TYPE_CHECKING

import structlog
from kombu.exceptions import LimitExceeded
from kombu.exceptions import OperationalError as BrokerError
from kombu.pools import producers
from redis.exceptions import RedisError

from app.modules.imports.domain.pipeline import STAGES

if TYPE_CHECKING:
    from celery import Celery

    from app.modules.imports.ports import Ring

log = structlog.get_logger()

_REST_SECONDS = 2.0
_PATIENCE_SECONDS = 0.5
# Whoever rings may be a request that a person waits for: a ring is one short attempt, where a worker, which waits for
# work anyway, is patient. ``max_retries`` is of connecting, which kombu repeats for seconds unless it is told.
_IMPATIENT = {"socket_connect_timeout": _PATIENCE_SECONDS, "socket_timeout": _PATIENCE_SECONDS, "max_retries": 0}
_BROKER_AWAY = (BrokerError, RedisError, LimitExceeded, OSError)


class InlineDoorbell:
    """Rings for threads of this process. The same ring twice is one ring."""

    def __init__(self) -> None:
        self._waiting: OrderedDict[Ring, None] = OrderedDict()
        self._changed = threading.Condition()

    def ring(self, ring: Ring) -> None:
        with self._changed:
            self._waiting[ring] = None
            self._changed.notify()

    def is_heard(self) -> bool:
        return True

    def next(self, timeout: float) -> Ring | None:
        """The ring that waited longest, or None when none came within the timeout (seconds), or by ``wake``."""
        with self._changed:
            if not self._waiting:
                self._changed.wait(timeout)
            return self._waiting.popitem(last=False)[0] if self._waiting else None

    def wake(self) -> None:
        """Nobody has to wait any longer, ring or no ring."""
        with self._changed:
            self._changed.notify_all()


class CeleryDoorbell:
    """Rings as messages on the stage's queue. A broker that is away costs a ring, never a request. Thread-safe."""

    def __init__(self, celery: Celery) -> None:
        self._celery = celery
        self._producers = producers[celery.connection_for_write(transport_options=_IMPATIENT)]
        self._rest_until = 0.0

    def ring(self, ring: Ring) -> None:
        if time.monotonic() < self._rest_until:
            return
        try:
            self._send(ring)
        except _BROKER_AWAY as error:
            # The sweeper rings again. Resting keeps a dead broker from costing every request its timeout.
            self._rest_until = time.monotonic() + _REST_SECONDS
            log.warning("ring_dropped", stage=ring.stage.value, error=type(error).__name__)

    def is_heard(self) -> bool:
        if time.monotonic() < self._rest_until:
            return False
        try:
            with self._producers.acquire(block=True, timeout=_PATIENCE_SECONDS) as producer:
                return bool(producer.connection.default_channel.client.ping())
        except _BROKER_AWAY:
            return False

    def _send(self, ring: Ring) -> None:
        spec = STAGES[ring.stage]
        with self._producers.acquire(block=True, timeout=_PATIENCE_SECONDS) as producer:
            self._celery.send_task(
                spec.task_name,
                kwargs={"tenant_id": str(ring.tenant_id)},
                queue=spec.queue,
                retry=False,
                ignore_result=True,
                producer=producer,
            )
