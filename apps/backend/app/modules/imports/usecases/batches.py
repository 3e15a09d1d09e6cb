"""Batches: made, listed, and asked how far they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID, uuid4

from app.modules.imports.domain.errors import RefusedUpload
from app.modules.imports.domain.pipeline import FAILED_STATES, FIRST, LAST, ItemState
from app.modules.imports.usecases.paging import Page, clamped, page_of, read_cursor

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.modules.imports.ports import SqlSession

_CREATE = """
INSERT INTO import_batches (tenant_id, id, name, source_type, country)
VALUES ((SELECT app_tenant()), %(id)s, %(name)s, %(source_type)s, %(country)s)
RETURNING id, name, source_type, country, created_at, cancelled_at, legal_hold
"""
_GET = """
SELECT id, name, source_type, country, created_at, cancelled_at, legal_hold FROM import_batches
WHERE tenant_id = (SELECT app_tenant()) AND id = %(id)s AND deleted_at IS NULL
"""
_LIST = """
SELECT id, name, source_type, country, created_at, cancelled_at, legal_hold FROM import_batches
WHERE tenant_id = (SELECT app_tenant()) AND deleted_at IS NULL {after}
ORDER BY created_at DESC, id LIMIT %(limit)s
"""
_AFTER = "AND created_at <= %(created_at)s AND (created_at < %(created_at)s OR id > %(id)s)"
# One statement, so one snapshot: the counts of a batch always add up.
_COUNTS = """
SELECT b.id AS batch_id, coalesce(jsonb_object_agg(s.state, s.items) FILTER (WHERE s.state IS NOT NULL), '{}') AS counts
FROM import_batches b
LEFT JOIN LATERAL (
    SELECT i.state, count(*) AS items FROM import_items i
    WHERE i.tenant_id = b.tenant_id AND i.batch_id = b.id GROUP BY i.state
) s ON true
WHERE b.tenant_id = (SELECT app_tenant()) AND b.id = ANY (%(ids)s::uuid[]) AND b.deleted_at IS NULL
GROUP BY b.id
"""

StatusName = Literal["pending", "processing", "completed", "completed_with_errors"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewBatch:
    """What a client says of a batch; all of it is for people."""

    name: str | None = None
    source_type: str | None = None
    country: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """One batch."""

    id: UUID
    name: str | None
    source_type: str | None
    country: str | None
    created_at: datetime
    cancelled_at: datetime | None
    legal_hold: bool
    """Kept as it is, whatever retention or erasure would do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchStatus:
    """How far a batch is. ``pending`` waits for its first stage, ``processing`` is all between there and the end."""

    batch_id: UUID
    status: StatusName
    total_items: int
    completed: int
    processing: int
    failed: int
    discarded: int
    """Not wanted by a person."""
    pending: int
    progress: float
    """Published share of what was not discarded, in per cent, rounded down to a tenth: 100.0 means all of them."""
    finished: bool
    """Nothing is left to do; a batch without items has not begun."""
    status_breakdown: Mapping[str, int]


def create_batch(session: SqlSession, new: NewBatch) -> Batch:
    """A batch without items."""
    values = {"id": uuid4(), "name": new.name, "source_type": new.source_type, "country": new.country}
    [row] = session.execute(_CREATE, values)
    return _batch(row)


def get_batch(session: SqlSession, batch_id: UUID) -> Batch:
    """Raises ``RefusedUpload('batch_not_found')``."""
    rows = session.execute(_GET, {"id": batch_id})
    if not rows:
        raise _not_found()
    return _batch(rows[0])


def list_batches(session: SqlSession, *, limit: int = 50, cursor: str | None = None) -> Page[Batch]:
    """Newest first."""
    limit = clamped(limit)
    parameters: dict[str, object] = {"limit": limit + 1}
    if cursor:
        parameters["created_at"], parameters["id"] = read_cursor(cursor, datetime.fromisoformat, UUID)
    rows = session.execute(_LIST.replace("{after}", _AFTER if cursor else ""), parameters)
    return page_of(rows, limit, _batch, "created_at", "id")


def batch_status(session: SqlSession, batch_id: UUID) -> BatchStatus:
    """Raises ``RefusedUpload('batch_not_found')``."""
    statuses = batch_statuses(session, [batch_id])
    if batch_id not in statuses:
        raise _not_found()
    return statuses[batch_id]


def batch_statuses(session: SqlSession, batch_ids: Sequence[UUID]) -> dict[UUID, BatchStatus]:
    """The status of each batch that there is, all of one moment."""
    rows = session.execute(_COUNTS, {"ids": list(batch_ids)})
    return {row["batch_id"]: _status(row["batch_id"], row["counts"]) for row in rows}


def _status(batch_id: UUID, counts: Mapping[str, int]) -> BatchStatus:
    total = sum(counts.values())
    completed, pending = counts.get(LAST.gives.value, 0), counts.get(FIRST.takes.value, 0)
    failed = sum(counts.get(state.value, 0) for state in FAILED_STATES)
    discarded = counts.get(ItemState.DISCARDED.value, 0)
    ended, wanted = completed + failed + discarded, total - discarded
    return BatchStatus(
        batch_id=batch_id,
        status=_name(total=total, pending=pending, ended=ended, failed=failed),
        total_items=total,
        completed=completed,
        processing=total - ended - pending,
        failed=failed,
        discarded=discarded,
        pending=pending,
        progress=completed * 1000 // wanted / 10 if wanted else 100.0 * bool(total),
        finished=0 < total == ended,
        status_breakdown=dict(sorted(counts.items())),
    )


def _name(*, total: int, pending: int, ended: int, failed: int) -> StatusName:
    if total == pending:
        return "pending"
    if ended < total:
        return "processing"
    return "completed_with_errors" if failed else "completed"


def _batch(row: Mapping[str, Any]) -> Batch:
    return Batch(**row)


def _not_found() -> RefusedUpload:
    return RefusedUpload("batch_not_found", status=404)
