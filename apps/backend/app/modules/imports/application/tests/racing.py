"""Several workers whose slices reach the same point at the same moment."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from app.modules.imports.application.tests.driving import add_rows, rows_of
from app.modules.imports.domain.pipeline import FIRST, StageName
from app.modules.imports.usecases.advance_slice import Runtime, advance_slice

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from app.modules.imports.domain.outcome import Outcome
    from app.modules.imports.ports import Item, SqlSession
    from app.modules.imports.stages.tools import Tools
    from app.modules.imports.usecases.house import House


class _Meeting:
    """Holds each worker, the first time it comes by, until all are there."""

    def __init__(self, workers: int) -> None:
        self._barrier = threading.Barrier(workers, timeout=20)
        self._met: set[int] = set()

    def wait(self) -> None:
        me = threading.get_ident()
        if me not in self._met:
            self._met.add(me)
            self._barrier.wait()


def race_to_publication(house: House, tenant: UUID, batches: Sequence[Sequence[Mapping[str, Any]]]) -> None:
    """A worker for each batch: all have validated before one publishes, and all publish at once. Returns at the end."""
    runtime = _meeting_runtime(house.runtime, workers=len(batches))
    workers = []
    for rows in batches:
        add_rows(house, tenant, rows)
        worker = threading.Thread(target=advance_slice, args=(FIRST, tenant, runtime))
        worker.start()
        _wait_until_claimed(house, tenant)
        workers.append(worker)
    for worker in workers:
        worker.join(30)
        assert not worker.is_alive()


def _meeting_runtime(runtime: Runtime, *, workers: int) -> Runtime:
    validated, publishing = _Meeting(workers), _Meeting(workers)

    def validate(items: Sequence[Item], tools: Tools) -> Sequence[Outcome]:
        outcomes = runtime.stages[StageName.VALIDATE](items, tools)
        validated.wait()
        return outcomes

    def publish(items: Sequence[Item], session: SqlSession) -> Sequence[Outcome]:
        publishing.wait()
        return runtime.publish(items, session)

    return replace(runtime, stages={**runtime.stages, StageName.VALIDATE: validate}, publish=publish)


def _wait_until_claimed(house: House, tenant: UUID) -> None:
    until = time.monotonic() + 10
    while rows_of(house.database, tenant, "SELECT 1 FROM import_items WHERE due_stage IS NOT NULL LIMIT 1"):
        assert time.monotonic() < until, "nobody claimed the rows"
        time.sleep(0.01)
