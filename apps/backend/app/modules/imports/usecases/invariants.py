"""The invariants of the imports database and its files: what no crash, lost message or race may ever break.

I1 nothing accepted is lost, I2 nothing is published twice or in part, I3 nothing is stuck, I4 counters tell the truth,
I5 attempts are counted, I6 no forbidden step, I7 tenants are apart, I8 no zombie wrote, I9 dead letters are whole,
I10 a key has one answer, I11 the audit trail is whole, I12 rows and files belong together; I13: ``usecases.resources``.
"""

from __future__ import annotations

import time
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from app.modules.imports.domain.pipeline import FAILED_STATES, LAST, ItemState
from app.modules.imports.usecases.audit_chain import verify_chain
from app.modules.imports.usecases.batches import batch_statuses
from app.modules.imports.usecases.invariant_statements import (
    DESTINATION_TABLES,
    FILE_KEYS,
    STATEMENTS,
    STATES_OF_BATCHES,
    TENANT_TABLES,
    parameters,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
    from pathlib import Path
    from uuid import UUID

    from app.modules.imports.usecases.batches import BatchStatus

GRACE: Final = timedelta(seconds=22)
"""Lease, sweep and two seconds, as shipped: so long a lease may have run out before it is taken back."""
DEAD_LETTERS_KEPT: Final = timedelta(days=7)
_APP_ROLE: Final = "imports_app"
_SAMPLE: Final = 5
_TENANTS_LOOKED_THROUGH: Final = 20
_BATCHES_AT_ONCE: Final = 1000
# Lines that an earlier row stands for make an item whole together with the rows of its own.
_COUNTED_WITH: Final = {"bank_movements_known": "bank_movements"}


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenInvariant:
    """One thing that does not hold: how often, and the ids of the first few."""

    code: str
    detail: str
    count: int
    sample: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.code}: {self.detail} ({self.count}: {', '.join(self.sample)})"


class SeesOneTenantOnly(RuntimeError):
    """The connection's role is bound by row-level security, so that nothing could be said of all tenants."""


def broken_invariants(
    connection: psycopg.Connection[Any],
    *,
    accepted: Collection[UUID] = (),
    blobs: Path | None = None,
    grace: timedelta = GRACE,
    dead_letters_kept: timedelta = DEAD_LETTERS_KEPT,
) -> tuple[BrokenInvariant, ...]:
    """Everything that is broken, all judged on one snapshot; nothing is changed.

    ``accepted`` are the ids of items whose ingest was answered with success. ``blobs`` is the root of the file store.
    ``grace`` is how long the sweeper may take to find an expired lease, and how old a file without a row may be.
    Raises ``SeesOneTenantOnly``; the connection must be outside of a transaction.
    """
    given = {"accepted": list(accepted), "grace": grace, "kept": dead_letters_kept}
    with _snapshot(connection) as cursor:
        found = [*_by_statement(cursor, {**parameters(), **given}), *_miscounted(cursor), *_unlinked(cursor)]
        if blobs is not None:
            found += _misplaced_files(cursor, blobs, grace)
        found += _seen_by_others(cursor)
    return tuple(sorted(found, key=lambda broken: (len(broken.code), broken.code, broken.detail)))


@contextmanager
def _snapshot(connection: psycopg.Connection[Any]) -> Iterator[psycopg.Cursor[dict[str, Any]]]:
    with connection.transaction(force_rollback=True), connection.cursor(row_factory=dict_row) as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        [row] = cursor.execute("SELECT row_security_active('import_items') AS bound").fetchall()
        if row["bound"]:
            raise SeesOneTenantOnly("the invariants of all tenants can only be seen by a role that bypasses RLS")
        yield cursor


def _by_statement(cursor: psycopg.Cursor[dict[str, Any]], given: Mapping[str, object]) -> Iterator[BrokenInvariant]:
    destinations = _destinations(cursor)
    for statement in STATEMENTS:
        query = sql.SQL(
            "SELECT count(*) AS count, (array_agg(id ORDER BY id))[1:{}] AS sample FROM ({}) AS broken (id)"
        )
        inner = sql.SQL(statement.sql).format(destinations=destinations)
        [row] = cursor.execute(query.format(sql.Literal(_SAMPLE), inner), given).fetchall()
        if row["count"]:
            sample = tuple(row["sample"])
            yield BrokenInvariant(code=statement.code, detail=statement.detail, count=row["count"], sample=sample)


def _destinations(cursor: psycopg.Cursor[dict[str, Any]]) -> sql.Composable:
    """Found in the catalogue, so that a new destination is looked at without being named here."""
    tables = cursor.execute(DESTINATION_TABLES).fetchall()
    one = sql.SQL("SELECT tenant_id, source_item_id AS item_id, {name} AS name, {line} AS line_no FROM {table}")
    return sql.SQL(" UNION ALL ").join(
        one.format(
            name=sql.Literal(_COUNTED_WITH.get(t["table_name"], t["table_name"])),
            line=sql.SQL("line_no" if t["numbered"] else "1"),
            table=sql.Identifier(t["table_name"]),
        )
        for t in tables
    )


# ------------------------------------------------------------------------------------------------------ I4 counters


class _Session:
    """``ports.SqlSession`` inside the snapshot, so that the status is asked for in the application's own words."""

    def __init__(self, cursor: psycopg.Cursor[dict[str, Any]]) -> None:
        self._cursor = cursor

    def execute(self, statement: str, parameters: Mapping[str, object]) -> Sequence[Mapping[str, Any]]:
        return self._cursor.execute(statement.encode(), parameters).fetchall()


def _miscounted(cursor: psycopg.Cursor[dict[str, Any]]) -> Iterator[BrokenInvariant]:
    counted: dict[UUID, dict[UUID, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    for row in cursor.execute(STATES_OF_BATCHES).fetchall():
        counted[row["tenant_id"]][row["batch_id"]][row["state"]] = row["items"]
    wrong = []
    for tenant, batches in counted.items():
        _become(cursor, tenant)
        ids = list(batches)
        for start in range(0, len(ids), _BATCHES_AT_ONCE):
            asked = ids[start : start + _BATCHES_AT_ONCE]
            said = batch_statuses(_Session(cursor), asked)
            wrong += [str(id_) for id_ in asked if id_ not in said or not _is_true(said[id_], batches[id_])]
    _become(cursor, None)
    if wrong:
        detail = "the status of a batch is not what its items are"
        yield BrokenInvariant(code="I4", detail=detail, count=len(wrong), sample=tuple(wrong[:_SAMPLE]))


def _is_true(status: BatchStatus, states: Mapping[str, int]) -> bool:
    total, published = sum(states.values()), states.get(LAST.gives.value, 0)
    discarded = states.get(ItemState.DISCARDED.value, 0)
    parts = status.completed + status.processing + status.failed + status.discarded + status.pending
    return (
        dict(status.status_breakdown) == dict(states)
        and status.total_items == parts == total
        and min(status.completed, status.processing, status.failed, status.pending) >= 0
        and status.completed == published
        and status.failed == sum(states.get(state.value, 0) for state in FAILED_STATES)
        and status.discarded == discarded
        and 0 <= status.progress <= (100 * published / (total - discarded) if total > discarded else 100)
    )


def _become(cursor: psycopg.Cursor[dict[str, Any]], tenant: UUID | None) -> None:
    cursor.execute("SELECT set_config('app.tenant_id', %s, true)", [str(tenant or "")])


# -------------------------------------------------------------------------------------------------- I11 audit trail


def _unlinked(cursor: psycopg.Cursor[dict[str, Any]]) -> Iterator[BrokenInvariant]:
    if links := verify_chain(_Session(cursor)):
        sample = tuple(str(link) for link in links[:_SAMPLE])
        yield BrokenInvariant(code="I11", detail="the audit trail was tampered with", count=len(links), sample=sample)


# ----------------------------------------------------------------------------------------------------- I7 isolation


def _seen_by_others(cursor: psycopg.Cursor[dict[str, Any]]) -> Iterator[BrokenInvariant]:
    """Looked at as the app's own role: with no tenant, and as each of the first tenants."""
    tables = [row["relname"] for row in cursor.execute(TENANT_TABLES).fetchall()]
    query = "SELECT id FROM tenants ORDER BY created_at, id LIMIT %s"
    tenants = [row["id"] for row in cursor.execute(query, [_TENANTS_LOOKED_THROUGH]).fetchall()]
    foreign = sql.SQL(" UNION ALL ").join(
        sql.SQL(
            "SELECT {name} AS name WHERE EXISTS (SELECT 1 FROM {table} WHERE tenant_id IS DISTINCT FROM app_tenant())"
        ).format(name=sql.Literal(table), table=sql.Identifier(table))
        for table in tables
    )
    cursor.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(_APP_ROLE)))
    seen = set()
    for tenant in (None, *tenants):
        _become(cursor, tenant)
        try:
            seen |= {row["name"] for row in cursor.execute(foreign).fetchall()}
        except psycopg.DataError:  # '' for no tenant must deny, not fail
            yield BrokenInvariant(code="I7", detail="a session without a tenant is an error", count=1)
            return
    if seen:
        detail = "a session sees rows of another tenant"
        yield BrokenInvariant(code="I7", detail=detail, count=len(seen), sample=tuple(sorted(seen)[:_SAMPLE]))


# --------------------------------------------------------------------------------------------------------- I12 files


def _misplaced_files(cursor: psycopg.Cursor[dict[str, Any]], root: Path, grace: timedelta) -> Iterator[BrokenInvariant]:
    named = {row["file_key"] for row in cursor.execute(FILE_KEYS).fetchall()}
    before = time.time() - grace.total_seconds()
    old = {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file() and _older(path, before)}
    drafts = sorted(key for key in old if key.startswith("."))
    found: Mapping[str, Callable[[], list[str]]] = {
        "an item's file is not there": lambda: sorted(key for key in named if not (root / key).is_file()),
        "a file belongs to no item": lambda: sorted(old - named - set(drafts)),
        "a half-written file was left behind": lambda: drafts,
    }
    for detail, look in found.items():
        if keys := look():
            yield BrokenInvariant(code="I12", detail=detail, count=len(keys), sample=tuple(keys[:_SAMPLE]))


def _older(path: Path, before: float) -> bool:
    try:
        return path.stat().st_mtime < before
    except FileNotFoundError:  # placed or removed while we look
        return False
