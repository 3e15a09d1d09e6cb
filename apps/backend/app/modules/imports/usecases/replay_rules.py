"""Replay: stored documents judged anew by the rules as they are now. First it is said what would change; only then,
and only for items that wait for a person, is it made so. What is published stays as it was published.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from psycopg.types.json import Jsonb

from app.modules.imports.domain.country import RuleContext
from app.modules.imports.domain.finding_json import findings_from_json, findings_to_json
from app.modules.imports.domain.pipeline import LAST, STAGES, ItemKind, StageName
from app.modules.imports.ports import Item
from app.modules.imports.stages.tools import TenantSettings
from app.modules.imports.stages.validate import blocking_findings, document_of, findings_of
from app.modules.imports.usecases.audit import Entry, record

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date, datetime
    from uuid import UUID

    from app.database import Database
    from app.modules.imports.domain.finding import Finding
    from app.modules.imports.ports import SqlSession

PAGE_SIZE: Final = 500
_VALIDATE: Final = STAGES[StageName.VALIDATE]
_NOT_OF_RULES: Final = frozenset(
    {"duplicate_suspect", "published_in_other_form", "duplicate_other_total", "movements_known", "movements_look_known"}
)
"""Findings on what else the tenant has: a replay of rules leaves them as they are."""

_TENANT = "SELECT settings FROM tenants WHERE id = (SELECT app_tenant())"
# By id, the order of both primary keys: each page begins where the last one ended, and none is read twice.
_PAGE = """
SELECT i.id, i.batch_id, i.kind, i.state, i.code, i.file_name, i.position, i.updated_at, p.document, p.findings,
       p.corrections, p.accepted, (
           SELECT d.reason FROM import_dlq d
           WHERE d.tenant_id = i.tenant_id AND d.item_id = i.id AND d.resolved_at IS NULL) AS reason
FROM import_items i JOIN import_payloads p ON p.tenant_id = i.tenant_id AND p.item_id = i.id
WHERE i.tenant_id = (SELECT app_tenant()) AND i.id > %(after)s AND p.item_id > %(after)s
  AND i.created_at >= %(since)s AND i.kind <> 'container' AND p.document IS NOT NULL
  AND i.state IN (%(published)s, %(waiting)s)
ORDER BY i.id LIMIT %(limit)s
"""
# Whoever was reviewed or retried since it was judged is somebody else's business now.
_STILL_WAITING = """
SELECT i.id FROM import_items i
JOIN unnest(%(ids)s::uuid[], %(seen)s::timestamptz[]) AS v (id, seen) ON v.id = i.id AND v.seen = i.updated_at
JOIN import_batches b ON b.tenant_id = i.tenant_id AND b.id = i.batch_id AND b.cancelled_at IS NULL
WHERE i.tenant_id = (SELECT app_tenant()) AND i.state = %(waiting)s ORDER BY i.id FOR UPDATE OF i FOR SHARE OF b
"""
_STORE = """
UPDATE import_payloads p SET findings = v.findings FROM jsonb_to_recordset(%(rows)s) AS v (id uuid, findings jsonb)
WHERE p.tenant_id = (SELECT app_tenant()) AND p.item_id = v.id
"""
_PUT_BACK = """
UPDATE import_items SET state = %(takes)s, due_stage = %(stage)s, next_run_at = clock_timestamp(), attempt = 0,
    code = NULL, updated_at = clock_timestamp()
WHERE tenant_id = (SELECT app_tenant()) AND id = ANY (%(ids)s::uuid[])
"""
_RESOLVE = """
UPDATE import_dlq SET resolved_at = clock_timestamp()
WHERE tenant_id = (SELECT app_tenant()) AND item_id = ANY (%(ids)s::uuid[]) AND resolved_at IS NULL
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One item of which the rules now say something else than is stored with it."""

    item_id: UUID
    batch_id: UUID
    name: str
    """Of its file; a row has its number."""
    published: bool
    was: str | None
    """Code of the finding that stopped it; None where nothing did."""
    would_be: str | None
    came: tuple[Finding, ...]
    gone: tuple[Finding, ...]
    findings: tuple[Finding, ...]
    """All that is to be said of it now."""
    seen_at: datetime
    """When the item was last touched before it was judged anew."""

    @property
    def outcome_changes(self) -> bool:
        return self.was != self.would_be


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayedPage:
    """Some of the items, in no order that means anything."""

    looked_at: int
    changes: tuple[Change, ...]
    unreadable: tuple[UUID, ...]
    """Items whose stored document, with its corrections, makes no document any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What was done with the changes of a page; items that moved on meanwhile are in neither."""

    stored: int
    """Waiting items that now show the findings of today."""
    put_back: int
    """Those of them that are due for validation, because what stopped them is gone."""


def replay_rules(database: Database, tenant_id: UUID, since: date, today: date) -> Iterator[ReplayedPage]:
    """What would change for items that came in since the day. Writes nothing; holds one page and no transaction."""
    with database.tenant_session(tenant_id) as session:
        rows = session.execute(_TENANT)
    tenant = TenantSettings.from_json(rows[0]["settings"] if rows else {})
    context = RuleContext(today=today, own_tax_ids=tenant.own_tax_ids)
    states = {"published": LAST.gives.value, "waiting": _VALIDATE.failed.value}
    after = "00000000-0000-0000-0000-000000000000"
    while True:
        with database.tenant_session(tenant_id) as session:
            page = session.execute(_PAGE, {"after": after, "since": since, "limit": PAGE_SIZE, **states})
        if page:
            yield _replayed(page, context, tenant)
        if len(page) < PAGE_SIZE:
            return
        after = page[-1]["id"]


def apply_replay(session: SqlSession, changes: Sequence[Change], actor: str) -> Applied:
    """Store the findings of waiting items, and put back to validation those whose reason to wait is gone."""
    waiting = {change.item_id: change for change in changes if not change.published}
    parameters = {
        "ids": list(waiting),
        "seen": [change.seen_at for change in waiting.values()],
        "waiting": _VALIDATE.failed.value,
    }
    still = [waiting[row["id"]] for row in session.execute(_STILL_WAITING, parameters)]
    findings = [{"id": str(c.item_id), "findings": findings_to_json(c.findings)} for c in still]
    session.execute(_STORE, {"rows": Jsonb(findings)})
    put_back = [change.item_id for change in still if change.outcome_changes]
    place = {"takes": _VALIDATE.takes.value, "stage": _VALIDATE.name.value}
    session.execute(_PUT_BACK, {"ids": put_back, **place})
    session.execute(_RESOLVE, {"ids": put_back})
    for change in still:
        record(session, _entry(change, actor))
    return Applied(stored=len(still), put_back=len(put_back))


def _replayed(page: Sequence[Mapping[str, Any]], context: RuleContext, tenant: TenantSettings) -> ReplayedPage:
    changes, unreadable = [], []
    judged = [row for row in page if _is_judged(row)]
    for row in judged:
        try:
            change = _change(row, context, tenant)
        except ValueError:
            unreadable.append(row["id"])
            continue
        if change is not None:
            changes.append(change)
    return ReplayedPage(looked_at=len(judged), changes=tuple(changes), unreadable=tuple(unreadable))


def _is_judged(row: Mapping[str, Any]) -> bool:
    """Published, or waiting for what a finding said; an item that failed for another reason is for a retry."""
    return bool(row["state"] == LAST.gives.value or row["reason"] == "review")


def _change(row: Mapping[str, Any], context: RuleContext, tenant: TenantSettings) -> Change | None:
    item = _item(row)
    before = findings_from_json(row["findings"] or ())
    kept = [finding for finding in before if finding.code in _NOT_OF_RULES]
    now = findings_of(item, document_of(item), context, tenant, kept)
    came, gone = _missing_in(before, now), _missing_in(now, before)
    was, would_be = row["code"], _stopped_by(now, item.accepted, row["code"])
    if not came and not gone and was == would_be:
        return None
    return Change(
        item_id=item.id,
        batch_id=item.batch_id,
        name=row["file_name"] or f"row {row['position'] + 1}",
        published=row["state"] == LAST.gives.value,
        was=was,
        would_be=would_be,
        came=came,
        gone=gone,
        findings=now,
        seen_at=row["updated_at"],
    )


def _item(row: Mapping[str, Any]) -> Item:
    return Item(
        id=row["id"],
        batch_id=row["batch_id"],
        kind=ItemKind(row["kind"]),
        attempt=0,
        accepted=frozenset(row["accepted"]),
        corrections=row["corrections"] or {},
        work={"document": row["document"]},
    )


def _missing_in(some: Sequence[Finding], others: Sequence[Finding]) -> tuple[Finding, ...]:
    """Findings of ``others`` that ``some`` does not have; figures in their text may differ."""
    known = {(f.code, f.field, f.severity) for f in some}
    return tuple(f for f in others if (f.code, f.field, f.severity) not in known)


def _stopped_by(findings: Sequence[Finding], accepted: frozenset[str], before: str | None) -> str | None:
    """The code that stops it now: the one that did before, while it stands."""
    codes = [finding.code for finding in blocking_findings(findings, accepted)]
    return before if before in codes else next(iter(codes), None)


def _entry(change: Change, actor: str) -> Entry:
    details = {
        "was": change.was,
        "would_be": change.would_be,
        "came": findings_to_json(change.came),
        "gone": findings_to_json(change.gone),
    }
    return Entry(actor=actor, action="item.replay", batch_id=change.batch_id, item_id=change.item_id, details=details)
