"""The order of a batch: the parts of a container follow it however deep, and a cursor keeps its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.modules.imports.adapters.postgres.parts import add_parts
from app.modules.imports.domain.pipeline import ItemKind
from app.modules.imports.ports import Item, Part
from app.modules.imports.usecases.ingest import RowsRequest, ingest_rows
from app.modules.imports.usecases.items import ItemSummary, Wanted, list_items
from app.modules.imports.usecases.tests.factories import make_batch

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from app.database import Database, Session


def listed(session: Session, batch: UUID, limit: int = 200) -> list[ItemSummary]:
    found: list[ItemSummary] = []
    cursor: str | None = None
    while True:
        page = list_items(session, batch, Wanted(), limit=limit, cursor=cursor)
        found += page.entries
        cursor = page.next_cursor
        if cursor is None:
            return found


def top_items(session: Session, batch: UUID, number: int) -> list[UUID]:
    ingest_rows(session, batch, RowsRequest(rows=tuple({"n": n} for n in range(number))))
    return [item.id for item in listed(session, batch) if item.parent_id is None]


def parts_of(session: Session, batch: UUID, container: UUID, positions: Sequence[int]) -> None:
    item = Item(id=container, batch_id=batch, kind=ItemKind.CONTAINER, attempt=1)
    add_parts(session, item, [Part(kind=ItemKind.ROW, position=n, part=n + 1, raw={"n": n}) for n in positions])


@pytest.mark.parametrize("limit", [1, 2, 5, 200])
def test_parts_follow_their_container_however_deep(database: Database, tenant: UUID, limit: int) -> None:
    with database.tenant_session(tenant) as session:
        batch = make_batch(session)
        first, second, third = top_items(session, batch, 3)
        parts_of(session, batch, second, [1, 0, 2])
        inner = next(item.id for item in listed(session, batch) if item.parent_id == second and item.position == 1)
        parts_of(session, batch, inner, range(300, 302))
        parts_of(session, batch, third, [0])
        places = [(item.parent_id, item.position) for item in listed(session, batch, limit)]
    assert places == [
        (None, 0), (None, 1), (second, 0), (second, 1), (inner, 300), (inner, 301), (second, 2), (None, 2), (third, 0),
    ]  # fmt: skip
    assert first != third


def test_a_cursor_keeps_its_place_while_parts_arrive(database: Database, tenant: UUID) -> None:
    with database.tenant_session(tenant) as session:
        batch = make_batch(session)
        first, second = top_items(session, batch, 2)
        parts_of(session, batch, first, [0, 1])
        page = list_items(session, batch, Wanted(), limit=2)
        parts_of(session, batch, first, [2])
        rest = list_items(session, batch, Wanted(), cursor=page.next_cursor).entries
    assert [(item.parent_id, item.position) for item in page.entries] == [(None, 0), (first, 0)]
    assert [(item.parent_id, item.position) for item in rest] == [(first, 1), (first, 2), (None, 1)]
    assert rest[-1].id == second


def test_containers_that_were_numbered_alike_keep_their_parts_together(database: Database, tenant: UUID) -> None:
    with database.tenant_session(tenant) as session:
        batch = make_batch(session)
        top_items(session, batch, 1)
        containers = top_items(session, batch, 1)
        session.execute(
            """UPDATE import_items SET position = 0,
                   place = int8send(0) || substring(uuid_send(id) FROM 1 FOR 8) WHERE batch_id = %(batch)s""",
            {"batch": batch},
        )
        for container in containers:
            parts_of(session, batch, container, [0, 1])
        parents = [item.parent_id for item in listed(session, batch)]
    assert parents in (
        [None, containers[0], containers[0], None, containers[1], containers[1]],
        [None, containers[1], containers[1], None, containers[0], containers[0]],
    )
