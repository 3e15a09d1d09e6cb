"""An item knows its place in the list of its batch, so that the parts of a container follow it, page by page."""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_STATEMENTS = (
    # The place of the container, then the position: bytes that sort as a tree is read, whatever its depth. At the top
    # the id follows, because two requests that arrive at once may number alike.
    "ALTER TABLE import_items ADD COLUMN place bytea NOT NULL DEFAULT ''",
    # The owner is bound by row-level security too; for these lines it has to see every row.
    "ALTER TABLE import_items NO FORCE ROW LEVEL SECURITY",
    """WITH RECURSIVE tree AS (
           SELECT tenant_id, id, int8send(position) || substring(uuid_send(id) FROM 1 FOR 8) AS place
           FROM import_items WHERE parent_id IS NULL
           UNION ALL
           SELECT i.tenant_id, i.id, t.place || int8send(i.position)
           FROM tree t JOIN import_items i ON i.tenant_id = t.tenant_id AND i.parent_id = t.id
       )
       UPDATE import_items i SET place = t.place FROM tree t WHERE i.tenant_id = t.tenant_id AND i.id = t.id""",
    "ALTER TABLE import_items FORCE ROW LEVEL SECURITY",
    "DROP INDEX import_items_of_batch",
    # The batch comes first, for the reason that is given where this index was made.
    "CREATE INDEX import_items_of_batch ON import_items (batch_id, place)",
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)
