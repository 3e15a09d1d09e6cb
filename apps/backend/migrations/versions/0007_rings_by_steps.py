"""Who has work due is found by stepping from one stage of one tenant to the next, however many items wait in each."""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_RINGS_DUE = """
CREATE OR REPLACE FUNCTION imports_rings_due(most integer) RETURNS TABLE (tenant_id uuid, stage text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    WITH RECURSIVE waiting AS (
        (SELECT i.tenant_id, i.due_stage FROM public.import_items i WHERE i.due_stage IS NOT NULL
         ORDER BY i.tenant_id, i.due_stage LIMIT 1)
        UNION ALL
        SELECT after.tenant_id, after.due_stage FROM waiting w CROSS JOIN LATERAL (
            SELECT i.tenant_id, i.due_stage FROM public.import_items i
            WHERE i.due_stage IS NOT NULL AND (i.tenant_id, i.due_stage) > (w.tenant_id, w.due_stage)
            ORDER BY i.tenant_id, i.due_stage LIMIT 1
        ) after
    )
    SELECT w.tenant_id, w.due_stage FROM waiting w CROSS JOIN LATERAL (
        SELECT i.next_run_at FROM public.import_items i
        WHERE i.tenant_id = w.tenant_id AND i.due_stage = w.due_stage AND i.next_run_at <= clock_timestamp()
        ORDER BY i.next_run_at LIMIT 1
    ) longest
    ORDER BY longest.next_run_at LIMIT most
$$
"""


def upgrade() -> None:
    # Past SQLAlchemy, which would look for placeholders in the SQL.
    driver = op.get_bind().connection.driver_connection
    # Replacing a function needs the right to create, which its owner has only for as long as this takes.
    driver.execute("GRANT CREATE ON SCHEMA public TO imports_doors")
    driver.execute(_RINGS_DUE)
    driver.execute("REVOKE CREATE ON SCHEMA public FROM imports_doors")
