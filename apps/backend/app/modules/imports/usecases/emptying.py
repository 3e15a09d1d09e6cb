"""Taking the content out of items: what remains is a tombstone, with state, times and the hash of its file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from app.modules.imports.ports import SqlSession

# The number of parts stays: a container must go on being told from one that was split in half.
_PAYLOADS: Final = """
UPDATE import_payloads p SET raw = NULL, document = NULL, findings = NULL, corrections = NULL, accepted = '{}',
    work = CASE WHEN p.work ? 'parts' THEN jsonb_build_object('parts', p.work->'parts') END
FROM import_items i
WHERE p.tenant_id = (SELECT app_tenant()) AND i.tenant_id = p.tenant_id AND i.id = p.item_id
  AND i.batch_id = ANY (%(batches)s::uuid[])
"""
_LETTERS: Final = """
UPDATE import_dlq SET detail = NULL, payload = CASE WHEN payload IS NOT NULL THEN '{}'::jsonb END
WHERE tenant_id = (SELECT app_tenant()) AND batch_id = ANY (%(batches)s::uuid[])
"""
_FILES: Final = """
DELETE FROM import_files f USING import_items i
WHERE f.tenant_id = (SELECT app_tenant()) AND i.tenant_id = f.tenant_id AND i.id = f.item_id
  AND i.batch_id = ANY (%(batches)s::uuid[])
"""
_ITEMS: Final = """
UPDATE import_items SET purged_file_key = coalesce(file_key, purged_file_key), file_key = NULL, file_name = NULL
WHERE tenant_id = (SELECT app_tenant()) AND batch_id = ANY (%(batches)s::uuid[])
"""


def empty_items(session: SqlSession, batch_ids: Sequence[UUID]) -> None:
    """Of batches in which nothing is at work. Their files belong to nobody from now on, and are collected."""
    for statement in (_PAYLOADS, _LETTERS, _FILES, _ITEMS):
        session.execute(statement, {"batches": list(batch_ids)})
