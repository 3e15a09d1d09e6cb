"""Give a mapping: a table that waits for one is told how its columns read, and goes on where it stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from app.crashpoints import crashpoint
from app.modules.imports.domain.errors import RefusedUpload
from app.modules.imports.domain.pipeline import STAGES, StageName
from app.modules.imports.usecases.audit import Entry, record
from app.modules.imports.usecases.cancel_batch import refuse_cancelled
from app.modules.imports.usecases.mappings import get_mapping

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from app.modules.imports.ports import SqlSession
    from app.modules.imports.usecases.mappings import StoredMapping

WAITING: Final = "mapping_needed"
_STAGE: Final = STAGES[StageName.EXTRACT]
_TAKE = """
SELECT i.id, i.batch_id, i.state, i.code, i.purged_file_key IS NOT NULL AS purged FROM import_items i
JOIN import_batches b ON b.tenant_id = i.tenant_id AND b.id = i.batch_id
WHERE i.tenant_id = (SELECT app_tenant()) AND i.id = %(id)s AND b.deleted_at IS NULL FOR UPDATE OF i
"""
_GIVE = """
UPDATE import_items SET mapping_id = %(mapping)s, mapping_version = %(version)s, state = %(state)s,
    due_stage = %(stage)s, next_run_at = clock_timestamp(), attempt = 0, code = NULL, updated_at = clock_timestamp()
WHERE tenant_id = (SELECT app_tenant()) AND id = %(id)s
"""
_RESOLVE = """
UPDATE import_dlq SET resolved_at = clock_timestamp()
WHERE tenant_id = (SELECT app_tenant()) AND item_id = %(id)s AND resolved_at IS NULL
"""


def give_mapping(
    session: SqlSession, item_id: UUID, mapping_id: UUID, actor: str, version: int | None = None
) -> StageName:
    """Every row of the table is read by this version, the latest when none is named; returns the stage to ring for.

    Raises ``RefusedUpload``: ``item_not_found``, ``item_needs_no_mapping``, ``mapping_not_found``, ``batch_cancelled``,
    ``file_purged``.
    """
    item = _take(session, item_id)
    mapping = get_mapping(session, mapping_id, version)
    place = {"state": _STAGE.takes.value, "stage": _STAGE.name.value}
    session.execute(_GIVE, {"id": item_id, "mapping": mapping.id, "version": mapping.version, **place})
    session.execute(_RESOLVE, {"id": item_id})
    _record(session, item, mapping, actor)
    crashpoint("reviewing")
    return _STAGE.name


def _take(session: SqlSession, item_id: UUID) -> Mapping[str, Any]:
    rows = session.execute(_TAKE, {"id": item_id})
    if not rows:
        raise RefusedUpload("item_not_found", status=404)
    item = rows[0]
    refuse_cancelled(session, item["batch_id"])
    if (item["state"], item["code"]) != (_STAGE.failed.value, WAITING):
        raise RefusedUpload("item_needs_no_mapping", f"the item is {item['state']}", status=409)
    if item["purged"]:
        raise RefusedUpload("file_purged", "bring the file again", status=409)
    return item


def _record(session: SqlSession, item: Mapping[str, Any], mapping: StoredMapping, actor: str) -> None:
    details = {"mapping_id": str(mapping.id), "version": mapping.version, "name": mapping.name}
    ids = {"batch_id": item["batch_id"], "item_id": item["id"]}
    record(session, Entry(actor=actor, action="item.mapping", **ids, details=details))
