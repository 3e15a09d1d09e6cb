"""What is let go with time: originals by the tenant's own policy, and answers kept for requests that come twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.modules.imports.usecases.audit import Entry, record

if TYPE_CHECKING:
    from uuid import UUID

    from app.database import Database, Session

_DAYS: Final = (
    "SELECT (settings->>'keep_originals_days')::integer AS days FROM tenants WHERE id = (SELECT app_tenant())"
)
# The blob itself goes when no item names it any more: parts of a container share their container's.
_LET_GO: Final = """
UPDATE import_items SET purged_file_key = file_key, file_key = NULL
WHERE tenant_id = (SELECT app_tenant()) AND id = ANY (ARRAY(
    SELECT i.id FROM import_items i
    JOIN import_batches b ON b.tenant_id = i.tenant_id AND b.id = i.batch_id AND NOT b.legal_hold
    JOIN tenants t ON t.id = i.tenant_id AND NOT t.legal_hold
    WHERE i.tenant_id = (SELECT app_tenant()) AND i.file_key IS NOT NULL AND i.due_stage IS NULL
      AND i.lease_token IS NULL AND i.updated_at < clock_timestamp() - make_interval(days => %(days)s)
    ORDER BY i.id LIMIT %(most)s FOR NO KEY UPDATE OF i SKIP LOCKED
)) AND due_stage IS NULL AND lease_token IS NULL
"""
_FORGET_REQUESTS: Final = """
DELETE FROM import_requests
WHERE tenant_id = (SELECT app_tenant()) AND created_at < clock_timestamp() - interval '24 hours'
"""
_MOST: Final = 5000


def let_originals_go(database: Database, tenant_id: UUID) -> int:
    """Items at rest for longer than ``keep_originals_days`` lose their file; returns how many. 0 keeps it for ever."""
    total = 0
    while True:
        with database.tenant_session(tenant_id) as session:
            gone = _let_go(session)
        total += gone
        if gone < _MOST:
            return total


def forget_requests(database: Database, tenant_id: UUID) -> int:
    """Answers older than the day for which a key is good; returns how many."""
    with database.tenant_session(tenant_id) as session:
        return session.count(_FORGET_REQUESTS, {})


def _let_go(session: Session) -> int:
    rows = session.execute(_DAYS)
    days = rows[0]["days"] if rows else None
    gone = session.count(_LET_GO, {"days": days, "most": _MOST}) if days else 0
    if gone:
        record(session, Entry(actor="system", action="originals.purge", details={"items": gone, "days": days}))
    return gone
