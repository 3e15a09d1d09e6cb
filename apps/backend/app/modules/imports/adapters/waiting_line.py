"""A line before what serves one at a time: it does not grow without end, and no tenant fills it."""

from __future__ import annotations

import threading
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.modules.imports.domain.errors import Transient

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How many wait, the one being served among them, and how long each of them does."""

    code: str
    """Of the ``Transient`` for whoever does not come in, or waits in vain."""
    in_all: int
    of_a_tenant: int
    seconds: float


class WaitingLine:
    """Thread-safe. Whoever waits in it holds a thread."""

    def __init__(self, patience: Patience) -> None:
        self._patience = patience
        self._inside: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._served = threading.Lock()

    @contextmanager
    def turn(self, tenant: str) -> Iterator[None]:
        """Alone with what serves. Raises ``Transient`` with the code of the line."""
        self._enter(tenant)
        try:
            if not self._served.acquire(timeout=self._patience.seconds):
                raise Transient(self._patience.code, "waited in vain")
            try:
                yield
            finally:
                self._served.release()
        finally:
            self._leave(tenant)

    def _enter(self, tenant: str) -> None:
        with self._lock:
            full = self._inside.total() >= self._patience.in_all
            if full or self._inside[tenant] >= self._patience.of_a_tenant:
                raise Transient(self._patience.code, "too many wait")
            self._inside[tenant] += 1

    def _leave(self, tenant: str) -> None:
        with self._lock:
            self._inside[tenant] -= 1
            self._inside += Counter()  # who is not inside is not remembered
