"""Proving the audit trail: each entry's hash holds the one before, and heads kept elsewhere hold the end.

hash = SHA-256(hash before || canonical JSON of the entry), from 32 zero bytes on. The JSON is written here once more,
so that a function changed in the database proves nothing. What an entry says is in it as SHA-256(salt || details).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from app.modules.imports.domain.audit_head import AuditHead

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from app.modules.imports.ports import SqlSession

_GENESIS: Final = bytes(32)
_PAGE: Final = 1000
_ENTRIES: Final = """
SELECT a.tenant_id, a.seq, a.id, a.at, a.actor, a.action, a.batch_id, a.item_id, a.details::text AS details,
       a.salt::text AS salt, a.details_hash, a.prev_hash, a.hash, t.erased_at IS NOT NULL AS erased
FROM import_audit a LEFT JOIN tenants t ON t.id = a.tenant_id
WHERE (%(tenant)s::uuid IS NULL OR a.tenant_id = %(tenant)s::uuid)
  AND (a.tenant_id, a.seq, a.id) > (%(after_tenant)s::uuid, %(after_seq)s::bigint, %(after_id)s::bigint)
ORDER BY a.tenant_id, a.seq, a.id LIMIT %(most)s
"""
_NEVER_ERASED: Final = frozenset({"tenant.erase", "tenant.erased"})


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenLink:
    """One entry that is not what it was. ``code`` is changed, unlinked, missing, truncated or rewritten."""

    tenant_id: UUID
    seq: int
    code: str
    detail: str
    row_id: int | None = None
    """``import_audit.id``, where there still is a row."""

    def __str__(self) -> str:
        row = f" (row {self.row_id})" if self.row_id is not None else ""
        return f"{self.code}: tenant {self.tenant_id}, entry {self.seq}{row}: {self.detail}"


def verify_chain(
    connection: SqlSession, tenant_id: UUID | None = None, anchors: Sequence[AuditHead] = ()
) -> tuple[BrokenLink, ...]:
    """Every broken link of a tenant's trail, or of all that the session sees; against heads kept elsewhere, if given.

    Without ``anchors`` a cut-off end cannot be told, nor a trail that its owner wrote anew from the start.
    """
    walks: dict[UUID, _Walk] = {}
    wanted = [head for head in anchors if tenant_id in (None, head.tenant_id)]
    for head in wanted:
        walks.setdefault(head.tenant_id, _Walk(head.tenant_id)).anchors[head.seq] = head.hash
    for row in _entries(connection, tenant_id):
        walks.setdefault(row["tenant_id"], _Walk(row["tenant_id"])).take(row)
    return tuple(link for walk in walks.values() for link in (*walk.broken, *walk.beyond_the_end()))


def head_of(connection: SqlSession, tenant_id: UUID) -> AuditHead | None:
    """The end of a tenant's trail; None when it has not begun."""
    rows = connection.execute(
        "SELECT seq, hash FROM import_audit WHERE tenant_id = %(tenant)s ORDER BY seq DESC LIMIT 1",
        {"tenant": tenant_id},
    )
    return AuditHead(tenant_id=tenant_id, seq=rows[0]["seq"], hash=bytes(rows[0]["hash"]).hex()) if rows else None


class _Walk:
    """Along one tenant's trail, entry by entry."""

    def __init__(self, tenant_id: UUID) -> None:
        self.tenant_id = tenant_id
        self.anchors: dict[int, str] = {}
        self.broken: list[BrokenLink] = []
        self._seq = 0
        self._hash = _GENESIS

    def take(self, row: Mapping[str, Any]) -> None:
        self.broken += (self._broken(seq, "missing", "there is no such entry") for seq in self._gap(row["seq"]))
        if problem := self._problem(row):
            self.broken.append(self._broken(row["seq"], *problem, row["id"]))
        self._seq, self._hash = row["seq"], bytes(row["hash"])

    def beyond_the_end(self) -> Iterator[BrokenLink]:
        """Entries that an anchor knows, and the trail no longer."""
        for seq in sorted(seq for seq in self.anchors if seq > self._seq):
            yield self._broken(seq, "truncated", f"it was there once; the trail ends with entry {self._seq}")

    def _gap(self, seq: int) -> range:
        return range(self._seq + 1, min(seq, self._seq + 1 + _PAGE))

    def _problem(self, row: Mapping[str, Any]) -> tuple[str, str] | None:
        if row["seq"] <= self._seq:
            return "changed", "its number was given before"
        if (anchored := self.anchors.get(row["seq"])) and anchored != bytes(row["hash"]).hex():
            return "rewritten", "it is not the entry whose hash was kept elsewhere"
        if not _says_what_it_said(row):
            return "changed", "what it says is not what its hash is of"
        if _hash_of(row) != bytes(row["hash"]):
            return "changed", "it is not what its hash is of"
        if bytes(row["prev_hash"]) != self._hash and row["seq"] == self._seq + 1:
            return "unlinked", "it does not follow on the entry before: one of the two was exchanged"
        return None

    def _broken(self, seq: int, code: str, detail: str, row_id: int | None = None) -> BrokenLink:
        return BrokenLink(tenant_id=self.tenant_id, seq=seq, code=code, detail=detail, row_id=row_id)


def _entries(connection: SqlSession, tenant_id: UUID | None) -> Iterator[Mapping[str, Any]]:
    after: dict[str, object] = {"after_tenant": UUID(int=0), "after_seq": -1, "after_id": -1}
    while page := list(connection.execute(_ENTRIES, {"tenant": tenant_id, "most": _PAGE, **after})):
        yield from page
        last = page[-1]
        after = {"after_tenant": last["tenant_id"], "after_seq": last["seq"], "after_id": last["id"]}


def _says_what_it_said(row: Mapping[str, Any]) -> bool:
    if row["details"] is None:
        return bool(row["erased"]) and row["action"] not in _NEVER_ERASED
    return hashlib.sha256(f"{row['salt']}{row['details']}".encode()).digest() == bytes(row["details_hash"])


def _hash_of(row: Mapping[str, Any]) -> bytes:
    # The order and spacing of PostgreSQL's own jsonb text: shorter names first, then by their bytes.
    entry = {
        "at": row["at"].astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "seq": row["seq"],
        "item": str(row["item_id"]) if row["item_id"] else None,
        "actor": row["actor"],
        "batch": str(row["batch_id"]) if row["batch_id"] else None,
        "action": row["action"],
        "tenant": str(row["tenant_id"]),
        "details": bytes(row["details_hash"]).hex(),
    }
    text = json.dumps(entry, ensure_ascii=False, separators=(", ", ": "))
    return hashlib.sha256(bytes(row["prev_hash"]) + text.encode()).digest()
