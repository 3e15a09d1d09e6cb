"""Dead letters: what stopped for good, listed for people, and emptied of its content when it is old."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from app.crashpoints import crashpoint
from app.modules.imports.usecases.paging import Page, clamped, page_of, read_cursor

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.database import Database
    from app.modules.imports.ports import SqlSession

_LIST = """
SELECT id, item_id, batch_id, stage, reason, code, detail, attempts, created_at, resolved_at,
       payload IS NOT NULL AS has_payload
FROM import_dlq d WHERE d.tenant_id = (SELECT app_tenant()) {conditions} AND NOT EXISTS (
    SELECT 1 FROM import_batches b WHERE b.tenant_id = d.tenant_id AND b.id = d.batch_id AND b.deleted_at IS NOT NULL)
ORDER BY created_at DESC, id DESC LIMIT %(limit)s
"""
_CONDITIONS = {
    "batch": "AND batch_id = %(batch)s",
    "code": "AND code = %(code)s",
    "open": "AND resolved_at IS NULL",
    "cursor": "AND (created_at, id) < (%(created_at)s, %(id)s)",
}
# The same expression on both sides of the wall, both on the database's clock.
_BEFORE = "clock_timestamp() - make_interval(days => %(days)s)"
_OWNERS = "SELECT tenant_id FROM imports_tenants_with_dead_letters({before})".replace("{before}", _BEFORE)
_PURGE = """
UPDATE import_dlq d SET payload = NULL
FROM import_batches b JOIN tenants t ON t.id = b.tenant_id
WHERE d.tenant_id = (SELECT app_tenant()) AND d.payload IS NOT NULL AND d.created_at < {before}
  AND b.tenant_id = d.tenant_id AND b.id = d.batch_id AND NOT (b.legal_hold OR t.legal_hold)
""".replace("{before}", _BEFORE)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """One final failure. ``reason`` is review, dead, exhausted or cancelled."""

    id: UUID
    item_id: UUID
    batch_id: UUID
    stage: str
    reason: str
    code: str
    detail: str | None
    attempts: int
    created_at: datetime
    resolved_at: datetime | None
    has_payload: bool
    """False once its content was purged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which dead letters to list."""

    batch_id: UUID | None = None
    code: str | None = None
    only_open: bool = True


def list_dead_letters(
    session: SqlSession, wanted: Wanted, *, limit: int = 50, cursor: str | None = None
) -> Page[DeadLetter]:
    """Newest first."""
    limit = clamped(limit)
    parameters: dict[str, object] = {"limit": limit + 1, "batch": wanted.batch_id, "code": wanted.code}
    if cursor:
        parameters["created_at"], parameters["id"] = read_cursor(cursor, datetime.fromisoformat, UUID)
    asked = {"batch": wanted.batch_id, "code": wanted.code, "open": wanted.only_open, "cursor": cursor}
    conditions = " ".join(_CONDITIONS[name] for name, value in asked.items() if value)
    rows = session.execute(_LIST.replace("{conditions}", conditions), parameters)
    return page_of(rows, limit, _letter, "created_at", "id")


def purge_dead_letters(database: Database, days: int) -> int:
    """Take the content out of dead letters older than ``days``; the entry stays, and so does what is held.
    Returns how many were emptied.
    """
    with database.door_session() as session:
        owners = [row["tenant_id"] for row in session.execute(_OWNERS, {"days": days})]
    purged = 0
    for tenant_id in owners:
        with database.tenant_session(tenant_id) as session:
            purged += session.count(_PURGE, {"days": days})
            crashpoint("purging")
        crashpoint("purged")
    return purged


def _letter(row: Mapping[str, Any]) -> DeadLetter:
    return DeadLetter(**row)
