"""Runs a fault so and so often, each time with a seed of its own, and judges what it left."""

from __future__ import annotations

import sys
import time
import traceback
from random import Random
from typing import TYPE_CHECKING, Final

import psycopg
from sqlalchemy.exc import SQLAlchemyError

from chaos.fault import NotPossible, Run
from chaos.judging import duplicated, lost, wrong
from chaos.trial import Trial

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chaos.fault import Fault
    from chaos.site import Site

_HEARD_AGAIN_SECONDS: Final = 15.0
_MEASURED_SECONDS: Final = 15.0
_MEASURED_SHORTLY: Final = 3.0
_AS_BEFORE: Final = 0.95
_FAILURES: Final = (AssertionError, RuntimeError, OSError, SQLAlchemyError, psycopg.Error)


def runs_of(fault: Fault, site: Site, seeds: list[int], *, short: bool, minutes: float | None = None) -> Iterator[Run]:
    """One run for each seed; ends early where the machine cannot do it. In the short form a recovery that was late, and
    nothing else, is measured once more: one number, on a machine that others use too, is no verdict.
    """

    def once(seed: int) -> Run:
        return _run(fault, Trial(site, Random(seed), short=short, minutes=minutes), seed)  # noqa: S311 [repeatable on purpose]

    for seed in seeds:
        run = once(seed)
        if short and run.is_late and not run.is_broken:
            sys.stderr.write(f"{fault.id} was late: {max(run.recoveries):.1f} s of {run.bound:.1f}; once more\n")
            run = once(seed)
        yield run
        if run.impossible:
            return


def _run(fault: Fault, trial: Trial, seed: int) -> Run:
    recoveries: list[float] = []
    try:
        before = _rate_before(trial, fault)
        recoveries += fault.inject(trial)
        trial.wait_quiet()
        after = _rate_after(trial, fault, before)
    except NotPossible as reason:
        return Run(seed=seed, impossible=str(reason))
    except _FAILURES as error:
        return _failed(trial, seed, error)
    run = Run(
        seed=seed,
        items=len(trial.accepted),
        lost=lost(trial),
        duplicated=duplicated(trial),
        recoveries=tuple(recoveries),
        bound=trial.bound or fault.bound,
        rate=after / before if before and after else None,
        wrong=wrong(trial),
    )
    if run.is_broken:
        trial.site.heal()
    return run


def _rate_before(trial: Trial, fault: Fault) -> float | None:
    if not fault.rated:
        return None
    trial.tree.disarm()
    # A short run trusts the first measurement: measuring takes longer than many a fault.
    if trial.site.rate is None or not trial.short:
        trial.site.rate = trial.best_rate()
    return trial.site.rate


def _rate_after(trial: Trial, fault: Fault, before: float | None) -> float | None:
    """Measured until it is what it was, for as long as it may take to come back to that."""
    if not fault.rated or before is None or not trial.tree.is_running():
        return None
    # A doorbell that met a dead broker rests for a moment, and rows wait for the sweeper: that is no rate of theirs.
    trial.wait(trial.site.house.doorbell.is_heard, "the broker to be heard again", _HEARD_AGAIN_SECONDS)
    until, rate = time.monotonic() + (_MEASURED_SHORTLY if trial.short else _MEASURED_SECONDS), trial.rate()
    while rate < _AS_BEFORE * before and time.monotonic() < until:
        rate = max(rate, trial.rate())
    return rate


def _failed(trial: Trial, seed: int, error: Exception) -> Run:
    place = traceback.extract_tb(error.__traceback__)[-1]
    sys.stderr.write("".join(traceback.format_exception(error)))
    items = len(trial.accepted)
    trial.site.heal()
    return Run(seed=seed, items=items, wrong=(f"{type(error).__name__} at {place.name}: {error}"[:400],))
