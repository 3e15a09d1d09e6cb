"""Tenants and their API keys: a key is shown once and kept only as its SHA-256."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from app.modules.imports.domain.errors import RefusedUpload
from app.modules.imports.usecases.audit import Entry, record

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from app.database import Database
    from app.modules.imports.ports import SqlSession

KEY_PREFIX: Final = "giq_"
DEMO_TENANT: Final = "demo"
_KEY_BYTES: Final = 32

_ADD_TENANT = "INSERT INTO tenants (id, name) VALUES (%(id)s, %(name)s)"
# Two processes that start at once make one tenant of a name.
_LOCK_NAME = "SELECT pg_advisory_xact_lock(hashtextextended(%(name)s, 0))"
_FIND_TENANT = "SELECT imports_find_tenant(%(wanted)s) AS id"
_ADD = """
INSERT INTO api_keys (tenant_id, id, name, role, key_hash, expires_at)
VALUES ((SELECT app_tenant()), %(id)s, %(name)s, %(role)s, %(hash)s, %(expires_at)s)
RETURNING id, name, role, created_at, expires_at, revoked_at
"""
_LIST = """
SELECT id, name, role, created_at, expires_at, revoked_at FROM api_keys
WHERE tenant_id = (SELECT app_tenant()) ORDER BY created_at, id
"""
_REVOKE = """
UPDATE api_keys SET revoked_at = coalesce(revoked_at, clock_timestamp())
WHERE tenant_id = (SELECT app_tenant()) AND id = %(id)s RETURNING id
"""
_AUTHENTICATE = "SELECT tenant_id, key_id, role FROM imports_authenticate(%(hash)s)"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """What is known of a key; the key itself is not."""

    id: UUID
    name: str
    role: str
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewKey:
    """A key at the only moment at which it can be read."""

    key: str
    stored: ApiKey


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyOwner:
    """Whom a key stands for."""

    tenant_id: UUID
    key_id: UUID
    role: str


def create_tenant(database: Database, name: str) -> UUID:
    """A tenant with nothing in it. Raises ``RefusedUpload('tenant_exists')``."""
    tenant_id = uuid4()
    with database.tenant_session(tenant_id) as session:
        session.execute(_LOCK_NAME, {"name": name})
        if _find(session, name) is not None:
            raise RefusedUpload("tenant_exists", name, status=409)
        session.execute(_ADD_TENANT, {"id": tenant_id, "name": name})
    return tenant_id


def find_tenant(database: Database, wanted: str) -> UUID | None:
    """The tenant with this name or id."""
    with database.door_session() as session:
        return _find(session, wanted)


def create_demo_key(database: Database) -> str | None:
    """The tenant ``demo`` with an admin key, on the first start; None when it is there already."""
    try:
        tenant_id = create_tenant(database, DEMO_TENANT)
    except RefusedUpload:
        return None
    with database.tenant_session(tenant_id) as session:
        return create_key(session, name="first start", role="admin", actor="system").key


def create_key(session: SqlSession, *, name: str, role: str, actor: str, expires_at: datetime | None = None) -> NewKey:
    """A new key of the session's tenant, with 256 bits of chance."""
    key = KEY_PREFIX + secrets.token_urlsafe(_KEY_BYTES)
    values = {"id": uuid4(), "name": name, "role": role, "hash": _hash(key), "expires_at": expires_at}
    [row] = session.execute(_ADD, values)
    details = {"key_id": str(row["id"]), "role": role}
    record(session, Entry(actor=actor, action="key.create", details=details))
    return NewKey(key=key, stored=_key(row))


def list_keys(session: SqlSession) -> Sequence[ApiKey]:
    """All keys of the tenant, revoked ones too."""
    return [_key(row) for row in session.execute(_LIST, {})]


def revoke_key(session: SqlSession, key_id: UUID, actor: str) -> None:
    """Effective with the commit. Raises ``RefusedUpload('key_not_found')``."""
    if not session.execute(_REVOKE, {"id": key_id}):
        raise RefusedUpload("key_not_found", status=404)
    record(session, Entry(actor=actor, action="key.revoke", details={"key_id": str(key_id)}))


def authenticate(database: Database, key: str) -> KeyOwner | None:
    """Whom the key stands for; None for an unknown, revoked or expired one.

    The index is asked for a hash, so its timing says nothing of the key.
    """
    with database.door_session() as session:
        rows = session.execute(_AUTHENTICATE, {"hash": _hash(key)})
    return KeyOwner(**rows[0]) if rows else None


def _find(session: SqlSession, wanted: str) -> UUID | None:
    found: UUID | None = session.execute(_FIND_TENANT, {"wanted": wanted})[0]["id"]
    return found


def _hash(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()


def _key(row: Mapping[str, Any]) -> ApiKey:
    return ApiKey(**row)
