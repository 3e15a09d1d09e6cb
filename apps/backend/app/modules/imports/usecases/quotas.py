"""Quotas of a tenant: what it may bring on a day, keep in store and have at work; its own limits over the defaults."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields, replace
from typing import TYPE_CHECKING, Any, Final

from psycopg.types.json import Jsonb

from app.modules.imports.domain.errors import QuotaReached, RefusedUpload
from app.modules.imports.usecases.audit import Entry, record

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from app.modules.imports.ports import SqlSession, StoredFile

_TODAY: Final = "(clock_timestamp() AT TIME ZONE 'UTC')::date"
_STATE: Final = """
SELECT t.limits, coalesce(u.row_count, 0) AS rows_today, coalesce(u.file_count, 0) AS files_today,
       coalesce(u.byte_count, 0) AS bytes_today, coalesce(s.file_count, 0) AS files_in_store,
       coalesce(s.byte_count, 0) AS bytes_in_store,
       ({today} + 1)::timestamp AT TIME ZONE 'UTC' AS day_ends_at,
       extract(epoch FROM ({today} + 1)::timestamp AT TIME ZONE 'UTC' - clock_timestamp())::float8 AS day_left
FROM tenants t
LEFT JOIN import_usage u ON u.tenant_id = t.id AND u.day = {today}
LEFT JOIN import_store s ON s.tenant_id = t.id
WHERE t.id = (SELECT app_tenant())
""".replace("{today}", _TODAY)
# Counted no further than it matters.
_IN_FLIGHT: Final = """
SELECT count(*) AS items FROM (
    SELECT 1 FROM import_items WHERE tenant_id = (SELECT app_tenant()) AND due_stage IS NOT NULL
    UNION ALL
    SELECT 1 FROM import_items WHERE tenant_id = (SELECT app_tenant()) AND lease_token IS NOT NULL
    LIMIT %(most)s
) f
"""
# Open is a batch with work to do, or one made within a day that nothing came into yet.
_OPEN: Final = """
SELECT count(*) AS batches FROM (
    SELECT batch_id FROM import_items WHERE tenant_id = (SELECT app_tenant()) AND due_stage IS NOT NULL
    UNION
    SELECT batch_id FROM import_items WHERE tenant_id = (SELECT app_tenant()) AND lease_token IS NOT NULL
    UNION
    SELECT b.id FROM import_batches b
    WHERE b.tenant_id = (SELECT app_tenant()) AND b.created_at > clock_timestamp() - interval '1 day'
      AND b.cancelled_at IS NULL AND b.deleted_at IS NULL
      AND NOT EXISTS (SELECT 1 FROM import_items i WHERE i.tenant_id = b.tenant_id AND i.batch_id = b.id)
) o
"""
_SPEND: Final = """
INSERT INTO import_usage AS u (tenant_id, day, row_count, file_count, byte_count)
VALUES ((SELECT app_tenant()), {today}, %(rows)s, %(files)s, %(bytes)s)
ON CONFLICT (tenant_id, day) DO UPDATE SET row_count = u.row_count + excluded.row_count,
    file_count = u.file_count + excluded.file_count, byte_count = u.byte_count + excluded.byte_count
RETURNING row_count, file_count, byte_count
""".replace("{today}", _TODAY)
_GIVE_BACK: Final = """
UPDATE import_usage SET file_count = greatest(0, file_count - %(files)s),
    byte_count = greatest(0, byte_count - %(bytes)s)
WHERE tenant_id = (SELECT app_tenant()) AND day = {today}
""".replace("{today}", _TODAY)
_KEEP: Final = """
WITH new AS (
    INSERT INTO import_blobs (tenant_id, file_key, byte_count)
    SELECT DISTINCT ON (v.file_key) (SELECT app_tenant()), v.file_key, v.byte_count
    FROM unnest(%(keys)s::text[], %(sizes)s::bigint[]) AS v (file_key, byte_count) ORDER BY v.file_key
    ON CONFLICT DO NOTHING RETURNING byte_count
)
INSERT INTO import_store AS s (tenant_id, file_count, byte_count)
SELECT (SELECT app_tenant()), count(*), coalesce(sum(byte_count), 0) FROM new HAVING count(*) > 0
ON CONFLICT (tenant_id) DO UPDATE SET file_count = s.file_count + excluded.file_count,
    byte_count = s.byte_count + excluded.byte_count
"""
_LET_GO: Final = """
WITH gone AS (
    DELETE FROM import_blobs WHERE tenant_id = (SELECT app_tenant()) AND file_key = ANY (%(keys)s::text[])
    RETURNING byte_count
)
UPDATE import_store s SET file_count = greatest(0, s.file_count - g.files),
    byte_count = greatest(0, s.byte_count - g.bytes)
FROM (SELECT count(*) AS files, coalesce(sum(byte_count), 0) AS bytes FROM gone) g
WHERE s.tenant_id = (SELECT app_tenant()) AND g.files > 0
"""
_CHANGE_LIMITS: Final = """
UPDATE tenants SET limits = jsonb_strip_nulls(limits || %(changes)s) WHERE id = (SELECT app_tenant()) RETURNING limits
"""
# Requests of a tenant that meet are judged one after the other, each by what those before it have committed.
_HOLD: Final = "SELECT pg_advisory_xact_lock(hashtextextended('quotas ' || (SELECT app_tenant())::text, 0))"
_SOON: Final = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotas:
    """What a tenant may use. Days are of UTC."""

    rows_per_day: int = 5_000_000
    files_per_day: int = 50_000
    bytes_per_day: int = 50 * 1024**3
    files_in_store: int = 2_000_000
    bytes_in_store: int = 500 * 1024**3
    open_batches: int = 2_000
    items_in_flight: int = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Spending:
    """What a request brings."""

    rows: int = 0
    files: int = 0
    bytes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What a tenant has used of what it may."""

    limits: Quotas
    rows_today: int
    files_today: int
    bytes_today: int
    day_ends_at: datetime
    files_in_store: int
    bytes_in_store: int
    open_batches: int
    items_in_flight: int


LIMIT_NAMES: Final = frozenset({*(field.name for field in fields(Quotas)), "requests_per_minute"})


def usage(session: SqlSession, defaults: Quotas) -> Usage:
    """As of now."""
    state = _state(session)
    limits = _limits(state, defaults)
    return Usage(
        limits=limits,
        open_batches=session.execute(_OPEN, {})[0]["batches"],
        items_in_flight=_in_flight(session, limits.items_in_flight + 1),
        **{name: value for name, value in state.items() if name in Usage.__slots__ and name != "limits"},
    )


def refuse_open_batches(session: SqlSession, defaults: Quotas) -> None:
    """Raises ``QuotaReached('too_many_open_batches')`` when one more would be too many. The tenant's other requests
    wait until the commit of this one.
    """
    session.execute(_HOLD, {})
    most = _limits(_state(session), defaults).open_batches
    if session.execute(_OPEN, {})[0]["batches"] >= most:
        raise QuotaReached("too_many_open_batches", f"at most {most} at a time", status=429, retry_after=_SOON)


def refuse_beyond(session: SqlSession, defaults: Quotas, wanted: Spending) -> None:
    """Raises ``QuotaReached`` for what could not be taken in, before anything is written for it."""
    state = _state(session)
    limits = _limits(state, defaults)
    spent = Spending(rows=state["rows_today"], files=state["files_today"], bytes=state["bytes_today"])
    _refuse_day(_sum(spent, wanted), wanted, limits, state["day_left"])
    _refuse_room(session, state, limits, wanted)


@contextmanager
def spending(session: SqlSession, defaults: Quotas, wanted: Spending) -> Iterator[None]:
    """Rows that come inside are charged to the tenant, in the same transaction. Raises ``QuotaReached``."""
    refuse_beyond(session, defaults, wanted)
    yield
    # Last, because it holds up every other request of the tenant until the commit; and judged anew, because of those.
    limits = _charge(session, defaults, wanted)
    _refuse_in_flight(session, limits, 0)


def prepay(session: SqlSession, defaults: Quotas, wanted: Spending) -> None:
    """Charge files to the tenant before they are written: what is refused further on has cost the disk all the same.

    Raises ``QuotaReached``.
    """
    limits = _charge(session, defaults, wanted)
    _refuse_room(session, _state(session), limits, wanted)


def give_back(session: SqlSession, paid: Spending) -> None:
    """What was prepaid was not brought, through no fault of the tenant's."""
    session.execute(_GIVE_BACK, {"files": paid.files, "bytes": paid.bytes})


@contextmanager
def within_room(session: SqlSession, defaults: Quotas) -> Iterator[None]:
    """Prepaid files that are entered inside fit, whatever else comes meanwhile. Raises ``QuotaReached``."""
    yield
    session.execute(_HOLD, {})
    state = _state(session)
    limits = _limits(state, defaults)
    _refuse_store(state, limits, Spending())
    _refuse_in_flight(session, limits, 0)


def keep_accounts(session: SqlSession, files: Sequence[StoredFile]) -> None:
    """Enter uploaded files into what the tenant has in store; the same bytes again are there already."""
    session.execute(_KEEP, {"keys": [file.key for file in files], "sizes": [file.size for file in files]})


def release_accounts(session: SqlSession, keys: Sequence[str]) -> None:
    """These files leave the store."""
    session.execute(_LET_GO, {"keys": list(keys)})


def change_limits(session: SqlSession, changes: Mapping[str, int | None], actor: str) -> Mapping[str, Any]:
    """Lay limits of its own over the defaults for a tenant; None goes back to the default. For whoever runs the system:
    no route leads here. Raises ``RefusedUpload('setting_invalid')``.
    """
    wrong = [n for n, v in changes.items() if n not in LIMIT_NAMES or not (v is None or 0 <= v < 2**53)]
    if wrong:
        raise RefusedUpload("setting_invalid", ", ".join(wrong)[:200])
    [row] = session.execute(_CHANGE_LIMITS, {"changes": Jsonb(dict(changes))})
    record(session, Entry(actor=actor, action="tenant.limits", details=changes))
    limits: Mapping[str, Any] = row["limits"]
    return limits


def _charge(session: SqlSession, defaults: Quotas, wanted: Spending) -> Quotas:
    session.execute(_HOLD, {})
    [row] = session.execute(_SPEND, asdict(wanted))
    state = _state(session)
    limits = _limits(state, defaults)
    spent = Spending(rows=row["row_count"], files=row["file_count"], bytes=row["byte_count"])
    _refuse_day(spent, wanted, limits, state["day_left"])
    return limits


def _state(session: SqlSession) -> Mapping[str, Any]:
    rows = session.execute(_STATE, {})
    if not rows:
        raise RefusedUpload("tenant_not_found", status=404)
    return rows[0]


def _limits(state: Mapping[str, Any], defaults: Quotas) -> Quotas:
    own = {name: value for name, value in state["limits"].items() if name in Quotas.__slots__}
    return replace(defaults, **own)


def _sum(one: Spending, other: Spending) -> Spending:
    return Spending(rows=one.rows + other.rows, files=one.files + other.files, bytes=one.bytes + other.bytes)


def _refuse_day(after: Spending, wanted: Spending, limits: Quotas, day_left: float) -> None:
    for name in ("rows", "files", "bytes"):
        most: int = getattr(limits, f"{name}_per_day")
        brought: int = getattr(wanted, name)
        if brought > most:  # no day will ever be long enough
            raise QuotaReached("quota_request_too_large", f"at most {most} {name} a day", status=413)
        if brought and getattr(after, name) > most:
            raise QuotaReached("quota_of_day_reached", f"at most {most} {name} a day", status=429, retry_after=day_left)


def _refuse_room(session: SqlSession, state: Mapping[str, Any], limits: Quotas, wanted: Spending) -> None:
    if wanted.files:
        _refuse_store(state, limits, wanted)
    _refuse_in_flight(session, limits, wanted.rows + wanted.files)


def _refuse_store(state: Mapping[str, Any], limits: Quotas, wanted: Spending) -> None:
    if (
        state["files_in_store"] + wanted.files > limits.files_in_store
        or state["bytes_in_store"] + wanted.bytes > limits.bytes_in_store
    ):
        detail = f"at most {limits.files_in_store} files and {limits.bytes_in_store} bytes"
        raise QuotaReached("quota_of_store_reached", detail, status=507)


def _refuse_in_flight(session: SqlSession, limits: Quotas, coming: int) -> None:
    most = limits.items_in_flight
    if _in_flight(session, most + 1) + coming > most:
        raise QuotaReached("too_many_items_in_flight", f"at most {most} at a time", status=429, retry_after=_SOON)


def _in_flight(session: SqlSession, most: int) -> int:
    items: int = session.execute(_IN_FLIGHT, {"most": most})[0]["items"]
    return items
