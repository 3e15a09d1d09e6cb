"""Rows of the matrix on several sites at once: nearly all of a fault's time is waiting, for a lease or a server."""

from __future__ import annotations

import logging
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import ExitStack
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.util import Finalize
from typing import TYPE_CHECKING, Final

import structlog

from chaos.report import Line
from chaos.running import runs_of
from chaos.site import Site, open_site

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from chaos.fault import Fault

_CLOSED_FIRST: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How rows are run."""

    seeds: list[int]
    short: bool
    minutes: float | None
    """Of the walk by chance, where somebody asked for so many."""


def run_all(faults: Sequence[Fault], form: Form, sites: int) -> Iterator[Line]:
    """Each as soon as it is done; those that have to be alone are run at the end, one by one."""
    # A process for each site: the doorbells' and pools' state is a process's own.
    with ProcessPoolExecutor(sites, mp_context=get_context("spawn"), initializer=_open) as pool:
        try:
            # What takes longest is last in the matrix: begun first, nobody waits for it at the end.
            beside = [pool.submit(_run, fault, form) for fault in reversed(faults) if not fault.alone]
            for future in as_completed(beside):
                yield future.result()
            for fault in faults:
                if fault.alone:
                    yield pool.submit(_run, fault, form).result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


_site: Site


def _open() -> None:
    """The site of this process, which is taken down when the process ends."""
    global _site  # noqa: PLW0603 [an initialiser of a process has nowhere else to leave something]
    # What the client's own doorbell and pool say of each fault is expected.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    logging.disable(logging.WARNING)
    stack = ExitStack()
    Finalize(None, stack.close, exitpriority=_CLOSED_FIRST)  # a child of a pool runs no atexit
    _site = stack.enter_context(open_site())


def _run(fault: Fault, form: Form) -> Line:
    began = time.monotonic()
    runs = tuple(runs_of(fault, _site, form.seeds, short=form.short, minutes=form.minutes))
    return Line(fault, runs, time.monotonic() - began)
