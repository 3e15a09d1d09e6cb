"""Versions of a mapping, also when two people save at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from app.modules.imports.usecases.mappings import add_version, create_mapping, get_mapping

if TYPE_CHECKING:
    from uuid import UUID

    from app.database import Database

DEFINITION = {"target": "invoice", "columns": {"invoice_number": "Nº"}}


def test_ten_saves_at_once_are_ten_versions(database: Database, tenant: UUID) -> None:
    with database.tenant_session(tenant) as session:
        mapping_id = create_mapping(session, "m", DEFINITION).id

    def save(_: int) -> int:
        with database.tenant_session(tenant) as session:
            return add_version(session, mapping_id, "m", DEFINITION).version

    with ThreadPoolExecutor(10) as pool:
        assert sorted(pool.map(save, range(10))) == list(range(2, 12))
    with database.tenant_session(tenant) as session:
        latest = get_mapping(session, mapping_id)
    assert (latest.version, latest.definition["version"]) == (11, 11)
