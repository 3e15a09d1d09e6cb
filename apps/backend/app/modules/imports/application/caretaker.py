"""The thread that takes care of the house in inline mode: what Celery's clock does where there is one."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import structlog
from sqlalchemy.exc import SQLAlchemyError

from app.modules.imports.domain.errors import ImportsError
from app.modules.imports.usecases.caretaking import collect_everywhere, take_care

if TYPE_CHECKING:
    from app.modules.imports.usecases.house import House

log = structlog.get_logger()

_FIRST_SECONDS = 60.0
"""A process that lives for a moment only (a command) leaves it to those that stay."""
_DAY_SECONDS = 86_400.0
_END_SECONDS = 2.0


class Caretaker:
    """``start`` and ``stop``; between them it looks after the house each ``every_seconds``."""

    def __init__(self, house: House, *, every_seconds: float, first_seconds: float = _FIRST_SECONDS) -> None:
        self._house = house
        self._every_seconds = every_seconds
        self._first_seconds = first_seconds
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True, name="caretaker")

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join(_END_SECONDS)

    def _run(self) -> None:
        pause, collected_at = self._first_seconds, float("-inf")
        while not self._stopping.wait(pause):
            pause = self._every_seconds
            try:
                take_care(self._house)
                if time.monotonic() - collected_at >= _DAY_SECONDS:
                    collect_everywhere(self._house)
                    collected_at = time.monotonic()
            except (SQLAlchemyError, ImportsError, OSError) as error:  # away for a moment: the next round does it
                log.warning("care_interrupted", error=type(error).__name__)
