"""The catalogue says that the wall between tenants stands, and a wall with any one stone taken out is noticed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from app.tests.wall import breaches, tenant_tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.embedded import EmbeddedPostgres

MUTATIONS = [
    "DROP POLICY tenant ON invoices",
    "ALTER POLICY tenant ON import_items USING (true)",
    "ALTER POLICY tenant ON import_items WITH CHECK (true)",
    """DROP POLICY tenant ON import_dlq;
    CREATE POLICY tenant ON import_dlq FOR SELECT TO imports_app USING (tenant_id = (SELECT app_tenant()))""",
    "CREATE POLICY everybody ON import_items FOR SELECT TO imports_app USING (true)",
    """CREATE POLICY everybody ON import_items FOR SELECT USING (true);
    CREATE POLICY more ON import_items FOR SELECT USING (true)""",
    "ALTER POLICY doors_add ON import_audit WITH CHECK (true)",
    "ALTER TABLE expenses NO FORCE ROW LEVEL SECURITY",
    "ALTER TABLE expenses DISABLE ROW LEVEL SECURITY",
    "CREATE TABLE import_notes (id uuid PRIMARY KEY, text text)",
    "CREATE TABLE import_notes (tenant_id uuid NOT NULL, id uuid, PRIMARY KEY (tenant_id, id))",
    "CREATE UNIQUE INDEX one_name ON import_batches (name, tenant_id)",
    "CREATE UNIQUE INDEX one_number ON invoices (invoice_number)",
    "ALTER TABLE products ADD CONSTRAINT loose FOREIGN KEY (source_item_id, tenant_id) REFERENCES products (tenant_id, id)",
    "CREATE FUNCTION peek() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT count(*) FROM import_items'",
    "ALTER FUNCTION imports_rings_due(integer) RESET search_path",
    "ALTER FUNCTION imports_rings_due(integer) OWNER TO postgres",
    "GRANT EXECUTE ON FUNCTION imports_authenticate(bytea) TO PUBLIC",
    "DROP FUNCTION imports_slices_held()",
    "GRANT imports_owner TO imports_app",
    "ALTER TABLE products OWNER TO imports_app",
    "GRANT TRUNCATE ON invoices TO imports_app",
    "GRANT REFERENCES ON tenants TO imports_app",
    "GRANT CREATE ON SCHEMA public TO imports_app",
    "GRANT INSERT ON import_audit TO imports_app",
    "GRANT UPDATE (actor) ON import_audit TO imports_app",
    "CREATE VIEW all_invoices AS SELECT * FROM invoices",
]


@pytest.fixture
def owner(postgres: EmbeddedPostgres, database_name: str) -> Iterator[psycopg.Connection[Any]]:
    """As superuser: the catalogue is the same for everybody, but only the strong may damage the wall."""
    with psycopg.connect(postgres.superuser_dsn(database_name)) as connection:
        yield connection
        connection.rollback()


def test_the_wall_stands(owner: psycopg.Connection[Any]) -> None:
    assert len(tenant_tables(owner)) >= 24
    assert breaches(owner) == []


def test_a_wall_without_any_one_of_its_stones_is_noticed(owner: psycopg.Connection[Any]) -> None:
    unnoticed = []
    for mutation in MUTATIONS:
        with owner.transaction(force_rollback=True):
            owner.execute(mutation.encode())
            if not breaches(owner):
                unnoticed.append(mutation)
    assert unnoticed == []
    assert breaches(owner) == []
