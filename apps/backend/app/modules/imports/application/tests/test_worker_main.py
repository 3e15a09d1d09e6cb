"""The supervisor and its workers: how they end, what they leave behind, and whom they leave alone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from app.modules.imports.application.tests.driving import (
    add_files,
    add_rows,
    assert_published_exactly_once,
    invoice_row,
    rows_of,
    wait_until_finished,
)
from app.modules.imports.application.tests.paper import write_invoice
from app.modules.imports.application.tests.worker_site import (
    BACKEND,
    SWEEP_SECONDS,
    Tree,
    descendants,
    is_running,
    parent_of,
    wait_for,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from app.modules.imports.application.tests.worker_site import Site

# Rows need no more than this, and a start of two workers costs less than one of seven.
FEW = "imports_pre,imports_etl,imports_maintenance"
STOP_SECONDS = 15.0

pytestmark = pytest.mark.timeout(120)


def test_a_tree_killed_as_a_whole_is_started_again_and_finishes(
    site: Site, record_testsuite_property: Callable[[str, object], None]
) -> None:
    tenant = site.tenant()
    tree = Tree(site, "killed", queues=FEW)
    tree.arm("worked:extract")
    with tree:
        batch = add_rows(site.house, tenant, [invoice_row(n) for n in range(50)])
        tree.wait_at("worked:extract")
        tree.kill()
        tree.start()
        began = time.monotonic()
        wait_until_finished(site.house.database, tenant, batch, seconds=60)
        record_testsuite_property("seconds to restart a killed tree and finish", round(time.monotonic() - began, 1))
    assert_published_exactly_once(site.house.database, tenant, 50)
    assert _outcomes(site, tenant, "extract") == {"lost": 50, "done": 50}


def test_a_process_that_exits_by_itself_costs_an_attempt_and_no_row(site: Site) -> None:
    tenant = site.tenant()
    tree = Tree(site, "exits", queues=FEW, crash_action="exit")
    tree.arm("claimed:preprocess", "settling:extract")
    with tree:
        batch = add_rows(site.house, tenant, [invoice_row(n) for n in range(5)])
        wait_until_finished(site.house.database, tenant, batch, seconds=60)
    assert_published_exactly_once(site.house.database, tenant, 5)
    assert _outcomes(site, tenant, "preprocess") == {"lost": 5, "done": 5}
    assert _outcomes(site, tenant, "extract") == {"lost": 5, "done": 5}


def test_sigterm_gives_back_what_is_in_hand_and_ends_no_other_workers(
    site: Site, record_testsuite_property: Callable[[str, object], None]
) -> None:
    tenant = site.tenant()
    leaving, staying = Tree(site, "leaving", queues=FEW), Tree(site, "staying", queues=FEW)
    leaving.arm("worked:extract")
    with leaving:
        # The other tree comes later: whoever answers first takes the rows.
        batch = add_rows(site.house, tenant, [invoice_row(n) for n in range(5)])
        leaving.wait_at("worked:extract")
        with staying:
            others = [staying.main_of(queue) for queue in FEW.split(",")]
            record_testsuite_property("seconds to stop with a slice in hand", round(leaving.stop(STOP_SECONDS), 1))
            assert leaving.process is not None
            assert leaving.process.returncode == 0
            wait_until_finished(site.house.database, tenant, batch, seconds=60)
            assert [pid for pid in others if not is_running(pid)] == []
    assert_published_exactly_once(site.house.database, tenant, 5)
    attempts = rows_of(site.house.database, tenant, "SELECT DISTINCT outcome, attempt FROM import_attempts")
    assert [dict(row) for row in attempts] == [{"outcome": "done", "attempt": 1}]


def test_sigterm_leaves_no_lease_behind(site: Site) -> None:
    tenant = site.tenant()
    tree = Tree(site, "alone", queues=FEW)
    tree.arm("worked:preprocess")
    with tree:
        add_rows(site.house, tenant, [invoice_row(n) for n in range(5)])
        tree.wait_at("worked:preprocess")
    [left] = rows_of(
        site.house.database,
        tenant,
        """SELECT (SELECT count(*) FROM import_leases) AS leases,
                  (SELECT count(*) FROM import_items WHERE state = 'pending' AND attempt = 0) AS given_back""",
    )
    assert dict(left) == {"leases": 0, "given_back": 5}


def test_workers_end_with_a_supervisor_that_was_killed(site: Site) -> None:
    with Tree(site, "orphans", queues=FEW) as tree:
        main = tree.main_of("imports_maintenance")
        wait_for(lambda: len(descendants(main)) >= 2, "the pool and the beat")
        below = descendants(tree.pid)
        assert tree.process is not None
        tree.process.kill()
        wait_for(lambda: not any(is_running(pid) for pid in below), "the workers to end", seconds=20)


def test_without_a_broker_only_the_queues_served_are_answered(site: Site, tmp_path: Path) -> None:
    tenant = site.tenant()
    site.gate.shut()
    try:
        with Tree(site, "partial", queues="imports_pre") as tree:
            batch = add_files(site.house, tenant, [write_invoice(tmp_path / "1.pdf", "2026-0001")])
            wait_for(lambda: _states(site, tenant) == {"preprocessed"}, f"the first stage\n{tree.tail()}", seconds=40)
            add_rows(site.house, tenant, [invoice_row(1)])
            wait_for(lambda: _states(site, tenant) == {"preprocessed", "published"}, "the row to walk through")
            time.sleep(2 * SWEEP_SECONDS)  # nothing may happen, which cannot be waited for
            assert _states(site, tenant) == {"preprocessed", "published"}
    finally:
        site.gate.open()
    with Tree(site, "rest", queues="imports_ocr,imports_ml,imports_etl,imports_val,imports_pub,imports_maintenance"):
        wait_until_finished(site.house.database, tenant, batch, seconds=60)
    assert_published_exactly_once(site.house.database, tenant, 2)


def test_a_link_that_swallowed_an_answer_is_given_up_by_the_worker_itself(
    site: Site, record_testsuite_property: Callable[[str, object], None]
) -> None:
    """What it waits for never comes, and the link never ends: only its own clock can tell."""
    tenant = site.tenant()
    with Tree(site, "silenced", queues=FEW) as tree:
        add_rows(site.house, tenant, [invoice_row(1)])
        wait_for(lambda: _states(site, tenant) == {"published"}, f"the workers to hear\n{tree.tail()}", seconds=40)
        site.gate.silent = True
        time.sleep(4)  # longer than any wait for a ring
        site.gate.silent = False
        took = wait_for(
            lambda: _listening(site) == len(FEW.split(",")), f"all to listen again\n{tree.tail()}", seconds=20
        )
        record_testsuite_property("seconds to give up a silent link", round(took, 1))
        batch = add_rows(site.house, tenant, [invoice_row(2)])
        wait_until_finished(site.house.database, tenant, batch, seconds=20)
    assert_published_exactly_once(site.house.database, tenant, 2)


def test_the_supervisor_outlives_what_its_workers_are_forked_by(site: Site) -> None:
    """Killed at the worst moment: while a worker is asked of it."""
    tenant = site.tenant()
    with Tree(site, "forks", queues=FEW) as tree:
        add_rows(site.house, tenant, [invoice_row(1)])
        wait_for(lambda: _states(site, tenant) == {"published"}, f"the workers to hear\n{tree.tail()}", seconds=40)
        [forker] = {parent_of(tree.main_of(queue)) for queue in FEW.split(",")}
        worker = tree.main_of("imports_pre")
        os.kill(tree.pid, signal.SIGSTOP)  # it asks at once, and has to ask one that is about to die
        os.kill(worker, signal.SIGKILL)
        wait_for(lambda: not (Path("/proc") / str(worker)).exists(), "its end to be noticed", seconds=20)
        os.kill(forker, signal.SIGSTOP)
        os.kill(tree.pid, signal.SIGCONT)
        wait_for(lambda: "worker_died" in tree.log.read_text("utf-8"), "another worker to be asked for", seconds=20)
        time.sleep(0.5)
        os.kill(forker, signal.SIGKILL)
        wait_for(lambda: "worker_not_started" in tree.log.read_text("utf-8"), "no worker to come of it", seconds=20)
        batch = add_rows(site.house, tenant, [invoice_row(2)])
        wait_until_finished(site.house.database, tenant, batch, seconds=40)
        assert tree.process is not None
        assert tree.process.poll() is None
        wait_for(
            lambda: all(is_running(tree.main_of(queue)) for queue in FEW.split(",")),
            "all workers to be back",
            seconds=20,
        )
    assert_published_exactly_once(site.house.database, tenant, 2)


def test_an_unknown_queue_and_a_missing_broker_are_refused_with_a_reason(site: Site) -> None:
    unknown = _main(site.environment, "--queues", "imports_pre,imports_nothing")
    assert unknown.returncode == 2
    assert "unknown queues: imports_nothing" in unknown.stderr
    without = _main({name: value for name, value in site.environment.items() if name != "REDIS_URL"})
    assert without.returncode == 2
    assert "REDIS_URL" in without.stderr


def _listening(site: Site) -> int:
    """Connections that wait for a ring; one that was given up by nobody counts as none, as its last word is old."""
    waiting = [client for client in site.broker.client_list() if client["cmd"] == "brpop"]
    return sum(int(client["idle"]) <= 2 for client in waiting)


def _main(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    inherited = {name: value for name, value in os.environ.items() if name != "REDIS_URL"}
    return subprocess.run(
        [sys.executable, "-m", "app.modules.imports.application.worker_main", *arguments],
        env={**inherited, **environment},
        cwd=BACKEND,
        capture_output=True,
        text=True,
        check=False,
    )


def _outcomes(site: Site, tenant: UUID, stage: str) -> dict[str, int]:
    statement = f"SELECT outcome, count(*) AS n FROM import_attempts WHERE stage = '{stage}' GROUP BY 1"
    return {row["outcome"]: row["n"] for row in rows_of(site.house.database, tenant, statement)}


def _states(site: Site, tenant: UUID) -> set[str]:
    return {row["state"] for row in rows_of(site.house.database, tenant, "SELECT state FROM import_items")}
