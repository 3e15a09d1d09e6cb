"""The audit trail: who did what, written in the transaction that does it, linked to the entry before, never changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from psycopg.types.json import Jsonb

from app.modules.imports.usecases.paging import Page, clamped, page_of, read_cursor

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

    from app.modules.imports.ports import SqlSession

# The function is the only way in. It holds the tenant's trail until the commit, so entries come last in a transaction.
_RECORD = "SELECT imports_audit(%(actor)s, %(action)s, %(batch)s, %(item)s, %(details)s)"
_LIST = """
SELECT seq, at, actor, action, batch_id, item_id, details, encode(hash, 'hex') AS hash FROM import_audit
WHERE tenant_id = (SELECT app_tenant()) {after} ORDER BY seq DESC LIMIT %(limit)s
"""
_AFTER = "AND seq < %(seq)s"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Who did what to what."""

    actor: str
    action: str
    batch_id: UUID | None = None
    item_id: UUID | None = None
    details: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """An entry as it stands in the trail. ``details`` is None once the tenant was erased."""

    seq: int
    at: datetime
    actor: str
    action: str
    batch_id: UUID | None
    item_id: UUID | None
    details: Mapping[str, Any] | None
    hash: str


def record(session: SqlSession, entry: Entry) -> None:
    """Add an entry to the trail."""
    values = {
        "actor": entry.actor,
        "action": entry.action,
        "batch": entry.batch_id,
        "item": entry.item_id,
        "details": Jsonb(dict(entry.details)),
    }
    session.execute(_RECORD, values)


def list_audit(session: SqlSession, *, limit: int = 50, cursor: str | None = None) -> Page[Recorded]:
    """Newest first."""
    limit = clamped(limit)
    parameters: dict[str, object] = {"limit": limit + 1}
    if cursor:
        [parameters["seq"]] = read_cursor(cursor, _seq)
    rows = session.execute(_LIST.replace("{after}", _AFTER if cursor else ""), parameters)
    return page_of(rows, limit, lambda row: Recorded(**row), "seq")


def _seq(text: str) -> int:
    seq = int(text)
    if not 0 < seq < 2**63:
        raise ValueError(text)
    return seq
