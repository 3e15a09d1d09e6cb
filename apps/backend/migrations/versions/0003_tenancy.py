"""Quotas, cancelled and held batches, erasure, and an audit trail that is a chain of hashes."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_OWN = "tenant_id = (SELECT app_tenant())"
_NEW_TABLES = ("import_usage", "import_blobs", "import_store")
_NEW_DOORS = (
    "imports_audit(text, text, uuid, uuid, jsonb)",
    "imports_erase_traces(integer)",
    "imports_next_tenant(text, uuid)",
    "imports_all_tenants()",
)


def upgrade() -> None:
    # Past SQLAlchemy, which would look for placeholders in the SQL.
    driver = op.get_bind().connection.driver_connection
    sql = Path(__file__).with_name("0003_tenancy.sql").read_text(encoding="utf-8")
    for statement in (sql, *_row_security(), *_audit_rights(), *_doors()):
        driver.execute(statement)


def _row_security() -> list[str]:
    statements = []
    for table in _NEW_TABLES:
        statements += [
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
            f"CREATE POLICY tenant ON {table} FOR ALL TO imports_app USING ({_OWN}) WITH CHECK ({_OWN})",
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO imports_app",
        ]
    return statements


def _audit_rights() -> list[str]:
    """The app reads the trail; only the functions write to it, and only within the tenant of their caller."""
    return [
        "REVOKE INSERT ON import_audit FROM imports_app",
        "GRANT SELECT, INSERT, UPDATE (details, salt) ON import_audit TO imports_doors",
        "GRANT SELECT, UPDATE (detail) ON import_attempts TO imports_doors",
        f"CREATE POLICY doors_read ON import_audit FOR SELECT TO imports_doors USING ({_OWN})",
        f"CREATE POLICY doors_add ON import_audit FOR INSERT TO imports_doors WITH CHECK ({_OWN})",
        f"CREATE POLICY doors_erase ON import_audit FOR UPDATE TO imports_doors USING ({_OWN}) WITH CHECK ({_OWN})",
        f"CREATE POLICY doors_read ON import_attempts FOR SELECT TO imports_doors USING ({_OWN})",
        f"CREATE POLICY doors_erase ON import_attempts FOR UPDATE TO imports_doors USING ({_OWN}) WITH CHECK ({_OWN})",
    ]


def _doors() -> list[str]:
    # Ownership can only be given to a role that may create in the schema; the right is taken back at once.
    statements = ["GRANT CREATE ON SCHEMA public TO imports_doors"]
    for door in _NEW_DOORS:
        statements += [
            f"REVOKE ALL ON FUNCTION {door} FROM PUBLIC",
            f"GRANT EXECUTE ON FUNCTION {door} TO imports_app",
            f"ALTER FUNCTION {door} OWNER TO imports_doors",
        ]
    return [*statements, "REVOKE CREATE ON SCHEMA public FROM imports_doors"]
