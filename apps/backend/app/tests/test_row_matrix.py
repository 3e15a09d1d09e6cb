"""The wall between tenants, met from every side: tables from the catalogue × tenant as set × command, as the app's role."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from app.tests.row_matrix import COMMANDS, run_matrix, seed
from app.tests.wall import tenant_tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.embedded import EmbeddedPostgres


@pytest.fixture
def owner(postgres: EmbeddedPostgres, database_name: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(postgres.superuser_dsn(database_name)) as connection:
        seed(connection)
        yield connection


def test_every_cell_of_the_matrix_is_as_it_must_be(
    owner: psycopg.Connection[Any], postgres: EmbeddedPostgres, database_name: str
) -> None:
    tables = tenant_tables(owner)
    dsn = postgres.dsn(database_name, "imports_app")
    with psycopg.connect(dsn) as app:
        strong = app.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user").fetchone()
        assert strong == (False,), "as this role the matrix would prove nothing"
    assert len(tables) * len(COMMANDS) >= 24 * 24
    assert run_matrix(dsn, tables) == []


def test_the_matrix_fails_as_a_superuser_in_every_table(
    owner: psycopg.Connection[Any], postgres: EmbeddedPostgres, database_name: str
) -> None:
    tables = tenant_tables(owner)[:4]
    found = run_matrix(postgres.superuser_dsn(database_name), tables)
    assert {line.partition(",")[0] for line in found} >= set(tables)


@pytest.mark.parametrize(
    ("damage", "table"),
    [
        ("ALTER POLICY tenant ON invoices USING (true)", "invoices"),
        ("ALTER POLICY tenant ON invoices WITH CHECK (true)", "invoices"),
        ("ALTER TABLE import_items DISABLE ROW LEVEL SECURITY", "import_items"),
        ("DROP POLICY tenant ON products", "products"),
        ("GRANT TRUNCATE ON products TO imports_app", "products"),
        ("GRANT INSERT, UPDATE ON import_audit TO imports_app", "import_audit"),
    ],
)
def test_the_matrix_notices_a_damaged_wall(
    owner: psycopg.Connection[Any], postgres: EmbeddedPostgres, database_name: str, damage: str, table: str
) -> None:
    owner.execute(damage.encode())
    owner.commit()
    assert run_matrix(postgres.dsn(database_name, "imports_app"), [table]) != []
