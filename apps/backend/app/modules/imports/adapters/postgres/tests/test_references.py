"""No row without the row it belongs to: refused by the statement, as a foreign key would refuse it row by row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy.exc import IntegrityError

if TYPE_CHECKING:
    from uuid import UUID

    from app.database import Database

BATCH = "INSERT INTO import_batches (tenant_id, id) VALUES ((SELECT app_tenant()), '{0}')"
ITEM = "INSERT INTO import_items (tenant_id, id, batch_id, kind) VALUES ((SELECT app_tenant()), '{0}', '{1}', 'row')"
PART = """INSERT INTO import_items (tenant_id, id, batch_id, kind, parent_id)
          VALUES ((SELECT app_tenant()), '{0}', '{1}', 'row', '{2}')"""
PAYLOAD = "INSERT INTO import_payloads (tenant_id, item_id) VALUES ((SELECT app_tenant()), '{0}')"
LEDGER = """INSERT INTO import_publications (tenant_id, item_id, dest_table, dest_id, payload_hash)
            VALUES ((SELECT app_tenant()), '{0}', 'invoices', '{0}', '')"""
A, B, C = (f"00000000-0000-0000-0000-00000000000{n}" for n in (1, 2, 3))


@pytest.fixture
def stored(database: Database, tenant: UUID) -> UUID:
    """The tenant, with a batch A, an item B in it and its payload."""
    with database.tenant_session(tenant) as session:
        for statement in (BATCH.format(A), ITEM.format(B, A), PAYLOAD.format(B)):
            session.execute(statement)
    return tenant


@pytest.mark.parametrize(
    "statement", [ITEM.format(C, C), PART.format(C, A, C.replace("3", "4")), PAYLOAD.format(C), LEDGER.format(C)]
)
def test_what_belongs_to_nothing_is_refused(database: Database, stored: UUID, statement: str) -> None:
    with pytest.raises(IntegrityError, match="belongs to no"), database.tenant_session(stored) as session:
        session.execute(statement)


@pytest.mark.parametrize("statement", [ITEM.format(C, A), PART.format(C, A, B), LEDGER.format(B)])
def test_what_belongs_to_something_is_taken(database: Database, stored: UUID, statement: str) -> None:
    with database.tenant_session(stored) as session:
        assert session.count(statement, {}) == 1


def test_a_row_of_another_tenant_is_nothing_to_belong_to(database: Database, stored: UUID, other_tenant: UUID) -> None:
    with pytest.raises(IntegrityError, match="no batch"), database.tenant_session(other_tenant) as session:
        session.execute(ITEM.format(C, A))


@pytest.mark.parametrize(("table", "id_"), [("import_batches", A), ("import_items", B)])
def test_what_is_belonged_to_is_not_taken_away(database: Database, stored: UUID, table: str, id_: str) -> None:
    with pytest.raises(IntegrityError, match="needed"), database.tenant_session(stored) as session:
        session.execute(f"DELETE FROM {table} WHERE id = '{id_}'")
