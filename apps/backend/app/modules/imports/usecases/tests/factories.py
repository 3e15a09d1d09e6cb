"""Batches and items in whatever state a test needs them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from psycopg.types.json import Jsonb

from app.modules.imports.domain.pipeline import FAILED_STATES, PIPELINE, ItemState
from app.modules.imports.usecases.batches import NewBatch, create_batch

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.modules.imports.ports import SqlSession

INVOICE: dict[str, Any] = {
    "doc_type": "invoice",
    "invoice_number": "F-2026-7",
    "issue_date": "2026-02-03",
    "supplier": {"name": "Talleres Ficticios SL", "tax_id": "B12345674"},
    "totals": {"net": "100.00", "tax": "21.00", "gross": "121.00"},
    "taxes": [{"rate": "21", "base": "100.00", "amount": "21.00"}],
    "lines": [{"description": "Revisión", "quantity": "1", "net_amount": "100.00"}],
    "evidence": {"totals.gross": {"source": "text", "page": 1, "text": "121,00"}},
}

_ITEM = """
INSERT INTO import_items (tenant_id, id, batch_id, kind, state, due_stage, next_run_at, attempt, position, place, code,
                          doc_type, file_key, file_name)
VALUES ((SELECT app_tenant()), %(id)s, %(batch)s, %(kind)s, %(state)s, %(stage)s,
        CASE WHEN %(stage)s::text IS NULL THEN NULL ELSE clock_timestamp() END, %(attempt)s, %(position)s,
        int8send(%(position)s), %(code)s, %(doc_type)s, %(file_key)s, %(file_name)s)
"""
_PAYLOAD = """
INSERT INTO import_payloads (tenant_id, item_id, raw, document, findings)
VALUES ((SELECT app_tenant()), %(id)s, %(raw)s, %(document)s, %(findings)s)
"""
_LETTER = """
INSERT INTO import_dlq (tenant_id, id, item_id, batch_id, stage, reason, code, detail, attempts, payload)
VALUES ((SELECT app_tenant()), gen_random_uuid(), %(id)s, %(batch)s, %(stage)s, 'review', %(code)s, 'the detail', 1, '{}')
"""

_PREPROCESSED = """
INSERT INTO import_attempts (tenant_id, item_id, stage, attempt, outcome, code, started_at)
VALUES ((SELECT app_tenant()), %(id)s, 'preprocess', 1, %(outcome)s, %(code)s, clock_timestamp())
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """How an item is to be."""

    state: ItemState = ItemState.VALIDATE_FAILED
    kind: str = "structured"
    code: str | None = "totals_mismatch"
    document: Mapping[str, Any] | None = field(default_factory=lambda: INVOICE)
    findings: Sequence[Mapping[str, Any]] = (
        {"code": "totals_mismatch", "severity": "blocks", "field": "totals.gross"},
    )
    raw: Mapping[str, Any] | None = None
    file_key: str | None = None
    file_name: str | None = None
    position: int = 0


def make_batch(session: SqlSession, name: str = "batch") -> UUID:
    return create_batch(session, NewBatch(name=name)).id


def make_item(session: SqlSession, batch_id: UUID, made: Made | None = None) -> UUID:
    """An item at rest or due; a failed one has its dead letter."""
    made = made or Made()
    item_id = uuid4()
    failed = made.state in FAILED_STATES
    stage = next((spec.name.value for spec in PIPELINE if spec.takes is made.state), None)
    code = made.code if failed else None
    values = {
        "id": item_id, "batch": batch_id, "kind": made.kind, "state": made.state.value, "stage": stage,
        "attempt": 3 if failed else 0, "position": made.position, "code": code,
        "doc_type": made.document["doc_type"] if made.document else None,
        "file_key": made.file_key, "file_name": made.file_name,
    }  # fmt: skip
    session.execute(_ITEM, values)
    payload = {
        "id": item_id,
        "raw": Jsonb(dict(made.raw)) if made.raw is not None else None,
        "document": Jsonb(dict(made.document)) if made.document is not None else None,
        "findings": Jsonb(list(made.findings)),
    }
    session.execute(_PAYLOAD, payload)
    if failed:
        stage = made.state.value.removesuffix("_failed")
        session.execute(_LETTER, {"id": item_id, "batch": batch_id, "stage": stage, "code": code})
    return item_id


def preprocessed(session: SqlSession, item_id: UUID, outcome: str = "done", code: str | None = None) -> None:
    """An attempt of the stage that scans."""
    session.execute(_PREPROCESSED, {"id": item_id, "outcome": outcome, "code": code})
