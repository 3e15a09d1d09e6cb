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
        driver.execute(statement.replace("{by_index}", _BY_INDEX))


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

# A session keeps the plan of a function from when its tables were empty, and for an empty table any plan is good. For
# the same reason these ask by arrays and keys and join nothing.
_BY_INDEX = "SET enable_seqscan = off"
# A foreign key asks one question for each row, which was half of what storing a row cost. The same is asked here once for
# each statement, with the same answer: a row without the row it belongs to is refused, and so is taking that one away.
_REFERENCES = (
    "ALTER TABLE import_items DROP CONSTRAINT import_items_tenant_id_batch_id_fkey",
    "ALTER TABLE import_items DROP CONSTRAINT import_items_tenant_id_parent_id_fkey",
    "ALTER TABLE import_payloads DROP CONSTRAINT import_payloads_tenant_id_item_id_fkey",
    "ALTER TABLE import_publications DROP CONSTRAINT import_publications_tenant_id_item_id_fkey",
    """CREATE FUNCTION refuse_items_of_nothing() RETURNS trigger LANGUAGE plpgsql {by_index} AS $$
    DECLARE of record;
    BEGIN
        FOR of IN SELECT DISTINCT tenant_id, batch_id FROM added LOOP
            PERFORM 1 FROM import_batches WHERE tenant_id = of.tenant_id AND id = of.batch_id FOR KEY SHARE;
            IF NOT FOUND THEN
                RAISE EXCEPTION 'an item belongs to no batch' USING ERRCODE = 'foreign_key_violation';
            END IF;
        END LOOP;
        FOR of IN SELECT DISTINCT tenant_id, parent_id FROM added WHERE parent_id IS NOT NULL LOOP
            PERFORM 1 FROM import_items WHERE tenant_id = of.tenant_id AND id = of.parent_id FOR KEY SHARE;
            IF NOT FOUND THEN
                RAISE EXCEPTION 'a part belongs to no item' USING ERRCODE = 'foreign_key_violation';
            END IF;
        END LOOP;
        RETURN NULL;
    END $$""",
    """CREATE FUNCTION refuse_rows_of_no_item() RETURNS trigger LANGUAGE plpgsql {by_index} AS $$
    DECLARE of uuid; ids uuid[];
    BEGIN
        FOR of, ids IN SELECT tenant_id, array_agg(item_id) FROM added GROUP BY tenant_id LOOP
            IF (SELECT count(*) FROM import_items WHERE tenant_id = of AND id = ANY (ids)) < cardinality(ids) THEN
                RAISE EXCEPTION 'a row of % belongs to no item', TG_TABLE_NAME USING ERRCODE = 'foreign_key_violation';
            END IF;
        END LOOP;
        RETURN NULL;
    END $$""",
    """CREATE FUNCTION refuse_orphans_of_items() RETURNS trigger LANGUAGE plpgsql {by_index} AS $$
    DECLARE of uuid; ids uuid[];
    BEGIN
        FOR of, ids IN SELECT tenant_id, array_agg(id) FROM removed GROUP BY tenant_id LOOP
            IF EXISTS (SELECT 1 FROM import_payloads WHERE tenant_id = of AND item_id = ANY (ids))
                OR EXISTS (SELECT 1 FROM import_publications WHERE tenant_id = of AND item_id = ANY (ids))
                OR EXISTS (SELECT 1 FROM import_items
                           WHERE tenant_id = of AND parent_id = ANY (ids) AND parent_id IS NOT NULL) THEN
                RAISE EXCEPTION 'an item is needed by what belongs to it' USING ERRCODE = 'foreign_key_violation';
            END IF;
        END LOOP;
        RETURN NULL;
    END $$""",
    """CREATE FUNCTION refuse_orphans_of_batches() RETURNS trigger LANGUAGE plpgsql {by_index} AS $$
    DECLARE of uuid; ids uuid[];
    BEGIN
        FOR of, ids IN SELECT tenant_id, array_agg(id) FROM removed GROUP BY tenant_id LOOP
            IF EXISTS (SELECT 1 FROM import_items WHERE tenant_id = of AND batch_id = ANY (ids)) THEN
                RAISE EXCEPTION 'a batch is needed by its items' USING ERRCODE = 'foreign_key_violation';
            END IF;
        END LOOP;
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
