"""What must hold of the database at any moment, each as a statement that gives the ids of whatever breaks it.

Run in one snapshot by ``usecases.invariants``, as a role that sees every tenant.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Final

from app.modules.imports.domain.pipeline import (
    AT_REST_STATES,
    LAST,
    PIPELINE,
    ItemState,
    StageName,
    next_stage,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import LiteralString


@dataclass(frozen=True, slots=True)
class Statement:
    """``sql`` gives one column, the id of what is broken, as text. ``{destinations}`` stands for the rows of every
    table with a ``source_item_id``: tenant_id, item_id, name, line_no.
    """

    code: str
    detail: str
    sql: LiteralString


STATEMENTS: Final = (
    # ------------------------------------------------------------------------------------------------ conservation
    Statement(
        "I1",
        "an accepted item has no row",
        """SELECT a.id::text FROM unnest(%(accepted)s::uuid[]) AS a (id)
           LEFT JOIN import_items i ON i.id = a.id WHERE i.id IS NULL""",
    ),
    Statement(
        "I1",
        "a batch holds fewer items than its answers promised",
        """SELECT b.id::text FROM import_batches b
           JOIN import_requests r ON r.tenant_id = b.tenant_id AND r.response->>'batch_id' = b.id::text
               AND r.status BETWEEN 200 AND 299 AND r.response ? 'items_ingested'
           GROUP BY b.tenant_id, b.id HAVING sum((r.response->>'items_ingested')::bigint) > (
               SELECT count(*) FROM import_items i
               WHERE i.tenant_id = b.tenant_id AND i.batch_id = b.id AND i.parent_id IS NULL)""",
    ),
    Statement(
        "I1",
        "an item has no payload",
        """SELECT i.id::text FROM import_items i
           LEFT JOIN import_payloads p ON p.tenant_id = i.tenant_id AND p.item_id = i.id WHERE p.item_id IS NULL""",
    ),
    Statement(
        "I1",
        "a container was split into other parts than it says, or not all of them",
        """SELECT c.id::text FROM import_items c
           JOIN import_payloads p ON p.tenant_id = c.tenant_id AND p.item_id = c.id
           LEFT JOIN import_items part ON part.tenant_id = c.tenant_id AND part.parent_id = c.id
           WHERE c.kind = 'container' AND c.state = %(published)s
           GROUP BY c.tenant_id, c.id, p.work
           HAVING count(part.id) IS DISTINCT FROM coalesce((p.work->>'parts')::bigint, 0)
               OR count(part.id) <> coalesce(max(part.position) + 1, 0)""",
    ),
    # ------------------------------------------------------------------------------------------------- publication
    Statement(
        "I2",
        "a published item has no entry in the ledger, or one that names no row",
        """SELECT i.id::text FROM import_items i
           LEFT JOIN import_publications l ON l.tenant_id = i.tenant_id AND l.item_id = i.id
           WHERE i.state = %(published)s AND (l.item_id IS NULL OR NOT (l.dest_id = l.item_id OR EXISTS (
               SELECT 1 FROM ({destinations}) d
               WHERE d.tenant_id = l.tenant_id AND d.item_id = l.item_id AND d.name = l.dest_table)))""",
    ),
    Statement(
        "I2",
        "the ledger names an item that is not published, or names it twice",
        """SELECT l.item_id::text FROM import_publications l
           LEFT JOIN import_items i ON i.tenant_id = l.tenant_id AND i.id = l.item_id
           GROUP BY l.tenant_id, l.item_id, i.state
           HAVING i.state IS DISTINCT FROM %(published)s OR count(*) > 1""",
    ),
    Statement(
        "I2",
        "a destination row belongs to no entry of the ledger",
        """SELECT d.item_id::text FROM ({destinations}) d
           LEFT JOIN import_publications l
             ON l.tenant_id = d.tenant_id AND l.item_id = d.item_id AND l.dest_table = d.name
           WHERE l.item_id IS NULL GROUP BY d.item_id""",
    ),
    Statement(
        "I2",
        "an item has a destination row twice, or lacks one in between",
        """SELECT d.item_id::text FROM ({destinations}) d
           GROUP BY d.tenant_id, d.item_id, d.name
           HAVING count(*) <> max(d.line_no) OR count(DISTINCT d.line_no) <> count(*) OR min(d.line_no) <> 1""",
    ),
    Statement(
        "I2",
        "an invoice has other lines than its document",
        """SELECT v.source_item_id::text FROM invoices v
           JOIN import_payloads p ON p.tenant_id = v.tenant_id AND p.item_id = v.source_item_id
           LEFT JOIN invoice_lines l ON l.tenant_id = v.tenant_id AND l.invoice_id = v.id
           WHERE p.document IS NOT NULL AND p.corrections IS NULL
           GROUP BY v.tenant_id, v.source_item_id, p.document
           HAVING count(l.line_no) <> coalesce(jsonb_array_length(p.document->'lines'), 0)""",
    ),
    # ---------------------------------------------------------------------------------------------------- liveness
    Statement(
        "I3",
        "an item is neither claimable, nor leased, nor at rest",
        """SELECT i.id::text FROM import_items i WHERE NOT CASE
               WHEN i.lease_token IS NOT NULL THEN i.state = ANY (%(running)s::text[]) AND i.due_stage IS NULL
               WHEN i.due_stage IS NOT NULL THEN i.next_run_at IS NOT NULL
                   AND (i.state, i.due_stage) IN (SELECT * FROM unnest(%(takes)s::text[], %(stages)s::text[]))
               ELSE i.next_run_at IS NULL AND i.state = ANY (%(at_rest)s::text[]) END""",
    ),
    Statement(
        "I3",
        "an item is leased and its lease is gone, or ran out and nobody took it back",
        """SELECT i.id::text FROM import_items i
           LEFT JOIN import_leases l ON l.tenant_id = i.tenant_id AND l.token = i.lease_token
           WHERE i.lease_token IS NOT NULL
             AND (l.token IS NULL OR l.leased_until < clock_timestamp() - %(grace)s::interval)""",
    ),
    Statement(
        "I3",
        "an item waits for longer than any backoff is",
        """SELECT i.id::text FROM import_items i
           WHERE i.next_run_at > clock_timestamp() + interval '300 s' + %(grace)s::interval""",
    ),
    # ---------------------------------------------------------------------------------------------------- attempts
    Statement(
        "I5",
        "a stage was tried more often than it may be, or an attempt was not counted",
        """SELECT DISTINCT t.item_id::text FROM (
               SELECT a.item_id, a.stage, a.attempt, lag(a.attempt) OVER line AS before,
                      lag(a.outcome) OVER line AS came
               FROM import_attempts a WINDOW line AS (PARTITION BY a.tenant_id, a.item_id, a.stage ORDER BY a.id)
           ) t JOIN unnest(%(stages)s::text[], %(most)s::integer[]) AS s (stage, most) ON s.stage = t.stage
           WHERE t.attempt NOT BETWEEN 1 AND s.most
              OR (t.attempt <> 1 AND t.attempt <> coalesce(t.before, 0) + 1
                  AND (t.attempt = t.before AND t.came = 'retry') IS NOT TRUE)""",
    ),
    Statement(
        "I5",
        "the attempts of an item are not those on record",
        """SELECT i.id::text FROM import_items i
           LEFT JOIN import_leases l ON l.tenant_id = i.tenant_id AND l.token = i.lease_token
           JOIN unnest(%(stages)s::text[], %(most)s::integer[]) AS s (stage, most)
             ON s.stage = coalesce(i.due_stage, l.stage)
           LEFT JOIN LATERAL (
               SELECT a.attempt, a.outcome FROM import_attempts a
               WHERE a.tenant_id = i.tenant_id AND a.item_id = i.id AND a.stage = s.stage ORDER BY a.id DESC LIMIT 1
           ) t ON true
           CROSS JOIN LATERAL (SELECT i.attempt - (i.lease_token IS NOT NULL)::integer AS ended) n
           WHERE n.ended NOT BETWEEN 0 AND s.most - 1
              OR (n.ended > 0 AND n.ended IS DISTINCT FROM t.attempt
                  AND (t.outcome = 'retry' AND n.ended = t.attempt - 1) IS NOT TRUE)""",
    ),
    Statement(
        "I5",
        "an item was given up before its attempts were used up",
        """SELECT d.item_id::text FROM import_dlq d
           JOIN unnest(%(stages)s::text[], %(most)s::integer[]) AS s (stage, most) ON s.stage = d.stage
           WHERE d.attempts < CASE d.reason WHEN 'exhausted' THEN s.most ELSE 1 END OR d.attempts > s.most""",
    ),
    # ------------------------------------------------------------------------------------------------------- graph
    Statement(
        "I6",
        "a stage follows on one that it cannot follow on",
        """SELECT DISTINCT t.item_id::text FROM (
               SELECT a.item_id, a.stage, lag(a.stage) OVER line AS before, lag(a.outcome) OVER line AS came
               FROM import_attempts a WINDOW line AS (PARTITION BY a.tenant_id, a.item_id ORDER BY a.id)
           ) t
           WHERE (t.before IS NULL AND t.stage <> %(first)s)
              OR (t.before IS NOT NULL AND (t.before || '>' || (t.came = 'done') || '>' || t.stage)
                  <> ALL (%(follows)s::text[]))""",
    ),
    Statement(
        "I6",
        "the state of an item is not one that its last attempt leads to",
        """SELECT i.id::text FROM import_items i LEFT JOIN LATERAL (
               SELECT a.stage || '>' || (a.outcome = 'done') AS came FROM import_attempts a
               WHERE a.tenant_id = i.tenant_id AND a.item_id = i.id ORDER BY a.id DESC LIMIT 1
           ) t ON true
           WHERE (coalesce(t.came, '') || '>' || i.state) <> ALL (%(leads_to)s::text[])""",
    ),
    # --------------------------------------------------------------------------------------------------- isolation
    Statement(
        "I7",
        "a row belongs to a row of another tenant",
        """SELECT i.id::text FROM import_items i LEFT JOIN import_batches b
             ON b.tenant_id = i.tenant_id AND b.id = i.batch_id WHERE b.id IS NULL
           UNION ALL SELECT i.id::text FROM import_items i LEFT JOIN import_items p
             ON p.tenant_id = i.tenant_id AND p.id = i.parent_id WHERE i.parent_id IS NOT NULL AND p.id IS NULL
           UNION ALL SELECT d.item_id::text FROM ({destinations}) d LEFT JOIN import_items i
             ON i.tenant_id = d.tenant_id AND i.id = d.item_id WHERE i.id IS NULL
           UNION ALL SELECT p.item_id::text FROM import_payloads p LEFT JOIN import_items i
             ON i.tenant_id = p.tenant_id AND i.id = p.item_id WHERE i.id IS NULL""",
    ),
    Statement(
        "I7",
        "an item's file lies with another tenant",
        """SELECT i.id::text FROM import_items i
           WHERE i.file_key IS NOT NULL AND split_part(i.file_key, '/', 1) <> i.tenant_id::text""",
    ),
    Statement(
        "I7",
        "a table has no wall around the tenant's rows, or one that can be written through",
        """SELECT c.relname::text FROM pg_class c
           JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
           WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND (
               NOT (c.relrowsecurity AND c.relforcerowsecurity)
               OR NOT EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid)
               OR EXISTS (
                   SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid AND p.polcmd IN ('*', 'a', 'w')
                   AND coalesce(pg_get_expr(p.polwithcheck, p.polrelid), '')
                       NOT LIKE '%%tenant_id = %%app_tenant()%%'))""",
    ),
    Statement(
        "I7",
        "a foreign key between rows of tenants leaves the tenant out",
        """SELECT k.conname::text FROM pg_constraint k
           JOIN pg_attribute f ON f.attrelid = k.confrelid AND f.attname = 'tenant_id' AND NOT f.attisdropped
           WHERE k.contype = 'f' AND k.connamespace = 'public'::regnamespace AND NOT f.attnum = ANY (k.confkey)""",
    ),
    # ----------------------------------------------------------------------------------------------------- fencing
    # Of one stage: whoever comes late always meets another attempt at the same. From stage to stage, a clock that was
    # set back meanwhile would look like a zombie.
    Statement(
        "I8",
        "an attempt began before the one before it had ended",
        """SELECT DISTINCT t.item_id::text FROM (
               SELECT a.item_id, a.started_at,
                      lag(a.finished_at) OVER (PARTITION BY a.tenant_id, a.item_id, a.stage ORDER BY a.id) AS before
               FROM import_attempts a
           ) t WHERE t.started_at < t.before""",
    ),
    Statement(
        "I8",
        "a lease is of another stage than an item that it holds",
        """SELECT i.id::text FROM import_items i
           JOIN import_leases l ON l.tenant_id = i.tenant_id AND l.token = i.lease_token
           WHERE (l.stage, i.state) NOT IN (SELECT * FROM unnest(%(stages)s::text[], %(running)s::text[]))""",
    ),
    Statement(
        "I8",
        "a lease holds no item",
        """SELECT l.token::text FROM import_leases l WHERE NOT EXISTS (
               SELECT 1 FROM import_items i WHERE i.tenant_id = l.tenant_id AND i.lease_token = l.token)""",
    ),
    # ------------------------------------------------------------------------------------------------ dead letters
    Statement(
        "I9",
        "a failed item has no open dead letter of its stage, or several",
        """SELECT i.id::text FROM import_items i
           JOIN unnest(%(failed)s::text[], %(stages)s::text[]) AS s (state, stage) ON s.state = i.state
           LEFT JOIN import_dlq d ON d.tenant_id = i.tenant_id AND d.item_id = i.id AND d.resolved_at IS NULL
           GROUP BY i.tenant_id, i.id, s.stage HAVING count(d.id) <> 1 OR max(d.stage) <> s.stage""",
    ),
    Statement(
        "I9",
        "a dead letter is open and its item did not fail",
        """SELECT d.id::text FROM import_dlq d
           JOIN import_items i ON i.tenant_id = d.tenant_id AND i.id = d.item_id
           WHERE d.resolved_at IS NULL AND i.state <> ALL (%(failed)s::text[])""",
    ),
    Statement(
        "I9",
        "a dead letter lost its content too early, or keeps it for too long",
        """SELECT d.id::text FROM import_dlq d
           JOIN import_batches b ON b.tenant_id = d.tenant_id AND b.id = d.batch_id
           JOIN tenants t ON t.id = d.tenant_id
           WHERE (d.payload IS NULL AND d.created_at > clock_timestamp() - %(kept)s::interval)
              OR (d.payload IS NOT NULL AND NOT (b.legal_hold OR t.legal_hold)
                  AND d.created_at < clock_timestamp() - %(kept)s::interval - interval '1 day')""",
    ),
    # ------------------------------------------------------------------------------------------------- idempotency
    Statement(
        "I10",
        "a request holds its key without an answer, or answered with a batch that is not there",
        """SELECT r.key FROM import_requests r
           WHERE r.status IS NULL OR r.response IS NULL OR (
               r.status BETWEEN 200 AND 299 AND r.response ? 'items_ingested' AND NOT EXISTS (
                   SELECT 1 FROM import_batches b
                   WHERE b.tenant_id = r.tenant_id AND b.id::text = r.response->>'batch_id'))""",
    ),
)

DESTINATION_TABLES: Final = """
SELECT c.table_name,
       EXISTS (SELECT 1 FROM information_schema.columns n WHERE n.table_schema = c.table_schema
               AND n.table_name = c.table_name AND n.column_name = 'line_no') AS numbered
FROM information_schema.columns c WHERE c.table_schema = 'public' AND c.column_name = 'source_item_id' ORDER BY 1
"""
TENANT_TABLES: Final = """
SELECT c.relname FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') ORDER BY 1
"""
STATES_OF_BATCHES: Final = """
SELECT i.tenant_id, i.batch_id, i.state, count(*) AS items FROM import_items i
JOIN import_batches b ON b.tenant_id = i.tenant_id AND b.id = i.batch_id
WHERE b.deleted_at IS NULL GROUP BY 1, 2, 3
"""
FILE_KEYS: Final = "SELECT DISTINCT file_key FROM import_items WHERE file_key IS NOT NULL"


def parameters() -> Mapping[str, object]:
    """What the statements know of the pipeline."""
    return {
        "stages": [spec.name.value for spec in PIPELINE],
        "takes": [spec.takes.value for spec in PIPELINE],
        "running": [spec.running.value for spec in PIPELINE],
        "failed": [spec.failed.value for spec in PIPELINE],
        "most": [spec.max_attempts for spec in PIPELINE],
        "first": PIPELINE[0].name.value,
        "published": LAST.gives.value,
        "at_rest": [state.value for state in AT_REST_STATES],
        "follows": _follows(),
        "leads_to": _leads_to(),
    }


def _follows() -> list[str]:
    """``stage>was done>stage``: what attempt may come after which. A correction leads to validation from anywhere."""
    onward = [f"{s.name}>true>{after.name}" for s in PIPELINE if (after := next_stage(s)) is not None]
    again = [f"{s.name}>false>{then}" for s, then in product(PIPELINE, StageName) if then in {s.name, _CORRECTED}]
    return onward + again


def _leads_to() -> list[str]:
    """``stage>was done>state``: where an item may be after its last attempt."""
    first, corrected = PIPELINE[0], next(s for s in PIPELINE if s.name is _CORRECTED)
    pairs = [f">{state}" for state in (first.takes, first.running)]
    for spec in PIPELINE:
        after = next_stage(spec)
        pairs += [f"{spec.name}>true>{state}" for state in (spec.gives, after.running if after else spec.gives)]
        places = (spec.takes, spec.running, spec.failed, corrected.takes, corrected.running, ItemState.DISCARDED)
        pairs += [f"{spec.name}>false>{state}" for state in places]
    return pairs


_CORRECTED: Final = StageName.VALIDATE
