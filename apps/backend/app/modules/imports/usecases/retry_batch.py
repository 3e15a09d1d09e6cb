"""Retry: failed items go back to where they failed, each of them once, whoever else asks at the same moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.crashpoints import crashpoint
from app.modules.imports.domain.errors import RefusedUpload
from app.modules.imports.domain.pipeline import PIPELINE, StageName
from app.modules.imports.usecases.audit import Entry, record
from app.modules.imports.usecases.cancel_batch import refuse_cancelled

if TYPE_CHECKING:
    from uuid import UUID

    from app.modules.imports.ports import SqlSession

# Locked in one order, so that two retries wait for each other and never embrace; the second finds nothing failed.
_RETRY = """
WITH failed AS (
    SELECT i.id FROM import_items i
    WHERE i.tenant_id = (SELECT app_tenant()) AND {chosen} AND i.state = ANY (%(failed)s::text[])
      AND i.purged_file_key IS NULL
    ORDER BY i.id FOR UPDATE
), moved AS (
    UPDATE import_items i SET state = v.takes, due_stage = v.stage, next_run_at = clock_timestamp(), attempt = 0,
        code = NULL, updated_at = clock_timestamp()
    FROM failed, unnest(%(failed)s::text[], %(takes)s::text[], %(stages)s::text[]) AS v (failed, takes, stage)
    WHERE i.tenant_id = (SELECT app_tenant()) AND i.id = failed.id AND i.state = v.failed
    RETURNING i.id, i.due_stage
), resolved AS (
    UPDATE import_dlq d SET resolved_at = clock_timestamp() FROM moved
    WHERE d.tenant_id = (SELECT app_tenant()) AND d.item_id = moved.id AND d.resolved_at IS NULL
)
SELECT due_stage, count(*) AS items FROM moved GROUP BY due_stage
"""
_ITEM = """
SELECT i.batch_id, i.purged_file_key IS NOT NULL AS purged FROM import_items i
JOIN import_batches b ON b.tenant_id = i.tenant_id AND b.id = i.batch_id
WHERE i.tenant_id = (SELECT app_tenant()) AND i.id = %(id)s AND b.deleted_at IS NULL
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retried:
    """How many items were put back, and the stages to ring for after the commit."""

    batch_id: UUID
    retried: int
    stages: tuple[StageName, ...]


def retry_batch(session: SqlSession, batch_id: UUID, actor: str) -> Retried:
    """Every failed item of a batch. Raises ``RefusedUpload``: ``batch_not_found``, ``batch_cancelled``."""
    refuse_cancelled(session, batch_id)
    retried = _retry(session, batch_id, _RETRY.replace("{chosen}", "i.batch_id = %(id)s"), batch_id)
    if retried.retried:
        details = {"retried": retried.retried}
        record(session, Entry(actor=actor, action="batch.retry", batch_id=batch_id, details=details))
    return retried


def retry_item(session: SqlSession, item_id: UUID, actor: str) -> Retried:
    """One failed item. Raises ``RefusedUpload``: ``item_not_found``, ``item_not_failed``, ``batch_cancelled``,
    ``file_purged``.
    """
    found = session.execute(_ITEM, {"id": item_id})
    if not found:
        raise RefusedUpload("item_not_found", status=404)
    if found[0]["purged"]:
        raise RefusedUpload("file_purged", "bring the file again", status=409)
    batch_id = found[0]["batch_id"]
    refuse_cancelled(session, batch_id)
    retried = _retry(session, item_id, _RETRY.replace("{chosen}", "i.id = %(id)s"), batch_id)
    if not retried.retried:
        raise RefusedUpload("item_not_failed", status=409)
    record(session, Entry(actor=actor, action="item.retry", batch_id=batch_id, item_id=item_id))
    return retried


def _retry(session: SqlSession, chosen: UUID, statement: str, batch_id: UUID) -> Retried:
    parameters = {
        "id": chosen,
        "failed": [spec.failed.value for spec in PIPELINE],
        "takes": [spec.takes.value for spec in PIPELINE],
        "stages": [spec.name.value for spec in PIPELINE],
    }
    rows = session.execute(statement, parameters)
    crashpoint("retrying")
    stages = tuple(StageName(row["due_stage"]) for row in rows)
    return Retried(batch_id=batch_id, retried=sum(row["items"] for row in rows), stages=stages)
