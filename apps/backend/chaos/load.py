"""Faults of too much: one tenant's flood, storms of retries, races for the same item."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from statistics import median
from threading import Event
from typing import TYPE_CHECKING, Final

from sqlalchemy.exc import OperationalError

from app.modules.imports.domain.pipeline import FIRST
from app.modules.imports.usecases.dead_letters import purge_dead_letters
from app.modules.imports.usecases.retry_batch import retry_batch
from app.modules.imports.usecases.sweep import sweep
from chaos.fault import PROMISE, Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from uuid import UUID

    from chaos.trial import Trial

_FEW: Final = 10
_TIMES_SOLO: Final = 3
_THREADS: Final = 20
_KEPT_DAYS: Final = 7
_AGE: Final = """
UPDATE import_dlq SET created_at = created_at - interval '8 days'
WHERE tenant_id = %s AND created_at > clock_timestamp() - interval '7 days'
"""
_FAILED: Final = "extract_failed"


def _documents_beside(trial: Trial) -> Sequence[float]:
    solo, beside = _alone_and_beside(trial, lambda tenant: _documents(trial, tenant))
    trial.bound = _TIMES_SOLO * solo
    return beside


def _rows_beside(trial: Trial) -> Sequence[float]:
    slice_ = _seconds(trial, lambda tenant: trial.rows(FIRST.rows_per_slice, tenant))
    solo, beside = _alone_and_beside(trial, lambda tenant: trial.rows(_FEW, tenant))
    trial.bound = _TIMES_SOLO * solo + slice_
    return beside


def _alone_and_beside(trial: Trial, few: Callable[[UUID], UUID]) -> tuple[float, list[float]]:
    """Seconds of a few items of a new tenant, alone and beside thousands of A's."""
    # As many processes as the pipeline asks for: they are what a neighbour shares.
    assert trial.site.tree(concurrency=None).is_running()
    solo = median(_seconds(trial, few) for _ in range(3))
    with _flood(trial):
        beside = _seconds(trial, few)
    return solo, [beside]


@contextmanager
def _flood(trial: Trial) -> Iterator[None]:
    """Thousands of A's rows, and more whenever they become few."""
    many = 5_000 if trial.short else 10_000
    trial.rows(many, trial.a)
    over = Event()

    def keep_on() -> None:
        while not over.wait(0.2):
            if trial.count("tenant_id = %s AND state <> 'published'", trial.a) < many / 2:
                trial.rows(many // 2, trial.a)

    with ThreadPoolExecutor(1) as threads:
        feeding = threads.submit(keep_on)
        try:
            yield
        finally:
            over.set()
            feeding.result()


def _documents(trial: Trial, tenant: UUID) -> UUID:
    return trial.upload([*trial.xml(_FEW // 2), *trial.pdf(_FEW // 2)], tenant)


def _seconds(trial: Trial, few: Callable[[UUID], UUID]) -> float:
    tenant = trial.new_tenant("small")
    began = time.monotonic()
    trial.wait_published(few(tenant))
    return time.monotonic() - began


def _retry_storm(trial: Trial) -> Sequence[float]:
    assert trial.tree.is_running()
    many = 600 if trial.short else 5_000
    batch = _failing(trial, many)
    trial.wait(lambda: trial.count("state = %s", _FAILED) == many, "all to fail", 90)
    trial.site.end_tree()  # else what was retried fails again meanwhile, and is rightly retried twice
    with ThreadPoolExecutor(_THREADS) as threads:
        retried = sum(threads.map(lambda _: _retry(trial, trial.a, batch), range(_THREADS)))
    assert retried == many, f"{retried} retries of {many} items"
    assert trial.tree.is_running()
    return []


def _failing(trial: Trial, many: int) -> UUID:
    rows = [{**row, "net": "a hundred"} for row in trial.numbered_rows(many)]
    return trial.given_rows(rows, trial.a, ring=True, ends=_FAILED)


def _retry(trial: Trial, tenant: UUID, batch: UUID) -> int:
    with trial.site.house.database.tenant_session(tenant) as session:
        return retry_batch(session, batch, "chaos").retried


def _races(trial: Trial) -> Sequence[float]:
    """Retries, the sweeper, the purge and the workers at once, on items of which half fail each time."""
    assert trial.tree.is_running()
    batch = _failing(trial, 100)
    trial.mixed(100)
    house = trial.site.house
    moves: list[Callable[[], object]] = [
        lambda: _retry(trial, trial.a, batch),
        lambda: sweep(house.store, house.doorbell),
        lambda: trial.site.ask(_AGE, trial.a),
        lambda: purge_dead_letters(house.database, _KEPT_DAYS),
    ]
    until = time.monotonic() + (5 if trial.short else 20)
    with ThreadPoolExecutor(len(moves)) as threads:
        list(threads.map(lambda seed: _move_until(until, moves, seed), range(len(moves))))
    recovery = trial.probe()
    trial.wait_quiet()
    purge_dead_letters(house.database, _KEPT_DAYS)
    return [recovery]


def _move_until(until: float, moves: Sequence[Callable[[], object]], first: int) -> None:
    number = first
    while time.monotonic() < until:
        with suppress(OperationalError):  # two in one another's way: the server lets one go, and it is asked again
            moves[number % len(moves)]()
        number += 1
        time.sleep(0.02)


FAULTS: Final = (
    Fault(
        id="F43",
        title="noisy neighbour: ten documents beside thousands of rows, 3 x alone",
        inject=_documents_beside,
        alone=True,
    ),
    Fault(id="F43b", title="noisy neighbour: ten rows, 3 x alone and one slice", inject=_rows_beside, alone=True),
    Fault(id="F44", title="twenty retries at once of all that failed", inject=_retry_storm),
    Fault(id="F45", title="retry, sweep, purge and workers race", inject=_races, bound=PROMISE),
)
