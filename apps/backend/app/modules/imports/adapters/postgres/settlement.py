"""Settling a slice: what came of each item, fenced by the lease, in one transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.modules.imports.adapters.postgres.lease import change_ours, close_lease
from app.modules.imports.adapters.postgres.onward import go_on
from app.modules.imports.adapters.postgres.work import store_work
from app.modules.imports.domain.outcome import Dead, Done, NeedsReview, Outcome, Retry
from app.modules.imports.domain.pipeline import ItemState
from app.modules.imports.ports import Item, Ring, Settled
from app.modules.imports.stages.succession import worked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.database import Session
    from app.modules.imports.adapters.postgres.lease import Timing
    from app.modules.imports.domain.pipeline import StageSpec
    from app.modules.imports.ports import Slice

# Full jitter: anywhere between now and the exponential bound, so that a storm of failures does not come back as one.
_TRY_AGAIN = """
UPDATE import_items i SET state = %(takes)s, due_stage = %(stage)s, lease_token = NULL,
    next_run_at = clock_timestamp() + make_interval(secs =>
        CASE WHEN v.charged THEN random() * least(300, %(backoff)s * 2 ^ i.attempt) ELSE 0 END),
    attempt = CASE WHEN v.charged THEN i.attempt ELSE i.attempt - 1 END,
    code = CASE WHEN v.charged THEN v.code END, updated_at = clock_timestamp()
FROM unnest(%(ids)b::uuid[], %(codes)s::text[], %(charged)s::bool[]) AS v (id, code, charged)
WHERE i.tenant_id = (SELECT app_tenant()) AND i.lease_token = %(token)s AND i.id = v.id
"""
_FAIL = """
UPDATE import_items i SET state = %(failed)s, due_stage = NULL, next_run_at = NULL, lease_token = NULL,
    code = v.code, updated_at = clock_timestamp()
FROM unnest(%(ids)b::uuid[], %(codes)s::text[]) AS v (id, code)
WHERE i.tenant_id = (SELECT app_tenant()) AND i.lease_token = %(token)s AND i.id = v.id
"""
DEAD_LETTERS = """
INSERT INTO import_dlq (tenant_id, id, item_id, batch_id, stage, reason, code, detail, attempts, payload)
SELECT i.tenant_id, gen_random_uuid(), i.id, i.batch_id, %(stage)s, v.reason, v.code, v.detail, i.attempt,
       jsonb_strip_nulls(jsonb_build_object('kind', i.kind, 'raw', p.raw, 'file_key', i.file_key,
           'file_name', i.file_name, 'part', i.part, 'document', p.document, 'findings', p.findings,
           'corrections', p.corrections))
FROM unnest(%(ids)b::uuid[], %(reasons)s::text[], %(codes)s::text[], %(details)s::text[])
     AS v (id, reason, code, detail)
JOIN import_items i ON i.tenant_id = (SELECT app_tenant()) AND i.id = v.id
JOIN import_payloads p ON p.tenant_id = i.tenant_id AND p.item_id = i.id
"""
_DISCARD = """
WITH discarded AS (
    UPDATE import_items SET state = %(discarded)s, updated_at = clock_timestamp()
    WHERE tenant_id = (SELECT app_tenant()) AND id = ANY (%(ids)b::uuid[]) RETURNING id
)
UPDATE import_dlq d SET resolved_at = clock_timestamp() FROM discarded
WHERE d.tenant_id = (SELECT app_tenant()) AND d.item_id = discarded.id AND d.resolved_at IS NULL
"""
_LET_GO = """
INSERT INTO import_attempts (tenant_id, item_id, stage, attempt, outcome, code, detail, started_at)
SELECT (SELECT app_tenant()), v.id, %(stage)s, v.attempt, v.outcome, v.code, v.detail, %(started)s
FROM unnest(%(ids)b::uuid[], %(attempts)b::smallint[], %(outcomes)b::text[], %(codes)b::text[], %(details)b::text[])
     AS v (id, attempt, outcome, code, detail)
"""
# What is done still holds the lease when this runs, and all else has let go of it.
_DONE = """
INSERT INTO import_attempts (tenant_id, item_id, stage, attempt, outcome, started_at)
SELECT tenant_id, id, %(stage)s, attempt, 'done', %(started)s FROM import_items
WHERE tenant_id = (SELECT app_tenant()) AND lease_token = %(token)s
"""
_OUTCOME_NAMES = {NeedsReview: "review", Retry: "retry", Dead: "dead"}

Pair = tuple[Item, Outcome]


def settle_slice(
    session: Session, slice_: Slice, outcomes: Sequence[Outcome], started: object, timing: Timing
) -> Settled:
    """Write every outcome of a fenced slice; the light items whose stage is done walk on under the same lease."""
    pairs = list(zip(slice_.items, outcomes, strict=True))
    store_work(session, slice_, pairs)
    rings = _let_go(session, slice_, [pair for pair in pairs if not isinstance(pair[1], Done)], started, timing)
    done = [worked(item, outcome) for item, outcome in pairs if isinstance(outcome, Done)]
    if not done:
        close_lease(session, slice_.token)
        return Settled(rings=tuple(rings), outcomes=tuple(outcomes))
    session.execute(_DONE, {"token": slice_.token, "stage": slice_.stage.name.value, "started": started})
    more_rings, onward = go_on(session, slice_, done, timing)
    return Settled(rings=(*rings, *more_rings), outcomes=tuple(outcomes), onward=onward)


def _let_go(session: Session, slice_: Slice, pairs: Sequence[Pair], started: object, timing: Timing) -> list[Ring]:
    """What is not done leaves the slice: for good, or until its next attempt. Rings for what goes on at once."""
    if not pairs:
        return []
    _record_attempts(session, slice_, pairs, started)
    _fail(session, slice_, [pair for pair in pairs if _is_final_failure(slice_.stage, pair)])
    again = [pair for pair in pairs if not _is_final_failure(slice_.stage, pair)]
    _try_again(session, slice_, again, timing)
    at_once = any(isinstance(outcome, Retry) and not outcome.charged for _, outcome in again)
    return [Ring(slice_.stage.name, slice_.tenant_id)] if at_once else []


def _record_attempts(session: Session, slice_: Slice, pairs: Sequence[Pair], started: object) -> None:
    outcomes = [outcome for _, outcome in pairs if not isinstance(outcome, Done)]
    session.execute(
        _LET_GO,
        {
            "stage": slice_.stage.name.value,
            "started": started,
            "ids": [item.id for item, _ in pairs],
            "attempts": [item.attempt for item, _ in pairs],
            "outcomes": [_OUTCOME_NAMES[type(outcome)] for outcome in outcomes],
            "codes": [outcome.code for outcome in outcomes],
            "details": [_clip(outcome.detail) for outcome in outcomes],
        },
    )


def _clip(text: str | None) -> str | None:
    # A detail is for people; PostgreSQL text holds neither NUL nor half a surrogate pair.
    return text.replace("\0", "")[:1000].encode("utf-8", "replace").decode() if text else None


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
    change_ours(session, _FAIL, parameters, len(pairs))
    if needless := [item.id for item, outcome in pairs if isinstance(outcome, NeedsReview) and outcome.needless]:
        session.execute(_DISCARD, {"ids": needless, "discarded": ItemState.DISCARDED.value})


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
    change_ours(session, _TRY_AGAIN, parameters, len(pairs))
