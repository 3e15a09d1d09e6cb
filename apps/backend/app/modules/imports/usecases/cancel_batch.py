"""Calling a batch off: what waits fails as ``cancelled``, what is at work loses its lease, what is published stays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from uuid import UUID

from app.crashpoints import crashpoint
from app.modules.imports.domain.errors import RefusedUpload
from app.modules.imports.domain.pipeline import PIPELINE, StageName
from app.modules.imports.usecases.audit import Entry, record

if TYPE_CHECKING:
    from app.modules.imports.ports import SqlSession

# Whoever puts items into the batch or back to work holds it FOR SHARE; parts of a container only need it to be there.
_MARK = """
UPDATE import_batches SET cancelled_at = clock_timestamp()
WHERE tenant_id = (SELECT app_tenant()) AND id = %(batch)s AND deleted_at IS NULL AND cancelled_at IS NULL RETURNING id
"""
_THERE = """
SELECT id FROM import_batches WHERE tenant_id = (SELECT app_tenant()) AND id = %(batch)s AND deleted_at IS NULL
"""
# A claim that holds an item right now is waited for; the item is leased then, and met further down.
_STOP_DUE = """
WITH due AS (
    SELECT i.id, i.position, s.stage, s.failed FROM import_items i
    JOIN unnest(%(stages)s::text[], %(failed)s::text[]) AS s (stage, failed) ON s.stage = i.due_stage
    WHERE i.tenant_id = (SELECT app_tenant()) AND i.batch_id = %(batch)s
      AND (i.position, i.id) > (%(position)s, %(id)s)
    ORDER BY i.position, i.id LIMIT %(most)s FOR NO KEY UPDATE OF i
), stopped AS (
    UPDATE import_items i SET state = due.failed, due_stage = NULL, next_run_at = NULL, code = 'cancelled',
        attempt = i.attempt + 1, updated_at = clock_timestamp()
    FROM due WHERE i.tenant_id = (SELECT app_tenant()) AND i.id = due.id
    RETURNING i.id, i.batch_id, i.attempt, due.stage
){records}, (SELECT position FROM due ORDER BY position DESC, id DESC LIMIT 1) AS position,
    (SELECT id FROM due ORDER BY position DESC, id DESC LIMIT 1) AS id
FROM stopped
"""
# The lease is the fence of settling: once it is closed here, nothing of its slice can be written any more.
_CLOSE_LEASES = """
DELETE FROM import_leases l WHERE l.tenant_id = (SELECT app_tenant()) AND l.token = ANY (ARRAY(
    SELECT DISTINCT i.lease_token FROM import_items i
    WHERE i.tenant_id = (SELECT app_tenant()) AND i.batch_id = %(batch)s AND i.lease_token IS NOT NULL
)) RETURNING token, stage
"""
_STOP_LEASED = """
WITH stopped AS (
    UPDATE import_items i SET state = %(failed)s, lease_token = NULL, code = 'cancelled', updated_at = clock_timestamp()
    WHERE i.tenant_id = (SELECT app_tenant()) AND i.lease_token = %(token)s AND i.batch_id = %(batch)s
    RETURNING i.id, i.batch_id, i.attempt, %(stage)s::text AS stage
){records} FROM stopped
"""
# Their neighbours of other batches are given back as they were: no attempt is charged.
_RELEASE_OTHERS = """
UPDATE import_items SET state = %(takes)s, due_stage = %(stage)s, next_run_at = clock_timestamp(), lease_token = NULL,
    attempt = attempt - 1, updated_at = clock_timestamp()
WHERE tenant_id = (SELECT app_tenant()) AND lease_token = %(token)s
"""
_RECORDS = """, tried AS (
    INSERT INTO import_attempts (tenant_id, item_id, stage, attempt, outcome, code, started_at)
    SELECT (SELECT app_tenant()), id, stage, attempt, 'cancelled', 'cancelled', clock_timestamp() FROM stopped
), letters AS (
    INSERT INTO import_dlq (tenant_id, id, item_id, batch_id, stage, reason, code, attempts, payload)
    SELECT (SELECT app_tenant()), gen_random_uuid(), id, batch_id, stage, 'cancelled', 'cancelled', attempt, '{}'
    FROM stopped
)
SELECT count(*) AS items"""
_AT_WORK = """
SELECT 1 FROM import_items WHERE tenant_id = (SELECT app_tenant()) AND batch_id = %(batch)s
  AND (due_stage IS NOT NULL OR lease_token IS NOT NULL) LIMIT 1
"""
_HOLD = """
SELECT cancelled_at IS NOT NULL AS cancelled, deleted_at IS NOT NULL AS deleted FROM import_batches
WHERE tenant_id = (SELECT app_tenant()) AND id = %(batch)s FOR SHARE
"""
_MOST: Final = 20_000
"""Of one statement, so that no batch is too large for the time that a statement may take."""
_SPECS: Final = {spec.name.value: spec for spec in PIPELINE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancelled:
    """How many items were stopped, and the stages that other batches' items were given back to."""

    batch_id: UUID
    cancelled: int
    stages: tuple[StageName, ...] = ()


def cancel_batch(session: SqlSession, batch_id: UUID, actor: str) -> Cancelled:
    """For good: nothing of it is published after this commit. A second time changes nothing.

    Raises ``RefusedUpload('batch_not_found')``.
    """
    batch = {"batch": batch_id}
    if not session.execute(_MARK, batch):
        if not session.execute(_THERE, batch):
            raise RefusedUpload("batch_not_found", status=404)
        return Cancelled(batch_id=batch_id, cancelled=0)
    stopped, released = 0, set()
    while session.execute(_AT_WORK, batch):
        stopped += _stop_due(session, batch_id)
        for lease in session.execute(_CLOSE_LEASES, batch):
            stopped += _stop_leased(session, batch_id, lease["token"], lease["stage"])
            released.add(StageName(lease["stage"]))
    record(session, Entry(actor=actor, action="batch.cancel", batch_id=batch_id, details={"cancelled": stopped}))
    crashpoint("cancelling")
    return Cancelled(batch_id=batch_id, cancelled=stopped, stages=tuple(sorted(released)))


def refuse_cancelled(session: SqlSession, batch_id: UUID) -> None:
    """Keeps the batch from being cancelled until the commit. Raises ``RefusedUpload``: ``batch_not_found``,
    ``batch_cancelled``.
    """
    rows = session.execute(_HOLD, {"batch": batch_id})
    if not rows or rows[0]["deleted"]:
        raise RefusedUpload("batch_not_found", status=404)
    if rows[0]["cancelled"]:
        raise RefusedUpload("batch_cancelled", "make a new batch and bring it there", status=409)


def _stop_due(session: SqlSession, batch_id: UUID) -> int:
    statement = _STOP_DUE.replace("{records}", _RECORDS)
    values = {"batch": batch_id, "most": _MOST, "stages": list(_SPECS), "failed": [s.failed.value for s in PIPELINE]}
    stopped, place = 0, {"position": -1, "id": UUID(int=0)}
    while place["id"] is not None:
        [row] = session.execute(statement, values | place)
        stopped += row["items"]
        place = {"position": row["position"], "id": row["id"]}
    return stopped


def _stop_leased(session: SqlSession, batch_id: UUID, token: UUID, stage: str) -> int:
    spec = _SPECS[stage]
    values = {"token": token, "stage": stage, "batch": batch_id, "failed": spec.failed.value}
    items: int = session.execute(_STOP_LEASED.replace("{records}", _RECORDS), values)[0]["items"]
    session.execute(_RELEASE_OTHERS, {"token": token, "stage": stage, "takes": spec.takes.value})
    return items
