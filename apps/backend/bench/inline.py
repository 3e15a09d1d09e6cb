"""Measures what one process does on its own, in inline mode: threads that answer rings, and parser children."""

from __future__ import annotations

import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor
from typing import TYPE_CHECKING

from app.modules.imports.usecases.ingest import ring_for_new
from bench.figures import Figure
from bench.loads import import_load, opened
from bench.processes import peaks_by_kind

if TYPE_CHECKING:
    from bench.ground import Plot
    from bench.loads import Load


def measure_inline(plot: Plot, load: Load) -> Figure:
    """In a new process, so that its memory is its own, and nothing is warm from the measurement before."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(_measure, plot, load).result()


def _measure(plot: Plot, load: Load) -> Figure:
    with opened(plot, with_runner=True) as house:
        # The whole benchmark is counted: this process and the server are both children of the one that started it.
        spent = import_load(house, plot, load, os.getppid(), ring_for_new)
        peaks = peaks_by_kind(os.getpid())
    return Figure(name=f"inline, {load.name}", unit=load.unit, items=load.count, spent=spent, peaks=peaks)
