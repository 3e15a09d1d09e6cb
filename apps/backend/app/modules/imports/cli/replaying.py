"""``replay-rules``: what the rules of today would say of stored documents, one line for each that would change."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from app.modules.imports.domain.pipeline import StageName
from app.modules.imports.ports import Ring
from app.modules.imports.usecases.replay_rules import apply_replay, replay_rules

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date
    from uuid import UUID

    from app.modules.imports.domain.finding import Finding
    from app.modules.imports.usecases.house import House
    from app.modules.imports.usecases.replay_rules import Change

_PASSES = "goes on"
_PUBLISHED = "published"
_TOTALS = (
    ("looked_at", "looked at"),
    ("same", "as they are stored"),
    ("released", "waiting that would go on"),
    ("other_reason", "waiting that would wait for another reason"),
    ("stopped", "published that would be stopped today (listed only, never changed)"),
    ("findings", "with the same outcome and other findings"),
    ("unreadable", "that make no document any more"),
)


def replayed_lines(house: House, tenant_id: UUID, since: date) -> Iterator[str]:
    """A line for each item that would change, as it is found, then the totals. Nothing is touched."""
    totals: Counter[str] = Counter()
    for page in replay_rules(house.database, tenant_id, since, _today()):
        totals.update(looked_at=page.looked_at, unreadable=len(page.unreadable))
        totals["same"] += page.looked_at - len(page.changes) - len(page.unreadable)
        for change in page.changes:
            totals[_kind(change)] += 1
            yield _line(change)
        for item_id in page.unreadable:
            yield f"{item_id}  makes no document any more: correct it in the review"
    for name, text in _TOTALS:
        yield f"{totals[name]} {text}"


def apply_replayed(house: House, tenant_id: UUID, since: date) -> tuple[Counter[str], list[UUID]]:
    """Do it for what waits: how many items were stored and put back, and the batches that have work again."""
    done: Counter[str] = Counter(stored=0, put_back=0)
    batches: dict[UUID, None] = {}
    for page in replay_rules(house.database, tenant_id, since, _today()):
        if not page.changes:
            continue
        with house.database.tenant_session(tenant_id) as session:
            applied = apply_replay(session, page.changes, "cli")
        done.update(stored=applied.stored, put_back=applied.put_back)
        if applied.put_back:
            batches |= {c.batch_id: None for c in page.changes if not c.published and c.outcome_changes}
            house.doorbell.ring(Ring(StageName.VALIDATE, tenant_id))
    return done, list(batches)


def _today() -> date:
    return datetime.now(UTC).date()


def _kind(change: Change) -> str:
    if not change.outcome_changes:
        return "findings"
    if change.published:
        return "stopped"
    return "other_reason" if change.would_be else "released"


def _line(change: Change) -> str:
    was = _PUBLISHED if change.published else str(change.was)
    would_be = change.would_be or (_PUBLISHED if change.published else _PASSES)
    came, gone = _codes("+", change.came), _codes("-", change.gone)
    return "  ".join(filter(None, (str(change.item_id), change.name, f"{was} → {would_be}", came, gone)))


def _codes(sign: str, findings: Sequence[Finding]) -> str:
    return " ".join(f"{sign}{f.code}{f'({f.field})' if f.field else ''}:{f.severity.value}" for f in findings)
