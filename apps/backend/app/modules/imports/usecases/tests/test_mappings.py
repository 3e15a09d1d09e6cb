"""Versions of a mapping, also when two people save at once, and who made them."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from app.modules.imports.domain.canonical_json import canonical_text
from app.modules.imports.domain.errors import RefusedUpload
from app.modules.imports.usecases.audit import list_audit
from app.modules.imports.usecases.mappings import add_version, create_mapping, delete_mapping, get_mapping

if TYPE_CHECKING:
    from uuid import UUID

    from app.database import Database

DEFINITION = {"target": "invoice", "columns": {"invoice_number": "Nº"}}


def test_ten_saves_at_once_are_ten_versions(database: Database, tenant: UUID) -> None:
    with database.tenant_session(tenant) as session:
        mapping_id = create_mapping(session, "m", DEFINITION, "ana").id

    def save(_: int) -> int:
        with database.tenant_session(tenant) as session:
            return add_version(session, mapping_id, "m", DEFINITION, "ana").version

    with ThreadPoolExecutor(10) as pool:
        assert sorted(pool.map(save, range(10))) == list(range(2, 12))
    with database.tenant_session(tenant) as session:
        latest = get_mapping(session, mapping_id)
    assert (latest.version, latest.definition["version"]) == (11, 11)


def test_every_change_of_a_mapping_leaves_its_trail_and_a_change_undone_leaves_none(
    database: Database, tenant: UUID
) -> None:
    other = DEFINITION | {"date_order": "dmy"}
    with database.tenant_session(tenant) as session:
        mapping_id = create_mapping(session, "m", DEFINITION, "ana").id
        add_version(session, mapping_id, "n", other, "eva")

    def fail_afterwards() -> None:
        with database.tenant_session(tenant) as session:
            delete_mapping(session, mapping_id, "leo")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_afterwards()
    with database.tenant_session(tenant) as session:
        definition = get_mapping(session, mapping_id).definition
        delete_mapping(session, mapping_id, "leo")
        with pytest.raises(RefusedUpload, match="mapping_not_found"):
            delete_mapping(session, mapping_id, "leo")
        trail = [(e.actor, e.action, e.details or {}) for e in reversed(list_audit(session).entries)]
    assert [(actor, action) for actor, action, _ in trail] == [
        ("ana", "mapping.create"),
        ("eva", "mapping.replace"),
        ("leo", "mapping.delete"),
    ]
    made, replaced, deleted = (details for _, _, details in trail)
    assert (made["mapping_id"], made["version"], made["name"]) == (str(mapping_id), 1, "m")
    assert (replaced["version"], deleted) == (2, replaced)
    assert made["sha256"] != replaced["sha256"]
    assert replaced["sha256"] == hashlib.sha256(canonical_text(definition).encode()).hexdigest()
