"""The slices that threads of this process work on, so that a process that has to end can give them back."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import structlog
from sqlalchemy.exc import SQLAlchemyError

from app.modules.imports.application.turns import Turns
from app.modules.imports.usecases.advance_slice import advance_slice

if TYPE_CHECKING:
    from uuid import UUID

    from app.modules.imports.domain.pipeline import StageSpec
    from app.modules.imports.ports import Slice
    from app.modules.imports.stages.tools import PartSink, Tools
    from app.modules.imports.usecases.advance_slice import Runtime

log = structlog.get_logger()


class SlicesInHand:
    """Advances slices and remembers which are at work. Thread-safe."""

    def __init__(self, runtime: Runtime) -> None:
        self._given = runtime.equip
        self._runtime = replace(runtime, equip=self._equip)
        self._turns = Turns(runtime.store)
        self._held: dict[int, Slice] = {}
        self._put_down = threading.Condition()
        self._at_work = 0

    def advance(self, stage: StageSpec, tenant_id: UUID) -> int:
        """``advance_slice`` for the tenant whose turn it is, remembered while it runs; ``tenant_id`` is who rang."""
        with self._put_down:
            self._at_work += 1
        try:
            return advance_slice(stage, self._turns.next(stage.name, tenant_id), self._runtime)
        finally:
            with self._put_down:
                self._at_work -= 1
                self._held.pop(threading.get_ident(), None)
                self._put_down.notify_all()

    def wait_until_empty(self, seconds: float) -> bool:
        """Whether all that was at work came to its end in time."""
        with self._put_down:
            return self._put_down.wait_for(lambda: not self._at_work, seconds)

    def give_back(self) -> int:
        """Release what is still at work: it is due again at once, and no attempt is charged. What its stage answers
        later is dropped, because its lease is gone. Returns how many slices there were.
        """
        with self._put_down:
            slices = list(self._held.values())
        for slice_ in slices:
            try:
                self._runtime.store.release(slice_)
            except SQLAlchemyError as error:
                # It was settled this very moment, or the database is away: then its lease runs out.
                log.warning("release_refused", stage=slice_.stage.name.value, error=type(error).__name__)
        return len(slices)

    def _equip(self, slice_: Slice, parts: PartSink) -> Tools:
        # Asked for once per stage, by the thread that works on it. Publishing needs none: it is one short transaction.
        with self._put_down:
            self._held[threading.get_ident()] = slice_
        return self._given(slice_, parts)
