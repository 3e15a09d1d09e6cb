"""Claiming a slice: one statement takes the oldest due items of one kind, and one lease row stands for all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from app.modules.imports.domain.canonical import DocumentType
from app.modules.imports.domain.pipeline import ItemKind
from app.modules.imports.ports import Item, Slice

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.database import Session
    from app.modules.imports.domain.pipeline import StageSpec

    _Mappings = Mapping[tuple[UUID | None, int | None], Mapping[str, Any]]

# By an array of ids, and never by a join: the planner takes the limit for a tenth of all that is due, and would read
# the whole table for each slice of a long import.
# The kind of the oldest due item decides the size of the slice: rows go by hundreds, documents by a few.
_CLAIM = """
WITH head AS (
    SELECT kind = 'row' AS rows FROM import_items
    WHERE tenant_id = (SELECT app_tenant()) AND due_stage = %(stage)s AND next_run_at <= clock_timestamp()
    ORDER BY next_run_at LIMIT 1 FOR UPDATE SKIP LOCKED
), picked AS (
    SELECT i.id FROM import_items i
    WHERE i.tenant_id = (SELECT app_tenant()) AND i.due_stage = %(stage)s AND i.next_run_at <= clock_timestamp()
      AND (i.kind = 'row') = (SELECT rows FROM head)
    ORDER BY i.next_run_at
    LIMIT (SELECT CASE WHEN rows THEN %(rows_per_slice)s ELSE %(documents_per_slice)s END FROM head)
    FOR UPDATE SKIP LOCKED
)
UPDATE import_items i
SET state = %(running)s, due_stage = NULL, next_run_at = NULL, lease_token = %(token)s, attempt = i.attempt + 1,
    updated_at = clock_timestamp()
WHERE i.tenant_id = (SELECT app_tenant()) AND i.id = ANY (ARRAY(SELECT id FROM picked))
"""

_OPEN_LEASE = """
INSERT INTO import_leases (tenant_id, token, stage, leased_until, deadline_at)
VALUES ((SELECT app_tenant()), %(token)s, %(stage)s, clock_timestamp() + make_interval(secs => %(lease)s),
        clock_timestamp() + make_interval(secs => %(hard_limit)s))
"""

_LEASED_ITEMS = """
SELECT i.id, i.batch_id, i.kind, i.attempt, i.parent_id, i.part, i.file_key, i.file_name, i.doc_type,
       i.mapping_id, i.mapping_version, p.raw, p.work, p.document, p.findings, p.corrections, p.accepted
FROM import_items i
JOIN import_payloads p ON p.tenant_id = i.tenant_id AND p.item_id = i.id
WHERE i.tenant_id = (SELECT app_tenant()) AND i.lease_token = %(token)s
ORDER BY i.position, i.id
"""
_MAPPINGS = """
SELECT m.id, m.version, m.definition FROM import_mappings m
JOIN unnest(%(ids)s::uuid[], %(versions)s::integer[]) AS v (id, version) ON m.id = v.id AND m.version = v.version
WHERE m.tenant_id = (SELECT app_tenant())
"""


def claim_slice(session: Session, stage: StageSpec, tenant_id: UUID, lease_seconds: float) -> Slice | None:
    """Take what is due, or None. The attempt is counted here, so that a worker killed for memory counts too."""
    token = uuid4()
    claimed = session.count(
        _CLAIM,
        {
            "stage": stage.name.value,
            "running": stage.running.value,
            "token": token,
            "rows_per_slice": stage.rows_per_slice,
            "documents_per_slice": stage.documents_per_slice,
        },
    )
    if not claimed:
        return None
    session.execute(
        _OPEN_LEASE,
        {
            "token": token,
            "stage": stage.name.value,
            "lease": lease_seconds,
            "hard_limit": stage.hard_limit.total_seconds(),
        },
    )
    return Slice(token=token, tenant_id=tenant_id, stage=stage, items=leased_items(session, token))


def leased_items(session: Session, token: UUID) -> tuple[Item, ...]:
    """The items held under a lease, with all that earlier stages left."""
    rows = session.execute(_LEASED_ITEMS, {"token": token})
    mappings = _mappings(session, {(row["mapping_id"], row["mapping_version"]) for row in rows})
    return tuple(_item(row, mappings.get((row["mapping_id"], row["mapping_version"]))) for row in rows)


def _mappings(session: Session, wanted: set[tuple[UUID | None, int | None]]) -> _Mappings:
    """The definitions by id and version: the items of a slice mostly share one, which need not travel with each."""
    stated = [(id_, version) for id_, version in wanted if id_ is not None]
    if not stated:
        return {}
    parameters = {"ids": [id_ for id_, _ in stated], "versions": [version for _, version in stated]}
    return {(row["id"], row["version"]): row["definition"] for row in session.execute(_MAPPINGS, parameters)}


def _item(row: Mapping[str, Any], mapping: Mapping[str, Any] | None) -> Item:
    work = dict(row["work"] or {})
    for name in ("document", "findings"):
        if row[name] is not None:
            work[name] = row[name]
    accepted: Sequence[str] = row["accepted"] or ()
    return Item(
        id=row["id"],
        batch_id=row["batch_id"],
        kind=ItemKind(row["kind"]),
        attempt=row["attempt"],
        raw=row["raw"],
        file_key=row["file_key"],
        file_name=row["file_name"],
        parent_id=row["parent_id"],
        part=row["part"],
        mapping=mapping,
        accepted=frozenset(accepted),
        corrections=row["corrections"] or {},
        work=work,
        doc_type=DocumentType(row["doc_type"]) if row["doc_type"] else None,
    )
