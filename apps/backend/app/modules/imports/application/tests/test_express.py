"""Full slices of fresh rows are settled once; whatever is not simply done walks stage by stage, and nothing is lost."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from app.modules.imports.application.tests.driving import (
    add_rows,
    advance_until_quiet,
    assert_nothing_broken,
    assert_published_exactly_once,
    invoice_row,
    rows_of,
    status_of,
)
from app.modules.imports.domain.outcome import Dead, Outcome
from app.modules.imports.domain.pipeline import FIRST, PIPELINE, StageName
from app.modules.imports.usecases.advance_slice import advance_slice
from app.modules.imports.usecases.items import get_item
from app.modules.imports.usecases.sweep import sweep

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from app.modules.imports.ports import Item, SqlSession
    from app.modules.imports.stages.tools import Tools
    from app.modules.imports.usecases.advance_slice import Runtime
    from app.modules.imports.usecases.house import House

FULL = FIRST.rows_per_slice
ATTEMPTS = "SELECT stage, attempt, outcome, count(*) AS n FROM import_attempts GROUP BY 1, 2, 3"


def rows(count: int = FULL) -> list[dict[str, str]]:
    return [invoice_row(number) for number in range(count)]


def attempts(house: House, tenant: UUID) -> dict[tuple[str, int, str], int]:
    found = rows_of(house.database, tenant, ATTEMPTS)
    return {(row["stage"], row["attempt"], row["outcome"]): row["n"] for row in found}


def refusing(runtime: Runtime, invoice_number: str) -> Runtime:
    """What publishes everything but this invoice, which is found broken only then."""

    def publish(items: Sequence[Item], session: SqlSession) -> Sequence[Outcome]:
        outcomes = runtime.publish(items, session)
        bad = [item.document is not None and item.document.invoice_number == invoice_number for item in items]
        return [Dead(code="broken") if is_bad else o for is_bad, o in zip(bad, outcomes, strict=True)]

    return replace(runtime, publish=publish)


def test_a_full_slice_is_published_in_one_go_with_an_attempt_for_every_stage(quiet_house: House, tenant: UUID) -> None:
    add_rows(quiet_house, tenant, rows())
    assert advance_slice(FIRST, tenant, quiet_house.runtime) == FULL
    assert_published_exactly_once(quiet_house.database, tenant, FULL)
    assert attempts(quiet_house, tenant) == {(spec.name.value, 1, "done"): FULL for spec in PIPELINE}
    written = rows_of(quiet_house.database, tenant, "SELECT count(DISTINCT xmin::text) AS n FROM import_attempts")
    assert written[0]["n"] == 1
    assert_nothing_broken(quiet_house.database)


def test_what_went_express_shows_its_evidence_in_full(quiet_house: House, tenant: UUID) -> None:
    add_rows(quiet_house, tenant, rows())
    advance_slice(FIRST, tenant, quiet_house.runtime)
    given = invoice_row(7)
    of_it = f"WHERE invoice_number = '{given['invoice_number']}'"
    statement = f"SELECT source_item_id, evidence_in_full(evidence) AS evidence FROM invoices {of_it}"
    [row] = rows_of(quiet_house.database, tenant, statement)
    with quiet_house.database.tenant_session(tenant) as session:
        document = get_item(session, row["source_item_id"]).document
    assert document is not None
    seen = {"source": "cell", "path": "total", "text": given["total"], "proofs": ["structured"]}
    assert document["evidence"]["totals.gross"] == row["evidence"]["totals.gross"] == seen
    assert document["totals"]["gross"] == given["total"]


def test_rows_that_need_somebody_are_left_to_the_stage_that_says_so(quiet_house: House, tenant: UUID) -> None:
    given = rows()
    given[3]["net"] = "no number"
    given[4]["total"] = "1.00"
    given[5] = dict(given[6])
    batch = add_rows(quiet_house, tenant, given)
    advance_until_quiet(quiet_house, tenant)
    breakdown = status_of(quiet_house.database, tenant, batch).status_breakdown
    assert breakdown == {"published": FULL - 3, "extract_failed": 1, "validate_failed": 2}
    letters = rows_of(quiet_house.database, tenant, "SELECT stage, code FROM import_dlq ORDER BY 1, 2")
    assert [(letter["stage"], letter["code"]) for letter in letters] == [
        ("extract", "bad_number"),
        ("validate", "duplicate_suspect"),
        ("validate", "totals_mismatch"),
    ]
    assert_nothing_broken(quiet_house.database)


def test_what_cannot_be_published_is_found_by_the_walk_and_stops_nobody(quiet_house: House, tenant: UUID) -> None:
    batch = add_rows(quiet_house, tenant, rows())
    advance_slice(FIRST, tenant, refusing(quiet_house.runtime, invoice_row(9)["invoice_number"]))
    breakdown = status_of(quiet_house.database, tenant, batch).status_breakdown
    assert breakdown == {"published": FULL - 1, "publish_failed": 1}


def test_a_process_that_ends_in_the_middle_has_published_nothing(quiet_house: House, tenant: UUID) -> None:
    add_rows(quiet_house, tenant, rows())
    runtime = quiet_house.runtime

    def ended(items: Sequence[Item], session: SqlSession) -> Sequence[Outcome]:
        runtime.publish(items, session)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        advance_slice(FIRST, tenant, replace(runtime, publish=ended))
    assert rows_of(quiet_house.database, tenant, "SELECT 1 FROM invoices") == []
    with quiet_house.database.tenant_session(tenant) as session:
        session.execute("UPDATE import_leases SET leased_until = clock_timestamp() - interval '1 s'")
    sweep(quiet_house.store, quiet_house.doorbell)
    advance_until_quiet(quiet_house, tenant)
    assert_published_exactly_once(quiet_house.database, tenant, FULL)
    # Lost where the slice was claimed; the second time it walks, so that the stage at fault would be known.
    assert attempts(quiet_house, tenant)[("preprocess", 1, "lost")] == FULL
    assert_nothing_broken(quiet_house.database)


def test_a_lease_that_is_lost_on_the_way_drops_the_result(quiet_house: House, tenant: UUID) -> None:
    add_rows(quiet_house, tenant, rows())
    runtime = quiet_house.runtime
    extract = runtime.stages[StageName.EXTRACT]

    def robbed(items: Sequence[Item], tools: Tools) -> Sequence[Outcome]:
        with quiet_house.database.tenant_session(tenant) as session:
            session.execute("UPDATE import_leases SET leased_until = clock_timestamp() - interval '1 s'")
        sweep(quiet_house.store, quiet_house.doorbell)
        return extract(items, tools)

    advance_slice(FIRST, tenant, replace(runtime, stages={**runtime.stages, StageName.EXTRACT: robbed}))
    assert rows_of(quiet_house.database, tenant, "SELECT 1 FROM invoices") == []
    assert attempts(quiet_house, tenant) == {("preprocess", 1, "lost"): FULL}


def test_a_slice_that_is_not_full_walks_stage_by_stage(quiet_house: House, tenant: UUID) -> None:
    add_rows(quiet_house, tenant, rows(20))
    advance_slice(FIRST, tenant, quiet_house.runtime)
    written = rows_of(quiet_house.database, tenant, "SELECT count(DISTINCT xmin::text) AS n FROM import_attempts")
    assert written[0]["n"] > 1


def test_a_process_that_is_to_end_takes_no_slice_on_its_way(quiet_house: House, tenant: UUID) -> None:
    add_rows(quiet_house, tenant, rows())
    advance_slice(FIRST, tenant, replace(quiet_house.runtime, stopping=lambda: True))
    [left] = rows_of(quiet_house.database, tenant, "SELECT count(*) AS n FROM import_items WHERE state = 'pending'")
    assert left["n"] == FULL


def test_findings_that_stop_nobody_are_kept(quiet_house: House, tenant: UUID) -> None:
    given = rows()
    given[2]["due_date"] = "2026-01-02"
    add_rows(quiet_house, tenant, given)
    advance_until_quiet(quiet_house, tenant)
    kept = rows_of(quiet_house.database, tenant, "SELECT findings FROM import_payloads WHERE findings IS NOT NULL")
    assert [finding["code"] for row in kept for finding in row["findings"]] == ["due_before_issue"]
