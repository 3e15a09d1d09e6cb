"""Routes for those who run it: health, metrics and dead letters."""
# ruff: noqa: TC001, TC002, TC003  (the framework reads annotations at run time)

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Annotated, Final, Literal, TypeVar
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel
from starlette.requests import Request

from app.database import is_reachable
from app.modules.imports.adapters.sandbox.confinement import EVERY_WALL
from app.modules.imports.usecases.dead_letters import Wanted, list_dead_letters
from app.modules.imports.usecases.house import House
from app.modules.imports.web.admission import GuardedRoute, requires
from app.modules.imports.web.dependencies import Cursor, Limit, TheHouse, Who, problems
from app.modules.imports.web.gauges import queue_gauges
from app.modules.imports.web.problems import problem_response
from app.modules.imports.web.schemas import DeadLetterAnswer, DeadLetterPage
from app.security import Role, may_read_metrics
from app.telemetry import render

if TYPE_CHECKING:
    from collections.abc import Callable

router = APIRouter(route_class=GuardedRoute, tags=["operations"])
root = APIRouter(tags=["operations"])

_Answer = TypeVar("_Answer")
_THREADS: Final = ThreadPoolExecutor(4, thread_name_prefix="health")
"""Of their own: whoever asks how the process does is answered while all its other threads are at work."""


class Health(BaseModel):
    """A process that answers."""

    status: Literal["alive", "ready"]


@router.get(
    "/dead-letters",
    operation_id="listDeadLetters",
    responses=problems(),
    dependencies=[requires(Role.VIEWER)],
)
def read_dead_letters(  # noqa: PLR0913, PLR0917  (one argument per query parameter)
    house: TheHouse,
    who: Who,
    batch_id: UUID | None = None,
    code: Annotated[str | None, Query(max_length=80, pattern=r"^[a-z0-9_]+$")] = None,
    resolved: Annotated[bool, Query(description="Those too that were retried or reviewed since")] = False,  # noqa: FBT002  (a query parameter)
    limit: Limit = 50,
    cursor: Cursor = None,
) -> DeadLetterPage:
    """What stopped for good, newest first."""
    wanted = Wanted(batch_id=batch_id, code=code, only_open=not resolved)
    with house.database.tenant_session(who.tenant_id) as session:
        page = list_dead_letters(session, wanted, limit=limit, cursor=cursor)
    letters = [DeadLetterAnswer.model_validate(letter) for letter in page.entries]
    return DeadLetterPage(dead_letters=letters, next_cursor=page.next_cursor)


class Parts(BaseModel):
    """How the parts that imports lean on do."""

    status: Literal["ok", "degraded", "down"]
    database: bool
    broker: bool
    """False delays work, and loses none."""
    parser_walls: list[str]
    missing_walls: list[str]


@root.get("/health", operation_id="readHealth", response_model=Parts, responses={503: problems()[503]})
async def read_health(request: Request) -> Parts | JSONResponse:
    """How the parts do. ``degraded`` works more slowly; ``down`` (503) does not work."""
    return await _apart(_health, request.app.state.house)


def _health(house: House | None) -> Parts | JSONResponse:
    if house is None:
        return problem_response(503, "imports_disabled")
    if not is_reachable(house.database):
        return problem_response(503, "database_unavailable")
    heard, walls = house.doorbell.is_heard(), list(house.parser_walls())
    return Parts(
        status="ok" if heard else "degraded",
        database=True,
        broker=heard,
        parser_walls=walls,
        missing_walls=[wall for wall in EVERY_WALL if wall not in walls],
    )


@root.get("/health/live", operation_id="isAlive")
async def read_alive() -> Health:
    """The process answers."""
    return Health(status="alive")


@root.get("/health/ready", operation_id="isReady", response_model=Health, responses={503: problems()[503]})
async def read_ready(request: Request) -> Health | JSONResponse:
    """The process can work: imports are switched on and the database answers."""
    return await _apart(_ready, request.app.state.house)


def _ready(house: House | None) -> Health | JSONResponse:
    if house is None:
        return problem_response(503, "imports_disabled")
    if not is_reachable(house.database):
        return problem_response(503, "database_unavailable")
    return Health(status="ready")


async def _apart(ask: Callable[[House | None], _Answer], house: House | None) -> _Answer:
    return await asyncio.get_running_loop().run_in_executor(_THREADS, ask, house)


@root.get(
    "/metrics",
    operation_id="readMetrics",
    response_class=Response,
    responses={
        200: {"description": "Prometheus text", "content": {"text/plain": {"schema": {"type": "string"}}}},
        401: problems()[401],
    },
)
def read_metrics(request: Request) -> Response:
    """Counters of all processes, and the depth of the queues; where a token is set, for whoever shows it."""
    if not may_read_metrics(request.headers.get("authorization"), request.app.state.settings):
        return problem_response(401, "unauthorised", headers={"WWW-Authenticate": "Bearer"})
    house: House | None = request.app.state.house
    page, content_type = render(queue_gauges(house.database) if house is not None else ())
    return Response(page, media_type=content_type)
