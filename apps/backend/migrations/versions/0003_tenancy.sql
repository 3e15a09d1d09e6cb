-- What a tenant may use, whether it is held, and when it was erased. Limits are set by whoever runs the system, so they
-- are no part of the settings that a tenant changes itself. -----------------------------------------------------------

ALTER TABLE tenants
    ADD COLUMN limits jsonb NOT NULL DEFAULT '{}',
    ADD COLUMN legal_hold boolean NOT NULL DEFAULT false,
    ADD COLUMN erased_at timestamptz;

CREATE TABLE import_usage (
    tenant_id uuid NOT NULL,
    day date NOT NULL,
    row_count bigint NOT NULL DEFAULT 0,
    file_count bigint NOT NULL DEFAULT 0,
    byte_count bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (tenant_id, day)
);

-- The uploaded files that are kept, and their sums: a sum over a million rows is too dear for every upload.
CREATE TABLE import_blobs (
    tenant_id uuid NOT NULL,
    file_key text NOT NULL,
    byte_count bigint NOT NULL,
    PRIMARY KEY (tenant_id, file_key)
);
CREATE TABLE import_store (
    tenant_id uuid NOT NULL PRIMARY KEY,
    file_count bigint NOT NULL DEFAULT 0,
    byte_count bigint NOT NULL DEFAULT 0
);

-- Batches that were called off, deleted or are held; items whose file was let go keep its key, which holds its SHA-256. ---

ALTER TABLE import_batches
    ADD COLUMN cancelled_at timestamptz,
    ADD COLUMN deleted_at timestamptz,
    ADD COLUMN legal_hold boolean NOT NULL DEFAULT false;
ALTER TABLE import_items ADD COLUMN purged_file_key text;
ALTER TABLE import_dlq
    DROP CONSTRAINT import_dlq_reason_check,
    ADD CONSTRAINT import_dlq_reason_check CHECK (reason IN ('review', 'dead', 'exhausted', 'cancelled'));

-- The audit trail becomes a chain per tenant. What was said (details) enters it as a salted hash of its own, so that an
-- erased tenant's entries can lose what they said and keep their place. ----------------------------------------------

ALTER TABLE import_audit
    ADD COLUMN seq bigint,
    ADD COLUMN salt uuid,
    ADD COLUMN details_hash bytea,
    ADD COLUMN prev_hash bytea,
    ADD COLUMN hash bytea,
    ALTER COLUMN details DROP DEFAULT,
    ALTER COLUMN details DROP NOT NULL;

CREATE FUNCTION audit_details_hash(salt uuid, details jsonb) RETURNS bytea LANGUAGE sql STABLE
RETURN sha256(convert_to(salt::text || details::text, 'UTF8'));

CREATE FUNCTION audit_hash(prev bytea, entry import_audit) RETURNS bytea LANGUAGE sql STABLE
RETURN sha256(prev || convert_to(jsonb_build_object(
    'tenant', entry.tenant_id, 'seq', entry.seq, 'actor', entry.actor, 'action', entry.action,
    'at', to_char(entry.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    'batch', entry.batch_id, 'item', entry.item_id, 'details', encode(entry.details_hash, 'hex'))::text, 'UTF8'));

-- The owner is bound by row-level security too; for these lines it has to see every row.
ALTER TABLE import_audit NO FORCE ROW LEVEL SECURITY;
DO $$
DECLARE
    entry import_audit;
    before import_audit;
BEGIN
    FOR entry IN SELECT * FROM import_audit ORDER BY tenant_id, id LOOP
        IF before.tenant_id IS DISTINCT FROM entry.tenant_id THEN
            before.hash := decode(repeat('00', 32), 'hex');
            before.seq := 0;
        END IF;
        entry.seq := before.seq + 1;
        entry.salt := gen_random_uuid();
        entry.details_hash := audit_details_hash(entry.salt, entry.details);
        entry.prev_hash := before.hash;
        entry.hash := audit_hash(entry.prev_hash, entry);
        UPDATE import_audit a SET seq = entry.seq, salt = entry.salt, details_hash = entry.details_hash,
            prev_hash = entry.prev_hash, hash = entry.hash
        WHERE a.tenant_id = entry.tenant_id AND a.id = entry.id;
        before := entry;
    END LOOP;
END $$;
ALTER TABLE import_audit FORCE ROW LEVEL SECURITY;
ALTER TABLE import_audit
    ALTER COLUMN seq SET NOT NULL,
    ALTER COLUMN details_hash SET NOT NULL,
    ALTER COLUMN prev_hash SET NOT NULL,
    ALTER COLUMN hash SET NOT NULL;
CREATE UNIQUE INDEX import_audit_chain ON import_audit (tenant_id, seq);

CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit trail is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER import_audit_no_change BEFORE UPDATE ON import_audit FOR EACH ROW
WHEN (NEW.details IS NOT NULL OR NEW.salt IS NOT NULL
    OR (NEW.tenant_id, NEW.id, NEW.seq, NEW.at, NEW.actor, NEW.action, NEW.batch_id, NEW.item_id, NEW.details_hash,
        NEW.prev_hash, NEW.hash)
       IS DISTINCT FROM
       (OLD.tenant_id, OLD.id, OLD.seq, OLD.at, OLD.actor, OLD.action, OLD.batch_id, OLD.item_id, OLD.details_hash,
        OLD.prev_hash, OLD.hash))
EXECUTE FUNCTION refuse_audit_change();
CREATE TRIGGER import_audit_no_delete BEFORE DELETE ON import_audit FOR EACH ROW EXECUTE FUNCTION refuse_audit_change();
CREATE TRIGGER import_audit_no_truncate BEFORE TRUNCATE ON import_audit EXECUTE FUNCTION refuse_audit_change();

-- The one way into the trail, within the caller's tenant and transaction.
CREATE FUNCTION imports_audit(actor text, action text, batch uuid, item uuid, details jsonb) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    entry public.import_audit;
    before record;
BEGIN
    entry.tenant_id := public.app_tenant();
    IF entry.tenant_id IS NULL THEN
        RAISE EXCEPTION 'no tenant is set' USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('imports_audit:' || entry.tenant_id::text, 0));
    SELECT a.seq, a.hash INTO before FROM public.import_audit a
    WHERE a.tenant_id = entry.tenant_id ORDER BY a.seq DESC LIMIT 1;
    entry.seq := coalesce(before.seq, 0) + 1;
    entry.at := clock_timestamp();
    entry.actor := actor;
    entry.action := action;
    entry.batch_id := batch;
    entry.item_id := item;
    entry.details := coalesce(details, '{}');
    entry.salt := gen_random_uuid();
    entry.details_hash := public.audit_details_hash(entry.salt, entry.details);
    entry.prev_hash := coalesce(before.hash, decode(repeat('00', 32), 'hex'));
    entry.hash := public.audit_hash(entry.prev_hash, entry);
    INSERT INTO public.import_audit
        (tenant_id, seq, at, actor, action, batch_id, item_id, details, salt, details_hash, prev_hash, hash)
    VALUES (entry.tenant_id, entry.seq, entry.at, entry.actor, entry.action, entry.batch_id, entry.item_id,
        entry.details, entry.salt, entry.details_hash, entry.prev_hash, entry.hash);
    RETURN entry.seq;
END $$;

-- Of an erased tenant only: what trail and attempts say in words. Where they stand, when and by whom stays.
CREATE FUNCTION imports_erase_traces(most integer) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    tenant uuid := public.app_tenant();
    told bigint;
    tried bigint;
BEGIN
    IF NOT EXISTS (SELECT 1 FROM public.tenants t WHERE t.id = tenant AND t.erased_at IS NOT NULL) THEN
        RAISE EXCEPTION 'the tenant is not erased' USING ERRCODE = 'insufficient_privilege';
    END IF;
    UPDATE public.import_audit a SET details = NULL, salt = NULL
    WHERE a.tenant_id = tenant AND a.id IN (
        SELECT b.id FROM public.import_audit b
        WHERE b.tenant_id = tenant AND b.details IS NOT NULL AND b.action NOT IN ('tenant.erase', 'tenant.erased')
        LIMIT most);
    GET DIAGNOSTICS told = ROW_COUNT;
    UPDATE public.import_attempts a SET detail = NULL
    WHERE a.tenant_id = tenant AND a.id IN (
        SELECT b.id FROM public.import_attempts b WHERE b.tenant_id = tenant AND b.detail IS NOT NULL LIMIT most);
    GET DIAGNOSTICS tried = ROW_COUNT;
    RETURN told + tried;
END $$;

-- More questions across tenants; they answer with ids and counts. -------------------------------------------------------

-- Whose turn it is: the first tenant behind another that has work due in a stage, and round again from the start. Walks
-- from tenant to tenant by the index, so it costs what there are tenants, not items.
CREATE FUNCTION imports_next_tenant(wanted text, after uuid) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH RECURSIVE behind (id) AS (
        (SELECT i.tenant_id FROM public.import_items i WHERE i.due_stage IS NOT NULL AND i.tenant_id > after
         ORDER BY i.tenant_id, i.due_stage, i.next_run_at LIMIT 1)
        UNION ALL
        SELECT (SELECT i.tenant_id FROM public.import_items i WHERE i.due_stage IS NOT NULL AND i.tenant_id > behind.id
                ORDER BY i.tenant_id, i.due_stage, i.next_run_at LIMIT 1)
        FROM behind WHERE behind.id IS NOT NULL
    ), before (id) AS (
        (SELECT i.tenant_id FROM public.import_items i WHERE i.due_stage IS NOT NULL AND i.tenant_id <= after
         ORDER BY i.tenant_id, i.due_stage, i.next_run_at LIMIT 1)
        UNION ALL
        SELECT (SELECT i.tenant_id FROM public.import_items i
                WHERE i.due_stage IS NOT NULL AND i.tenant_id > before.id AND i.tenant_id <= after
                ORDER BY i.tenant_id, i.due_stage, i.next_run_at LIMIT 1)
        FROM before WHERE before.id IS NOT NULL
    ), around (id) AS (
        SELECT id FROM behind UNION ALL SELECT id FROM before
    )
    SELECT around.id FROM around
    WHERE EXISTS (SELECT 1 FROM public.import_items i WHERE i.tenant_id = around.id AND i.due_stage = wanted
                  AND i.next_run_at <= clock_timestamp())
    LIMIT 1
$$;
CREATE FUNCTION imports_all_tenants() RETURNS TABLE (tenant_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT t.id FROM public.tenants t ORDER BY t.created_at, t.id
$$;
-- Those that wait for a person: what was called off waits for nobody.
CREATE OR REPLACE FUNCTION imports_dead_letters_open() RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT count(*) FROM public.import_dlq d WHERE d.resolved_at IS NULL AND d.reason <> 'cancelled'
$$;
