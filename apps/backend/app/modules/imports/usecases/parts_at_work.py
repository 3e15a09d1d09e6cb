"""Parts of a container on their way into the store; full slices of rows go express at once, and are written once.

While one slice is written the next is read: a thread of its own stores them one after the other, so that a container's
cursor never passes a part that is not stored.
"""

from __future__ import annotations

import time
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle
from typing import TYPE_CHECKING

import structlog
from sqlalchemy.exc import SQLAlchemyError

from app.modules.imports.domain.errors import LeaseLost
from app.modules.imports.domain.following_id import following_id
from app.modules.imports.domain.pipeline import FIRST
from app.modules.imports.ports import Item, Ring
from app.modules.imports.usecases.express import are_fresh_rows, keys_of, observe_ride, ride

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet
    from uuid import UUID

    from app.modules.imports.ports import Express, Part, Slice
    from app.modules.imports.stages.tools import Tools
    from app.modules.imports.usecases.advance_slice import Runtime

log = structlog.get_logger()


@dataclass(slots=True)
class PartsAtWork:
    """``stages.tools.PartSink`` for the slice at work."""

    slice_: Slice
    runtime: Runtime
    _adopted: dict[UUID, Mapping[str, object]] = field(default_factory=dict)
    _tools: Tools | None = None
    _on_their_way: AbstractSet[str] = frozenset()
    """Business keys of the slice that is being stored while the next is read."""

    def cursor(self, item: Item) -> int:
        return self.runtime.store.parts_cursor(self.slice_, item)

    def adopt(self, item: Item, mapping: Mapping[str, object]) -> None:
        self.runtime.store.adopt_mapping(self.slice_, item, mapping)
        self._adopted[item.id] = mapping

    @contextmanager
    def adding(self, item: Item) -> Iterator[Callable[[Sequence[Part]], None]]:
        with ThreadPoolExecutor(1, thread_name_prefix="parts") as writer:
            before: list[Future[None]] = []
            turns = cycle((True, not self.runtime.others_help))

            def add(parts: Sequence[Part]) -> None:
                for at in range(0, len(parts), FIRST.rows_per_slice):
                    some = parts[at : at + FIRST.rows_per_slice]
                    express = self._ridden(item, some) if next(turns) else None
                    if before:  # never more than one slice ahead
                        before.pop().result()
                    before.append(writer.submit(self._store, item, some, express))

            yield add
            if before:
                before.pop().result()

    def _ridden(self, container: Item, parts: Sequence[Part]) -> Express | None:
        """What came through all stages but the last; None when the parts are to walk."""
        items = [self._item(container, part) for part in parts]
        if not are_fresh_rows(items):
            return None
        if self._tools is None:
            self._tools = self.runtime.tools(self.slice_)
        try:
            express = ride(items, self.runtime.stages, self._tools, self._on_their_way)
        except (LeaseLost, SQLAlchemyError):
            raise
        except Exception:
            log.exception("express_failed")  # the walk finds out whose fault it is
            return None
        self._on_their_way = keys_of(express)
        return express if express.items else None

    def _item(self, container: Item, part: Part) -> Item:
        """The part as it would be claimed."""
        return Item(
            id=following_id(container.id, part.position),
            batch_id=container.batch_id,
            kind=part.kind,
            attempt=1,
            raw=part.raw,
            file_key=part.file_key or container.file_key,
            file_name=part.file_name or container.file_name,
            parent_id=container.id,
            part=part.part,
            mapping=self._adopted.get(container.id, container.mapping),
        )

    def _store(self, item: Item, parts: Sequence[Part], express: Express | None) -> None:
        began = time.monotonic()
        outcomes = None
        if express is None:
            self.runtime.store.add_parts(self.slice_, item, parts)
        else:
            outcomes = self.runtime.store.publish_parts(self.slice_, item, parts, express, self.runtime.publish)
        if express is not None and outcomes is not None:
            observe_ride(self.slice_, express, outcomes, self.runtime.observe, time.monotonic() - began)
        if express is None or outcomes is None or len(express.items) < len(parts):
            # The first parts of a long file need not wait for the last.
            self.runtime.doorbell.ring(Ring(FIRST.name, self.slice_.tenant_id))
