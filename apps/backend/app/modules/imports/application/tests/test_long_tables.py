"""A long table is published while it is split, each full slice written once; what does not go well walks as ever."""

from __future__ import annotations

import csv
from dataclasses import replace
from typing import TYPE_CHECKING, NoReturn

import pytest

from app.modules.imports.adapters.reading import SandboxedReading
from app.modules.imports.application.tests.driving import (
    add_files,
    advance_until_quiet,
    assert_nothing_broken,
    assert_published_exactly_once,
    invoice_row,
    rows_of,
    status_of,
)
from app.modules.imports.application.tests.test_express import attempts, refusing
from app.modules.imports.domain.pipeline import FIRST, PIPELINE, STAGES, StageName
from app.modules.imports.usecases.advance_slice import advance_slice
from app.modules.imports.usecases.sweep import sweep

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence
    from pathlib import Path
    from uuid import UUID

    from app.modules.imports.domain.outcome import Outcome
    from app.modules.imports.ports import Item, Slice, SqlSession
    from app.modules.imports.stages.tools import PartSink, Tools
    from app.modules.imports.usecases.advance_slice import Runtime
    from app.modules.imports.usecases.house import House

FULL = FIRST.rows_per_slice
TAIL = 3
UNTIL_SPLIT = (StageName.PREPROCESS, StageName.OCR, StageName.CLASSIFY, StageName.EXTRACT)
STATES = "SELECT state, count(*) AS n FROM import_items WHERE parent_id IS NOT NULL GROUP BY 1"


def given_rows(count: int = FULL + TAIL) -> list[dict[str, str]]:
    return [invoice_row(number) for number in range(count)]


def add_table(house: House, tenant: UUID, path: Path, rows: Sequence[Mapping[str, str]]) -> UUID:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return add_files(house, tenant, [path])


def split(house: House, tenant: UUID, runtime: Runtime | None = None) -> None:
    for stage in UNTIL_SPLIT:
        advance_slice(STAGES[stage], tenant, runtime or house.runtime)


def states(house: House, tenant: UUID) -> dict[str, int]:
    return {row["state"]: row["n"] for row in rows_of(house.database, tenant, STATES)}


def test_a_full_slice_of_a_table_is_published_while_it_is_split(
    quiet_house: House, tenant: UUID, tmp_path: Path
) -> None:
    add_table(quiet_house, tenant, tmp_path / "long.csv", given_rows())
    split(quiet_house, tenant)
    assert states(quiet_house, tenant) == {"published": FULL, "pending": TAIL}
    assert_nothing_broken(quiet_house.database)
    advance_until_quiet(quiet_house, tenant)
    assert states(quiet_house, tenant) == {"published": FULL + TAIL}
    assert attempts(quiet_house, tenant) == {
        (spec.name.value, 1, "done"): FULL + TAIL + (spec.name in {*UNTIL_SPLIT, StageName.VALIDATE, StageName.PUBLISH})
        for spec in PIPELINE
    }
    assert_nothing_broken(quiet_house.database)


def test_each_row_of_it_is_written_once(quiet_house: House, tenant: UUID, tmp_path: Path) -> None:
    add_table(quiet_house, tenant, tmp_path / "long.csv", given_rows(FULL))
    split(quiet_house, tenant)
    statement = """
    SELECT count(DISTINCT i.xmin::text) AS writes, count(*) AS rows, bool_and(i.xmin = p.xmin) AS together
    FROM import_items i JOIN import_payloads p ON p.item_id = i.id WHERE i.parent_id IS NOT NULL"""
    [row] = rows_of(quiet_house.database, tenant, statement)
    assert (row["writes"], row["rows"], row["together"]) == (1, FULL, True)


def test_a_row_published_so_says_as_much_as_one_that_walked(quiet_house: House, tenant: UUID, tmp_path: Path) -> None:
    rows = given_rows()
    rows[0]["due_date"] = rows[FULL]["due_date"] = "2026-01-02"
    for row in rows[1:FULL] + rows[FULL + 1 :]:
        row["due_date"] = ""
    add_table(quiet_house, tenant, tmp_path / "long.csv", rows)
    split(quiet_house, tenant)
    advance_until_quiet(quiet_house, tenant)
    statement = """
    SELECT i.kind, i.state, i.attempt, i.code, i.doc_type, i.due_stage, i.lease_token, i.file_key, i.file_name,
           i.mapping_id, i.mapping_version, p.work, p.accepted, p.corrections, p.findings,
           p.document - 'invoice_number' - 'evidence' AS document,
           (p.document->'evidence') - 'invoice_number' AS evidence, p.raw - 'invoice_number' AS raw
    FROM import_items i JOIN import_payloads p ON p.item_id = i.id
    WHERE i.position IN (0, %(tail)s) AND i.parent_id IS NOT NULL"""
    express, walked = rows_of(quiet_house.database, tenant, statement % {"tail": FULL})
    assert express == walked
    assert [finding["code"] for finding in express["findings"]] == ["due_before_issue"]


def test_rows_that_need_somebody_are_left_to_the_stage_that_says_so(
    quiet_house: House, tenant: UUID, tmp_path: Path
) -> None:
    rows = given_rows(FULL)
    rows[3]["net"] = "no number"
    rows[4]["total"] = "1.00"
    rows[5] = dict(rows[6])
    batch = add_table(quiet_house, tenant, tmp_path / "long.csv", rows)
    split(quiet_house, tenant)
    assert states(quiet_house, tenant) == {"published": FULL - 3, "pending": 3}
    advance_until_quiet(quiet_house, tenant)
    breakdown = status_of(quiet_house.database, tenant, batch).status_breakdown
    assert breakdown == {"published": FULL - 3 + 1, "extract_failed": 1, "validate_failed": 2}
    assert_nothing_broken(quiet_house.database)


def test_what_cannot_be_published_is_found_by_the_walk_and_stops_nobody(
    quiet_house: House, tenant: UUID, tmp_path: Path
) -> None:
    batch = add_table(quiet_house, tenant, tmp_path / "long.csv", given_rows(FULL))
    runtime = refusing(quiet_house.runtime, invoice_row(9)["invoice_number"])
    house = replace(quiet_house, runtime=runtime)
    split(quiet_house, tenant, runtime)
    advance_until_quiet(house, tenant)
    breakdown = status_of(quiet_house.database, tenant, batch).status_breakdown
    assert breakdown == {"published": FULL - 1 + 1, "publish_failed": 1}


def test_a_process_that_ends_in_the_middle_goes_on_from_the_rows_that_are_stored(
    quiet_house: House, tenant: UUID, tmp_path: Path
) -> None:
    add_table(quiet_house, tenant, tmp_path / "long.csv", given_rows(2 * FULL))
    runtime = quiet_house.runtime
    calls: list[int] = []

    def ended(items: Sequence[Item], session: SqlSession) -> Sequence[Outcome]:
        calls.append(len(items))
        if len(calls) > 1:
            raise KeyboardInterrupt
        return runtime.publish(items, session)

    with pytest.raises(KeyboardInterrupt):
        split(quiet_house, tenant, replace(runtime, publish=ended))
    assert states(quiet_house, tenant) == {"published": FULL}
    with quiet_house.database.tenant_session(tenant) as session:
        session.execute("UPDATE import_leases SET leased_until = clock_timestamp() - interval '1 s'")
    sweep(quiet_house.store, quiet_house.doorbell)
    advance_until_quiet(quiet_house, tenant)
    assert_published_exactly_once(quiet_house.database, tenant, 2 * FULL)
    assert_nothing_broken(quiet_house.database)


def test_an_interrupted_split_keeps_no_reader_even_where_its_traceback_is_kept(
    quiet_house: House, tenant: UUID, tmp_path: Path
) -> None:
    add_table(quiet_house, tenant, tmp_path / "long.csv", given_rows())

    def ended(*_: object) -> NoReturn:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt) as kept:
        split(quiet_house, tenant, replace(quiet_house.runtime, publish=ended))
    assert "_split" in {entry.name for entry in kept.traceback}
    assert quiet_house.reading._sandbox._places._busy == 0  # type: ignore[attr-defined]


def test_whoever_lost_the_lease_of_the_file_publishes_nothing_of_it(
    quiet_house: House, tenant: UUID, tmp_path: Path
) -> None:
    add_table(quiet_house, tenant, tmp_path / "long.csv", given_rows(FULL))
    runtime = quiet_house.runtime
    validate = runtime.stages[StageName.VALIDATE]

    def robbed(items: Sequence[Item], tools: object) -> Sequence[Outcome]:
        with quiet_house.database.tenant_session(tenant) as session:
            session.execute("UPDATE import_leases SET leased_until = clock_timestamp() - interval '1 s'")
        sweep(quiet_house.store, quiet_house.doorbell)
        return validate(items, tools)  # type: ignore[arg-type]  # [the tools it was given]

    split(quiet_house, tenant, replace(runtime, stages={**runtime.stages, StageName.VALIDATE: robbed}))
    assert states(quiet_house, tenant) == {}
    assert rows_of(quiet_house.database, tenant, "SELECT 1 FROM invoices") == []
    assert_nothing_broken(quiet_house.database)


def test_a_table_that_gives_up_its_turn_goes_on_where_it_was(quiet_house: House, tenant: UUID, tmp_path: Path) -> None:
    batch = 2_000
    add_table(quiet_house, tenant, tmp_path / "long.csv", given_rows(batch + 7))
    runtime = quiet_house.runtime
    asked: list[tuple[int, object]] = []

    class Listening(SandboxedReading):
        def table(
            self, key: str, name: str
        ) -> tuple[Mapping[str, object] | None, Generator[Sequence[Mapping[str, object]]]]:
            asked.append((0, None))
            return super().table(key, name)

        def parts(
            self, key: str, name: str, start: int, bookmark: Sequence[int] | None = None
        ) -> Generator[Sequence[Mapping[str, object]]]:
            asked.append((start, bookmark))
            return super().parts(key, name, start, bookmark)

    reading = Listening(quiet_house.reading._sandbox, quiet_house.files, tmp_path)  # type: ignore[attr-defined]

    def equip(slice_: Slice, parts: PartSink) -> Tools:
        return replace(runtime.equip(slice_, parts), reading=reading, seconds_left=0.0)

    split(quiet_house, tenant, replace(runtime, equip=equip))
    assert states(quiet_house, tenant) == {"published": batch}
    advance_slice(STAGES[StageName.EXTRACT], tenant, replace(runtime, equip=equip))
    heading = 1
    assert asked == [(0, None), (batch, [0, batch + heading])]
    advance_until_quiet(quiet_house, tenant)
    assert_published_exactly_once(quiet_house.database, tenant, batch + 7)
    assert_nothing_broken(quiet_house.database)


def test_where_others_help_every_second_slice_is_left_to_them(quiet_house: House, tenant: UUID, tmp_path: Path) -> None:
    add_table(quiet_house, tenant, tmp_path / "long.csv", given_rows(4 * FULL))
    split(quiet_house, tenant, replace(quiet_house.runtime, others_help=True))
    assert states(quiet_house, tenant) == {"published": 2 * FULL, "pending": 2 * FULL}
    advance_until_quiet(quiet_house, tenant)
    assert_published_exactly_once(quiet_house.database, tenant, 4 * FULL)


def test_an_invoice_twice_in_slices_side_by_side_is_seen_though_neither_is_stored(
    quiet_house: House, tenant: UUID, tmp_path: Path
) -> None:
    rows = given_rows(2 * FULL)
    rows[FULL + 1] = {**rows[FULL - 1], "net": "200.00", "tax": "42.00", "total": "242.00"}
    add_table(quiet_house, tenant, tmp_path / "long.csv", rows)
    split(quiet_house, tenant)
    assert states(quiet_house, tenant) == {"published": 2 * FULL - 1, "pending": 1}
    advance_until_quiet(quiet_house, tenant)
    found = rows_of(quiet_house.database, tenant, "SELECT findings FROM import_payloads WHERE findings IS NOT NULL")
    assert [finding["code"] for row in found for finding in row["findings"]] == ["duplicate_other_total"]
