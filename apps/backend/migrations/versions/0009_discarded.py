"""An item that a person does not want is discarded, and can be taken back."""

from __future__ import annotations

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

# Frozen here as the database knows them; a test holds them against domain.pipeline.allowed_edges().
_STAGES = ("preprocess", "ocr", "classify", "extract", "validate", "publish")
_NEW_EDGES = tuple(f"'{stage}_failed>discarded'::text, 'discarded>{stage}_failed'::text" for stage in _STAGES)
_TRIGGER = "import_items_state_machine"
_DEFINITION = f"SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgname = '{_TRIGGER}'"  # noqa: S608 [a name of ours]
_CONSTRAINT = "claimable_leased_or_at_rest"
_CHECK = f"SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = '{_CONSTRAINT}'"  # noqa: S608 [a name of ours]
_PUBLISHED = "(state = 'published'::text)"


def upgrade() -> None:
    # Past SQLAlchemy, which would look for placeholders in the SQL.
    driver = op.get_bind().connection.driver_connection
    [trigger] = driver.execute(_DEFINITION).fetchone()
    before, mark, after = trigger.partition("]")
    driver.execute(f"DROP TRIGGER {_TRIGGER} ON import_items")
    driver.execute(f"{before}, {', '.join(_NEW_EDGES)}{mark}{after}")
    [check] = driver.execute(_CHECK).fetchone()
    before, found, after = check.partition(_PUBLISHED)
    if not found:
        raise RuntimeError(f"{_CONSTRAINT} is not as it was made: {check}")
    driver.execute(f"ALTER TABLE import_items DROP CONSTRAINT {_CONSTRAINT}")
    # Every row was held to the narrower check: there is nothing to read again while the table is locked.
    wider = f"{before}(state = ANY (ARRAY['published'::text, 'discarded'::text])){after}"
    driver.execute(f"ALTER TABLE import_items ADD CONSTRAINT {_CONSTRAINT} {wider} NOT VALID")
