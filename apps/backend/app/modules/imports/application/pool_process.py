"""What one process of a Celery pool works with, and how it ends without leaving a lease behind."""

from __future__ import annotations

import os
import signal
import threading
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING

import structlog

from app.modules.imports.application.bootstrap import open_house
from app.modules.imports.application.slices_in_hand import SlicesInHand
from app.modules.imports.domain.errors import Transient
from app.settings import settings

if TYPE_CHECKING:
    from uuid import UUID

    from app.modules.imports.domain.pipeline import StageSpec
    from app.modules.imports.usecases.house import House

log = structlog.get_logger()

_FINISH_SECONDS = 3.0
_LEAVE_SECONDS = 1.0


class PoolProcess:
    """Opens its house when it is first needed, and again when that failed: a pool may start before its database."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._stopping = threading.Event()
        self._house: House | None = None
        self._hands: SlicesInHand | None = None

    @property
    def house(self) -> House:
        if self._house is None:
            self._house = self._stack.enter_context(open_house(settings(), with_runner=False))
        return self._house

    def open(self) -> None:
        """Ready before the first ring."""
        self._advancer()

    def advance(self, stage: StageSpec, tenant_id: UUID) -> None:
        """One slice. SIGTERM meanwhile lets the stage at work finish for a moment, and releases what is not done."""
        hands = self._advancer()
        # Around the work alone: the pool sets its own handler once it is up, which is right for an idle process.
        before = signal.signal(signal.SIGTERM, lambda _number, _frame: self._begin_to_end())
        soft_limit = signal.signal(signal.SIGUSR1, _end_stage)
        try:
            hands.advance(stage, tenant_id)
        finally:
            signal.signal(signal.SIGUSR1, soft_limit)
            signal.signal(signal.SIGTERM, before)

    def close(self) -> None:
        self._stack.close()

    def _advancer(self) -> SlicesInHand:
        if self._hands is None:
            self._hands = SlicesInHand(replace(self.house.runtime, stopping=self._stopping.is_set))
        return self._hands

    def _begin_to_end(self) -> None:
        if not self._stopping.is_set():
            self._stopping.set()
            # In a thread: the main one may sit in a parser for minutes.
            threading.Thread(target=self._end, name="ending").start()

    def _end(self) -> None:
        hands = self._advancer()
        if not hands.wait_until_empty(_FINISH_SECONDS):
            log.warning("slices_given_back", slices=hands.give_back())
        else:
            # The pool itself ends a process that is idle, and hears its last result.
            threading.Event().wait(_LEAVE_SECONDS)
        os._exit(0)


def _end_stage(_number: int, _frame: object) -> None:
    # Celery's soft limit, by its signal: its own exception would be taken for a bug of the stage.
    raise Transient("time_limit", "the stage took too long")


_process: PoolProcess | None = None


def pool_process() -> PoolProcess:
    """The one of this process. Made in it, because connections and threads do not survive a fork."""
    global _process  # noqa: PLW0603  (one per process)
    if _process is None:
        _process = PoolProcess()
    return _process
