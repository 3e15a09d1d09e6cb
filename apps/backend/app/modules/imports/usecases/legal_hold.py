"""Legal hold: what is held is kept as it is, whatever retention, deletion or erasure would do to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.modules.imports.domain.errors import RefusedUpload
from app.modules.imports.usecases.audit import Entry, record

if TYPE_CHECKING:
    from uuid import UUID

    from app.modules.imports.ports import SqlSession

_BATCH: Final = """
UPDATE import_batches SET legal_hold = %(held)s
WHERE tenant_id = (SELECT app_tenant()) AND id = %(batch)s AND deleted_at IS NULL RETURNING id
"""
_TENANT: Final = "UPDATE tenants SET legal_hold = %(held)s WHERE id = (SELECT app_tenant()) RETURNING id"
_HELD: Final = """
SELECT EXISTS (SELECT 1 FROM tenants WHERE id = (SELECT app_tenant()) AND legal_hold)
    OR EXISTS (SELECT 1 FROM import_batches WHERE tenant_id = (SELECT app_tenant()) AND legal_hold) AS held
"""


def hold_batch(session: SqlSession, batch_id: UUID, *, held: bool, actor: str) -> None:
    """Raises ``RefusedUpload('batch_not_found')``."""
    if not session.execute(_BATCH, {"batch": batch_id, "held": held}):
        raise RefusedUpload("batch_not_found", status=404)
    record(session, Entry(actor=actor, action="batch.hold" if held else "batch.release", batch_id=batch_id))


def hold_tenant(session: SqlSession, *, held: bool, actor: str, reason: str | None = None) -> None:
    """All of the tenant's batches at once. For whoever runs the system: no route leads here."""
    if not session.execute(_TENANT, {"held": held}):
        raise RefusedUpload("tenant_not_found", status=404)
    details = {"reason": reason} if reason else {}
    record(session, Entry(actor=actor, action="tenant.hold" if held else "tenant.release", details=details))


def refuse_held(session: SqlSession) -> None:
    """Raises ``RefusedUpload('legal_hold')`` when the tenant or any batch of it is held."""
    if session.execute(_HELD, {})[0]["held"]:
        raise RefusedUpload("legal_hold", "the tenant, or a batch of it, has to be kept as it is", status=409)
