"""The wall between tenants stands before anything else is tried."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy.exc import ProgrammingError

from app.conftest import new_tenant
from app.database import Database, UnsafeDatabase, migrate
from app.embedded import EmbeddedPostgres, template_database
from app.modules.imports.domain.pipeline import allowed_edges


def test_a_session_sees_only_its_own_tenant(database: Database) -> None:
    a, b = new_tenant(database, "a"), new_tenant(database, "b")
    with database.tenant_session(a) as session:
        assert [row["name"] for row in session.execute("SELECT name FROM tenants")] == ["a"]
    with database.tenant_session(b) as session:
        assert [row["name"] for row in session.execute("SELECT name FROM tenants")] == ["b"]


def test_a_session_without_a_tenant_sees_nothing(database: Database) -> None:
    new_tenant(database)
    with database.door_session() as session:
        assert session.execute("SELECT 1 FROM tenants") == []


def test_a_row_of_another_tenant_cannot_be_written(database: Database) -> None:
    a, b = new_tenant(database, "a"), new_tenant(database, "b")
    with pytest.raises(ProgrammingError, match="row-level security"), database.tenant_session(a) as session:
        session.execute("INSERT INTO import_batches (tenant_id, id) VALUES (%(t)s, %(i)s)", {"t": b, "i": uuid4()})


def test_the_process_refuses_a_superuser(postgres: EmbeddedPostgres, database_name: str) -> None:
    strong = Database(postgres.superuser_dsn(database_name))
    with pytest.raises(UnsafeDatabase, match="superuser"):
        strong.refuse_if_unsafe()
    strong.close()


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("GRANT imports_doors TO {role}", "imports_doors"),
        ("GRANT imports_owner TO {role}", "owns the tables"),
        ("ALTER ROLE {role} CREATEROLE", "create roles"),
        ("ALTER ROLE {role} BYPASSRLS", "bypass"),
    ],
)
def test_the_process_refuses_a_role_that_could_climb_the_wall(
    postgres: EmbeddedPostgres, database_name: str, statement: str, reason: str
) -> None:
    role = f"climber_{uuid4().hex[:12]}"
    admin = Database(postgres.superuser_dsn(database_name))
    with admin.door_session() as session:
        session.execute(f"CREATE ROLE {role} LOGIN")
        session.execute(f"GRANT imports_app TO {role}")
    climber = Database(postgres.dsn(database_name, role))
    climber.refuse_if_unsafe()
    with admin.door_session() as session:
        session.execute(statement.format(role=role))
    with pytest.raises(UnsafeDatabase, match=reason):
        climber.refuse_if_unsafe()
    climber.close()
    with admin.door_session() as session:
        session.execute(f"DROP ROLE {role}")
    admin.close()


def test_one_role_for_the_migration_and_the_app_is_refused(postgres: EmbeddedPostgres, database_name: str) -> None:
    dsn = postgres.superuser_dsn(database_name)
    with pytest.raises(UnsafeDatabase, match="same role"):
        migrate(dsn, dsn)


def test_the_process_accepts_the_apps_own_role(database: Database) -> None:
    database.refuse_if_unsafe()


def test_the_process_refuses_a_database_without_tables(postgres: EmbeddedPostgres) -> None:
    template_database(postgres, "imports_bare", "template1")
    bare = Database(postgres.dsn("imports_bare", "imports_app"))
    with pytest.raises(UnsafeDatabase, match="migrate"):
        bare.refuse_if_unsafe()
    bare.close()


def test_the_process_refuses_a_table_whose_wall_is_down(
    postgres: EmbeddedPostgres, database_name: str, database: Database
) -> None:
    owner = Database(postgres.superuser_dsn(database_name))
    with owner.door_session() as session:
        session.execute("ALTER TABLE invoices NO FORCE ROW LEVEL SECURITY")
    owner.close()
    with pytest.raises(UnsafeDatabase, match="invoices"):
        database.refuse_if_unsafe()


def test_the_database_knows_exactly_the_edges_of_the_pipeline(database: Database) -> None:
    with database.door_session() as session:
        [row] = session.execute(
            "SELECT pg_get_triggerdef(oid) AS definition FROM pg_trigger WHERE tgname = 'import_items_state_machine'"
        )
    known = {part for part in row["definition"].split("'") if ">" in part and part[0].isalpha()}
    assert known == {f"{a}>{b}" for a, b in allowed_edges()}
