"""Celery, used as a bell wire only: no results, no retries, no chains, no ETA. Each of those loses or loops work."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any
from uuid import UUID

import structlog
from celery import Celery
from celery.schedules import crontab
from celery.signals import setup_logging, worker_process_init, worker_process_shutdown
from kombu import entity
from kombu.transport import TRANSPORT_ALIASES

from app.modules.imports.domain.pipeline import (
    MAINTENANCE_HARD_LIMIT,
    MAINTENANCE_QUEUE,
    MAINTENANCE_SOFT_LIMIT,
    PIPELINE,
    STAGES,
    StageName,
)
from app.settings import settings
from app.telemetry_logging import configure_logging

if TYPE_CHECKING:
    from collections.abc import Callable

log = structlog.get_logger()

_DEFAULT_BROKER = "redis://127.0.0.1:6379/0"
_NAMES = [*(spec.queue for spec in PIPELINE), MAINTENANCE_QUEUE]
_ENTITY: Any = entity  # kombu says that it is typed, and leaves these out
_HOUR = 60


def care_minutes(every: int) -> str:
    """The minutes of an hour at which care is taken."""
    return "17" if every >= _HOUR else f"*/{every}"


_FORGIVING = "app.modules.imports.application.forgiving_transport:Transport"
TRANSPORT_ALIASES.update(redis=_FORGIVING, rediss=_FORGIVING)
app = Celery("imports", broker=settings().redis_url or _DEFAULT_BROKER)
app.conf.update(
    task_serializer="json",
    accept_content=["json"],
    task_ignore_result=True,
    result_backend=None,
    task_acks_late=False,  # the row is the truth; a ring may be lost
    task_queues=[_ENTITY.Queue(name, _ENTITY.Exchange(name), routing_key=name) for name in _NAMES],
    task_default_queue=MAINTENANCE_QUEUE,
    task_create_missing_queues=False,
    worker_prefetch_multiplier=1,
    worker_max_tasks_per_child=500,
    worker_proc_alive_timeout=60,  # a pool process opens its house first, which a busy machine makes slow
    worker_hijack_root_logger=False,
    worker_send_task_events=True,  # what Flower shows; published, never stored
    worker_cancel_long_running_tasks_on_connection_loss=True,  # of late acknowledgement alone, so of none; or it warns
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,  # however long the broker is away
    broker_transport_options={
        "visibility_timeout": 300,
        # A link that swallows what is said never ends by itself. The loop that waits for rings stands still in any
        # other command for the first, and gives up a ring that is overdue (1 s and) 3 to 6 s after the second.
        "socket_timeout": 3,
        "health_check_interval": 3,
        "socket_connect_timeout": 1,
        "socket_keepalive": True,
    },
    beat_scheduler="celery.beat:Scheduler",  # in memory: a schedule file is one more thing to share and to break
    beat_schedule={
        "sweep": {"task": "imports.sweep", "schedule": settings().sweep_seconds},
        # By the clock: an interval of an hour never ends in a process that is restarted more often.
        "purge": {"task": "imports.purge", "schedule": crontab(minute=care_minutes(settings().care_minutes))},
        "collect": {"task": "imports.collect", "schedule": crontab(hour=3, minute=41)},
    },
)


@setup_logging.connect  # type: ignore[untyped-decorator]  # [celery ships no types]
def _set_up_logging(**_: object) -> None:
    configure_logging(production=settings().environment == "production")
    for library in ("celery", "kombu"):  # each ring would be two lines
        logging.getLogger(library).setLevel(logging.WARNING)
    # While the broker is away every sweep would be a traceback here; the workers say already that it is away.
    logging.getLogger("celery.beat").setLevel(logging.CRITICAL)


@worker_process_init.connect  # type: ignore[untyped-decorator]  # [celery ships no types]
def _open(**_: object) -> None:
    from app.modules.imports.application.pool_process import pool_process  # noqa: PLC0415  (only workers need it)

    pool_process().open()


@worker_process_shutdown.connect  # type: ignore[untyped-decorator]  # [celery ships no types]
def _close(**_: object) -> None:
    from app.modules.imports.application.pool_process import pool_process  # noqa: PLC0415  (only workers need it)

    pool_process().close()


def _advance(stage: StageName) -> Callable[..., None]:
    def advance(*_: object, tenant_id: object = None, **__: object) -> None:
        from app.modules.imports.application.pool_process import pool_process  # noqa: PLC0415  (only workers need it)

        try:
            tenant = UUID(str(tenant_id))
        except ValueError:  # anybody who reaches the broker can send anything
            log.warning("forged_ring", stage=stage.value)
            return
        pool_process().advance(STAGES[stage], tenant)

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


@app.task(name="imports.sweep", **_maintenance)  # type: ignore[untyped-decorator]  # [celery ships no types]
def _sweep(*_: object, **__: object) -> None:
    from app.modules.imports.application.pool_process import pool_process  # noqa: PLC0415  (only workers need it)
    from app.modules.imports.usecases.sweep import sweep  # noqa: PLC0415  (only workers need it)

    house = pool_process().house
    sweep(house.store, house.doorbell)


@app.task(name="imports.purge", **_maintenance)  # type: ignore[untyped-decorator]  # [celery ships no types]
def _purge(*_: object, **__: object) -> None:
    from app.modules.imports.application.pool_process import pool_process  # noqa: PLC0415  (only workers need it)
    from app.modules.imports.usecases.caretaking import take_care  # noqa: PLC0415  (only workers need it)

    take_care(pool_process().house)


@app.task(name="imports.collect", **_maintenance)  # type: ignore[untyped-decorator]  # [celery ships no types]
def _collect(*_: object, **__: object) -> None:
    from app.modules.imports.application.pool_process import pool_process  # noqa: PLC0415  (only workers need it)
    from app.modules.imports.usecases.caretaking import collect_everywhere  # noqa: PLC0415  (only workers need it)

    collect_everywhere(pool_process().house)
