"""Retenciones and simplified invoices have a business key, as invoices have, and a key keeps the parts of a number apart."""

from __future__ import annotations

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# Rows from before have none, and so are outside the unique index: a migration must not fail on old doubles.
_COLUMNS = (
    "ALTER TABLE expenses ADD COLUMN natural_key text, ADD COLUMN duplicate_override boolean NOT NULL DEFAULT false",
    # The key and the total are those of the whole voucher, and stand in each of its rows as its number does.
    """ALTER TABLE withholdings ADD COLUMN natural_key text, ADD COLUMN total numeric,
           ADD COLUMN duplicate_override boolean NOT NULL DEFAULT false""",
    """CREATE UNIQUE INDEX expenses_natural_key ON expenses (tenant_id, natural_key, total)
       WHERE natural_key IS NOT NULL AND NOT duplicate_override""",
    """CREATE UNIQUE INDEX withholdings_natural_key ON withholdings (tenant_id, natural_key, total)
       WHERE natural_key IS NOT NULL AND line_no = 1 AND NOT duplicate_override""",
)
# A key was the number without its separators; now one stays between digits, unless they are the fifteen of Ecuador.
# Without the marks a new key is the old one, so those of two rows differ as they did before, and nothing can collide.
_MARKS = (
    # The owner is bound by row-level security too; for this line it has to see every row.
    "ALTER TABLE invoices NO FORCE ROW LEVEL SECURITY",
    """UPDATE invoices i SET natural_key = k.issuer || '|' || k.kind || '|' || k.marked || '|' || k.year
        FROM (SELECT tenant_id, id, split_part(natural_key, '|', 1) AS issuer, split_part(natural_key, '|', 2) AS kind,
                     split_part(natural_key, '|', 3) AS number, split_part(natural_key, '|', 4) AS year,
                     regexp_replace(
                         regexp_replace(upper(concat_ws('-', nullif(invoice_series, ''), invoice_number)),
                                        '(?<=[0-9])[^[:alnum:]]+(?=[0-9])', '-', 'g'),
                         '(?<![0-9])[^[:alnum:]]+|[^[:alnum:]]+(?![0-9])', '', 'g') AS marked
              FROM invoices WHERE natural_key IS NOT NULL) k
        WHERE i.tenant_id = k.tenant_id AND i.id = k.id AND k.marked LIKE '%-%' AND replace(k.marked, '-', '') = k.number
          AND NOT (k.issuer ~ '^[0-9]{13}$' AND k.number ~ '^[0-9]{15}$')""",
    "ALTER TABLE invoices FORCE ROW LEVEL SECURITY",
)


def upgrade() -> None:
    # Past SQLAlchemy, which would look for placeholders in the SQL.
    driver = op.get_bind().connection.driver_connection
    for statement in (*_COLUMNS, *_MARKS):
        driver.execute(statement)
