"""The audit trail: who did what, written in the transaction that does it, and never changed after."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from psycopg.types.json import Jsonb

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from app.modules.imports.ports import SqlSession

_RECORD = """
INSERT INTO import_audit (tenant_id, actor, action, batch_id, item_id, details)
VALUES ((SELECT app_tenant()), %(actor)s, %(action)s, %(batch)s, %(item)s, %(details)s)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Who did what to what."""

    actor: str
    action: str
    batch_id: UUID | None = None
    item_id: UUID | None = None
    details: Mapping[str, object] = field(default_factory=dict)


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
