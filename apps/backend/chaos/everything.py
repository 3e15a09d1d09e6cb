"""Faults of the API and of inline mode, a batch cancelled at work, all at once, and a long walk by chance over all."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Final

from sqlalchemy.exc import SQLAlchemyError

from app.modules.imports.domain.pipeline import FIRST
from app.modules.imports.usecases.cancel_batch import cancel_batch
from chaos.commands import RingTampering
from chaos.fault import MARGIN, PROMISE, SWEEP, Fault
from chaos.servers import FAST, IMMEDIATE
from chaos.storage import kill_during
from chaos.trial import ANYHOW

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from uuid import UUID

    from chaos.trial import Trial

    Harm = Callable[[Trial], None]

_WORST: Final = 60.0
_START: Final = 15.0
_MINUTES: Final = 10.0
_SHORT_MINUTES: Final = 0.4
_HALF: Final = 0.5
_NUMBERS_OF_A_ROUND: Final = 1_000


def _kill_api(trial: Trial) -> Sequence[float]:
    """During ingests, at any moment; the same request once more is answered, and has one effect."""
    assert trial.tree.is_running()
    requests = []
    for _ in range(3 if trial.short else 10):
        with trial.site.api() as api, trial.client(api) as client:
            batch, rows = trial.new_batch(client), trial.numbered_rows(200)
            kill_during(trial, api, partial(trial.post_into, client, batch, rows))
        found = trial.count("batch_id = %s", batch)
        assert found in {0, 200}, f"{found} of 200 rows"
        requests.append((batch, rows))
    with trial.api() as client:
        for batch, rows in requests:
            answer = trial.post_into(client, batch, rows)
            answer.raise_for_status()
            assert answer.json()["items_ingested"] == trial.count("batch_id = %s", batch), "more or fewer than said"
            trial.note_batch(batch)
    return [trial.probe()]


def _cancel(trial: Trial) -> Sequence[float]:
    """A batch at work is called off: nothing of it is published after that commit."""
    tree = trial.tree
    tree.arm("worked:extract")
    batch = trial.rows(100, ends=ANYHOW)
    tree.wait_at("worked:extract")
    with trial.site.house.database.tenant_session(trial.a) as session:
        cancel_batch(session, batch, "chaos")
    published = trial.count("batch_id = %s AND state = 'published'", batch)
    tree.release("worked:extract")
    trial.mixed(50)
    for _ in range(5):
        again = trial.rows(60, trial.b, ends=ANYHOW)
        time.sleep(trial.chance.uniform(0.0, 0.3))
        with trial.site.house.database.tenant_session(trial.b) as session:
            cancel_batch(session, again, "chaos")
    recovery = trial.probe()
    trial.wait_quiet()
    assert trial.count("batch_id = %s AND state = 'published'", batch) == published, "published after the cancel"
    return [recovery]


def _inline(trial: Trial) -> Sequence[float]:
    """The API works the items itself and is killed meanwhile, again and again; the records are those of the workers."""
    rounds = range(1 if trial.short else 3)
    for number in rounds:
        _feed(trial, trial.a, number)
    assert trial.tree.is_running()
    trial.wait_quiet()
    by_workers = _records(trial, trial.a)
    trial.site.end_tree()
    recoveries = [_kill_inline(trial, number) for number in rounds]
    assert _records(trial, trial.b) == by_workers, "inline mode has other records"
    return recoveries


def _feed(trial: Trial, tenant: UUID, number: int) -> None:
    """Documents that are others in each round, and the same for every tenant."""
    trial.restart_numbers(number * _NUMBERS_OF_A_ROUND)
    trial.rows(50, tenant, ring=False)
    trial.upload([*trial.xml(2), *trial.csv(10)], tenant)


def _kill_inline(trial: Trial, number: int) -> float:
    """Seconds from the last start to its first record."""
    _feed(trial, trial.b, number)
    environment = {"IMPORTS_RUNNER_MODE": "inline"}
    for _ in range(FIRST.max_attempts - 1):  # a document that each of its attempts is killed with is given up
        with trial.site.api(environment) as api:
            time.sleep(trial.chance.uniform(0.0, 0.6))
            api.kill()
    with trial.api(environment):
        recovery = trial.probe(time.time())
        trial.wait_quiet()
    return recovery


def _records(trial: Trial, tenant: UUID) -> Counter[tuple[object, ...]]:
    """What was published, without ids and times."""
    statement = (
        "SELECT doc_type, country, supplier_tax_id, invoice_number, issue_date, currency, net, tax, gross, natural_key,"
        " evidence::text FROM invoices WHERE tenant_id = %s"
    )
    return Counter(tuple(row.values()) for row in trial.site.ask(statement, tenant))


def _all_at_once(trial: Trial) -> Sequence[float]:
    """Workers, database, broker and API, in the same second."""
    trial.tree.await_workers(trial.site.celery)
    with trial.api() as client:
        for _ in range(3):
            trial.post_rows(client, 50)
        trial.mixed(200)
        time.sleep(trial.chance.uniform(0.2, 0.8))
        trial.site.forget_tree()
        with trial.site.broker.client() as broker:
            broker.flushall()
        trial.site.cluster.restart(IMMEDIATE)
    began = time.time()
    assert trial.tree.is_running()
    return [trial.probe(began)]


def _nemesis(trial: Trial) -> Sequence[float]:
    """One fault after the other by chance, while documents of both tenants come in."""
    minutes = trial.minutes or (_SHORT_MINUTES if trial.short else _MINUTES)
    until = time.monotonic() + 60 * minutes
    recoveries = []
    while time.monotonic() < until:
        harm = trial.chance.choice(_HARMS)
        with suppress(SQLAlchemyError):  # what is refused is not accepted, and not asked for later
            trial.mixed(trial.chance.randint(5, 60))
        time.sleep(trial.chance.uniform(0.0, 0.5))
        harm(trial)
        recoveries.append(trial.probe())
    trial.wait_quiet()
    return recoveries


def _kill_one(trial: Trial) -> None:
    pids = trial.tree.pool_processes()
    with suppress(ProcessLookupError):
        os.kill(trial.chance.choice(pids), signal.SIGKILL)


def _stop_one(trial: Trial) -> None:
    pid = trial.chance.choice(trial.tree.pool_processes())
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGSTOP)
        time.sleep(trial.chance.uniform(0.5, 3.0))
        os.kill(pid, signal.SIGCONT)


def _kill_reader(trial: Trial) -> None:
    for pid in trial.tree.sandboxes():
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _flush(trial: Trial) -> None:
    with trial.site.broker.client() as client:
        client.flushall()


def _restart_broker(trial: Trial) -> None:
    trial.site.broker.kill()
    time.sleep(trial.chance.uniform(0.0, 2.0))
    trial.site.broker.start()


def _tamper(trial: Trial) -> None:
    wire = trial.site.broker_wire
    wire.change = lambda: RingTampering(lambda _, message: [message] * trial.chance.randint(0, 3))
    _reconnect(trial)
    time.sleep(2.0)
    wire.change = None
    _reconnect(trial)


def _reconnect(trial: Trial) -> None:
    trial.site.broker_wire.shut()
    trial.site.broker_wire.open()


def _silence(trial: Trial) -> None:
    trial.site.broker.signal(signal.SIGSTOP)
    time.sleep(trial.chance.uniform(0.5, 3.0))
    trial.site.broker.signal(signal.SIGCONT)


def _end_connections(trial: Trial) -> None:
    trial.site.ask("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'imports_app'")


def _restart_database(trial: Trial) -> None:
    trial.site.cluster.restart(FAST if trial.chance.random() < _HALF else IMMEDIATE)


_HARMS: Final[tuple[Harm, ...]] = (
    _kill_one,
    _stop_one,
    _kill_reader,
    _flush,
    _restart_broker,
    _tamper,
    _reconnect,
    _silence,
    _end_connections,
    _restart_database,
)

FAULTS: Final = (
    Fault(id="F9", title="API killed during ingest; the same request again", inject=_kill_api),
    Fault(id="F46", title="batches cancelled at work", inject=_cancel, bound=PROMISE),
    Fault(
        id="F47",
        title="inline mode: killed again and again; same records",
        inject=_inline,
        bound=SWEEP + MARGIN,
        rated=False,
    ),
    Fault(id="F48", title="workers, database, broker and API at once", inject=_all_at_once, bound=_WORST),
    Fault(id="F49", title="one fault after the other by chance", inject=_nemesis, bound=_START),
)
