"""The whole of it on a real PostgreSQL, a real broker and the real worker tree, with what can break in between.

On ``REDIS_URL`` when that is set. Leases of 3 s and sweeps of 1 s stand for the 15 s and 5 s of production.
"""

from __future__ import annotations

import base64
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

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
    DEAF_SECONDS,
    LEASE_SECONDS,
    SWEEP_SECONDS,
    is_running,
    wait_for,
)
from app.modules.imports.domain.pipeline import FIRST, IDLE_STAGES, PIPELINE, ItemKind, StageName, enqueue_item_pipeline

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.database import Database
    from app.modules.imports.application.tests.worker_site import Site, Tree
    from app.modules.imports.usecases.house import House

SAMPLES = Path(__file__).parents[2] / "formats" / "tests" / "samples"
CORPUS = (
    "facturae/exempt.xml",
    "facturae/irpf-natural-person.xml",
    "facturae/three-invoices.xml",
    "facturae/totals-that-do-not-add-up.xml",
    "ubl/credit-note.xml",
    "cii/group-lines.xml",
    "sri_xml/factura-ice-tip-cdata.xml",
    "sri_xml/retencion-2.0.0-authorization.xml",
    "norma43/two-accounts-latin-1.n43",
    "csv_table/semicolon-windows-1252.csv",
)
DESTINATIONS = (
    "invoices",
    "invoice_lines",
    "invoice_taxes",
    "expenses",
    "bank_movements",
    "withholdings",
    "products",
)
QUEUES = [spec.queue for spec in PIPELINE]
# What is promised (lease + sweep + 2 s), and beyond: a lease renewed the moment before, the backoff, the queue behind a
# process that is killed for others meanwhile, and two cores shared with others.
RECOVERY_SECONDS = LEASE_SECONDS + SWEEP_SECONDS + 2.0 + 24.0


def test_celery_and_inline_leave_the_same_rows(
    site: Site, tree: Tree, house: House, tenant: UUID, tmp_path: Path
) -> None:
    files = [SAMPLES / name for name in CORPUS] + [write_invoice(tmp_path / "factura.pdf", "2026-0001")]
    by_celery = site.tenant()
    for where, owner in ((site.house, by_celery), (house, tenant)):
        batches = [add_rows(where, owner, [invoice_row(n) for n in range(30)]), add_files(where, owner, files)]
        for batch in batches:
            wait_until_finished(where.database, owner, batch, seconds=90)
    for table in (*DESTINATIONS, "import_items"):
        assert _masked(site.house.database, by_celery, table) == _masked(house.database, tenant, table), table
    published = rows_of(house.database, tenant, "SELECT DISTINCT dest_table FROM import_publications")
    assert {row["dest_table"] for row in published} >= {"invoices", "bank_movements", "withholdings"}


def test_a_process_killed_in_any_stage_of_rows_costs_an_attempt_and_no_row(
    site: Site, tree: Tree, record_testsuite_property: Callable[[str, object], None]
) -> None:
    # Rows walk on in one process: each stage they stop at is to kill it once, a tenant for each.
    stages = [stage for stage in StageName if stage is FIRST.name or stage not in IDLE_STAGES[ItemKind.ROW]]
    tenants = [site.tenant() for _ in stages]
    points = [_last_moment(stage) for stage in stages]
    tree.arm(*points)
    for number, tenant in enumerate(tenants):
        add_rows(site.house, tenant, [invoice_row(10 * number + n) for n in range(3)])
    killed = _kill_at(tree, points)
    wait_for(lambda: _published(site, tenants) == 3 * len(tenants), f"the rows\n{tree.tail()}", seconds=60)
    for tenant in tenants:
        assert_published_exactly_once(site.house.database, tenant, 3)
    assert _lost(site, tenants) == dict.fromkeys(stages, 3)
    _check_recoveries(site, tenants, killed, record_testsuite_property)


def test_a_process_killed_in_any_worker_costs_an_attempt_and_no_document(
    site: Site, tree: Tree, tmp_path: Path, record_testsuite_property: Callable[[str, object], None]
) -> None:
    # Documents are handed on from worker to worker: each worker loses its process once.
    tenant = site.tenant()
    points = [f"claimed:{stage}" for stage in StageName]
    tree.arm(*points)
    batch = add_files(site.house, tenant, [write_invoice(tmp_path / f"{n}.pdf", f"2026-{n:04}") for n in range(4)])
    killed = _kill_at(tree, points)
    wait_until_finished(site.house.database, tenant, batch)
    assert_published_exactly_once(site.house.database, tenant, 4)
    lost = _lost(site, [tenant])
    assert set(lost) == set(StageName)
    assert lost[StageName.OCR] == 1
    _check_recoveries(site, [tenant], killed, record_testsuite_property)


def test_half_of_all_rings_lost_costs_nothing_but_time(site: Site, tree: Tree, tmp_path: Path) -> None:
    tenants = [site.tenant() for _ in range(10)]
    done = threading.Event()
    thief = threading.Thread(target=_steal_rings, args=(site, done))
    thief.start()
    try:
        for number, tenant in enumerate(tenants):
            add_rows(site.house, tenant, [invoice_row(n) for n in range(20)])
            add_files(site.house, tenant, [write_invoice(tmp_path / f"{number}.pdf", f"A-{number:04}")])
        wait_for(lambda: _published(site, tenants) == 21 * len(tenants), f"the rest\n{tree.tail()}", seconds=60)
    finally:
        done.set()
        thief.join()
    for tenant in tenants:
        assert_published_exactly_once(site.house.database, tenant, 21)


def test_a_broker_flushed_with_a_thousand_rows_in_flight_costs_nothing_but_time(site: Site, tree: Tree) -> None:
    tenants = [site.tenant() for _ in range(20)]
    for tenant in tenants:
        add_rows(site.house, tenant, [invoice_row(n) for n in range(50)])
    site.flush()
    in_flight = 1000 - _published(site, tenants)
    wait_for(lambda: _published(site, tenants) == 1000, f"all rows\n{tree.tail()}", seconds=60)
    assert in_flight > 0
    for tenant in tenants:
        assert_published_exactly_once(site.house.database, tenant, 50)


def test_forged_messages_claim_nothing_and_harm_nobody(site: Site, tree: Tree) -> None:
    workers = {queue: tree.main_of(queue) for queue in QUEUES}
    bystander = site.tenant()
    for queue in QUEUES:
        for message in _forgeries(queue):
            site.broker.lpush(queue, message)
    tenant = site.tenant()
    batch = add_rows(site.house, tenant, [invoice_row(1)])
    wait_until_finished(site.house.database, tenant, batch)
    wait_for(lambda: not any(site.broker.llen(queue) for queue in QUEUES), "the forgeries to be heard")
    assert_published_exactly_once(site.house.database, tenant, 1)
    assert rows_of(site.house.database, bystander, "SELECT 1 FROM import_attempts") == []
    assert {queue: tree.main_of(queue) for queue in QUEUES} == workers
    assert all(is_running(pid) for pid in workers.values())


def test_what_workers_count_is_rendered_elsewhere(site: Site, tree: Tree) -> None:
    tenant = site.tenant()
    batch = add_rows(site.house, tenant, [invoice_row(n) for n in range(7)])
    wait_until_finished(site.house.database, tenant, batch)
    wanted = f'imports_items_processed_total{{doc_type="invoice",status="published",tenant_id="{tenant}"}} 7.0'
    wait_for(lambda: wanted in _rendered(site), wanted, seconds=20)


def test_the_specification_s_commands_reach_the_workers(site: Site, tree: Tree) -> None:
    active = _celery(site, "inspect", "active")
    assert active.returncode == 0, active.stderr
    assert all(f"{queue}." in active.stdout for queue in QUEUES)
    report = _celery(site, "report")
    assert report.returncode == 0, report.stderr
    assert "imports_ocr" in report.stdout
    password = site.environment["REDIS_URL"].partition("//")[2].rpartition("@")[0].lstrip(":")
    assert not password or password not in report.stdout


def test_an_item_can_be_enqueued_from_any_process_in_celery_mode(site: Site, tree: Tree) -> None:
    ids = {name: str(uuid4()) for name in ("item_id", "tenant_id", "batch_id")}
    code = f"from app.modules.imports.domain.pipeline import enqueue_item_pipeline as e; print(e(**{ids!r}))"
    called = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **site.environment},
        cwd=BACKEND,
        capture_output=True,
        text=True,
        check=False,
    )
    assert called.returncode == 0, called.stderr
    assert ids["item_id"] in called.stdout


def test_an_item_enqueued_in_an_inline_house_is_worked(house: House, tenant: UUID) -> None:
    batch = add_rows(house, tenant, [invoice_row(1)])
    [item] = rows_of(house.database, tenant, "SELECT id FROM import_items")
    assert str(item["id"]) in enqueue_item_pipeline(item_id=item["id"], tenant_id=tenant, batch_id=batch)
    wait_until_finished(house.database, tenant, batch)
    assert_published_exactly_once(house.database, tenant, 1)


def test_an_item_enqueued_where_no_house_is_open_waits_for_the_sweeper() -> None:
    item, tenant, batch = uuid4(), uuid4(), uuid4()
    assert str(item) in enqueue_item_pipeline(item_id=item, tenant_id=tenant, batch_id=batch)


def test_a_deaf_worker_is_stood_in_for_and_replaced(
    site: Site, tree: Tree, record_testsuite_property: Callable[[str, object], None]
) -> None:
    deaf = tree.main_of("imports_pre")
    os.kill(deaf, signal.SIGSTOP)
    tenant = site.tenant()
    began = time.monotonic()
    batch = add_rows(site.house, tenant, [invoice_row(n) for n in range(5)])
    wait_until_finished(site.house.database, tenant, batch, seconds=90)
    assert tree.main_of("imports_pre") == deaf
    wait_for(lambda: tree.main_of("imports_pre") not in (None, deaf), "another worker", seconds=90)
    record_testsuite_property("seconds to replace a deaf worker", round(time.monotonic() - began, 1))
    assert time.monotonic() - began > DEAF_SECONDS
    assert not is_running(deaf)
    assert_published_exactly_once(site.house.database, tenant, 5)


def test_a_broker_that_is_away_holds_up_neither_clients_nor_items(site: Site, tree: Tree) -> None:
    tenant = site.tenant()
    site.gate.shut()
    try:
        for number in range(3):
            began = time.monotonic()
            batch = add_rows(site.house, tenant, [invoice_row(number)])
            assert time.monotonic() - began < 1.5
            wait_until_finished(site.house.database, tenant, batch)
    finally:
        site.gate.open()
    batch = add_rows(site.house, tenant, [invoice_row(3)])
    wait_until_finished(site.house.database, tenant, batch)
    assert_published_exactly_once(site.house.database, tenant, 4)
    wait_for(lambda: len(site.client.control.ping(timeout=1.0)) == len(QUEUES) + 1, "all workers", seconds=45)


def _last_moment(stage: StageName) -> str:
    # Publishing is one transaction: there is no moment between the work and the settling.
    return f"settling:{stage}" if stage is StageName.PUBLISH else f"worked:{stage}"


def _kill_at(tree: Tree, points: Sequence[str]) -> dict[str, float]:
    """Ends with -9 whoever comes to a point; when each was killed, as a timestamp."""
    killed: dict[str, float] = {}
    until = time.monotonic() + 60
    while len(killed) < len(points):
        assert time.monotonic() < until, f"only {sorted(killed)} were reached\n{tree.tail()}"
        for point in points:
            pid = tree.caught_at(point)
            if pid is not None and point not in killed:
                os.kill(pid, signal.SIGKILL)
                killed[point] = time.time()
        time.sleep(0.02)
    return killed


def _check_recoveries(
    site: Site, tenants: Sequence[UUID], killed: dict[str, float], record: Callable[[str, object], None]
) -> None:
    """From each kill to the next claim of what was lost."""
    again: dict[str, float] = {}
    for tenant in tenants:
        for row in rows_of(
            site.house.database,
            tenant,
            "SELECT stage, min(started_at) AS at FROM import_attempts WHERE attempt = 2 GROUP BY stage",
        ):
            again[row["stage"]] = row["at"].timestamp()
    for point, at in killed.items():
        stage = point.partition(":")[2]
        record(f"seconds to recover {point}", round(again[stage] - at, 2))
        assert again[stage] - at < RECOVERY_SECONDS, stage


def _published(site: Site, tenants: Sequence[UUID]) -> int:
    statement = "SELECT count(*) AS n FROM import_items WHERE state = 'published'"
    return sum(rows_of(site.house.database, tenant, statement)[0]["n"] for tenant in tenants)


def _lost(site: Site, tenants: Sequence[UUID]) -> dict[StageName, int]:
    lost: dict[StageName, int] = {}
    for tenant in tenants:
        statement = "SELECT stage, count(*) AS n FROM import_attempts WHERE outcome = 'lost' GROUP BY stage"
        for row in rows_of(site.house.database, tenant, statement):
            stage = StageName(row["stage"])
            lost[stage] = lost.get(stage, 0) + row["n"]
    return lost


def _steal_rings(site: Site, done: threading.Event) -> None:
    chance = random.Random(20261123)
    while not done.wait(0.005):
        for queue in QUEUES:
            if chance.random() < 0.5:
                site.broker.rpop(queue)


def _forgeries(queue: str) -> list[bytes]:
    stage = next(spec for spec in PIPELINE if spec.queue == queue)
    known = stage.task_name
    return [
        b"not json",
        b"[]",
        _message(queue, known, b"not json"),
        _message(queue, known, b"\x80\x04N.", content_type="application/x-python-serialize"),
        _message(queue, "os.system", json.dumps([["true"], {}, {}]).encode()),
        *(
            _message(queue, known, json.dumps([[], kwargs, {}]).encode())
            for kwargs in (
                {},
                {"tenant_id": str(uuid4())},
                {"tenant_id": None},
                {"tenant_id": 7},
                {"tenant_id": {"$ne": 1}},
                {"tenant_id": "' OR true --"},
                {"tenant_id": str(uuid4()), "stage": "publish", "item_id": str(uuid4())},
            )
        ),
    ]


def _message(queue: str, task: str, body: bytes, *, content_type: str = "application/json") -> bytes:
    envelope: dict[str, Any] = {
        "body": base64.b64encode(body).decode(),
        "content-encoding": "utf-8",
        "content-type": content_type,
        "headers": {"lang": "py", "task": task, "id": str(uuid4()), "retries": 0, "argsrepr": "()", "kwargsrepr": "{}"},
        "properties": {
            "delivery_mode": 2,
            "delivery_info": {"exchange": "", "routing_key": queue},
            "priority": 0,
            "body_encoding": "base64",
            "delivery_tag": str(uuid4()),
        },
    }
    return json.dumps(envelope).encode()


def _masked(database: Database, tenant: UUID, table: str) -> list[str]:
    """The rows of a table without ids and times, the files' keys, which hold the tenant, and places, which hold ids."""
    rows = rows_of(database, tenant, f"SELECT * FROM {table}")
    return sorted(
        json.dumps(
            {k: v for k, v in row.items() if not isinstance(v, UUID | datetime | bytes) and k != "file_key"},
            default=str,
            sort_keys=True,
        )
        for row in rows
    )


def _rendered(site: Site) -> str:
    code = "from app.telemetry import render; print(render()[0].decode())"
    environment = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(site.metrics)}
    return subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=BACKEND, capture_output=True, text=True, check=True
    ).stdout


def _celery(site: Site, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "celery", "-A", "app.modules.imports.application.celery_app", *arguments],
        env={**os.environ, **site.environment},
        cwd=BACKEND,
        capture_output=True,
        text=True,
        check=False,
    )


pytestmark = pytest.mark.timeout(120)
