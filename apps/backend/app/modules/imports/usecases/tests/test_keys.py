"""Tenants, and keys that stand for them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from app.modules.imports.domain.errors import RefusedUpload
from app.modules.imports.usecases.keys import (
    KEY_PREFIX,
    authenticate,
    create_demo_key,
    create_key,
    create_tenant,
    find_tenant,
    revoke_key,
)

if TYPE_CHECKING:
    from uuid import UUID

    from app.database import Database


def test_a_tenant_is_found_by_its_name_and_its_id(database: Database) -> None:
    tenant_id = create_tenant(database, "initech")
    assert find_tenant(database, "initech") == find_tenant(database, str(tenant_id)) == tenant_id
    assert find_tenant(database, "nobody") is None
    with pytest.raises(RefusedUpload, match="tenant_exists"):
        create_tenant(database, "initech")


def test_a_key_stands_for_its_tenant_until_it_is_revoked(database: Database, tenant: UUID) -> None:
    with database.tenant_session(tenant) as session:
        new = create_key(session, name="k", role="uploader", actor="ana")
    owner = authenticate(database, new.key)
    assert owner is not None
    assert (owner.tenant_id, owner.role, owner.key_id) == (tenant, "uploader", new.stored.id)
    with database.tenant_session(tenant) as session:
        revoke_key(session, new.stored.id, "ana")
    assert authenticate(database, new.key) is None


def test_a_key_that_was_never_given_out_stands_for_nobody(database: Database, tenant: UUID) -> None:
    assert authenticate(database, KEY_PREFIX + "x" * 43) is None


def test_two_keys_are_never_alike(database: Database, tenant: UUID) -> None:
    with database.tenant_session(tenant) as session:
        made = {create_key(session, name="k", role="viewer", actor="ana").key for _ in range(50)}
    assert len(made) == 50
    assert min(len(key) for key in made) >= len(KEY_PREFIX) + 43  # 256 bits


def test_the_demo_tenant_is_made_once_by_whoever_starts_first(database: Database) -> None:
    with ThreadPoolExecutor(4) as pool:
        [key] = [made for made in pool.map(lambda _: create_demo_key(database), range(8)) if made is not None]
    owner = authenticate(database, key)
    assert owner is not None
    assert (owner.tenant_id, owner.role) == (find_tenant(database, "demo"), "admin")
    assert create_demo_key(database) is None
