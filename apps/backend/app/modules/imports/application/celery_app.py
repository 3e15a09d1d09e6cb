"""Celery, used as a bell wire only: no results, no retries, no chains, no ETA. Each of those loses or loops work."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any
from uuid import UUID

import structlog
from celery import Celery
from celery.signals import worker_process_init, worker_process_shutdown
from kombu.entity import Queue

from app.modules.imports.domain.pipeline import (
    MAINTENANCE_HARD_LIMIT,
    MAINTENANCE_QUEUE,
    MAINTENANCE_SOFT_LIMIT,
    PIPELINE,
    STAGES,
    StageName,
)
from app.settings import settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.modules.imports.usecases.house import House

log = structlog.get_logger()

_DEFAULT_BROKER = "redis://127.0.0.1:6379/0"

app = Celery("imports", broker=settings().redis_url or _DEFAULT_BROKER)
app.conf.update(
    task_serializer="json",
    accept_content=["json"],
    task_ignore_result=True,
    result_backend=None,
    task_acks_late=False,  # the row is the truth; a ring may be lost
    task_queues=[Queue(spec.queue) for spec in PIPELINE] + [Queue(MAINTENANCE_QUEUE)],
    task_default_queue=MAINTENANCE_QUEUE,
    task_create_missing_queues=False,
    worker_prefetch_multiplier=1,
    worker_max_tasks_per_child=500,
    worker_hijack_root_logger=False,
    worker_soft_shutdown_timeout=20,
    broker_connection_retry_on_startup=True,
    broker_transport_options={
        "visibility_timeout": 300,
        "socket_timeout": 10,
        "socket_connect_timeout": 1,
        "socket_keepalive": True,
        "health_check_interval": 25,
    },
    beat_schedule={
        "sweep": {"task": "imports.sweep", "schedule": settings().sweep_seconds},
        "purge": {"task": "imports.purge", "schedule": 3600.0},
    },
)

_stack = ExitStack()
_house: House | None = None


@worker_process_init.connect  # type: ignore[untyped-decorator]
def _open(**_: object) -> None:
    """Each pool process opens its own house: connections and threads do not survive a fork."""
    _opened()


@worker_process_shutdown.connect  # type: ignore[untyped-decorator]
def _close(**_: object) -> None:
    _stack.close()


def _opened() -> House:
    global _house  # noqa: PLW0603  (one house per process)
    if _house is None:
        from app.modules.imports.application.bootstrap import open_house  # noqa: PLC0415  (the bootstrap imports us)

        _house = _stack.enter_context(open_house(settings(), with_runner=False))
    return _house


def _advance(stage: StageName) -> Callable[[str], None]:
    def advance(tenant_id: str) -> None:
        from app.modules.imports.usecases.advance_slice import advance_slice  # noqa: PLC0415

        try:
            tenant = UUID(tenant_id)
        except (ValueError, AttributeError, TypeError):
            log.warning("forged_ring", stage=stage.value)
            return
        advance_slice(STAGES[stage], tenant, _opened().runtime)

    return advance


for _spec in PIPELINE:
    app.task(
        name=_spec.task_name,
        soft_time_limit=_spec.soft_limit.total_seconds(),
        time_limit=_spec.hard_limit.total_seconds(),
    )(_advance(_spec.name))

_maintenance: dict[str, Any] = {
    "soft_time_limit": MAINTENANCE_SOFT_LIMIT.total_seconds(),
    "time_limit": MAINTENANCE_HARD_LIMIT.total_seconds(),
}


@app.task(name="imports.sweep", **_maintenance)  # type: ignore[untyped-decorator]
def _sweep() -> None:
    from app.modules.imports.usecases.sweep import sweep  # noqa: PLC0415

    house = _opened()
    sweep(house.store, house.doorbell)


@app.task(name="imports.purge", **_maintenance)  # type: ignore[untyped-decorator]
def _purge() -> None:
    from app.modules.imports.usecases.dead_letters import purge_dead_letters  # noqa: PLC0415

    purge_dead_letters(_opened().database, settings().dead_letter_days)
