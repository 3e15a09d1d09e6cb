"""Keeps the lease of a slice alive while its stage runs, however long one parser call takes."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import structlog
from sqlalchemy.exc import SQLAlchemyError

from app.modules.imports.domain.errors import LeaseLost

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.modules.imports.ports import ItemStore, Slice

log = structlog.get_logger()


@contextmanager
def heartbeat(slice_: Slice, store: ItemStore, every_seconds: float) -> Iterator[None]:
    """Renew in a thread of its own until the block ends. A lost lease only ends the renewing: settling will see it."""
    done = threading.Event()
    thread = threading.Thread(target=_beat, args=(slice_, store, every_seconds, done), daemon=True, name="heartbeat")
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _beat(slice_: Slice, store: ItemStore, every_seconds: float, done: threading.Event) -> None:
    while not done.wait(every_seconds):
        try:
            store.renew(slice_)
        except LeaseLost:
            return
        except SQLAlchemyError as error:  # the database is away for a moment; the next beat may reach it
            log.warning("heartbeat_missed", error=type(error).__name__)
