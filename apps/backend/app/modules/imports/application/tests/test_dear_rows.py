"""Rows that take too long for one turn go on in the next ones: each is published once, and no turn costs an attempt."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING

from app.modules.imports.application.tests.driving import (
    add_rows,
    advance_until_quiet,
    assert_nothing_broken,
    assert_published_exactly_once,
    invoice_row,
    rows_of,
)
from app.modules.imports.domain.pipeline import FIRST, StageName
from app.modules.imports.stages.each import each
from app.modules.imports.stages.extract import extract
from app.modules.imports.usecases.advance_slice import advance_slice

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from app.modules.imports.domain.outcome import Outcome
    from app.modules.imports.ports import Item
    from app.modules.imports.stages.tools import Tools
    from app.modules.imports.usecases.house import House

FULL = FIRST.rows_per_slice


def dear(items: Sequence[Item], tools: Tools) -> Sequence[Outcome]:
    """Extracts, and takes a twentieth of a second for each item."""
    clock = count(0.0, 0.05)
    return each(items, tools, lambda item, tools: extract([item], tools)[0], clock=lambda: next(clock))


def test_rows_that_are_dear_give_way_and_are_all_published_in_the_end(quiet_house: House, tenant: UUID) -> None:
    add_rows(quiet_house, tenant, [invoice_row(number) for number in range(FULL)])
    runtime = replace(quiet_house.runtime, stages={**quiet_house.runtime.stages, StageName.EXTRACT: dear})
    slow = replace(quiet_house, runtime=runtime)
    advance_slice(FIRST, tenant, runtime)
    [left] = rows_of(quiet_house.database, tenant, "SELECT count(*) AS n FROM import_items WHERE due_stage = 'extract'")
    assert FULL // 3 < left["n"] < FULL
    advance_until_quiet(slow, tenant)
    assert_published_exactly_once(quiet_house.database, tenant, FULL)
    charged = "SELECT 1 FROM import_attempts WHERE attempt > 1 OR outcome NOT IN ('done', 'retry')"
    assert not rows_of(quiet_house.database, tenant, charged)
    assert_nothing_broken(quiet_house.database)
