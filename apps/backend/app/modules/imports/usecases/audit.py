"""The audit trail: who did what, written in the transaction that does it, and never changed after."""

from __future__ import annotations

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


def record(
    session: SqlSession,
    *,
    actor: str,
    action: str,
    batch_id: UUID | None = None,
    item_id: UUID | None = None,
    details: Mapping[str, object] | None = None,
) -> None:
    """One entry of the trail."""
    entry = {"actor": actor, "action": action, "batch": batch_id, "item": item_id, "details": Jsonb(dict(details or {}))}
    session.execute(_RECORD, entry)
