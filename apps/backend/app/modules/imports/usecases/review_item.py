"""Review: a person corrects or accepts, the trail says who and why, and the item is judged anew."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from psycopg.types.json import Jsonb

from app.crashpoints import crashpoint
from app.modules.imports.domain.errors import RefusedUpload
from app.modules.imports.domain.finding import NEVER_ACCEPTED
from app.modules.imports.domain.pipeline import FAILED_STATES, PIPELINE, STAGES, ItemKind, StageName
from app.modules.imports.usecases.audit import Entry, record
from app.modules.imports.usecases.cancel_batch import refuse_cancelled
from app.modules.imports.usecases.correction_check import checked_document

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from app.modules.imports.domain.pipeline import StageSpec
    from app.modules.imports.ports import SqlSession

_TAKE = """
SELECT i.id, i.batch_id, i.kind, i.state, i.code, p.document, p.findings, p.corrections, p.accepted,
       b.deleted_at IS NOT NULL AS deleted
FROM import_items i JOIN import_payloads p ON p.tenant_id = i.tenant_id AND p.item_id = i.id
JOIN import_batches b ON b.tenant_id = i.tenant_id AND b.id = i.batch_id
WHERE i.tenant_id = (SELECT app_tenant()) AND i.id = %(id)s FOR UPDATE OF i, p
"""
_ENTER = """
UPDATE import_payloads SET corrections = %(corrections)s, accepted = %(accepted)s, document = %(document)s
WHERE tenant_id = (SELECT app_tenant()) AND item_id = %(id)s
"""
_PUT_BACK = """
UPDATE import_items SET state = %(state)s, due_stage = %(stage)s, next_run_at = clock_timestamp(), attempt = 0,
    code = NULL, doc_type = coalesce(%(doc_type)s, doc_type), updated_at = clock_timestamp()
WHERE tenant_id = (SELECT app_tenant()) AND id = %(id)s
"""
_RESOLVE = """
UPDATE import_dlq SET resolved_at = clock_timestamp()
WHERE tenant_id = (SELECT app_tenant()) AND item_id = %(id)s AND resolved_at IS NULL
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """What a reviewer says of one item."""

    corrections: Mapping[str, Any] = field(default_factory=dict)
    """Field path → value; None removes the field."""
    accept: Sequence[str] = ()
    """Codes of findings that need not stop the item."""
    reason: str | None = None


def review_item(session: SqlSession, item_id: UUID, review: Review, actor: str) -> StageName:
    """Take the review and put the item back to work; returns the stage to ring for after the commit.

    An item of which nothing could be read is entered by hand: ``doc_type`` and the fields that the page shows.
    Raises ``RefusedUpload``: ``item_not_found``, ``item_not_in_review``, ``finding_not_found``,
    ``finding_not_acceptable``, ``correction_invalid``, ``batch_cancelled``.
    """
    item = _take(session, item_id)
    corrections = {**(item["corrections"] or {}), **review.corrections}
    accepted = sorted({*item["accepted"], *_known(item, review.accept)})
    document = item["document"]
    if corrections:
        document = _read_or_entered(item, corrections)
        checked_document(document, corrections)
    spec = STAGES[StageName.VALIDATE] if document is not None else _failed_stage(item["state"])
    _enter(session, item_id, corrections, accepted, document)
    _put_back(session, item_id, spec, document)
    _record(session, item, review, actor)
    crashpoint("reviewing")
    return spec.name


def _take(session: SqlSession, item_id: UUID) -> Mapping[str, Any]:
    rows = session.execute(_TAKE, {"id": item_id})
    if not rows:
        raise RefusedUpload("item_not_found", status=404)
    if rows[0]["deleted"]:
        raise RefusedUpload("item_not_found", status=404)
    refuse_cancelled(session, rows[0]["batch_id"])
    if rows[0]["state"] not in {state.value for state in FAILED_STATES}:
        raise RefusedUpload("item_not_in_review", f"the item is {rows[0]['state']}", status=409)
    return rows[0]


def _known(item: Mapping[str, Any], accept: Sequence[str]) -> Sequence[str]:
    codes = {item["code"], *(finding["code"] for finding in item["findings"] or ())}
    if unknown := sorted(set(accept) - codes):
        raise RefusedUpload("finding_not_found", ", ".join(unknown)[:300])
    if never := sorted(NEVER_ACCEPTED.intersection(accept)):
        raise RefusedUpload("finding_not_acceptable", ", ".join(never))
    return accept


def _read_or_entered(item: Mapping[str, Any], corrections: Mapping[str, Any]) -> Mapping[str, Any]:
    if item["document"] is not None:
        document: Mapping[str, Any] = item["document"]
        return document
    if item["kind"] == ItemKind.CONTAINER.value or not corrections.get("doc_type"):
        raise RefusedUpload("correction_invalid", "nothing was read of it: enter doc_type and the fields it shows")
    return {"doc_type": corrections["doc_type"]}


def _failed_stage(state: str) -> StageSpec:
    return next(spec for spec in PIPELINE if spec.failed.value == state)


def _enter(
    session: SqlSession,
    item_id: UUID,
    corrections: Mapping[str, Any],
    accepted: Sequence[str],
    document: Mapping[str, Any] | None,
) -> None:
    values = {
        "id": item_id,
        "corrections": Jsonb(dict(corrections)) if corrections else None,
        "accepted": list(accepted),
        "document": Jsonb(dict(document)) if document is not None else None,
    }
    session.execute(_ENTER, values)


def _put_back(session: SqlSession, item_id: UUID, spec: StageSpec, document: Mapping[str, Any] | None) -> None:
    place = {"id": item_id, "state": spec.takes.value, "stage": spec.name.value}
    session.execute(_PUT_BACK, place | {"doc_type": document["doc_type"] if document is not None else None})
    session.execute(_RESOLVE, {"id": item_id})


def _record(session: SqlSession, item: Mapping[str, Any], review: Review, actor: str) -> None:
    before = {path: _value_at(item["document"], path) for path in review.corrections}
    details = {
        "reason": review.reason,
        "state": item["state"],
        "code": item["code"],
        "before": before,
        "after": dict(review.corrections),
        "accepted": list(review.accept),
        "earlier_corrections": item["corrections"] or {},
    }
    ids = {"batch_id": item["batch_id"], "item_id": item["id"]}
    record(session, Entry(actor=actor, action="item.review", **ids, details=details))


def _value_at(document: Any, path: str) -> Any:  # noqa: ANN401  (JSON)
    node = document
    for key in path.split("."):
        if isinstance(node, list):
            node = node[int(key)] if key.isdigit() and int(key) < len(node) else None
        else:
            node = node.get(key) if isinstance(node, dict) else None
    return node
