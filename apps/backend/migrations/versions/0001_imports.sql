-- Tenants and their keys ---------------------------------------------------------------------------------------

CREATE TABLE tenants (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    settings jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE api_keys (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL,
    name text NOT NULL,
    role text NOT NULL CHECK (role IN ('viewer', 'uploader', 'reviewer', 'admin')),
    key_hash bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    expires_at timestamptz,
    revoked_at timestamptz,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX api_keys_by_hash ON api_keys (key_hash);

-- One bucket of request tokens per tenant: what is left, and when that was true.
CREATE TABLE import_rate_buckets (
    tenant_id uuid NOT NULL PRIMARY KEY,
    tokens double precision NOT NULL,
    filled_at timestamptz NOT NULL
);

-- What a POST answered under an idempotency key.
CREATE TABLE import_requests (
    tenant_id uuid NOT NULL,
    key text NOT NULL,
    fingerprint bytea NOT NULL,
    status smallint,
    response jsonb,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant_id, key)
);

-- Mappings: a new version is a new row, an old one is never changed. -------------------------------------------------

CREATE TABLE import_mappings (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    version integer NOT NULL,
    name text NOT NULL,
    definition jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    deleted_at timestamptz,
    PRIMARY KEY (tenant_id, id, version)
);

-- Batches and items ----------------------------------------------------------------------------------------------

CREATE TABLE import_batches (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    name text,
    source_type text,
    country text,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX import_batches_newest ON import_batches (tenant_id, created_at DESC, id);

CREATE TABLE import_leases (
    tenant_id uuid NOT NULL,
    token uuid NOT NULL,
    stage text NOT NULL,
    leased_until timestamptz NOT NULL,
    deadline_at timestamptz NOT NULL,
    started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant_id, token)
) WITH (fillfactor = 50);

CREATE TABLE import_items (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    batch_id uuid NOT NULL,
    kind text NOT NULL,
    state text NOT NULL DEFAULT 'pending',
    due_stage text DEFAULT 'preprocess',
    next_run_at timestamptz DEFAULT clock_timestamp(),
    attempt smallint NOT NULL DEFAULT 0,
    lease_token uuid,
    position bigint NOT NULL DEFAULT 0,
    parent_id uuid,
    part integer,
    file_key text,
    file_name text,
    mapping_id uuid,
    mapping_version integer,
    doc_type text,
    code text,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, batch_id) REFERENCES import_batches (tenant_id, id),
    FOREIGN KEY (tenant_id, parent_id) REFERENCES import_items (tenant_id, id),
    -- Claimable, leased or at rest: there is no fourth case.
    CONSTRAINT claimable_leased_or_at_rest CHECK (
        CASE
            WHEN lease_token IS NOT NULL THEN due_stage IS NULL AND next_run_at IS NULL
                AND state IN ('preprocessing', 'ocr_processing', 'classifying', 'extracting', 'validating', 'publishing')
            WHEN due_stage IS NOT NULL THEN next_run_at IS NOT NULL AND (state, due_stage) IN (
                ('pending', 'preprocess'), ('preprocessed', 'ocr'), ('ocr_completed', 'classify'),
                ('classified', 'extract'), ('extracted', 'validate'), ('validated', 'publish'))
            ELSE next_run_at IS NULL AND (state = 'published' OR state LIKE '%\_failed')
        END)
) WITH (fillfactor = 70);
-- No index holds the state itself: a slice that walks on changes no indexed column, so its updates stay in their page.
CREATE INDEX import_items_due ON import_items (tenant_id, due_stage, next_run_at) WHERE due_stage IS NOT NULL;
CREATE INDEX import_items_leased ON import_items (tenant_id, lease_token) WHERE lease_token IS NOT NULL;
-- The batch comes first: an index that began with the tenant would look as good as the primary key to a planner that has
-- no statistics yet, and every foreign key check would walk through all items of the tenant.
CREATE INDEX import_items_of_batch ON import_items (batch_id, position, id);
CREATE UNIQUE INDEX import_items_parts ON import_items (tenant_id, parent_id, position) WHERE parent_id IS NOT NULL;

CREATE TABLE import_payloads (
    tenant_id uuid NOT NULL,
    item_id uuid NOT NULL,
    raw jsonb,
    work jsonb,
    document jsonb,
    findings jsonb,
    corrections jsonb,
    accepted text[] NOT NULL DEFAULT '{}',
    PRIMARY KEY (tenant_id, item_id),
    FOREIGN KEY (tenant_id, item_id) REFERENCES import_items (tenant_id, id)
) WITH (fillfactor = 80);

-- The first item that brought a file: the same bytes again are a duplicate, within one tenant only.
CREATE TABLE import_files (
    tenant_id uuid NOT NULL,
    sha256 text NOT NULL,
    item_id uuid NOT NULL,
    PRIMARY KEY (tenant_id, sha256)
);

-- Every attempt that ended, as a row.
CREATE TABLE import_attempts (
    tenant_id uuid NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    item_id uuid NOT NULL,
    stage text NOT NULL,
    attempt smallint NOT NULL,
    outcome text NOT NULL,
    code text,
    detail text,
    started_at timestamptz NOT NULL,
    finished_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX import_attempts_of_item ON import_attempts (tenant_id, item_id);

CREATE TABLE import_dlq (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    item_id uuid NOT NULL,
    batch_id uuid NOT NULL,
    stage text NOT NULL,
    reason text NOT NULL CHECK (reason IN ('review', 'dead', 'exhausted')),
    code text NOT NULL,
    detail text,
    attempts smallint NOT NULL,
    payload jsonb,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    resolved_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, item_id) REFERENCES import_items (tenant_id, id)
);
CREATE UNIQUE INDEX import_dlq_open ON import_dlq (tenant_id, item_id) WHERE resolved_at IS NULL;
CREATE INDEX import_dlq_by_age ON import_dlq (tenant_id, created_at, id);

CREATE TABLE import_audit (
    tenant_id uuid NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    actor text NOT NULL,
    action text NOT NULL,
    batch_id uuid,
    item_id uuid,
    details jsonb NOT NULL DEFAULT '{}',
    PRIMARY KEY (tenant_id, id)
);

-- The ledger: at most one publication per item, whatever its destination. -----------------------------------------------

CREATE TABLE import_publications (
    tenant_id uuid NOT NULL,
    item_id uuid NOT NULL,
    dest_table text NOT NULL,
    dest_id uuid NOT NULL,
    payload_hash text NOT NULL,
    published_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant_id, item_id),
    FOREIGN KEY (tenant_id, item_id) REFERENCES import_items (tenant_id, id)
);

-- Destinations -----------------------------------------------------------------------------------------------------

CREATE TABLE invoices (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    source_item_id uuid NOT NULL,
    doc_type text NOT NULL,
    country text,
    supplier_name text,
    supplier_tax_id text,
    buyer_name text,
    buyer_tax_id text,
    invoice_number text,
    invoice_series text,
    issue_date date NOT NULL,
    due_date date,
    currency text,
    net numeric,
    tax numeric,
    gross numeric,
    withholding numeric,
    payable numeric,
    iban text,
    access_key text,
    authorization_number text,
    corrected_invoice_number text,
    natural_key text,
    duplicate_override boolean NOT NULL DEFAULT false,
    evidence jsonb,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant_id, id),
    UNIQUE (source_item_id, tenant_id)  -- in this order for the same reason as import_items_of_batch
);
-- Closes the race of two items with one invoice that are judged at the same moment.
CREATE UNIQUE INDEX invoices_natural_key ON invoices (tenant_id, natural_key, coalesce(gross, payable))
    WHERE natural_key IS NOT NULL AND NOT duplicate_override;
CREATE INDEX invoices_by_natural_key ON invoices (tenant_id, natural_key) WHERE natural_key IS NOT NULL;

CREATE TABLE invoice_lines (
    tenant_id uuid NOT NULL,
    invoice_id uuid NOT NULL,
    line_no integer NOT NULL,
    code text,
    description text,
    quantity numeric,
    unit_price numeric,
    net_amount numeric,
    tax_rate numeric,
    PRIMARY KEY (tenant_id, invoice_id, line_no),
    FOREIGN KEY (tenant_id, invoice_id) REFERENCES invoices (tenant_id, id) ON DELETE CASCADE
);

CREATE TABLE invoice_taxes (
    tenant_id uuid NOT NULL,
    invoice_id uuid NOT NULL,
    line_no integer NOT NULL,
    kind text NOT NULL CHECK (kind IN ('tax', 'withholding')),
    tax_code text,
    category text,
    rate numeric,
    base numeric,
    amount numeric,
    surcharge_rate numeric,
    surcharge_amount numeric,
    PRIMARY KEY (tenant_id, invoice_id, line_no),
    FOREIGN KEY (tenant_id, invoice_id) REFERENCES invoices (tenant_id, id) ON DELETE CASCADE
);

CREATE TABLE expenses (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    source_item_id uuid NOT NULL,
    doc_type text NOT NULL,
    country text,
    supplier_name text,
    supplier_tax_id text,
    number text,
    expense_date date NOT NULL,
    currency text,
    net numeric,
    tax numeric,
    total numeric NOT NULL,
    description text,
    category text,
    evidence jsonb,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, source_item_id)
);

CREATE TABLE bank_movements (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    source_item_id uuid NOT NULL,
    line_no integer NOT NULL,
    account text,
    currency text,
    booking_date date,
    value_date date,
    amount numeric NOT NULL,
    balance numeric,
    description text,
    reference text,
    fingerprint text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, source_item_id, line_no)
);
CREATE INDEX bank_movements_by_fingerprint ON bank_movements (tenant_id, fingerprint);

CREATE TABLE withholdings (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    source_item_id uuid NOT NULL,
    line_no integer NOT NULL,
    agent_name text,
    agent_tax_id text,
    subject_name text,
    subject_tax_id text,
    number text,
    issue_date date NOT NULL,
    access_key text,
    currency text,
    tax_code text,
    withholding_code text,
    rate numeric,
    base numeric,
    amount numeric,
    document_number text,
    evidence jsonb,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, source_item_id, line_no)
);

CREATE TABLE products (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    source_item_id uuid NOT NULL,
    sku text,
    name text,
    description text,
    unit_price numeric,
    cost numeric,
    tax_rate numeric,
    stock numeric,
    unit text,
    barcode text,
    category text,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, source_item_id)
);
