"""The same request twice has one effect: what a POST answered is kept under its key, with the effect or not at all."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from psycopg.errors import LockNotAvailable
from psycopg.types.json import Jsonb
from sqlalchemy.exc import OperationalError

from app.crashpoints import crashpoint
from app.modules.imports.domain.errors import RefusedUpload

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from app.modules.imports.ports import SqlSession

# The row itself is the lock: a second request with the key waits here for the first one's commit. An entry a day old
# is nobody's any more, and is taken over.
_TAKE = """
INSERT INTO import_requests AS r (tenant_id, key, fingerprint)
VALUES ((SELECT app_tenant()), %(key)s, %(fingerprint)s)
ON CONFLICT (tenant_id, key) DO UPDATE
SET fingerprint = excluded.fingerprint, status = NULL, response = NULL, created_at = clock_timestamp()
WHERE r.created_at < clock_timestamp() - interval '24 hours'
RETURNING 1
"""
_KEPT = """
SELECT fingerprint, status, response, created_at >= clock_timestamp() - interval '24 hours' AS in_force
FROM import_requests
WHERE tenant_id = (SELECT app_tenant()) AND key = %(key)s
"""
_KEEP = """
UPDATE import_requests SET status = %(status)s, response = %(response)s
WHERE tenant_id = (SELECT app_tenant()) AND key = %(key)s
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a request is answered with. ``body`` is JSON."""

    status: int
    body: Mapping[str, Any]
    replayed: bool = False


def fingerprint(*parts: object) -> bytes:
    """What makes two requests the same request; parts are JSON."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).digest()


def once(session: SqlSession, key: str, fingerprint: bytes, effect: Callable[[], Answer]) -> Answer:
    """Run ``effect`` in this transaction, or give the answer it had.

    Raises ``RefusedUpload``: ``idempotency_key_reused`` (another request had the key) or ``idempotency_key_busy``.
    """
    if not _take(session, key, fingerprint):
        return _kept(session, key, fingerprint)
    answer = effect()
    crashpoint("answering")
    session.execute(_KEEP, {"key": key, "status": answer.status, "response": Jsonb(dict(answer.body))})
    crashpoint("answered")
    return answer


def answer_kept(session: SqlSession, key: str, fingerprint: bytes) -> Answer | None:
    """What the request was answered before, None when it was not: to be asked before anything is done for it outside of
    the transaction. Raises ``RefusedUpload('idempotency_key_reused')``.
    """
    rows = session.execute(_KEPT, {"key": key})
    return _answer(rows[0], fingerprint) if rows and rows[0]["in_force"] else None


def _take(session: SqlSession, key: str, fingerprint: bytes) -> bool:
    try:
        return bool(session.execute(_TAKE, {"key": key, "fingerprint": fingerprint}))
    except OperationalError as error:
        if isinstance(error.orig, LockNotAvailable):
            raise RefusedUpload("idempotency_key_busy", "the first request is still at work", status=409) from None
        raise


def _kept(session: SqlSession, key: str, fingerprint: bytes) -> Answer:
    [row] = session.execute(_KEPT, {"key": key})
    return _answer(row, fingerprint)


def _answer(row: Mapping[str, Any], fingerprint: bytes) -> Answer:
    if bytes(row["fingerprint"]) != fingerprint:
        raise RefusedUpload("idempotency_key_reused", "the key belongs to a request with other content")
    return Answer(status=row["status"], body=row["response"], replayed=True)
