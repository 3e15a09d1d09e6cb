"""Ingest: rows and files become items, all of a request or none of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO
from uuid import UUID, uuid4

from psycopg.types.json import Jsonb

from app.crashpoints import crashpoint
from app.modules.imports.domain.errors import RefusedUpload
from app.modules.imports.domain.file_name import shown_name
from app.modules.imports.domain.following_id import following_id
from app.modules.imports.domain.pipeline import FIRST
from app.modules.imports.mapping.problem import ValueProblem
from app.modules.imports.mapping.stored import nameless_id, row_reader
from app.modules.imports.ports import Ring
from app.modules.imports.usecases.cancel_batch import refuse_cancelled
from app.modules.imports.usecases.quotas import keep_accounts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from app.modules.imports.ports import SqlSession, StoredFile
    from app.modules.imports.usecases.house import House

_NEXT_POSITION = """
SELECT coalesce(max(position) + 1, 0) AS next FROM import_items
WHERE tenant_id = (SELECT app_tenant()) AND batch_id = %(batch)s AND parent_id IS NULL
"""
_ITEMS = """
INSERT INTO import_items (tenant_id, id, batch_id, kind, position, place, file_key, file_name,
                          mapping_id, mapping_version)
SELECT (SELECT app_tenant()), v.id, %(batch)s, %(kind)s, %(start)s + v.ordinal - 1,
       int8send(%(start)s + v.ordinal - 1) || substring(uuid_send(v.id) FROM 1 FOR 8), v.file_key, v.file_name,
       %(mapping)s, %(version)s
FROM unnest(%(ids)s::uuid[], %(keys)s::text[], %(names)s::text[]) WITH ORDINALITY
     AS v (id, file_key, file_name, ordinal)
"""
_PAYLOADS = """
INSERT INTO import_payloads (tenant_id, item_id, raw)
SELECT (SELECT app_tenant()), v.id, v.raw FROM jsonb_to_recordset(%(rows)s) AS v (id uuid, raw jsonb)
"""
_LATEST_MAPPING = """
SELECT version, definition FROM import_mappings
WHERE tenant_id = (SELECT app_tenant()) AND id = %(id)s AND deleted_at IS NULL ORDER BY version DESC LIMIT 1
"""
_ANONYMOUS_MAPPING = """
INSERT INTO import_mappings (tenant_id, id, version, name, definition, deleted_at)
VALUES ((SELECT app_tenant()), %(id)s, 1, '', %(definition)s, clock_timestamp()) ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingested:
    """The public answer of an ingest. ``group_id`` names this request's items for logs."""

    batch_id: UUID
    items_ingested: int
    pipeline_enqueued: bool
    group_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsRequest:
    """Rows as the client sent them, with how they are to be read."""

    rows: Sequence[Mapping[str, Any]]
    mapping_id: UUID | None = None
    transforms: Mapping[str, Any] | None = None
    defaults: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """One file of a request; the name is data."""

    name: str
    content: BinaryIO


@dataclass(frozen=True, slots=True)
class _Kind:
    name: str
    mapping: tuple[UUID, int] | None


def ingest_rows(session: SqlSession, batch_id: UUID, request: RowsRequest) -> Ingested:
    """One item per row, in the caller's transaction. Raises ``RefusedUpload``."""
    refuse_cancelled(session, batch_id)
    mapping = _mapping_for(session, request)
    origin = uuid4()
    ids = [following_id(origin, position) for position in range(len(request.rows))]
    _add_items(session, batch_id, _Kind("row", mapping), dict.fromkeys(ids, (None, None)))
    session.execute(
        _PAYLOADS,
        {"rows": Jsonb([{"id": str(id_), "raw": dict(row)} for id_, row in zip(ids, request.rows, strict=True)])},
    )
    crashpoint("ingesting:rows")
    return Ingested(batch_id=batch_id, items_ingested=len(ids), pipeline_enqueued=True, group_id=uuid4())


def refuse_ingest(session: SqlSession, batch_id: UUID, mapping_id: UUID | None) -> None:
    """Before anything is stored for a request. Raises ``RefusedUpload`` as ``ingest_files`` would."""
    refuse_cancelled(session, batch_id)
    _mapping_for(session, RowsRequest(rows=(), mapping_id=mapping_id))


def store_uploads(house: House, tenant_id: UUID, uploads: Iterable[Upload]) -> list[tuple[StoredFile, str]]:
    """Write the files durably before any row names them. Raises ``RefusedUpload`` or ``Transient``.

    What is written is in the tenant's accounts at once: no item may ever name it, and it takes up room until it is
    collected.
    """
    stored: list[tuple[StoredFile, str]] = []
    try:
        for upload in uploads:
            stored.append((house.files.put(tenant_id, upload.content), upload.name))
            _refuse_size(*stored[-1], house)
    finally:
        if stored:
            with house.database.tenant_session(tenant_id) as session:
                keep_accounts(session, [file for file, _ in stored])
    return stored


def _refuse_size(file: StoredFile, name: str, house: House) -> None:
    if file.size == 0:
        raise RefusedUpload("empty_file", shown_name(name))
    if file.size > house.limits.max_file_bytes:
        raise RefusedUpload("file_too_large", shown_name(name), status=413)


def ingest_files(
    session: SqlSession, batch_id: UUID, files: Sequence[tuple[StoredFile, str]], mapping_id: UUID | None = None
) -> Ingested:
    """One item per file, in the caller's transaction. Raises ``RefusedUpload``."""
    refuse_cancelled(session, batch_id)
    mapping = _mapping_for(session, RowsRequest(rows=(), mapping_id=mapping_id))
    ids = [uuid4() for _ in files]
    named = {id_: (f.key, shown_name(name)) for id_, (f, name) in zip(ids, files, strict=True)}
    _add_items(session, batch_id, _Kind("document", mapping), named)
    keep_accounts(session, [file for file, _ in files])
    session.execute(_PAYLOADS, {"rows": Jsonb([{"id": str(id_)} for id_ in ids])})
    crashpoint("ingesting:files")
    return Ingested(batch_id=batch_id, items_ingested=len(ids), pipeline_enqueued=True, group_id=uuid4())


def ring_for_new(house: House, tenant_id: UUID) -> None:
    """After the commit, never before it: a ring must not overtake the rows it is about."""
    crashpoint("ingested")
    house.doorbell.ring(Ring(FIRST.name, tenant_id))


def _add_items(
    session: SqlSession, batch_id: UUID, kind: _Kind, named: Mapping[UUID, tuple[str | None, str | None]]
) -> None:
    [position] = session.execute(_NEXT_POSITION, {"batch": batch_id})
    session.execute(
        _ITEMS,
        {
            "batch": batch_id,
            "kind": kind.name,
            "start": position["next"],
            "ids": list(named),
            "keys": [key for key, _ in named.values()],
            "names": [name for _, name in named.values()],
            "mapping": kind.mapping[0] if kind.mapping else None,
            "version": kind.mapping[1] if kind.mapping else None,
        },
    )


def _mapping_for(session: SqlSession, request: RowsRequest) -> tuple[UUID, int] | None:
    """Id and version of the mapping in force. What a request adds of its own is kept as a mapping without a name."""
    definition: dict[str, Any] = {}
    version = 0
    if request.mapping_id is not None:
        found = session.execute(_LATEST_MAPPING, {"id": request.mapping_id})
        if not found:
            raise RefusedUpload("mapping_not_found", status=404)
        definition, version = dict(found[0]["definition"]), int(found[0]["version"])
    if not request.transforms and not request.defaults:
        return (request.mapping_id, version) if request.mapping_id is not None else None
    return _anonymous_mapping(session, definition, request)


def _anonymous_mapping(session: SqlSession, definition: Mapping[str, Any], request: RowsRequest) -> tuple[UUID, int]:
    stored = {
        "base": dict(definition) or None,
        "transforms": dict(request.transforms or {}),
        "defaults": dict(request.defaults or {}),
    }
    try:
        row_reader(stored)
    except ValueProblem as problem:
        raise RefusedUpload(problem.code, str(problem)) from problem
    id_ = nameless_id(stored)
    session.execute(_ANONYMOUS_MAPPING, {"id": id_, "definition": Jsonb(stored)})
    return id_, 1
