"""Routes of how a batch, or what stopped in it, ends: cancelled, discarded, deleted, or held so that it cannot be."""
# ruff: noqa: TC001, TC002, TC003  (the framework reads annotations at run time)

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from app.database import Session
from app.modules.imports.usecases.cancel_batch import Cancelled, cancel_batch
from app.modules.imports.usecases.delete_batch import delete_batch
from app.modules.imports.usecases.discard import discard_items
from app.modules.imports.usecases.legal_hold import hold_batch
from app.modules.imports.web.admission import GuardedRoute, requires
from app.modules.imports.web.dependencies import Creation, IdempotencyKey, TheHouse, Who, problems, ring
from app.modules.imports.web.schemas import CancelAnswer, DiscardAnswer, DiscardItemsBody
from app.security import Role

router = APIRouter(route_class=GuardedRoute, tags=["batches"])


@router.post(
    "/batches/{batch_id}/cancel",
    operation_id="cancelBatch",
    response_model=CancelAnswer,
    responses=problems(404, 409),
    dependencies=[requires(Role.REVIEWER)],
)
def cancel(batch_id: UUID, house: TheHouse, who: Who, key: IdempotencyKey = None) -> JSONResponse:
    """Stop the batch for good: nothing more of it is published. What is published stays."""
    done: list[Cancelled] = []
    creation = Creation(house, who, key, "cancel", batch_id)

    def effect(session: Session) -> CancelAnswer:
        done.append(cancel_batch(session, batch_id, who.actor))
        return CancelAnswer.model_validate(done[-1])

    answer = creation.answer(200, effect)
    for cancelled in done:
        ring(house, who, cancelled.stages)
    return answer


@router.post(
    "/batches/{batch_id}/discard",
    operation_id="discardItems",
    response_model=DiscardAnswer,
    responses=problems(404, 409, 413),
    dependencies=[requires(Role.REVIEWER)],
)
def discard(
    batch_id: UUID, body: DiscardItemsBody, house: TheHouse, who: Who, key: IdempotencyKey = None
) -> JSONResponse:
    """Say that the failed items of a batch that stopped with one of these codes are not wanted."""
    creation = Creation(house, who, key, "discard", batch_id, body.model_dump(mode="json"))

    def effect(session: Session) -> DiscardAnswer:
        return DiscardAnswer.model_validate(discard_items(session, batch_id, body.codes, who.actor, body.reason))

    return creation.answer(200, effect)


@router.delete(
    "/batches/{batch_id}",
    operation_id="deleteBatch",
    status_code=204,
    responses=problems(404, 409),
    dependencies=[requires(Role.ADMIN)],
)
def delete(batch_id: UUID, house: TheHouse, who: Who) -> None:
    """Delete a batch in which nothing is at work and of which nothing was published, with all its content."""
    with house.database.tenant_session(who.tenant_id) as session:
        delete_batch(session, batch_id, who.actor)


@router.put(
    "/batches/{batch_id}/hold",
    operation_id="holdBatch",
    status_code=204,
    responses=problems(404),
    dependencies=[requires(Role.ADMIN)],
)
def hold(batch_id: UUID, house: TheHouse, who: Who) -> None:
    """Keep the batch as it is, whatever retention, deletion or erasure would do (legal hold)."""
    with house.database.tenant_session(who.tenant_id) as session:
        hold_batch(session, batch_id, held=True, actor=who.actor)


@router.delete(
    "/batches/{batch_id}/hold",
    operation_id="releaseBatch",
    status_code=204,
    responses=problems(404),
    dependencies=[requires(Role.ADMIN)],
)
def release(batch_id: UUID, house: TheHouse, who: Who) -> None:
    """End the legal hold."""
    with house.database.tenant_session(who.tenant_id) as session:
        hold_batch(session, batch_id, held=False, actor=who.actor)
