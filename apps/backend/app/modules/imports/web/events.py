"""The status of a batch as server-sent events, until it is finished."""
# ruff: noqa: TC001, TC003  (the framework reads annotations at run time)

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final
from uuid import UUID

import anyio
from fastapi import APIRouter
from sse_starlette.event import ServerSentEvent
from sse_starlette.sse import EventSourceResponse
from starlette.concurrency import run_in_threadpool

from app.modules.imports.usecases.batches import batch_status
from app.modules.imports.usecases.house import House
from app.modules.imports.web.admission import GuardedRoute, requires
from app.modules.imports.web.dependencies import TheHouse, Who, problems
from app.modules.imports.web.schemas import StatusAnswer
from app.security import Role

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

router = APIRouter(route_class=GuardedRoute, tags=["batches"])

_EVERY_SECONDS: Final = 1.0
_LONGEST_SECONDS: Final = 1800.0
"""Then the client asks again, and is admitted again or not."""


@router.get(
    "/batches/{batch_id}/events",
    operation_id="streamBatchStatus",
    response_class=EventSourceResponse,
    responses=problems(404)
    | {200: {"description": "Events `status`, each a StatusAnswer", "content": {"text/event-stream": {}}}},
    dependencies=[requires(Role.VIEWER)],
)
async def stream(batch_id: UUID, house: TheHouse, who: Who) -> EventSourceResponse:
    """An event `status` at once, one at each change, and the last when the batch is finished."""
    first = await run_in_threadpool(_status, house, who.tenant_id, batch_id)
    stopping = anyio.Event()
    changes = _changes(house, who.tenant_id, first, stopping)
    return EventSourceResponse(changes, shutdown_event=stopping, shutdown_grace_period=2 * _EVERY_SECONDS)


async def _changes(
    house: House, tenant_id: UUID, status: StatusAnswer, stopping: anyio.Event
) -> AsyncIterator[ServerSentEvent]:
    until = time.monotonic() + _LONGEST_SECONDS
    yield _event(status)
    while not status.finished and not stopping.is_set() and time.monotonic() < until:
        with anyio.move_on_after(_EVERY_SECONDS):
            await stopping.wait()
        current = await run_in_threadpool(_status, house, tenant_id, status.batch_id)
        if current != status:
            yield _event(current)
        status = current


def _status(house: House, tenant_id: UUID, batch_id: UUID) -> StatusAnswer:
    with house.database.tenant_session(tenant_id) as session:
        return StatusAnswer.model_validate(batch_status(session, batch_id))


def _event(status: StatusAnswer) -> ServerSentEvent:
    return ServerSentEvent(event="status", data=status.model_dump_json())
