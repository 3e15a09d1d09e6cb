"""Inline mode: killed, stopped and started again, it loses nothing and leaves nothing behind."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from app.modules.imports.application.doorbells import InlineDoorbell
from app.modules.imports.application.inline_runner import InlineRunner
from app.modules.imports.application.tests.driving import (
    add_rows,
    assert_published_exactly_once,
    invoice_row,
    rows_of,
    wait_until_finished,
)
from app.modules.imports.application.tests.worker_site import BACKEND, wait_for
from app.modules.imports.domain.outcome import Done, Outcome
from app.modules.imports.domain.pipeline import StageName

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path
    from uuid import UUID

    from app.database import Database
    from app.modules.imports.ports import Item
    from app.modules.imports.stages.tools import Tools
    from app.modules.imports.usecases.advance_slice import Runtime
    from app.modules.imports.usecases.house import House
    from app.settings import Settings

SERVE = """
import threading
from app.modules.imports.application.bootstrap import open_house
from app.settings import settings
with open_house(settings(), with_runner=True):
    threading.Event().wait()
"""


@pytest.mark.parametrize("point", ["claimed:preprocess", "worked:extract", "settling:publish"])
def test_an_inline_process_killed_at_work_is_started_again_and_finishes(
    point: str, config: Settings, quiet_house: House, tenant: UUID, tmp_path: Path
) -> None:
    batch = add_rows(quiet_house, tenant, [invoice_row(n) for n in range(20)])
    environment = {**os.environ, **_environment(config, tmp_path), "IMPORTS_CRASH_AT": point}
    mark = tmp_path / f"{point.replace(':', '-')}.pid"
    first = _serve(environment)
    try:
        wait_for(mark.exists, f"the process at {point}", seconds=40)
    finally:
        first.kill()
        first.wait()
    second = _serve(environment)
    try:
        wait_until_finished(quiet_house.database, tenant, batch, seconds=60)
    finally:
        second.kill()
        second.wait()
    assert_published_exactly_once(quiet_house.database, tenant, 20)
    lost = rows_of(quiet_house.database, tenant, "SELECT DISTINCT stage FROM import_attempts WHERE outcome = 'lost'")
    assert [row["stage"] for row in lost] == [point.partition(":")[2]]


def test_a_runner_that_stops_gives_back_what_it_cannot_finish(quiet_house: House, tenant: UUID) -> None:
    at_work, released = threading.Event(), threading.Event()

    def endless(items: Sequence[Item], _: Tools) -> Sequence[Outcome]:
        at_work.set()
        released.wait(60)
        return [Done() for _ in items]

    add_rows(quiet_house, tenant, [invoice_row(n) for n in range(3)])
    runner = _runner(_with(quiet_house.runtime, StageName.EXTRACT, endless))
    runner.start()
    assert at_work.wait(10)
    began = time.monotonic()
    runner.stop()
    assert time.monotonic() - began < 8
    released.set()
    for thread in threading.enumerate():
        if thread.name.startswith("inline-"):
            thread.join(10)
    [left] = rows_of(
        quiet_house.database,
        tenant,
        """SELECT (SELECT count(*) FROM import_leases) AS leases,
                  (SELECT count(*) FROM import_items WHERE state = 'classified' AND attempt = 0) AS given_back""",
    )
    assert dict(left) == {"leases": 0, "given_back": 3}


def test_a_runner_without_work_stops_at_once(quiet_house: House) -> None:
    runner = _runner(quiet_house.runtime)
    runner.start()
    began = time.monotonic()
    runner.stop()
    assert time.monotonic() - began < 0.5


def test_a_bug_in_between_does_not_cost_the_runner_its_threads(quiet_house: House, tenant: UUID) -> None:
    failing = threading.Event()

    def observe(*_: object) -> None:
        if not failing.is_set():
            failing.set()
            raise RuntimeError("a bug")

    add_rows(quiet_house, tenant, [invoice_row(1)])
    runner = _runner(replace(quiet_house.runtime, observe=observe))
    runner.start()
    try:
        assert failing.wait(10)
        batch = add_rows(quiet_house, tenant, [invoice_row(2)])
        wait_until_finished(quiet_house.database, tenant, batch, seconds=20)
    finally:
        runner.stop()


def test_a_database_that_is_away_for_a_while_holds_work_up_and_no_longer(
    quiet_house: House, tenant: UUID, database: Database
) -> None:
    doorbell = InlineDoorbell()
    runner = _runner(quiet_house.runtime, doorbell)
    runner.start()
    try:
        with database.door_session() as session:
            session.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() "
                "AND datname = current_database() AND usename = current_user"
            )
        batch = add_rows(quiet_house, tenant, [invoice_row(n) for n in range(5)])
        wait_until_finished(quiet_house.database, tenant, batch, seconds=20)
    finally:
        runner.stop()
    assert_published_exactly_once(quiet_house.database, tenant, 5)


def _runner(runtime: Runtime, doorbell: InlineDoorbell | None = None) -> InlineRunner:
    stopping, bell = threading.Event(), doorbell or InlineDoorbell()
    runtime = replace(runtime, doorbell=bell, stopping=stopping.is_set)
    return InlineRunner(runtime, bell, threads=1, sweep_seconds=0.2, stopping=stopping)


def _with(runtime: Runtime, name: StageName, stage: Callable[[Sequence[Item], Tools], Sequence[Outcome]]) -> Runtime:
    return replace(runtime, stages={**runtime.stages, name: stage})


def _environment(config: Settings, tmp_path: Path) -> Mapping[str, str]:
    return {
        "DB_DSN": config.db_dsn or "",
        "IMPORTS_DATA_DIR": str(config.data_dir),
        "IMPORTS_LEASE_SECONDS": "2",
        "IMPORTS_SWEEP_SECONDS": "0.3",
        "IMPORTS_BACKOFF_SECONDS": "0.1",
        "IMPORTS_RUNNER_MODE": "inline",
        "IMPORTS_CRASH_DIR": str(tmp_path),
        "IMPORTS_CRASH_ACTION": "hold",
    }


def _serve(environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", SERVE], env=dict(environment), cwd=BACKEND, stdout=subprocess.DEVNULL
    )
