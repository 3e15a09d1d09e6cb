"""Publish: into the destination table, with its ledger entry, inside the transaction that changes the state."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from typing import TYPE_CHECKING, Any, cast

from app.array_literals import text_array, uuid_array
from app.crashpoints import crashpoint
from app.modules.imports.domain.canonical_json import canonical_text, stored_evidence
from app.modules.imports.domain.cell_evidence import CellEvidence
from app.modules.imports.domain.finding_json import findings_from_json
from app.modules.imports.domain.outcome import Dead, Done, Outcome
from app.modules.imports.domain.pipeline import ItemKind
from app.modules.imports.fields.proofs import without_values
from app.modules.imports.plugins import destinations
from app.modules.imports.ports import Publication, Published
from app.modules.imports.stages.validate import DUPLICATE, OTHER_FORM, document_of, json_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from uuid import UUID

    from app.modules.imports.domain.canonical import CanonicalDocument, DocumentType
    from app.modules.imports.domain.finding import Finding
    from app.modules.imports.ports import Destination, Item, SqlSession

_LEDGER = """
WITH added AS (
INSERT INTO import_publications (tenant_id, item_id, dest_table, dest_id, payload_hash)
SELECT (SELECT app_tenant()), v.item_id, v.dest_table, v.dest_id, v.payload_hash
FROM unnest(%(items)s::uuid[], %(tables)s::text[], %(rows)s::uuid[], %(hashes)s::text[])
     AS v (item_id, dest_table, dest_id, payload_hash)
ON CONFLICT (tenant_id, item_id) DO NOTHING RETURNING 1
) SELECT count(*) AS items FROM added
"""
_KNOWN = """
SELECT item_id, payload_hash FROM import_publications
WHERE tenant_id = (SELECT app_tenant()) AND item_id = ANY (%(items)s::uuid[])
"""
_FINDINGS = """
SELECT item_id, coalesce(findings, '[]') AS findings FROM import_payloads
WHERE tenant_id = (SELECT app_tenant()) AND item_id = ANY (%(items)s::uuid[])
"""


def publish(items: Sequence[Item], session: SqlSession) -> Sequence[Outcome]:
    """One outcome per item; an item whose ledger entry exists already is published, never again."""
    containers = [item for item in items if item.kind is ItemKind.CONTAINER]
    publications = {item.id: _publication(item) for item in items if item.kind is not ItemKind.CONTAINER}
    written = [Published(item_id=c.id, table="import_items", row_id=c.id) for c in containers]
    homeless = set()
    for destination, group in _by_destination(publications.values()).items():
        if destination is None:
            homeless |= {p.item_id for p in group}
        else:
            written += destinations()[destination].publish(group, session)
            crashpoint("publishing:rows")
    hashes = {id_: p.payload_hash for id_, p in publications.items()}
    conflicts = _record(written, hashes, session)
    crashpoint("publishing:ledger")
    findings = _findings(written, session)
    return [_outcome(item.id, conflicts, homeless, findings) for item in items]


def destination_for(doc_type: DocumentType) -> Destination | None:
    """Where documents of a type go; None when they go nowhere."""
    return next((d for d in destinations().values() if doc_type in d.accepts), None)


def _outcome(
    item_id: UUID, conflicts: set[UUID], homeless: set[UUID], findings: Mapping[UUID, tuple[Finding, ...]]
) -> Outcome:
    if item_id in homeless:
        return Dead(code="not_an_invoice", detail="no destination takes this type of document")
    if item_id in conflicts:
        return Dead(code="publish_conflict", detail="published before with other content")
    return Done(findings=findings.get(item_id, ()))


def _findings(written: Sequence[Published], session: SqlSession) -> dict[UUID, tuple[Finding, ...]]:
    """What the destinations found, behind what was found before: an outcome's findings replace those stored."""
    found = {p.item_id: p.findings for p in written if p.findings}
    if not found:
        return {}
    merged = {}
    for row in session.execute(_FINDINGS, {"items": list(found)}):
        now = found[row["item_id"]]
        again = {finding.code for finding in now}
        earlier = (f for f in findings_from_json(row["findings"]) if f.code not in again)
        merged[row["item_id"]] = (*earlier, *now)
    return merged


def _publication(item: Item) -> Publication:
    left_out = cast("Sequence[str]", item.work.get("left_out", ()))
    document = without_values(document_of(item), left_out)
    stated = item.work["document"]
    text = stated if isinstance(stated, str) and not item.corrections else canonical_text(json_of(item))
    text = "\n-".join((text, *left_out))
    return Publication(
        item_id=item.id,
        document=document,
        evidence=_evidence(item, document, left_out),
        payload_hash=hashlib.sha256(text.encode()).hexdigest(),
        duplicate_accepted=not {DUPLICATE, OTHER_FORM}.isdisjoint(item.accepted),
        download_id=_download_id(item),
    )


def _evidence(item: Item, document: CanonicalDocument, left_out: Sequence[str]) -> Mapping[str, Any]:
    if isinstance(document.evidence, CellEvidence):
        return stored_evidence(document)
    evidence = json_of(item).get("evidence") or {}
    return {path: each for path, each in evidence.items() if path not in left_out} if left_out else evidence


def _download_id(item: Item) -> UUID:
    if item.kind is ItemKind.ROW or item.part is not None:
        return item.parent_id or item.batch_id
    return item.id


def _by_destination(publications: Iterable[Publication]) -> dict[str | None, list[Publication]]:
    groups: dict[str | None, list[Publication]] = defaultdict(list)
    for publication in publications:
        destination = destination_for(publication.document.doc_type)
        groups[destination.name if destination else None].append(publication)
    return groups


def _record(written: Sequence[Published], hashes: dict[UUID, str], session: SqlSession) -> set[UUID]:
    """Write the ledger; returns the items that were published before with other content."""
    items = uuid_array(p.item_id for p in written)
    parameters = {
        "items": items,
        "tables": text_array(p.table for p in written),
        "rows": uuid_array(p.row_id for p in written),
        "hashes": text_array(hashes.get(p.item_id, "") for p in written),
    }
    [added] = session.execute(_LEDGER, parameters)
    if added["items"] == len(written):
        return set()
    known = session.execute(_KNOWN, {"items": items})
    return {row["item_id"] for row in known if row["payload_hash"] != hashes.get(row["item_id"], "")}
