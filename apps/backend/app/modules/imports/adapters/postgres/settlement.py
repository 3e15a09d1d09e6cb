"""Settling a slice: what came of each item, fenced by the lease, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from psycopg.types.json import Jsonb

from app.modules.imports.domain.canonical import DocumentType
from app.modules.imports.domain.errors import LeaseLost
from app.modules.imports.domain.finding_json import findings_to_json
from app.modules.imports.domain.outcome import Dead, Done, NeedsReview, Outcome, Retry
from app.modules.imports.domain.pipeline import LIGHT_KINDS, ItemKind, next_stage
from app.modules.imports.ports import Item, Ring, Settled, Slice

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from app.database import Session
    from app.modules.imports.domain.pipeline import StageSpec

_FENCE = """
SELECT started_at FROM import_leases
WHERE tenant_id = (SELECT app_tenant()) AND token = %(token)s FOR UPDATE
"""
_MOVE_LEASE = """
UPDATE import_leases SET stage = %(stage)s, started_at = clock_timestamp(),
    leased_until = clock_timestamp() + make_interval(secs => %(lease)s),
    deadline_at = clock_timestamp() + make_interval(secs => %(hard_limit)s)
WHERE tenant_id = (SELECT app_tenant()) AND token = %(token)s
"""
_CLOSE_LEASE = "DELETE FROM import_leases WHERE tenant_id = (SELECT app_tenant()) AND token = %(token)s"

_WALK_ON = """
UPDATE import_items SET state = %(state)s, attempt = 1, updated_at = clock_timestamp()
WHERE tenant_id = (SELECT app_tenant()) AND lease_token = %(token)s AND id = ANY (%(ids)s::uuid[])
"""
_HAND_ON = """
UPDATE import_items SET state = %(state)s, due_stage = %(stage)s, next_run_at = %(due)s, attempt = 0,
    lease_token = NULL, code = NULL, updated_at = clock_timestamp()
WHERE tenant_id = (SELECT app_tenant()) AND lease_token = %(token)s AND id = ANY (%(ids)s::uuid[])
"""
# Full jitter: anywhere between now and the exponential bound, so that a storm of failures does not come back as one.
_TRY_AGAIN = """
UPDATE import_items i SET state = %(takes)s, due_stage = %(stage)s, lease_token = NULL,
    next_run_at = clock_timestamp() + make_interval(secs =>
        CASE WHEN v.charged THEN random() * least(300, %(backoff)s * 2 ^ i.attempt) ELSE 0 END),
    attempt = CASE WHEN v.charged THEN i.attempt ELSE i.attempt - 1 END,
    code = CASE WHEN v.charged THEN v.code END, updated_at = clock_timestamp()
FROM unnest(%(ids)s::uuid[], %(codes)s::text[], %(charged)s::bool[]) AS v (id, code, charged)
WHERE i.tenant_id = (SELECT app_tenant()) AND i.lease_token = %(token)s AND i.id = v.id
"""
_FAIL = """
UPDATE import_items i SET state = %(failed)s, due_stage = NULL, next_run_at = NULL, lease_token = NULL,
    code = v.code, updated_at = clock_timestamp()
FROM unnest(%(ids)s::uuid[], %(codes)s::text[]) AS v (id, code)
WHERE i.tenant_id = (SELECT app_tenant()) AND i.lease_token = %(token)s AND i.id = v.id
"""
DEAD_LETTERS = """
INSERT INTO import_dlq (tenant_id, id, item_id, batch_id, stage, reason, code, detail, attempts, payload)
SELECT i.tenant_id, gen_random_uuid(), i.id, i.batch_id, %(stage)s, v.reason, v.code, v.detail, i.attempt,
       jsonb_strip_nulls(jsonb_build_object('kind', i.kind, 'raw', p.raw, 'file_key', i.file_key,
           'file_name', i.file_name, 'part', i.part, 'document', p.document, 'findings', p.findings,
           'corrections', p.corrections))
FROM unnest(%(ids)s::uuid[], %(reasons)s::text[], %(codes)s::text[], %(details)s::text[])
     AS v (id, reason, code, detail)
JOIN import_items i ON i.tenant_id = (SELECT app_tenant()) AND i.id = v.id
JOIN import_payloads p ON p.tenant_id = i.tenant_id AND p.item_id = i.id
"""
_ATTEMPTS = """
INSERT INTO import_attempts (tenant_id, item_id, stage, attempt, outcome, code, detail, started_at)
SELECT (SELECT app_tenant()), v.id, %(stage)s, v.attempt, v.outcome, v.code, v.detail, %(started)s
FROM unnest(%(ids)s::uuid[], %(attempts)s::smallint[], %(outcomes)s::text[], %(codes)s::text[], %(details)s::text[])
     AS v (id, attempt, outcome, code, detail)
"""
_KINDS = """
UPDATE import_items i SET kind = coalesce(v.kind, i.kind), doc_type = coalesce(v.doc_type, i.doc_type)
FROM unnest(%(ids)s::uuid[], %(kinds)s::text[], %(doc_types)s::text[]) AS v (id, kind, doc_type)
WHERE i.tenant_id = (SELECT app_tenant()) AND i.lease_token = %(token)s AND i.id = v.id
"""
_WORK = """
UPDATE import_payloads p SET
    work = CASE WHEN v.work IS NULL THEN p.work ELSE coalesce(p.work, '{}') || v.work END,
    document = coalesce(v.document, p.document), findings = coalesce(v.findings, p.findings)
FROM jsonb_to_recordset(%(rows)s) AS v (id uuid, work jsonb, document jsonb, findings jsonb)
WHERE p.tenant_id = (SELECT app_tenant()) AND p.item_id = v.id
"""
_OUTCOME_NAMES = {Done: "done", NeedsReview: "review", Retry: "retry", Dead: "dead"}
_OWN_COLUMNS = frozenset({"document", "kind", "doc_type"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """Seconds of the lease, and the base of the exponential backoff."""

    lease: float
    backoff: float


Pair = tuple[Item, Outcome]
_Onward = tuple[list[Ring], Slice | None]


def settle_slice(session: Session, slice_: Slice, outcomes: Sequence[Outcome], timing: Timing) -> Settled:
    """Write every outcome; the light items whose stage is done walk on under the same lease."""
    started = fence(session, slice_)
    pairs = list(zip(slice_.items, outcomes, strict=True))
    _record_attempts(session, slice_, pairs, started)
    _store_work(session, slice_, pairs)
    _fail(session, slice_, [p for p in pairs if _is_final_failure(slice_.stage, p)])
    again = [p for p in pairs if isinstance(p[1], Retry) and not _is_final_failure(slice_.stage, p)]
    _try_again(session, slice_, again, timing)
    done = [_worked(item, outcome) for item, outcome in pairs if isinstance(outcome, Done)]
    at_once = any(isinstance(outcome, Retry) and not outcome.charged for _, outcome in again)
    rings, onward = _go_on(session, slice_, done, timing, at_once=at_once)
    return Settled(rings=tuple(rings), outcomes=tuple(outcomes), onward=onward)


def fence(session: Session, slice_: Slice) -> object:
    """Lock the lease for this transaction, or raise ``LeaseLost``; gives the time when the stage began."""
    rows = session.execute(_FENCE, {"token": slice_.token})
    if not rows:
        raise LeaseLost(f"{slice_.stage.name} slice of {len(slice_.items)}")
    return rows[0]["started_at"]


def _changed(session: Session, statement: str, parameters: dict[str, object], expected: int) -> None:
    # The lease row is the fence; the token on each item is the second lock on the same door.
    if session.count(statement, parameters) != expected:
        raise LeaseLost("an item of the slice is no longer ours")


def _record_attempts(session: Session, slice_: Slice, pairs: Sequence[Pair], started: object) -> None:
    session.execute(
        _ATTEMPTS,
        {
            "stage": slice_.stage.name.value,
            "started": started,
            "ids": [item.id for item, _ in pairs],
            "attempts": [item.attempt for item, _ in pairs],
            "outcomes": [_OUTCOME_NAMES[type(outcome)] for _, outcome in pairs],
            "codes": [getattr(outcome, "code", None) for _, outcome in pairs],
            "details": [_clip(getattr(outcome, "detail", None)) for _, outcome in pairs],
        },
    )


def _clip(text: str | None) -> str | None:
    # A detail is for people; PostgreSQL text holds no NUL.
    return text.replace("\0", "")[:1000] if text else None


def _store_work(session: Session, slice_: Slice, pairs: Sequence[Pair]) -> None:
    kinds = [(item.id, outcome.work) for item, outcome in pairs if not isinstance(outcome, Retry) and outcome.work]
    typed = [(id_, work) for id_, work in kinds if "kind" in work or "doc_type" in work]
    if typed:
        parameters = {
            "token": slice_.token,
            "ids": [id_ for id_, _ in typed],
            "kinds": [_text(work.get("kind")) for _, work in typed],
            "doc_types": [_text(work.get("doc_type")) for _, work in typed],
        }
        _changed(session, _KINDS, parameters, len(typed))
    rows = [row for item, outcome in pairs if (row := _work_row(item.id, outcome)) is not None]
    if rows:
        session.execute(_WORK, {"rows": Jsonb(rows)})


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _work_row(item_id: UUID, outcome: Outcome) -> dict[str, object] | None:
    if isinstance(outcome, Retry):
        return None
    rest = {name: value for name, value in outcome.work.items() if name not in _OWN_COLUMNS}
    # A stage that judges anew replaces what was found before, also with nothing.
    found, judged = getattr(outcome, "findings", ()), rest.pop("judged", False)
    row = {
        "work": rest or None,
        "document": outcome.work.get("document"),
        "findings": findings_to_json(found) if found or judged else None,
    }
    changed = {name: value for name, value in row.items() if value is not None}
    return {"id": str(item_id), **changed} if changed else None


def _is_final_failure(stage: StageSpec, pair: Pair) -> bool:
    item, outcome = pair
    match outcome:
        case Dead() | NeedsReview():
            return True
        case Retry(charged=charged):
            return charged and item.attempt >= stage.max_attempts
        case Done():
            return False


def _fail(session: Session, slice_: Slice, pairs: Sequence[Pair]) -> None:
    if not pairs:
        return
    reasons = {Dead: "dead", NeedsReview: "review", Retry: "exhausted"}
    outcomes = [outcome for _, outcome in pairs if not isinstance(outcome, Done)]
    parameters: dict[str, object] = {
        "token": slice_.token,
        "stage": slice_.stage.name.value,
        "failed": slice_.stage.failed.value,
        "ids": [item.id for item, _ in pairs],
        "codes": [outcome.code for outcome in outcomes],
    }
    letters = {
        "reasons": [reasons[type(outcome)] for outcome in outcomes],
        "details": [_clip(outcome.detail) for outcome in outcomes],
    }
    session.execute(DEAD_LETTERS, parameters | letters)
    _changed(session, _FAIL, parameters, len(pairs))


def _try_again(session: Session, slice_: Slice, pairs: Sequence[Pair], timing: Timing) -> None:
    if not pairs:
        return
    retries = [outcome for _, outcome in pairs if isinstance(outcome, Retry)]
    parameters: dict[str, object] = {
        "token": slice_.token,
        "stage": slice_.stage.name.value,
        "takes": slice_.stage.takes.value,
        "backoff": timing.backoff,
        "ids": [item.id for item, _ in pairs],
        "codes": [outcome.code for outcome in retries],
        "charged": [outcome.charged for outcome in retries],
    }
    _changed(session, _TRY_AGAIN, parameters, len(pairs))


def _worked(item: Item, outcome: Done) -> Item:
    """The item as the next stage sees it."""
    work = {name: value for name, value in outcome.work.items() if name not in ("kind", "doc_type")}
    kind, doc_type = outcome.work.get("kind"), outcome.work.get("doc_type")
    return replace(
        item,
        attempt=1,
        document=outcome.document or item.document,
        work={**item.work, **work} if work else item.work,
        kind=ItemKind(str(kind)) if kind else item.kind,
        doc_type=DocumentType(str(doc_type)) if doc_type else item.doc_type,
    )


def _go_on(session: Session, slice_: Slice, done: Sequence[Item], timing: Timing, *, at_once: bool) -> _Onward:
    following = next_stage(slice_.stage)
    light = [item for item in done if item.kind in LIGHT_KINDS] if following else []
    heavy = [item for item in done if item.kind not in LIGHT_KINDS] if following else done
    rings = [Ring(slice_.stage.name, slice_.tenant_id)] if at_once else []
    if heavy:
        _hand_on(session, slice_, [item.id for item in heavy], following)
        if following is not None:
            rings.append(Ring(following.name, slice_.tenant_id))
    if following is None or not light:
        session.execute(_CLOSE_LEASE, {"token": slice_.token})
        return rings, None
    _walk_on(session, slice_.token, [item.id for item in light], following, timing)
    return rings, Slice(token=slice_.token, tenant_id=slice_.tenant_id, stage=following, items=tuple(light))


def _hand_on(session: Session, slice_: Slice, ids: Sequence[UUID], following: StageSpec | None) -> None:
    parameters: dict[str, object] = {
        "token": slice_.token,
        "ids": list(ids),
        "state": slice_.stage.gives.value,
        "stage": following.name.value if following else None,
    }
    statement = _HAND_ON.replace("%(due)s", "clock_timestamp()" if following else "NULL")
    _changed(session, statement, parameters, len(ids))


def _walk_on(session: Session, token: UUID, ids: Sequence[UUID], following: StageSpec, timing: Timing) -> None:
    parameters: dict[str, object] = {"token": token, "ids": list(ids), "state": following.running.value}
    _changed(session, _WALK_ON, parameters, len(ids))
    limits = {"stage": following.name.value, "lease": timing.lease, "hard_limit": following.hard_limit.total_seconds()}
    session.execute(_MOVE_LEASE, {"token": token, **limits})
