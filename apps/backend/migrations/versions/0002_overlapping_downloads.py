"""A movement of a known account is stored once, however many downloads hold it."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_OWN = "tenant_id = (SELECT app_tenant())"
_STATEMENTS = (
    # Compared byte by byte, so that all the equals of one content stand side by side in an index.
    'ALTER TABLE bank_movements ALTER COLUMN fingerprint TYPE text COLLATE "C"',
    # Rows from before have neither, and so are outside the unique index: a migration must not fail on old doubles.
    "ALTER TABLE bank_movements ADD COLUMN account_key text, ADD COLUMN download_id uuid",
    "DROP INDEX bank_movements_by_fingerprint",
    """CREATE UNIQUE INDEX bank_movements_once ON bank_movements (tenant_id, fingerprint)
       WHERE account_key IS NOT NULL""",
    """CREATE INDEX bank_movements_without_account ON bank_movements (tenant_id, fingerprint)
       WHERE account_key IS NULL""",
    # Lines of an item that were published before, by another download: new and known lines make the item whole.
    """CREATE TABLE bank_movements_known (
           tenant_id uuid NOT NULL,
           source_item_id uuid NOT NULL,
           line_no integer NOT NULL,
           download_id uuid NOT NULL,
           fingerprint text COLLATE "C" NOT NULL,
           movement_id uuid NOT NULL,
           created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
           PRIMARY KEY (tenant_id, source_item_id, line_no),
           FOREIGN KEY (tenant_id, movement_id) REFERENCES bank_movements (tenant_id, id)
       )""",
    "CREATE INDEX bank_movements_known_by_download ON bank_movements_known (tenant_id, download_id, fingerprint)",
    "CREATE INDEX bank_movements_known_by_movement ON bank_movements_known (tenant_id, movement_id)",
    "ALTER TABLE bank_movements_known ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE bank_movements_known FORCE ROW LEVEL SECURITY",
    f"CREATE POLICY tenant ON bank_movements_known FOR ALL TO imports_app USING ({_OWN}) WITH CHECK ({_OWN})",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON bank_movements_known TO imports_app",
)


def upgrade() -> None:
    # Past SQLAlchemy, which would look for placeholders in the SQL.
    driver = op.get_bind().connection.driver_connection
    for statement in _STATEMENTS:
        driver.execute(statement)
