"""Faults of a PostgreSQL that is there and refuses: locks, serialisation failures, no connections, no room."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

import psycopg
from sqlalchemy.exc import OperationalError

from chaos.fault import MARGIN, SWEEP, Fault

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from httpx import Client

    from chaos.trial import Trial

_REFUSED_SHARE: Final = 0.05
_REFUSING: Final = """
CREATE FUNCTION chaos_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF random() < {share} THEN RAISE EXCEPTION 'refused on purpose' USING ERRCODE = '{code}'; END IF;
    RETURN NULL;
END $$;
"""
_TABLES: Final = ("import_items", "import_leases", "import_attempts")
_COUNTED: Final = "/api/v1/imports/batches?with_status=true"
_LOCKED_SECONDS: Final = 5.0
_ANSWER_SECONDS: Final = 2.0
_CLIENTS: Final = 50
_BUSY: Final = 503


@contextmanager
def _refusing(trial: Trial, code: str, share: float) -> Iterator[None]:
    """So large a share of the statements that write ends with this SQLSTATE."""
    trial.site.ask(_REFUSING.replace("{code}", code).replace("{share}", str(share)))
    trial.site.ask("GRANT EXECUTE ON FUNCTION chaos_refuse() TO imports_app")
    for table in _TABLES:
        trial.site.ask(
            f"CREATE TRIGGER chaos_refuse BEFORE INSERT OR UPDATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION chaos_refuse()"
        )
    try:
        yield
    finally:
        trial.site.ask("DROP FUNCTION chaos_refuse() CASCADE")


def _lock_table(trial: Trial) -> Sequence[float]:
    assert trial.tree.is_running()
    with trial.api() as client:
        trial.mixed(30)
        with trial.site.admin() as holder, holder.transaction():
            holder.execute("LOCK TABLE import_items IN ACCESS EXCLUSIVE MODE")
            with ThreadPoolExecutor(4) as threads:
                asked = threads.map(lambda _: client.get(_COUNTED).status_code, range(4))
                time.sleep(5 if trial.short else 20)
                holder.execute("SELECT 1")
            ended = time.time()
        codes = set(asked)
    assert codes <= {200, _BUSY}, f"answers {codes}"
    return [trial.probe(ended)]


def _serialisation(trial: Trial) -> Sequence[float]:
    assert trial.tree.is_running()
    for code in ("40001", "40P01"):
        with _refusing(trial, code, _REFUSED_SHARE):
            _feed_through(trial, 4 if trial.short else 15)
    return [trial.probe()]


def _feed_through(trial: Trial, times: int) -> None:
    """Requests that are refused are sent again, as a client would."""
    for _ in range(times):
        try:
            trial.mixed(20)
        except OperationalError:
            time.sleep(0.1)
        time.sleep(0.5)


def _no_room(trial: Trial) -> Sequence[float]:
    """Every write fails for want of room; what is asked for by HTTP is refused in an orderly way."""
    assert trial.tree.is_running()
    trial.mixed(50)
    with trial.api() as client:
        batch = trial.new_batch(client)
        with _refusing(trial, "53100", 1.0):
            answer = client.post(f"/api/v1/imports/batches/{batch}/ingest", json={"rows": trial.numbered_rows(3)})
            time.sleep(5 if trial.short else 20)
    assert answer.status_code == _BUSY, f"answered {answer.status_code}"
    assert not trial.count("batch_id = %s", batch), "rows of a refused request"
    return [trial.probe()]


def _no_connections(trial: Trial) -> Sequence[float]:
    """Fifty clients and a pool of two; then hardly a connection for anybody."""
    assert trial.tree.is_running()
    with trial.api({"IMPORTS_DB_POOL_SIZE": "2"}) as client:
        with ThreadPoolExecutor(_CLIENTS) as threads:
            codes = set(threads.map(lambda _: _status(client), range(4 * _CLIENTS)))
        assert codes <= {200, _BUSY}, f"answers {codes}"
        trial.site.ask("ALTER ROLE imports_app CONNECTION LIMIT 1")
        trial.site.ask("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'imports_app'")
        try:
            began = time.monotonic()
            refused = [_status(client) for _ in range(5)]
            slowest = (time.monotonic() - began) / len(refused)
            time.sleep(3)
        finally:
            trial.site.ask("ALTER ROLE imports_app CONNECTION LIMIT -1")
    assert set(refused) <= {200, _BUSY}, f"answers {refused}"
    assert slowest < _ANSWER_SECONDS, f"refused after {slowest:.1f} s"
    return [trial.probe()]


def _status(client: Client) -> int:
    return client.get("/api/v1/imports/batches").status_code


def _hold_row(trial: Trial) -> Sequence[float]:
    """Somebody has locked a row and does nothing; the others go on, and the row when the server has ended that."""
    assert trial.tree.is_running()
    trial.rows(100, ring=False)
    held = "SELECT id FROM import_items WHERE tenant_id = %s AND due_stage IS NOT NULL LIMIT 1 FOR UPDATE SKIP LOCKED"
    with suppress(psycopg.Error), trial.site.admin() as holder:  # the server ends it, as it should
        holder.execute("SET idle_in_transaction_session_timeout = '4s'")
        holder.execute("BEGIN")
        locked = holder.execute(held, [trial.a]).fetchall()
        began = time.time()
        trial.mixed(50)
        trial.wait(lambda: trial.busy() <= len(locked), "the others to go on", 20)
        assert not locked or trial.busy(), "a locked row was worked"
        time.sleep(max(0.0, began + 4.0 - time.time()))
        ended = time.time()
        trial.wait_quiet()
    return [time.time() - ended]


def _old_snapshot(trial: Trial) -> Sequence[float]:
    """A session that keeps an old snapshot open while much is written."""
    assert trial.tree.is_running()
    before = trial.best_rate()
    with trial.site.admin() as reader:
        reader.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
        reader.execute("SELECT count(*) FROM import_items")
        trial.rows(3_000 if trial.short else 20_000)
        trial.wait_quiet(300)
        during = trial.best_rate()
        reader.execute("ROLLBACK")
    assert during > before / 2, f"{during:.0f} rows a second instead of {before:.0f}"
    return []


def _migrate(trial: Trial) -> Sequence[float]:
    """A column and an index more, and gone again, without stopping anybody."""
    assert trial.tree.is_running()
    changes = (
        "ALTER TABLE import_items ADD COLUMN chaos_note text",
        "CREATE INDEX CONCURRENTLY chaos_index ON import_items (tenant_id, code)",
        "DROP INDEX CONCURRENTLY chaos_index",
        "ALTER TABLE import_items DROP COLUMN chaos_note",
    )
    recoveries = []
    for change in changes:
        trial.mixed(50)
        _patiently(trial, change)
        recoveries.append(trial.probe())
    return recoveries


def _patiently(trial: Trial, change: str) -> None:
    """With a short wait for the lock, again and again: nobody may queue behind a migration that waits."""
    deadline = time.monotonic() + 60
    while True:
        try:
            with trial.site.admin() as connection:
                connection.execute("SET lock_timeout = '500ms'")
                connection.execute(change.encode())
        except psycopg.errors.LockNotAvailable:
            assert time.monotonic() < deadline, f"no lock for {change}"
            time.sleep(0.2)
        else:
            return


FAULTS: Final = (
    Fault(id="F28", title="a table locked for long; from the lock's end", inject=_lock_table, bound=_LOCKED_SECONDS),
    Fault(id="F29", title="5 % of writes end in 40001 and 40P01", inject=_serialisation, bound=2 * SWEEP + MARGIN),
    Fault(id="F30", title="no connections: small pool, low limit", inject=_no_connections, bound=_LOCKED_SECONDS),
    Fault(id="F31", title="no room in the database (53100)", inject=_no_room, bound=30.0),
    Fault(id="F32", title="a row locked by somebody idle; from the end of that", inject=_hold_row),
    Fault(
        id="F33",
        title="an old snapshot kept open while thousands are written",
        inject=_old_snapshot,
        bound=None,
        alone=True,
    ),
    Fault(id="F35", title="migrations under load", inject=_migrate, bound=5.0),
)
