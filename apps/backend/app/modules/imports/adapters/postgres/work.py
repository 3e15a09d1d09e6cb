"""What a stage leaves with its items: their kind and type, the document, findings, and whatever else it says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psycopg.types.json import Jsonb

from app.modules.imports.adapters.postgres.lease import change_ours
from app.modules.imports.domain.finding_json import findings_to_json
from app.modules.imports.domain.outcome import Dead, Retry

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from app.database import Session
    from app.modules.imports.domain.outcome import Outcome
    from app.modules.imports.ports import Item, Slice

_TYPES = """
UPDATE import_items i SET kind = coalesce(v.kind, i.kind), doc_type = coalesce(v.doc_type, i.doc_type)
FROM unnest(%(ids)b::uuid[], %(kinds)b::text[], %(doc_types)b::text[]) AS v (id, kind, doc_type)
WHERE i.tenant_id = (SELECT app_tenant()) AND i.lease_token = %(token)s AND i.id = v.id
"""
_WORK = """
UPDATE import_payloads p SET
    work = CASE WHEN v.work IS NULL THEN p.work ELSE coalesce(p.work, '{}') || v.work END,
    document = coalesce(v.document, p.document), findings = coalesce(v.findings, p.findings)
FROM unnest(%(ids)b::uuid[], %(works)b::jsonb[], %(documents)b::jsonb[], %(findings)b::jsonb[])
     AS v (id, work, document, findings)
WHERE p.tenant_id = (SELECT app_tenant()) AND p.item_id = v.id
"""
_TYPES_OF_ITEM = frozenset({"kind", "doc_type"})
_OWN_PLACE = _TYPES_OF_ITEM | {"document", "judged"}


def store_work(session: Session, slice_: Slice, pairs: Sequence[tuple[Item, Outcome]]) -> None:
    """Write what the outcomes bring; an attempt that failed and will be made again brings nothing."""
    brought = [(item, outcome) for item, outcome in pairs if not (isinstance(outcome, Retry) and outcome.charged)]
    typed = [(item.id, outcome.work) for item, outcome in brought if not _TYPES_OF_ITEM.isdisjoint(outcome.work)]
    if typed:
        _store_types(session, slice_.token, typed)
    rows = [row for item, outcome in brought if any((row := _row(item, outcome))[1:])]
    if rows:
        names = ("ids", "works", "documents", "findings")
        session.execute(_WORK, dict(zip(names, map(list, zip(*rows, strict=True)), strict=True)))


def _store_types(session: Session, token: UUID, typed: Sequence[tuple[UUID, Mapping[str, object]]]) -> None:
    parameters = {
        "token": token,
        "ids": [id_ for id_, _ in typed],
        "kinds": [_text(work.get("kind")) for _, work in typed],
        "doc_types": [_text(work.get("doc_type")) for _, work in typed],
    }
    change_ours(session, _TYPES, parameters, len(typed))


def _row(item: Item, outcome: Outcome) -> tuple[UUID, Jsonb | None, Jsonb | None, Jsonb | None]:
    rest = {name: value for name, value in outcome.work.items() if name not in _OWN_PLACE}
    document = outcome.work.get("document")
    stated = Jsonb(document, dumps=str) if isinstance(document, str) else _json(document)
    return item.id, _json(rest or None), stated, _json(_findings(item, outcome))


def _findings(item: Item, outcome: Outcome) -> list[dict[str, Any]] | None:
    """What is to be written: a stage that judges anew replaces what was found before, also with nothing."""
    if isinstance(outcome, Dead | Retry):
        return None
    replaces = outcome.findings or ("judged" in outcome.work and item.work.get("findings"))
    return findings_to_json(outcome.findings) if replaces else None


def _json(value: object) -> Jsonb | None:
    return None if value is None else Jsonb(value)


def _text(value: object) -> str | None:
    return None if value is None else str(value)
