"""Erasing a tenant: nobody gets in, nothing works on, files are deleted, and rows become tombstones without content."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from app.crashpoints import crashpoint
from app.modules.imports.usecases.audit import Entry, record
from app.modules.imports.usecases.cancel_batch import cancel_batch
from app.modules.imports.usecases.collect_files import collect_files
from app.modules.imports.usecases.emptying import empty_items
from app.modules.imports.usecases.legal_hold import refuse_held

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from uuid import UUID

    from app.database import Session
    from app.modules.imports.usecases.house import House

_MARK: Final = """
UPDATE tenants SET erased_at = coalesce(erased_at, clock_timestamp()), name = 'erased ' || id, settings = '{}',
    limits = '{}'
WHERE id = (SELECT app_tenant())
"""
_LOCK_OUT: Final = (
    "DELETE FROM api_keys WHERE tenant_id = (SELECT app_tenant())",
    "DELETE FROM import_rate_buckets WHERE tenant_id = (SELECT app_tenant())",
    "DELETE FROM import_requests WHERE tenant_id = (SELECT app_tenant())",
)
_OPEN_BATCHES: Final = """
SELECT id FROM import_batches WHERE tenant_id = (SELECT app_tenant()) AND cancelled_at IS NULL ORDER BY id
"""
_BATCHES: Final = "SELECT id FROM import_batches WHERE tenant_id = (SELECT app_tenant()) ORDER BY id"
_TOMBSTONES: Final = """
UPDATE import_batches SET name = NULL, source_type = NULL, country = NULL,
    deleted_at = coalesce(deleted_at, clock_timestamp())
WHERE tenant_id = (SELECT app_tenant())
"""
_MAPPINGS: Final = """
UPDATE import_mappings SET name = '', definition = '{}', deleted_at = coalesce(deleted_at, clock_timestamp())
WHERE tenant_id = (SELECT app_tenant())
"""
# What a destination states of a document, found in the catalogue, so that a new destination is erased too: everything
# that may be empty. Keys, types and the few columns that may not be empty stay.
_COLUMNS: Final = """
SELECT c.table_name, array_agg(c.column_name::text ORDER BY c.ordinal_position) AS columns
FROM information_schema.columns c
WHERE c.table_schema = 'public' AND c.is_nullable = 'YES' AND c.table_name IN (
    SELECT d.table_name FROM information_schema.columns d
    WHERE d.table_schema = 'public' AND d.column_name IN ('source_item_id', 'invoice_id'))
GROUP BY c.table_name ORDER BY c.table_name
"""
_NULL_SOME: Final = """
UPDATE "{table}" SET {nulls} WHERE tenant_id = (SELECT app_tenant()) AND ctid = ANY (ARRAY(
    SELECT ctid FROM "{table}" WHERE tenant_id = (SELECT app_tenant()) AND num_nonnulls({columns}) > 0 LIMIT %(most)s))
"""
_FINGERPRINTS: Final = (
    "UPDATE bank_movements SET fingerprint = '' WHERE tenant_id = (SELECT app_tenant()) AND fingerprint <> ''",
    "UPDATE bank_movements_known SET fingerprint = '' WHERE tenant_id = (SELECT app_tenant()) AND fingerprint <> ''",
)
_TRACES: Final = "SELECT imports_erase_traces(%(most)s) AS erased"
_MOST: Final = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """What was erased."""

    tenant_id: UUID
    batches: int
    files: int


def erase_tenant(house: House, tenant_id: UUID, actor: str) -> Erased:
    """In many short transactions: a second call goes on where one was interrupted, and finds nothing in the end.

    The hashes of files and publications stay, and the trail of who did what and when, without what it said.
    Raises ``RefusedUpload('legal_hold')``.
    """
    with house.database.tenant_session(tenant_id) as session:
        refuse_held(session)
        session.execute(_MARK)
        for statement in _LOCK_OUT:
            session.execute(statement)
        record(session, Entry(actor=actor, action="tenant.erase"))
    crashpoint("erasing:locked")
    _stop_work(house, tenant_id, actor)
    batches = _empty_batches(house, tenant_id)
    crashpoint("erasing:emptied")
    _empty_destinations(house, tenant_id)
    _erase_traces(house, tenant_id)
    gone = collect_files(house.database, house.files, house.reading, tenant_id, timedelta(0))
    house.reading.forget_orphans(timedelta(0), tenant_id)
    with house.database.tenant_session(tenant_id) as session:
        details = {"batches": batches, "files": len(gone)}
        record(session, Entry(actor=actor, action="tenant.erased", details=details))
    return Erased(tenant_id=tenant_id, batches=batches, files=len(gone))


def _stop_work(house: House, tenant_id: UUID, actor: str) -> None:
    with house.database.tenant_session(tenant_id) as session:
        ids = [row["id"] for row in session.execute(_OPEN_BATCHES)]
    for batch_id in ids:
        with house.database.tenant_session(tenant_id) as session:
            cancel_batch(session, batch_id, actor)


def _empty_batches(house: House, tenant_id: UUID) -> int:
    with house.database.tenant_session(tenant_id) as session:
        ids = [row["id"] for row in session.execute(_BATCHES)]
    for batch_id in ids:
        with house.database.tenant_session(tenant_id) as session:
            empty_items(session, [batch_id])
    with house.database.tenant_session(tenant_id) as session:
        session.execute(_TOMBSTONES)
        session.execute(_MAPPINGS)
    return len(ids)


def _empty_destinations(house: House, tenant_id: UUID) -> None:
    with house.database.tenant_session(tenant_id) as session:
        tables: Sequence[Mapping[str, Any]] = session.execute(_COLUMNS)
    for table in tables:
        columns = ", ".join(f'"{name}"' for name in table["columns"])
        nulls = ", ".join(f'"{name}" = NULL' for name in table["columns"])
        statement = _NULL_SOME.format(table=table["table_name"], nulls=nulls, columns=columns)
        _until_done(house, tenant_id, partial(_null_some, statement))
    with house.database.tenant_session(tenant_id) as session:
        for statement in _FINGERPRINTS:
            session.execute(statement)


def _null_some(statement: str, session: Session) -> int:
    return session.count(statement, {"most": _MOST})


def _erase_traces(house: House, tenant_id: UUID) -> None:
    _until_done(house, tenant_id, lambda session: session.execute(_TRACES, {"most": _MOST})[0]["erased"])


def _until_done(house: House, tenant_id: UUID, erase_some: Callable[[Session], int]) -> None:
    while True:
        with house.database.tenant_session(tenant_id) as session:
            if not erase_some(session):
                return
