"""Deleting a batch of which nothing was published: it is gone for everybody, and its content with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.modules.imports.domain.errors import RefusedUpload
from app.modules.imports.usecases.audit import Entry, record
from app.modules.imports.usecases.emptying import empty_items

if TYPE_CHECKING:
    from uuid import UUID

    from app.modules.imports.ports import SqlSession

_LOCK: Final = """
SELECT b.legal_hold OR t.legal_hold AS held FROM import_batches b JOIN tenants t ON t.id = b.tenant_id
WHERE b.tenant_id = (SELECT app_tenant()) AND b.id = %(batch)s AND b.deleted_at IS NULL FOR NO KEY UPDATE OF b
"""
# A container is published when its parts are items of their own: what counts is what came out of them.
_STANDING: Final = """
SELECT coalesce(bool_or(i.due_stage IS NOT NULL OR i.lease_token IS NOT NULL), false) AS at_work,
       coalesce(bool_or(i.state = 'published' AND i.kind <> 'container'), false) AS published, count(*) AS items
FROM import_items i WHERE i.tenant_id = (SELECT app_tenant()) AND i.batch_id = %(batch)s
"""
_DELETE: Final = """
UPDATE import_batches SET deleted_at = clock_timestamp(), name = NULL, source_type = NULL,
    cancelled_at = coalesce(cancelled_at, clock_timestamp())
WHERE tenant_id = (SELECT app_tenant()) AND id = %(batch)s
"""


def delete_batch(session: SqlSession, batch_id: UUID, actor: str) -> None:
    """Rows without content stay, so that what was accepted can be accounted for; no route shows them.

    Raises ``RefusedUpload``: ``batch_not_found``, ``legal_hold``, ``batch_at_work``, ``batch_published``.
    """
    batch = {"batch": batch_id}
    rows = session.execute(_LOCK, batch)
    if not rows:
        raise RefusedUpload("batch_not_found", status=404)
    if rows[0]["held"]:
        raise RefusedUpload("legal_hold", "it has to be kept as it is", status=409)
    [standing] = session.execute(_STANDING, batch)
    if standing["at_work"]:
        raise RefusedUpload("batch_at_work", "cancel it first", status=409)
    if standing["published"]:
        raise RefusedUpload("batch_published", "what is published stays", status=409)
    empty_items(session, [batch_id])
    session.execute(_DELETE, batch)
    record(session, Entry(actor=actor, action="batch.delete", batch_id=batch_id, details={"items": standing["items"]}))
