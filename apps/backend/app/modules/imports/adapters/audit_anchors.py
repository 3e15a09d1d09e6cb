"""Heads of the audit trail in a file that is only ever added to: one JSON line each."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from app.modules.imports.domain.audit_head import AuditHead

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


class AnchorFile:
    """Implements ``domain.audit_head.AuditAnchors``. One append a write: lines of several processes do not mix."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def add(self, heads: Sequence[AuditHead]) -> None:
        if not heads:
            return
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        at = datetime.now(UTC).isoformat()
        lines = (
            json.dumps({"at": at, "tenant_id": str(head.tenant_id), "seq": head.seq, "hash": head.hash})
            for head in heads
        )
        descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            # A line feed first: a line that a crash tore must not swallow the next one.
            os.write(descriptor, "".join(f"\n{line}" for line in lines).encode())
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def all(self) -> Sequence[AuditHead]:
        if not self._path.exists():
            return []
        lines = self._path.read_text(encoding="utf-8").splitlines()
        return [_head(json.loads(line)) for line in lines if line.endswith("}")]


def _head(entry: dict[str, str]) -> AuditHead:
    return AuditHead(tenant_id=UUID(entry["tenant_id"]), seq=int(entry["seq"]), hash=entry["hash"])
