"""The heart: claim a slice, run its stage, settle, ring on. Nothing here knows how a ring travels."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog
from sqlalchemy.exc import SQLAlchemyError

from app.crashpoints import crashpoint
from app.modules.imports.domain.errors import LeaseLost
from app.modules.imports.domain.outcome import Outcome, Retry
from app.modules.imports.domain.pipeline import ItemKind
from app.modules.imports.ports import Ring
from app.modules.imports.usecases.express import left_behind, may_go_express, observe_ride, ride
from app.modules.imports.usecases.heartbeat import heartbeat
from app.modules.imports.usecases.parts_at_work import PartsAtWork

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from uuid import UUID

    from app.modules.imports.domain.pipeline import StageName, StageSpec
    from app.modules.imports.ports import Doorbell, Item, ItemStore, Settled, Slice, SqlSession
    from app.modules.imports.stages.tools import PartSink, Tools

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Runtime:
    """What a worker works with; made once per process."""

    store: ItemStore
    doorbell: Doorbell
    stages: Mapping[StageName, Callable[[Sequence[Item], Tools], Sequence[Outcome]]]
    publish: Callable[[Sequence[Item], SqlSession], Sequence[Outcome]]
    equip: Callable[[Slice, PartSink], Tools]
    """What the stages may use on a slice."""
    observe: Callable[[Slice, Sequence[Outcome], float], None]
    """Hears what came of a slice and how many seconds it took, for metrics and progress bars."""
    stopping: Callable[[], bool] = lambda: False
    heartbeat_seconds: float = 5.0
    others_help: bool = False
    """Whether other processes take rows, so that a long table is best shared with them."""

    def tools(self, slice_: Slice) -> Tools:
        return self.equip(slice_, PartsAtWork(slice_, self))


def advance_slice(stage: StageSpec, tenant_id: UUID, runtime: Runtime) -> int:
    """Work one slice; light items walk on through the following stages. Returns how many items were claimed."""
    slice_ = runtime.store.claim(stage, tenant_id)
    if slice_ is None:
        return 0
    crashpoint(f"claimed:{stage.name}")
    if _is_full(slice_):  # more may be waiting: at the back of the queue, behind the other tenants
        runtime.doorbell.ring(Ring(stage.name, tenant_id))
    with heartbeat(slice_, runtime.store, runtime.heartbeat_seconds):
        onward: Slice | None = _go_express(slice_, runtime) if may_go_express(slice_) else slice_
        while onward is not None:
            onward = _advance_once(onward, runtime)
    return len(slice_.items)


def _go_express(slice_: Slice, runtime: Runtime) -> Slice | None:
    """What is left to walk: all of the slice when it cannot go express as a whole."""
    if runtime.stopping():
        return slice_
    try:
        express = ride(slice_.items, runtime.stages, runtime.tools(slice_))
        if not express.items:
            return slice_
        began = time.monotonic()
        outcomes = runtime.store.settle_express(slice_, express, runtime.publish)
    except (LeaseLost, SQLAlchemyError) as error:
        _drop(slice_, error)
        return None
    except Exception:
        log.exception("express_failed")  # the walk finds out whose fault it is
        return slice_
    if outcomes is None:
        return slice_
    crashpoint("settled:express")
    observe_ride(slice_, express, outcomes, runtime.observe, time.monotonic() - began)
    return left_behind(slice_, express)


def _is_full(slice_: Slice) -> bool:
    rows = slice_.items[0].kind is ItemKind.ROW
    return len(slice_.items) >= (slice_.stage.rows_per_slice if rows else slice_.stage.documents_per_slice)


def _advance_once(slice_: Slice, runtime: Runtime) -> Slice | None:
    if runtime.stopping():
        runtime.store.release(slice_)
        return None
    began = time.monotonic()
    try:
        settled = _work_and_settle(slice_, runtime)
    except (LeaseLost, SQLAlchemyError) as error:
        _drop(slice_, error)
        return None
    crashpoint(f"settled:{slice_.stage.name}")
    runtime.observe(slice_, settled.outcomes, time.monotonic() - began)
    for ring in settled.rings:
        runtime.doorbell.ring(ring)
    return settled.onward


def _drop(slice_: Slice, error: LeaseLost | SQLAlchemyError) -> None:
    if isinstance(error, LeaseLost):
        log.warning("lease_lost", stage=slice_.stage.name.value, detail=error.detail)
    else:
        # Nothing is known of the commit; the lease runs out and the sweeper gives the items to somebody else.
        log.warning("settle_failed", stage=slice_.stage.name.value, error=type(error).__name__)


def _work_and_settle(slice_: Slice, runtime: Runtime) -> Settled:
    if slice_.stage.in_transaction:
        return runtime.store.settle_within(slice_, runtime.publish)
    stage = runtime.stages[slice_.stage.name]
    outcomes = _outcomes(slice_, stage, runtime.tools(slice_))
    crashpoint(f"worked:{slice_.stage.name}")
    return runtime.store.settle(slice_, outcomes)


def _outcomes(
    slice_: Slice, stage: Callable[[Sequence[Item], Tools], Sequence[Outcome]], tools: Tools
) -> Sequence[Outcome]:
    try:
        return stage(slice_.items, tools)
    except (LeaseLost, SQLAlchemyError):
        raise
    except Exception as error:
        # A stage guards each item; what still gets here failed for the slice as a whole.
        log.exception("slice_failed", stage=slice_.stage.name.value)
        return [Retry(code="unexpected_error", detail=type(error).__name__) for _ in slice_.items]
