"""Items: listed for a batch, and one of them with all that is known of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from app.modules.imports.domain.canonical_json import in_full
from app.modules.imports.domain.corrections import corrected
from app.modules.imports.domain.errors import RefusedUpload
from app.modules.imports.domain.messages import message
from app.modules.imports.usecases.batches import get_batch
from app.modules.imports.usecases.outlines import COLUMNS, JOINED, Outline, outline_of
from app.modules.imports.usecases.paging import Page, clamped, page_of, read_cursor

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from app.modules.imports.domain.pipeline import ItemState
    from app.modules.imports.ports import SqlSession

_FIELDS = """
       i.id, i.batch_id, i.kind, i.state, i.doc_type, i.code, i.attempt, i.next_run_at, i.position, i.parent_id, i.part,
       i.file_name, i.file_key IS NOT NULL AS has_file, i.created_at, i.updated_at
"""
# Only what is shown is joined, whatever the planner knows of the batch.
_LIST = f"""
WITH page AS MATERIALIZED (
    SELECT i.* FROM import_items i
    WHERE i.tenant_id = (SELECT app_tenant()) AND i.batch_id = %(batch)s {{conditions}}
    ORDER BY i.place, i.id LIMIT %(limit)s
)
SELECT {_FIELDS}, encode(i.place, 'hex') AS place, {COLUMNS} FROM page i {JOINED} ORDER BY i.place, i.id
"""  # noqa: S608  (texts of ours)
_CONDITIONS = {
    "states": "AND i.state = ANY (%(states)s::text[])",
    "code": "AND i.code = %(code)s",
    "cursor": "AND (i.place, i.id) > (%(place)s, %(id)s)",
}
_GET = f"""
SELECT {_FIELDS}, i.mapping_id, i.mapping_version, p.raw, p.document, {COLUMNS},
       d.detail, u.dest_table, u.dest_id, u.published_at
FROM import_items i {JOINED}
LEFT JOIN import_publications u ON u.tenant_id = i.tenant_id AND u.item_id = i.id
LEFT JOIN import_dlq d ON d.tenant_id = i.tenant_id AND d.item_id = i.id AND d.resolved_at IS NULL
JOIN import_batches b ON b.tenant_id = i.tenant_id AND b.id = i.batch_id AND b.deleted_at IS NULL
WHERE i.tenant_id = (SELECT app_tenant()) AND i.id = %(id)s
"""  # noqa: S608  (texts of ours)
_ATTEMPTS = """
SELECT stage, attempt, outcome, code, detail, started_at, finished_at FROM import_attempts
WHERE tenant_id = (SELECT app_tenant()) AND item_id = %(id)s ORDER BY id
"""
# Preprocess scans before all else, so that what it is done with, takes for a duplicate or knows no reader for was found
# clean; of its other refusals nobody can tell whether they are the scanner's. A part that lies in the file of its
# container was scanned with it; one with a file of its own is scanned by itself.
_FILE = """
SELECT i.file_key, i.file_name, i.purged_file_key IS NOT NULL AS purged, s.infected, s.clean
FROM import_items i JOIN import_batches b ON b.tenant_id = i.tenant_id AND b.id = i.batch_id AND b.deleted_at IS NULL
CROSS JOIN LATERAL (
    SELECT coalesce(bool_or(a.code = 'malware_detected'), false) AS infected,
           coalesce(bool_or(a.outcome = 'done' OR a.code IN ('duplicate_file', 'unsupported_format'))
                    FILTER (WHERE h.file_key = i.file_key), false) AS clean
    FROM import_attempts a JOIN import_items h ON h.tenant_id = a.tenant_id AND h.id = a.item_id
    WHERE a.tenant_id = i.tenant_id AND a.item_id IN (i.id, i.parent_id) AND a.stage = 'preprocess'
) s
WHERE i.tenant_id = (SELECT app_tenant()) AND i.id = %(id)s
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemSummary:
    """One item of a list."""

    id: UUID
    batch_id: UUID
    kind: str
    state: str
    doc_type: str | None
    code: str | None
    """Why it failed, or why it is tried again."""
    message: str | None
    """What the code means."""
    attempt: int
    next_run_at: datetime | None
    position: int
    parent_id: UUID | None
    part: int | None
    file_name: str | None
    has_file: bool
    created_at: datetime
    updated_at: datetime
    outline: Outline | None
    """None before there is a document."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One attempt that ended. ``outcome`` is done, review, retry, dead or lost."""

    stage: str
    attempt: int
    outcome: str
    code: str | None
    detail: str | None
    started_at: datetime
    finished_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownFinding:
    """A finding with its message in the reader's language."""

    code: str
    severity: str
    field: str | None
    params: Mapping[str, str]
    message: str
    accepted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicationRecord:
    """Where the item went."""

    table: str
    id: UUID
    published_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemDetail:
    """All that is known of one item. ``document`` is its canonical JSON with evidence, corrections laid over it."""

    summary: ItemSummary
    detail: str | None
    raw: Mapping[str, Any] | None
    document: Mapping[str, Any] | None
    findings: tuple[ShownFinding, ...]
    corrections: Mapping[str, Any]
    accepted: tuple[str, ...]
    attempts: tuple[Attempt, ...]
    publication: PublicationRecord | None
    mapping_id: UUID | None
    mapping_version: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFile:
    """Where an item's original is kept, and the name it came with."""

    key: str
    name: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which items of a batch to list, empty means all; and the language in which to say what is the matter."""

    states: Sequence[ItemState] = ()
    code: str | None = None
    language: str = "es"


def list_items(
    session: SqlSession, batch_id: UUID, wanted: Wanted, *, limit: int = 50, cursor: str | None = None
) -> Page[ItemSummary]:
    """In the order of the batch, the parts of a container after it. Raises ``RefusedUpload('batch_not_found')``."""
    get_batch(session, batch_id)
    limit = clamped(limit)
    states = [state.value for state in wanted.states]
    parameters: dict[str, object] = {"batch": batch_id, "limit": limit + 1, "states": states, "code": wanted.code}
    if cursor:
        parameters["place"], parameters["id"] = read_cursor(cursor, bytes.fromhex, UUID)
    asked = {"states": states, "code": wanted.code, "cursor": cursor}
    conditions = " ".join(_CONDITIONS[name] for name, value in asked.items() if value)
    rows = session.execute(_LIST.replace("{conditions}", conditions), parameters)
    return page_of(rows, limit, lambda row: _summary(row, wanted.language), "place", "id")


def get_item(session: SqlSession, item_id: UUID, language: str = "es") -> ItemDetail:
    """Raises ``RefusedUpload('item_not_found')``."""
    rows = session.execute(_GET, {"id": item_id})
    if not rows:
        raise RefusedUpload("item_not_found", status=404)
    row = rows[0]
    attempts = session.execute(_ATTEMPTS, {"id": item_id})
    return ItemDetail(
        summary=_summary(row, language),
        detail=row["detail"],
        raw=row["raw"],
        document=_document(row),
        findings=tuple(_finding(f, row["accepted"], language) for f in row["findings"] or ()),
        corrections=row["corrections"] or {},
        accepted=tuple(row["accepted"]),
        attempts=tuple(Attempt(**attempt) for attempt in attempts),
        publication=_publication(row),
        mapping_id=row["mapping_id"],
        mapping_version=row["mapping_version"],
    )


def item_file(session: SqlSession, item_id: UUID) -> ItemFile:
    """Of a file that was found clean. Raises ``RefusedUpload``: ``item_not_found``, ``item_without_file``,
    ``file_purged``, ``file_quarantined``, ``not_scanned_yet``.
    """
    rows = session.execute(_FILE, {"id": item_id})
    if not rows:
        raise RefusedUpload("item_not_found", status=404)
    if rows[0]["purged"]:
        raise RefusedUpload("file_purged", "kept for as long as the tenant's policy says", status=410)
    if rows[0]["file_key"] is None:
        raise RefusedUpload("item_without_file", "the item is a row", status=404)
    if rows[0]["infected"]:
        raise RefusedUpload("file_quarantined", "the antivirus found something in it", status=409)
    if not rows[0]["clean"]:
        raise RefusedUpload("not_scanned_yet", "the antivirus has not found it clean", status=409)
    return ItemFile(key=rows[0]["file_key"], name=rows[0]["file_name"])


def _summary(row: Mapping[str, Any], language: str) -> ItemSummary:
    known = {name: row[name] for name in ItemSummary.__slots__ if name not in {"outline", "message"}}
    params = next((f.get("params") for f in row["findings"] or () if f["code"] == row["code"]), None)
    return ItemSummary(
        **known,
        message=message(row["code"], language, params or {}) if row["code"] else None,
        outline=outline_of(row, language) if row["has_document"] else None,
    )


def _document(row: Mapping[str, Any]) -> Mapping[str, Any] | None:
    if row["document"] is None:
        return None
    document = in_full(row["document"])
    if not row["corrections"]:
        return document
    try:
        return corrected(document, row["corrections"])
    except ValueError:  # read anew since, with another shape: what was read is shown, the corrections beside it
        return document


def _finding(finding: Mapping[str, Any], accepted: Sequence[str], language: str) -> ShownFinding:
    params = finding.get("params") or {}
    return ShownFinding(
        code=finding["code"],
        severity=finding["severity"],
        field=finding.get("field"),
        params=params,
        message=message(finding["code"], language, params),
        accepted=finding["code"] in accepted,
    )


def _publication(row: Mapping[str, Any]) -> PublicationRecord | None:
    if row["dest_id"] is None:
        return None
    return PublicationRecord(table=row["dest_table"], id=row["dest_id"], published_at=row["published_at"])
