"""The tables of the imports module, their row-level security and the few doors across tenants."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_TENANT_TABLES = (
    "api_keys",
    "import_rate_buckets",
    "import_requests",
    "import_mappings",
    "import_batches",
    "import_leases",
    "import_items",
    "import_payloads",
    "import_files",
    "import_attempts",
    "import_dlq",
    "import_audit",
    "import_publications",
    "invoices",
    "invoice_lines",
    "invoice_taxes",
    "expenses",
    "bank_movements",
    "withholdings",
    "products",
)
_APPEND_ONLY = ("import_attempts", "import_audit", "import_publications")

# Frozen here as the database knows it; a test holds it against domain.pipeline.allowed_edges().
_EDGES = [
    "pending>preprocessing",
    "preprocessing>preprocessed",
    "preprocessing>pending",
    "preprocessing>preprocess_failed",
    "pending>preprocess_failed",
    "preprocess_failed>pending",
    "preprocess_failed>extracted",
    "preprocessing>ocr_processing",
    "preprocessing>classifying",
    "preprocessing>extracting",
    "preprocessed>ocr_processing",
    "ocr_processing>ocr_completed",
    "ocr_processing>preprocessed",
    "ocr_processing>ocr_failed",
    "preprocessed>ocr_failed",
    "ocr_failed>preprocessed",
    "ocr_failed>extracted",
    "ocr_processing>classifying",
    "ocr_processing>extracting",
    "ocr_completed>classifying",
    "classifying>classified",
    "classifying>ocr_completed",
    "classifying>classify_failed",
    "ocr_completed>classify_failed",
    "classify_failed>ocr_completed",
    "classify_failed>extracted",
    "classifying>extracting",
    "classified>extracting",
    "extracting>extracted",
    "extracting>classified",
    "extracting>extract_failed",
    "classified>extract_failed",
    "extract_failed>classified",
    "extract_failed>extracted",
    "extracting>validating",
    "extracted>validating",
    "validating>validated",
    "validating>extracted",
    "validating>validate_failed",
    "extracted>validate_failed",
    "validate_failed>extracted",
    "validating>publishing",
    "validated>publishing",
    "publishing>published",
    "publishing>validated",
    "publishing>publish_failed",
    "validated>publish_failed",
    "publish_failed>validated",
    "publish_failed>extracted",
]

_TENANT_FUNCTION = """
CREATE FUNCTION app_tenant() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
RETURN nullif(current_setting('app.tenant_id', true), '')::uuid
"""

_STATE_MACHINE = """
CREATE FUNCTION refuse_transition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'item % may not go from % to %', OLD.id, OLD.state, NEW.state USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER import_items_state_machine BEFORE UPDATE ON import_items FOR EACH ROW
WHEN (OLD.state IS DISTINCT FROM NEW.state AND NOT ((OLD.state || '>' || NEW.state) = ANY (ARRAY[{edges}]::text[])))
EXECUTE FUNCTION refuse_transition();
"""

# The only questions asked across tenants. They answer with ids and counts, never with a document.
_DOORS = """
CREATE FUNCTION imports_rings_due(most integer) RETURNS TABLE (tenant_id uuid, stage text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT i.tenant_id, i.due_stage FROM public.import_items i
    WHERE i.due_stage IS NOT NULL AND i.next_run_at <= clock_timestamp()
    GROUP BY 1, 2 ORDER BY min(i.next_run_at) LIMIT most
$$;
CREATE FUNCTION imports_expired_leases(most integer) RETURNS TABLE (tenant_id uuid, token uuid, stage text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT l.tenant_id, l.token, l.stage FROM public.import_leases l
    WHERE l.leased_until < clock_timestamp() ORDER BY l.leased_until LIMIT most
$$;
CREATE FUNCTION imports_authenticate(hash bytea) RETURNS TABLE (tenant_id uuid, key_id uuid, role text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT k.tenant_id, k.id, k.role FROM public.api_keys k
    WHERE k.key_hash = hash AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > clock_timestamp())
$$;
CREATE FUNCTION imports_find_tenant(wanted text) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT t.id FROM public.tenants t WHERE t.name = wanted OR t.id::text = wanted ORDER BY t.created_at LIMIT 1
$$;
CREATE FUNCTION imports_queue_depths() RETURNS TABLE (stage text, due bigint, oldest_seconds double precision)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT i.due_stage, count(*), extract(epoch FROM clock_timestamp() - min(i.next_run_at))::double precision
    FROM public.import_items i WHERE i.due_stage IS NOT NULL AND i.next_run_at <= clock_timestamp() GROUP BY 1
$$;
CREATE FUNCTION imports_slices_held() RETURNS TABLE (stage text, held bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT l.stage, count(*) FROM public.import_leases l WHERE l.leased_until > clock_timestamp() GROUP BY 1
$$;
CREATE FUNCTION imports_dead_letters_open() RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT count(*) FROM public.import_dlq d WHERE d.resolved_at IS NULL
$$;
CREATE FUNCTION imports_tenants_with_dead_letters(before timestamptz) RETURNS TABLE (tenant_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT DISTINCT d.tenant_id FROM public.import_dlq d WHERE d.created_at < before AND d.payload IS NOT NULL
$$;
"""
_DOOR_NAMES = (
    "imports_rings_due(integer)",
    "imports_expired_leases(integer)",
    "imports_authenticate(bytea)",
    "imports_find_tenant(text)",
    "imports_queue_depths()",
    "imports_slices_held()",
    "imports_dead_letters_open()",
    "imports_tenants_with_dead_letters(timestamptz)",
)
_DOOR_TABLES = ("import_items", "import_leases", "api_keys", "tenants", "import_dlq")


def upgrade() -> None:
    # Past SQLAlchemy, which would look for placeholders in the SQL.
    driver = op.get_bind().connection.driver_connection
    for statement in _statements():
        driver.execute(statement)


def _statements() -> list[str]:
    sql = Path(__file__).with_name("0001_imports.sql").read_text(encoding="utf-8")
    edges = ", ".join(f"'{edge}'" for edge in _EDGES)
    return [
        _TENANT_FUNCTION,
        sql,
        _STATE_MACHINE.replace("{edges}", edges),
        *_row_security(),
        *_grants(),
        *_doors(),
    ]


def _row_security() -> list[str]:
    statements = []
    for table, column in [("tenants", "id"), *((t, "tenant_id") for t in _TENANT_TABLES)]:
        own = f"{column} = (SELECT app_tenant())"
        statements += [
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
            f"CREATE POLICY tenant ON {table} FOR ALL TO imports_app USING ({own}) WITH CHECK ({own})",
        ]
    return statements


def _grants() -> list[str]:
    writable = [t for t in ("tenants", *_TENANT_TABLES) if t not in _APPEND_ONLY]
    return [
        "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC",
        "GRANT USAGE ON SCHEMA public TO imports_app, imports_doors",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON {', '.join(writable)} TO imports_app",
        f"GRANT SELECT, INSERT ON {', '.join(_APPEND_ONLY)} TO imports_app",
    ]


def _doors() -> list[str]:
    statements = [_DOORS]
    for table in _DOOR_TABLES:
        statements += [
            f"GRANT SELECT ON {table} TO imports_doors",
            f"CREATE POLICY doors ON {table} FOR SELECT TO imports_doors USING (true)",
        ]
    # Ownership can only be given to a role that may create in the schema; the right is taken back at once.
    statements.append("GRANT CREATE ON SCHEMA public TO imports_doors")
    for door in _DOOR_NAMES:
        statements += [
            f"REVOKE ALL ON FUNCTION {door} FROM PUBLIC",
            f"GRANT EXECUTE ON FUNCTION {door} TO imports_app",
            f"ALTER FUNCTION {door} OWNER TO imports_doors",
        ]
    return [*statements, "REVOKE CREATE ON SCHEMA public FROM imports_doors"]
