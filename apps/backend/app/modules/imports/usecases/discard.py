"""Discarding: a person says that a failed item is not to be imported, and may take that back.

It keeps its content and its history. Its dead letter is settled, a retry of the batch passes it by, and nothing of it
is published.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.crashpoints import crashpoint
from app.modules.imports.domain.errors import RefusedUpload
from app.modules.imports.domain.pipeline import FAILED_STATES, PIPELINE, ItemState
from app.modules.imports.usecases.audit import Entry, record

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from app.modules.imports.ports import SqlSession

# Locked in one order, as a retry locks them: whoever comes second finds nothing failed.
_DISCARD = """
WITH failed AS (
    SELECT i.id FROM import_items i
    WHERE i.tenant_id = (SELECT app_tenant()) AND {chosen} AND i.state = ANY (%(failed)s::text[])
    ORDER BY i.id FOR UPDATE
), moved AS (
    UPDATE import_items i SET state = %(discarded)s, updated_at = clock_timestamp()
    FROM failed WHERE i.tenant_id = (SELECT app_tenant()) AND i.id = failed.id
    RETURNING i.id
), resolved AS (
    UPDATE import_dlq d SET resolved_at = clock_timestamp() FROM moved
    WHERE d.tenant_id = (SELECT app_tenant()) AND d.item_id = moved.id AND d.resolved_at IS NULL
)
SELECT count(*) AS items FROM moved
"""
_OF_ITEM = "i.id = %(id)s"
_OF_BATCH = "i.batch_id = %(id)s AND i.code = ANY (%(codes)s::text[])"
_RESTORE = """
WITH letter AS (
    SELECT d.id, d.stage FROM import_dlq d WHERE d.tenant_id = (SELECT app_tenant()) AND d.item_id = %(id)s
    ORDER BY d.created_at DESC, d.id DESC LIMIT 1
), moved AS (
    UPDATE import_items i SET state = v.failed, updated_at = clock_timestamp()
    FROM letter, unnest(%(stages)s::text[], %(failed)s::text[]) AS v (stage, failed)
    WHERE i.tenant_id = (SELECT app_tenant()) AND i.id = %(id)s AND i.state = %(discarded)s AND v.stage = letter.stage
    RETURNING i.id
)
UPDATE import_dlq d SET resolved_at = NULL FROM letter, moved
WHERE d.tenant_id = (SELECT app_tenant()) AND d.id = letter.id
RETURNING d.id
"""
_ITEM = """
SELECT i.batch_id, i.state, i.code FROM import_items i
JOIN import_batches b ON b.tenant_id = i.tenant_id AND b.id = i.batch_id
WHERE i.tenant_id = (SELECT app_tenant()) AND i.id = %(id)s AND b.deleted_at IS NULL FOR UPDATE OF i
"""
# A batch that is being deleted is waited for, and not found then.
_BATCH = """
SELECT id FROM import_batches WHERE tenant_id = (SELECT app_tenant()) AND id = %(id)s AND deleted_at IS NULL FOR SHARE
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Discarded:
    """How many items of a batch were discarded."""

    batch_id: UUID
    discarded: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """How many items of a batch were taken back."""

    batch_id: UUID
    restored: int


def discard_item(session: SqlSession, item_id: UUID, actor: str, reason: str | None = None) -> Discarded:
    """One failed item. Raises ``RefusedUpload``: ``item_not_found``, ``item_not_failed``."""
    item = _item(session, item_id)
    if item["state"] not in FAILED_STATES:
        raise RefusedUpload("item_not_failed", f"the item is {item['state']}", status=409)
    session.execute(_DISCARD.replace("{chosen}", _OF_ITEM), _values(item_id))
    crashpoint("discarding")
    details = {"reason": reason, "state": item["state"], "code": item["code"]}
    record(
        session, Entry(actor=actor, action="item.discard", batch_id=item["batch_id"], item_id=item_id, details=details)
    )
    return Discarded(batch_id=item["batch_id"], discarded=1)


def discard_items(
    session: SqlSession, batch_id: UUID, codes: Sequence[str], actor: str, reason: str | None = None
) -> Discarded:
    """Every failed item of the batch that stopped with one of these codes.

    Raises ``RefusedUpload('batch_not_found')``.
    """
    if not session.execute(_BATCH, {"id": batch_id}):
        raise RefusedUpload("batch_not_found", status=404)
    statement = _DISCARD.replace("{chosen}", _OF_BATCH)
    [row] = session.execute(statement, {**_values(batch_id), "codes": list(codes)})
    crashpoint("discarding")
    if row["items"]:
        details = {"reason": reason, "codes": list(codes), "discarded": row["items"]}
        record(session, Entry(actor=actor, action="batch.discard", batch_id=batch_id, details=details))
    return Discarded(batch_id=batch_id, discarded=row["items"])


def restore_item(session: SqlSession, item_id: UUID, actor: str) -> Restored:
    """As if it had never been discarded: it has failed, and its dead letter is open.

    Raises ``RefusedUpload``: ``item_not_found``, ``item_not_discarded``.
    """
    item = _item(session, item_id)
    if item["state"] != ItemState.DISCARDED:
        raise RefusedUpload("item_not_discarded", f"the item is {item['state']}", status=409)
    session.execute(_RESTORE, {**_values(item_id), "stages": [spec.name.value for spec in PIPELINE]})
    crashpoint("restoring")
    record(session, Entry(actor=actor, action="item.restore", batch_id=item["batch_id"], item_id=item_id))
    return Restored(batch_id=item["batch_id"], restored=1)


def _item(session: SqlSession, item_id: UUID) -> Mapping[str, Any]:
    rows = session.execute(_ITEM, {"id": item_id})
    if not rows:
        raise RefusedUpload("item_not_found", status=404)
    return rows[0]


def _values(chosen: UUID) -> dict[str, object]:
    return {
        "id": chosen,
        "failed": [spec.failed.value for spec in PIPELINE],
        "discarded": ItemState.DISCARDED.value,
    }
