"""What nobody answers for any more: expired leases go back or fail, and due work is rung for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog
from psycopg.errors import LockNotAvailable
from sqlalchemy.exc import OperationalError

from app.crashpoints import crashpoint
from app.modules.imports.adapters.postgres.settlement import DEAD_LETTERS
from app.modules.imports.domain.pipeline import STAGES, StageName
from app.modules.imports.ports import Ring

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from app.database import Database, Session

log = structlog.get_logger()

_MOST_LEASES = 500
_MOST_RINGS = 1000

_IMPATIENT = "SELECT set_config('lock_timeout', '500ms', true)"
# A lease that is locked is being settled, or belongs to a process that stopped in the middle of it: its transaction
# ends by itself or is ended by the server, and until then nobody else's lease may wait for it.
_CLOSE_EXPIRED = """
DELETE FROM import_leases
WHERE tenant_id = (SELECT app_tenant()) AND token = (
    SELECT token FROM import_leases
    WHERE tenant_id = (SELECT app_tenant()) AND token = %(token)s AND leased_until < clock_timestamp()
    FOR UPDATE SKIP LOCKED)
RETURNING started_at, stage
"""
_RECORD_LOST = """
INSERT INTO import_attempts (tenant_id, item_id, stage, attempt, outcome, code, started_at)
SELECT i.tenant_id, i.id, %(stage)s, i.attempt, 'lost', 'lease_expired', %(started)s FROM import_items i
WHERE i.tenant_id = (SELECT app_tenant()) AND i.lease_token = %(token)s
"""
_STAGE_NAMES = frozenset(stage.value for stage in StageName)
_USED_UP = """
SELECT id FROM import_items
WHERE tenant_id = (SELECT app_tenant()) AND lease_token = %(token)s AND attempt >= %(most)s
"""
_GIVE_UP = """
UPDATE import_items SET state = %(failed)s, lease_token = NULL, code = 'attempts_exhausted',
    updated_at = clock_timestamp()
WHERE tenant_id = (SELECT app_tenant()) AND lease_token = %(token)s AND id = ANY (%(ids)s::uuid[])
"""
# The first loss is mostly the fault of the process, not of the item: it goes on at once, within the promised time.
_BACK = """
UPDATE import_items SET state = %(takes)s, due_stage = %(stage)s, lease_token = NULL, code = 'lease_expired',
    next_run_at = clock_timestamp()
        + make_interval(secs => random() * least(300, %(backoff)s * (2 ^ (attempt - 1) - 1))),
    updated_at = clock_timestamp()
WHERE tenant_id = (SELECT app_tenant()) AND lease_token = %(token)s
"""


def release_expired(database: Database, backoff: float) -> int:
    """Take back the items of every lease that ran out; returns how many leases there were."""
    with database.door_session() as session:
        expired = session.execute(
            "SELECT tenant_id, token FROM imports_expired_leases(%(most)s)", {"most": _MOST_LEASES}
        )
    return sum(_released(database, row["tenant_id"], row["token"], backoff) for row in expired)


def _released(database: Database, tenant_id: UUID, token: UUID, backoff: float) -> int:
    try:
        with database.tenant_session(tenant_id) as session:
            session.execute(_IMPATIENT)
            released = _release(session, token, backoff)
            crashpoint("sweeping")
    except OperationalError as error:
        if not isinstance(error.orig, LockNotAvailable):
            raise
        # Somebody holds one of its items: the next sweep tries again, and the other leases do not wait for it.
        log.warning("expired_lease_locked", tenant=str(tenant_id), token=str(token))
        return 0
    except _UnknownStage as error:
        log.warning("stage_unknown", stage=str(error), tenant=str(tenant_id), token=str(token))
        return 0
    crashpoint("swept")
    return released


def _release(session: Session, token: UUID, backoff: float) -> int:
    closed = session.execute(_CLOSE_EXPIRED, {"token": token})
    if not closed:  # renewed or settled in the meantime
        return 0
    spec = STAGES[_known(closed[0]["stage"])]
    session.execute(_RECORD_LOST, {"token": token, "stage": spec.name.value, "started": closed[0]["started_at"]})
    used_up = [r["id"] for r in session.execute(_USED_UP, {"token": token, "most": spec.max_attempts})]
    if used_up:
        _give_up(session, token, spec.name, used_up)
    session.execute(_BACK, {"token": token, "takes": spec.takes.value, "stage": spec.name.value, "backoff": backoff})
    return 1


def _give_up(session: Session, token: UUID, stage: StageName, ids: Sequence[UUID]) -> None:
    many = len(ids)
    letters = {
        "stage": stage.value,
        "ids": list(ids),
        "reasons": ["exhausted"] * many,
        "codes": ["attempts_exhausted"] * many,
        "details": ["every attempt ended without an answer"] * many,
    }
    session.execute(DEAD_LETTERS, letters)
    session.execute(_GIVE_UP, {"token": token, "ids": list(ids), "failed": STAGES[stage].failed.value})


def rings_due(database: Database) -> Sequence[Ring]:
    """One ring for each stage of each tenant that has work due, the longest waiting first."""
    with database.door_session() as session:
        rows = session.execute("SELECT tenant_id, stage FROM imports_rings_due(%(most)s)", {"most": _MOST_RINGS})
    return [Ring(StageName(row["stage"]), row["tenant_id"]) for row in rows if row["stage"] in _STAGE_NAMES]


class _UnknownStage(Exception):
    """A newer version put the item there, and will take it back."""


def _known(stage: str) -> StageName:
    if stage not in _STAGE_NAMES:
        raise _UnknownStage(stage)
    return StageName(stage)


def next_tenant(database: Database, stage: StageName, after: UUID) -> UUID | None:
    """Round robin by id; None when nobody has work due in the stage."""
    with database.door_session() as session:
        statement = "SELECT imports_next_tenant(%(stage)s, %(after)s) AS id"
        found: UUID | None = session.execute(statement, {"stage": stage.value, "after": after})[0]["id"]
    return found
