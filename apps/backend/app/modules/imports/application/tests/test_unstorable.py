"""What the database will never take ends as a dead letter of its own item; its neighbours, and the process, go on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from app.modules.imports.application.tests.driving import (
    add_rows,
    advance_until_quiet,
    assert_nothing_broken,
    invoice_row,
    rows_of,
)
from app.modules.imports.domain.errors import RefusedUpload, Transient
from app.modules.imports.domain.outcome import Done
from app.modules.imports.domain.pipeline import FIRST, STAGES, StageName
from app.modules.imports.stages.each import each
from app.modules.imports.usecases.advance_slice import advance_slice
from app.modules.imports.usecases.review_item import Review, review_item

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from app.modules.imports.domain.outcome import Outcome
    from app.modules.imports.ports import Item
    from app.modules.imports.stages.tools import Tools
    from app.modules.imports.usecases.house import House

_WORK = {
    "a NUL": {"text": "a\0b"},
    "half a surrogate pair": {"text": "\ud800"},
    "no number": {"number": float("nan")},
}


@pytest.mark.parametrize("what", _WORK)
def test_work_that_cannot_be_stored_costs_its_own_item_only(what: str, quiet_house: House, tenant: UUID) -> None:
    add_rows(quiet_house, tenant, [invoice_row(n) for n in range(3)])
    store = quiet_house.store
    slice_ = store.claim(FIRST, tenant)
    assert slice_ is not None
    outcomes: list[Outcome] = [Done(), Done(work={"odd": _WORK[what]}), Done()]
    settled = store.settle(slice_, outcomes)
    assert settled.onward is not None
    assert len(settled.onward.items) == 2
    query = "SELECT i.state, i.code, d.reason, d.attempts FROM import_items i JOIN import_dlq d ON d.item_id = i.id"
    rows = rows_of(quiet_house.database, tenant, query)
    assert [tuple(row.values()) for row in rows] == [("preprocess_failed", "value_not_storable", "dead", 1)]
    assert_nothing_broken(quiet_house.database)


@pytest.mark.parametrize("number", ["9" * 4000, "\ud800"])
def test_a_publication_that_cannot_be_stored_costs_its_own_item_only(
    number: str, quiet_house: House, tenant: UUID
) -> None:
    """Longer than an index takes, or no text at all: whatever a rule of length may have let through."""
    add_rows(quiet_house, tenant, [invoice_row(n) for n in range(3)])
    given = quiet_house.runtime.publish

    def spoiled(items: Sequence[Item], session: object) -> Sequence[Outcome]:
        if any(item.raw and item.raw["invoice_number"] == "F-000001" for item in items):
            session.execute("SELECT %(text)s::text", {"text": number})  # type: ignore[attr-defined]
            session.execute(  # type: ignore[attr-defined]
                """INSERT INTO import_requests (tenant_id, key, fingerprint, status, response)
                   VALUES ((SELECT app_tenant()), (SELECT string_agg(md5(n::text), '') FROM generate_series(1, 1000) n), '', 200, '{}')""",
                {},
            )
        return given(items, session)  # type: ignore[arg-type]

    runtime = replace(quiet_house.runtime, publish=spoiled)
    for stage in STAGES.values():
        advance_slice(stage, tenant, runtime)
    rows = rows_of(quiet_house.database, tenant, "SELECT state, code FROM import_items ORDER BY position")
    assert [(row["state"], row["code"]) for row in rows] == [
        ("published", None),
        ("publish_failed", "value_out_of_range"),
        ("published", None),
    ]
    assert_nothing_broken(quiet_house.database)


def test_what_takes_too_long_is_tried_once_more_and_no_third_time(quiet_house: House, tenant: UUID) -> None:
    add_rows(quiet_house, tenant, [invoice_row(1)])

    def slow(_item: Item, _tools: Tools) -> Outcome:
        raise Transient("time_limit", "reading took too long")

    stages = {**quiet_house.runtime.stages, StageName.EXTRACT: lambda items, tools: each(items, tools, slow)}
    house = replace(quiet_house, runtime=replace(quiet_house.runtime, stages=stages))
    advance_until_quiet(house, tenant)
    query = "SELECT stage, attempt, outcome FROM import_attempts WHERE outcome <> 'done' ORDER BY id"
    rows = rows_of(house.database, tenant, query)
    assert [tuple(row.values()) for row in rows] == [("extract", 1, "retry"), ("extract", 2, "dead")]
    assert_nothing_broken(house.database)


def test_nobody_can_accept_a_value_that_no_table_takes(quiet_house: House, tenant: UUID) -> None:
    add_rows(quiet_house, tenant, [{**invoice_row(1), "supplier_name": "x" * 600}])
    advance_until_quiet(quiet_house, tenant)
    [item] = rows_of(quiet_house.database, tenant, "SELECT id, state, code FROM import_items")
    assert (item["state"], item["code"]) == ("validate_failed", "value_too_long")
    with (
        quiet_house.database.tenant_session(tenant) as session,
        pytest.raises(RefusedUpload, match="finding_not_acceptable: value_too_long"),
    ):
        review_item(session, item["id"], Review(accept=["value_too_long"]), "reviewer")
    with quiet_house.database.tenant_session(tenant) as session:
        review_item(session, item["id"], Review(corrections={"supplier.name": "Uno"}), "reviewer")
    advance_until_quiet(quiet_house, tenant)
    [item] = rows_of(quiet_house.database, tenant, "SELECT state FROM import_items")
    assert item["state"] == "published"
