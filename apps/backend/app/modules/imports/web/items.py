"""Routes of items: listed, read with all their evidence, reviewed, retried."""
# ruff: noqa: TC001, TC002, TC003  (the framework reads annotations at run time)

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse

from app.database import Session
from app.modules.imports.domain.pipeline import ItemState
from app.modules.imports.usecases.discard import discard_item, restore_item
from app.modules.imports.usecases.give_mapping import give_mapping
from app.modules.imports.usecases.items import Wanted, get_item, list_items
from app.modules.imports.usecases.retry_batch import Retried, retry_item
from app.modules.imports.usecases.review_item import Review, review_item
from app.modules.imports.web.admission import GuardedRoute, requires
from app.modules.imports.web.dependencies import (
    Creation,
    Cursor,
    IdempotencyKey,
    Language,
    Limit,
    TheHouse,
    Who,
    problems,
    ring,
)
from app.modules.imports.web.mapping_schemas import GivenMappingBody
from app.modules.imports.web.schemas import (
    DiscardAnswer,
    DiscardBody,
    ItemAnswer,
    ItemDetailAnswer,
    ItemPage,
    RestoreAnswer,
    RetryAnswer,
    ReviewBody,
)
from app.security import Role

router = APIRouter(route_class=GuardedRoute, tags=["items"])

Code = Annotated[str | None, Query(max_length=80, pattern=r"^[a-z0-9_]+$", description="Only with this code")]
States = Annotated[list[ItemState] | None, Query(alias="state", description="Only in one of these states")]


@router.get(
    "/batches/{batch_id}/items",
    operation_id="listItems",
    responses=problems(404),
    dependencies=[requires(Role.VIEWER)],
)
def read_list(  # noqa: PLR0913, PLR0917  (one argument per query parameter)
    batch_id: UUID,
    house: TheHouse,
    who: Who,
    language: Language,
    states: States = None,
    code: Code = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> ItemPage:
    """Items in the order of their batch, the parts of a container after it, each with what tells it apart."""
    wanted = Wanted(states=states or (), code=code, language=language)
    with house.database.tenant_session(who.tenant_id) as session:
        page = list_items(session, batch_id, wanted, limit=limit, cursor=cursor)
    return ItemPage(items=[ItemAnswer.model_validate(item) for item in page.entries], next_cursor=page.next_cursor)


@router.get(
    "/items/{item_id}",
    operation_id="getItem",
    responses=problems(404),
    dependencies=[requires(Role.VIEWER)],
)
def read_one(item_id: UUID, house: TheHouse, who: Who, language: Language) -> ItemDetailAnswer:
    """One item: document, evidence, findings, attempts, and where it was published."""
    with house.database.tenant_session(who.tenant_id) as session:
        return ItemDetailAnswer.of(get_item(session, item_id, language))


@router.patch(
    "/items/{item_id}",
    operation_id="reviewItem",
    responses=problems(400, 404, 409, 413),
    dependencies=[requires(Role.REVIEWER)],
)
def review(item_id: UUID, body: ReviewBody, house: TheHouse, who: Who, language: Language) -> ItemDetailAnswer:
    """Correct or accept; the item is validated anew."""
    entered = Review(corrections=body.corrections, accept=body.accept, reason=body.reason)
    with house.database.tenant_session(who.tenant_id) as session:
        stage = review_item(session, item_id, entered, who.actor)
        answer = ItemDetailAnswer.of(get_item(session, item_id, language))
    ring(house, who, [stage])
    return answer


@router.put(
    "/items/{item_id}/mapping",
    operation_id="giveMapping",
    responses=problems(400, 404, 409, 413),
    dependencies=[requires(Role.REVIEWER)],
)
def map_table(item_id: UUID, body: GivenMappingBody, house: TheHouse, who: Who, language: Language) -> ItemDetailAnswer:
    """Tell a table that stopped with `mapping_needed` how it reads; it goes on with its rows."""
    with house.database.tenant_session(who.tenant_id) as session:
        stage = give_mapping(session, item_id, body.mapping_id, who.actor, body.version)
        answer = ItemDetailAnswer.of(get_item(session, item_id, language))
    ring(house, who, [stage])
    return answer


@router.post(
    "/items/{item_id}/retry",
    operation_id="retryItem",
    response_model=RetryAnswer,
    responses=problems(404, 409),
    dependencies=[requires(Role.REVIEWER)],
)
def retry(item_id: UUID, house: TheHouse, who: Who, key: IdempotencyKey = None) -> JSONResponse:
    """Put one failed item back to the stage where it failed."""
    done: list[Retried] = []
    creation = Creation(house, who, key, "retry_item", item_id)

    def effect(session: Session) -> RetryAnswer:
        done.append(retry_item(session, item_id, who.actor))
        return RetryAnswer.model_validate(done[-1])

    answer = creation.answer(200, effect)
    for retried in done:
        ring(house, who, retried.stages)
    return answer


@router.post(
    "/items/{item_id}/discard",
    operation_id="discardItem",
    response_model=DiscardAnswer,
    responses=problems(404, 409, 413),
    dependencies=[requires(Role.REVIEWER)],
)
def discard(
    item_id: UUID, house: TheHouse, who: Who, body: DiscardBody | None = None, key: IdempotencyKey = None
) -> JSONResponse:
    """Say that a failed item is not wanted: a duplicate, or no document at all. Nothing of it is published."""
    reason = body.reason if body else None
    creation = Creation(house, who, key, "discard_item", item_id, reason)

    def effect(session: Session) -> DiscardAnswer:
        return DiscardAnswer.model_validate(discard_item(session, item_id, who.actor, reason))

    return creation.answer(200, effect)


@router.post(
    "/items/{item_id}/restore",
    operation_id="restoreItem",
    response_model=RestoreAnswer,
    responses=problems(404, 409),
    dependencies=[requires(Role.REVIEWER)],
)
def restore(item_id: UUID, house: TheHouse, who: Who, key: IdempotencyKey = None) -> JSONResponse:
    """Take back a discarded item: it has failed again, and can be corrected, accepted or retried."""
    creation = Creation(house, who, key, "restore_item", item_id)

    def effect(session: Session) -> RestoreAnswer:
        return RestoreAnswer.model_validate(restore_item(session, item_id, who.actor))

    return creation.answer(200, effect)
