"""Routes of batches: made, listed, fed with rows, asked, retried."""
# ruff: noqa: TC001, TC002, TC003  (the framework reads annotations at run time)

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse

from app.database import Session
from app.modules.imports.domain.errors import RefusedUpload
from app.modules.imports.usecases.batches import (
    NewBatch,
    batch_status,
    batch_statuses,
    create_batch,
    get_batch,
    list_batches,
)
from app.modules.imports.usecases.ingest import RowsRequest, ingest_rows, ring_for_new
from app.modules.imports.usecases.quotas import Spending, refuse_open_batches, spending
from app.modules.imports.usecases.retry_batch import Retried, retry_batch
from app.modules.imports.web.admission import GuardedRoute, requires
from app.modules.imports.web.dependencies import (
    Creation,
    Cursor,
    IdempotencyKey,
    Limit,
    TheHouse,
    Who,
    problems,
    ring,
)
from app.modules.imports.web.schemas import (
    BatchAnswer,
    BatchPage,
    IngestAnswer,
    NewBatchBody,
    RetryAnswer,
    RowsBody,
    StatusAnswer,
)
from app.security import Role

router = APIRouter(route_class=GuardedRoute, tags=["batches"])


@router.post(
    "/batches",
    operation_id="createBatch",
    status_code=201,
    response_model=BatchAnswer,
    responses=problems(400, 409, 413),
    dependencies=[requires(Role.UPLOADER)],
)
def create(body: NewBatchBody, house: TheHouse, who: Who, key: IdempotencyKey = None) -> JSONResponse:
    """Make a batch."""
    new = NewBatch(name=body.name, source_type=body.source_type, country=body.country)
    creation = Creation(house, who, key, "batches", body.model_dump(mode="json"))

    def effect(session: Session) -> BatchAnswer:
        refuse_open_batches(session, house.limits.quotas)
        return BatchAnswer.model_validate(create_batch(session, new))

    return creation.answer(201, effect)


@router.get(
    "/batches",
    operation_id="listBatches",
    responses=problems(),
    dependencies=[requires(Role.VIEWER)],
)
def read_list(
    house: TheHouse,
    who: Who,
    limit: Limit = 50,
    cursor: Cursor = None,
    with_status: Annotated[bool, Query(description="Count the items of each batch too")] = False,  # noqa: FBT002  (a query parameter)
) -> BatchPage:
    """Batches, newest first."""
    with house.database.tenant_session(who.tenant_id) as session:
        page = list_batches(session, limit=limit, cursor=cursor)
        statuses = batch_statuses(session, [batch.id for batch in page.entries]) if with_status else {}
    batches = [BatchAnswer.model_validate(batch) for batch in page.entries]
    for batch in batches:
        batch.status = StatusAnswer.model_validate(statuses[batch.id]) if with_status else None
    return BatchPage(batches=batches, next_cursor=page.next_cursor)


@router.get(
    "/batches/{batch_id}",
    operation_id="getBatch",
    responses=problems(404),
    dependencies=[requires(Role.VIEWER)],
)
def read_one(batch_id: UUID, house: TheHouse, who: Who) -> BatchAnswer:
    """One batch with its status."""
    with house.database.tenant_session(who.tenant_id) as session:
        batch = BatchAnswer.model_validate(get_batch(session, batch_id))
        batch.status = StatusAnswer.model_validate(batch_status(session, batch_id))
    return batch


@router.get(
    "/batches/{batch_id}/status",
    operation_id="getBatchStatus",
    responses=problems(404),
    dependencies=[requires(Role.VIEWER)],
)
def read_status(batch_id: UUID, house: TheHouse, who: Who) -> StatusAnswer:
    """How far the batch is."""
    with house.database.tenant_session(who.tenant_id) as session:
        return StatusAnswer.model_validate(batch_status(session, batch_id))


@router.post(
    "/batches/{batch_id}/ingest",
    operation_id="ingestRows",
    response_model=IngestAnswer,
    responses=problems(400, 404, 409, 413),
    dependencies=[requires(Role.UPLOADER)],
)
def ingest(batch_id: UUID, body: RowsBody, house: TheHouse, who: Who, key: IdempotencyKey = None) -> JSONResponse:
    """Take in the rows of a table: one item each."""
    if len(body.rows) > house.limits.max_rows:
        raise RefusedUpload("too_many_rows", f"at most {house.limits.max_rows} in one request", status=413)
    request = RowsRequest(
        rows=body.rows, mapping_id=body.mapping_id, transforms=body.transforms, defaults=body.defaults
    )
    creation = Creation(house, who, key, "ingest", batch_id, body.model_dump(mode="json"))

    def effect(session: Session) -> IngestAnswer:
        with spending(session, house.limits.quotas, Spending(rows=len(body.rows))):
            return IngestAnswer.model_validate(ingest_rows(session, batch_id, request))

    answer = creation.answer(200, effect)
    ring_for_new(house, who.tenant_id)
    return answer


@router.post(
    "/batches/{batch_id}/retry",
    operation_id="retryBatch",
    response_model=RetryAnswer,
    responses=problems(404, 409),
    dependencies=[requires(Role.REVIEWER)],
)
def retry(batch_id: UUID, house: TheHouse, who: Who, key: IdempotencyKey = None) -> JSONResponse:
    """Put every failed item back to the stage where it failed."""
    done: list[Retried] = []
    creation = Creation(house, who, key, "retry", batch_id)

    def effect(session: Session) -> RetryAnswer:
        done.append(retry_batch(session, batch_id, who.actor))
        return RetryAnswer.model_validate(done[-1])

    answer = creation.answer(200, effect)
    for retried in done:
        ring(house, who, retried.stages)
    return answer
