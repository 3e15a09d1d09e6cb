"""What the planner chooses before it has statistics: a fresh database must not crawl until the first ANALYZE."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.modules.imports.adapters.postgres import registry

if TYPE_CHECKING:
    from uuid import UUID

    from app.database import Database

ID = "'00000000-0000-0000-0000-000000000001'"


@pytest.mark.parametrize("table", ["import_batches", "import_items", "invoices"])
def test_a_foreign_key_is_checked_by_the_primary_key(database: Database, table: str) -> None:
    check = f"SELECT 1 FROM {table} WHERE tenant_id = {ID} AND id = {ID} FOR KEY SHARE"
    with database.door_session() as session:
        plan = "\n".join(row["QUERY PLAN"] for row in session.execute(f"EXPLAIN {check}"))
    assert f"{table}_pkey" in plan, plan


def test_a_slice_is_found_by_its_lease(database: Database) -> None:
    statement = f"UPDATE import_items SET attempt = 1 WHERE tenant_id = {ID} AND lease_token = {ID}"
    with database.door_session() as session:
        plan = "\n".join(row["QUERY PLAN"] for row in session.execute(f"EXPLAIN {statement}"))
    assert "import_items_leased" in plan, plan


def test_what_is_published_under_a_key_is_found_by_the_unique_indexes(database: Database, tenant: UUID) -> None:
    keys = {"keys": ["B29423548|invoice|F1|2026"]}
    with database.tenant_session(tenant) as session:
        plan = "\n".join(row["QUERY PLAN"] for row in session.execute(f"EXPLAIN {registry._NAMESAKES}", keys))
    for table in ("invoices", "expenses", "withholdings"):
        assert f"{table}_natural_key" in plan, plan
