"""Mappings: a change is a new version, so that an item can always be read as it was read the first time."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from psycopg.types.json import Jsonb

from app.modules.imports.domain.canonical_json import canonical_text
from app.modules.imports.domain.errors import RefusedUpload
from app.modules.imports.mapping.limits import refuse_too_much
from app.modules.imports.mapping.model import TableMapping, from_json, to_json
from app.modules.imports.mapping.problem import ValueProblem
from app.modules.imports.usecases.audit import Entry, record
from app.modules.imports.usecases.paging import Page, clamped, page_of, read_cursor

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from app.modules.imports.ports import SqlSession

_ADD = """
INSERT INTO import_mappings (tenant_id, id, version, name, definition)
VALUES ((SELECT app_tenant()), %(id)s, %(version)s, %(name)s, %(definition)s)
RETURNING id, version, name, definition, created_at
"""
_GET = """
SELECT id, version, name, definition, created_at FROM import_mappings
WHERE tenant_id = (SELECT app_tenant()) AND id = %(id)s AND deleted_at IS NULL
  AND (%(version)s::integer IS NULL OR version = %(version)s) ORDER BY version DESC LIMIT 1
"""
# The first version is never changed, so it can stand for all of them in a lock.
_LOCK = """
SELECT version FROM import_mappings
WHERE tenant_id = (SELECT app_tenant()) AND id = %(id)s AND version = 1 AND deleted_at IS NULL FOR UPDATE
"""
_LIST = """
SELECT * FROM (
    SELECT DISTINCT ON (id) id, version, name, definition, created_at FROM import_mappings
    WHERE tenant_id = (SELECT app_tenant()) AND deleted_at IS NULL ORDER BY id, version DESC
) latest WHERE true {after} ORDER BY name, id LIMIT %(limit)s
"""
_AFTER = "AND (name, id) > (%(name)s, %(id)s)"
_DELETE = """
UPDATE import_mappings SET deleted_at = clock_timestamp()
WHERE tenant_id = (SELECT app_tenant()) AND id = %(id)s AND deleted_at IS NULL
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredMapping:
    """One version of a mapping."""

    id: UUID
    version: int
    name: str
    definition: Mapping[str, Any]
    created_at: datetime


def create_mapping(session: SqlSession, name: str, definition: object, actor: str) -> StoredMapping:
    """Version 1. Raises ``RefusedUpload`` with the code of what is wrong with the definition."""
    stored = _add(session, uuid4(), 1, name, checked_mapping(definition))
    _record(session, stored, "mapping.create", actor)
    return stored


def add_version(session: SqlSession, mapping_id: UUID, name: str, definition: object, actor: str) -> StoredMapping:
    """The next version, in force for what is ingested from now on."""
    mapping = checked_mapping(definition)
    stored = _add(session, mapping_id, _latest_locked(session, mapping_id).version + 1, name, mapping)
    _record(session, stored, "mapping.replace", actor)
    return stored


def get_mapping(session: SqlSession, mapping_id: UUID, version: int | None = None) -> StoredMapping:
    """The version asked for, or the latest. Raises ``RefusedUpload('mapping_not_found')``."""
    rows = session.execute(_GET, {"id": mapping_id, "version": version})
    if not rows:
        raise _not_found()
    return _stored(rows[0])


def list_mappings(session: SqlSession, *, limit: int = 50, cursor: str | None = None) -> Page[StoredMapping]:
    """The latest versions, by name."""
    limit = clamped(limit)
    parameters: dict[str, object] = {"limit": limit + 1}
    if cursor:
        parameters["name"], parameters["id"] = read_cursor(cursor, _name, UUID)
    rows = session.execute(_LIST.replace("{after}", _AFTER if cursor else ""), parameters)
    return page_of(rows, limit, _stored, "name", "id")


def delete_mapping(session: SqlSession, mapping_id: UUID, actor: str) -> None:
    """No new item may use it; items that have it keep it. Raises ``RefusedUpload('mapping_not_found')``."""
    latest = _latest_locked(session, mapping_id)
    session.execute(_DELETE, {"id": mapping_id})
    _record(session, latest, "mapping.delete", actor)


def checked_mapping(definition: object) -> TableMapping:
    """The mapping that a definition states. Raises ``RefusedUpload`` with the code of what is wrong with it."""
    try:
        mapping = from_json(definition)
        refuse_too_much(mapping)
    except ValueProblem as problem:
        raise RefusedUpload(problem.code, problem.detail) from None
    return mapping


def _latest_locked(session: SqlSession, mapping_id: UUID) -> StoredMapping:
    if not session.execute(_LOCK, {"id": mapping_id}):
        raise _not_found()
    return get_mapping(session, mapping_id)


def _record(session: SqlSession, mapping: StoredMapping, action: str, actor: str) -> None:
    """Which definition it was is told by its hash; the definition itself stays with its version."""
    details = {
        "mapping_id": str(mapping.id),
        "version": mapping.version,
        "name": mapping.name,
        "sha256": hashlib.sha256(canonical_text(mapping.definition).encode()).hexdigest(),
    }
    record(session, Entry(actor=actor, action=action, details=details))


def _add(session: SqlSession, mapping_id: UUID, version: int, name: str, mapping: TableMapping) -> StoredMapping:
    definition = Jsonb(to_json(replace(mapping, version=version)))
    values = {"id": mapping_id, "version": version, "name": name, "definition": definition}
    [row] = session.execute(_ADD, values)
    return _stored(row)


def _stored(row: Mapping[str, Any]) -> StoredMapping:
    return StoredMapping(**row)


def _name(text: str) -> str:
    if "\0" in text:
        raise ValueError(text)
    return text


def _not_found() -> RefusedUpload:
    return RefusedUpload("mapping_not_found", status=404)
