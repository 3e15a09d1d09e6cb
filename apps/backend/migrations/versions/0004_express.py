"""What a million rows cost: rows go express, references are checked by the statement, indexes nobody needs are gone."""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# Frozen here as the database knows it; a test holds it against domain.pipeline.allowed_edges().
_NEW_EDGE = "preprocessing>published"
_TRIGGER = "import_items_state_machine"
_DEFINITION = f"SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgname = '{_TRIGGER}'"  # noqa: S608 [a name of ours]


def upgrade() -> None:
    # Past SQLAlchemy, which would look for placeholders in the SQL.
    driver = op.get_bind().connection.driver_connection
    [definition] = driver.execute(_DEFINITION).fetchone()
    head, mark, rest = definition.partition("ARRAY[")
    driver.execute(f"DROP TRIGGER {_TRIGGER} ON import_items")
    driver.execute(f"{head}{mark}'{_NEW_EDGE}'::text, {rest}")
    for statement in (*_IN_FULL, *_REFERENCES, *_LAYOUT):
        driver.execute(statement)


# What the evidence of a row's values says in full, for whoever reads the tables by SQL: of a cell the column and the
# text are stored, [column, text], and the rest is the same for every cell.
_IN_FULL = (
    """CREATE FUNCTION evidence_in_full(stored jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE
       RETURN (SELECT jsonb_object_agg(e.key, CASE jsonb_typeof(e.value) WHEN 'array' THEN
                   jsonb_build_object('source', 'cell', 'path', e.value -> 0, 'text', e.value -> 1,
                                      'proofs', jsonb_build_array('structured'))
                   ELSE e.value END)
               FROM jsonb_each(stored) AS e)""",
    "REVOKE ALL ON FUNCTION evidence_in_full(jsonb) FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION evidence_in_full(jsonb) TO imports_app",
)

# A foreign key asks one question for each row, which was half of what storing a row cost. The same is asked here once for
# each statement, with the same answer: a row without the row it belongs to is refused, and so is taking that one away.
_REFERENCES = (
    "ALTER TABLE import_items DROP CONSTRAINT import_items_tenant_id_batch_id_fkey",
    "ALTER TABLE import_items DROP CONSTRAINT import_items_tenant_id_parent_id_fkey",
    "ALTER TABLE import_payloads DROP CONSTRAINT import_payloads_tenant_id_item_id_fkey",
    "ALTER TABLE import_publications DROP CONSTRAINT import_publications_tenant_id_item_id_fkey",
    """CREATE FUNCTION refuse_items_of_nothing() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM 1 FROM import_batches b JOIN (SELECT DISTINCT tenant_id, batch_id FROM added) a
            ON b.tenant_id = a.tenant_id AND b.id = a.batch_id FOR KEY SHARE OF b;
        IF EXISTS (SELECT 1 FROM (SELECT DISTINCT tenant_id, batch_id FROM added) a WHERE NOT EXISTS (
                SELECT 1 FROM import_batches b WHERE b.tenant_id = a.tenant_id AND b.id = a.batch_id)) THEN
            RAISE EXCEPTION 'an item belongs to no batch' USING ERRCODE = 'foreign_key_violation';
        END IF;
        PERFORM 1 FROM import_items p JOIN
            (SELECT DISTINCT tenant_id, parent_id FROM added WHERE parent_id IS NOT NULL) a
            ON p.tenant_id = a.tenant_id AND p.id = a.parent_id FOR KEY SHARE OF p;
        IF EXISTS (SELECT 1 FROM (SELECT DISTINCT tenant_id, parent_id FROM added WHERE parent_id IS NOT NULL) a
                WHERE NOT EXISTS (
                SELECT 1 FROM import_items p WHERE p.tenant_id = a.tenant_id AND p.id = a.parent_id)) THEN
            RAISE EXCEPTION 'a part belongs to no item' USING ERRCODE = 'foreign_key_violation';
        END IF;
        RETURN NULL;
    END $$""",
    """CREATE FUNCTION refuse_rows_of_no_item() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (SELECT 1 FROM added a WHERE NOT EXISTS (
                SELECT 1 FROM import_items i WHERE i.tenant_id = a.tenant_id AND i.id = a.item_id)) THEN
            RAISE EXCEPTION 'a row of % belongs to no item', TG_TABLE_NAME USING ERRCODE = 'foreign_key_violation';
        END IF;
        RETURN NULL;
    END $$""",
    """CREATE FUNCTION refuse_orphans_of_items() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (SELECT 1 FROM removed r WHERE EXISTS (
                SELECT 1 FROM import_payloads p WHERE p.tenant_id = r.tenant_id AND p.item_id = r.id)
            OR EXISTS (
                SELECT 1 FROM import_publications p WHERE p.tenant_id = r.tenant_id AND p.item_id = r.id)
            OR EXISTS (
                SELECT 1 FROM import_items i WHERE i.tenant_id = r.tenant_id AND i.parent_id = r.id)) THEN
            RAISE EXCEPTION 'an item is needed by what belongs to it' USING ERRCODE = 'foreign_key_violation';
        END IF;
        RETURN NULL;
    END $$""",
    """CREATE FUNCTION refuse_orphans_of_batches() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (SELECT 1 FROM removed r JOIN import_items i ON i.tenant_id = r.tenant_id AND i.batch_id = r.id) THEN
            RAISE EXCEPTION 'a batch is needed by its items' USING ERRCODE = 'foreign_key_violation';
        END IF;
        RETURN NULL;
    END $$""",
    """CREATE TRIGGER import_items_belong AFTER INSERT ON import_items REFERENCING NEW TABLE AS added
       FOR EACH STATEMENT EXECUTE FUNCTION refuse_items_of_nothing()""",
    """CREATE TRIGGER import_payloads_belong AFTER INSERT ON import_payloads REFERENCING NEW TABLE AS added
       FOR EACH STATEMENT EXECUTE FUNCTION refuse_rows_of_no_item()""",
    """CREATE TRIGGER import_publications_belong AFTER INSERT ON import_publications REFERENCING NEW TABLE AS added
       FOR EACH STATEMENT EXECUTE FUNCTION refuse_rows_of_no_item()""",
    """CREATE TRIGGER import_items_needed AFTER DELETE ON import_items REFERENCING OLD TABLE AS removed
       FOR EACH STATEMENT EXECUTE FUNCTION refuse_orphans_of_items()""",
    """CREATE TRIGGER import_batches_needed AFTER DELETE ON import_batches REFERENCING OLD TABLE AS removed
       FOR EACH STATEMENT EXECUTE FUNCTION refuse_orphans_of_batches()""",
)
# The unique index beside it answers the same question.
_LAYOUT = ("DROP INDEX invoices_by_natural_key",)
