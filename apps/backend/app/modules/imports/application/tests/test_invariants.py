"""The checker of the invariants: silent on what the pipeline leaves, loud on each thing that is broken by hand."""

from __future__ import annotations

import os
import shutil
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import psycopg
import pytest

from app.conftest import new_tenant
from app.embedded import template_database
from app.modules.imports.application.bootstrap import open_house
from app.modules.imports.application.tests.driving import add_files, add_rows, advance_until_quiet, invoice_row
from app.modules.imports.domain.pipeline import FIRST
from app.modules.imports.usecases.invariants import SeesOneTenantOnly, broken_invariants
from app.modules.imports.usecases.resources import Resources, ResourceSampler, grown
from app.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from uuid import UUID

    from app.embedded import EmbeddedPostgres
    from app.modules.imports.usecases.house import House


@pytest.fixture(scope="module")
def worked(postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two tenants with something published, failed, split and waiting, in a database to copy; the folder of the files."""
    folder = tmp_path_factory.mktemp("worked")
    template_database(postgres, _WORKED, "imports_template")
    dsn = postgres.dsn(_WORKED, "imports_app")
    config = Settings(DB_DSN=dsn, IMPORTS_DATA_DIR=folder, IMPORTS_LEASE_SECONDS=600, IMPORTS_BACKOFF_SECONDS=0.1)
    with open_house(config, with_runner=False) as house:
        for owner in (new_tenant(house.database), new_tenant(house.database, "other")):
            _work(house, owner, folder)
        assert house.store.claim(FIRST, owner) is not None
    return folder / "files"


def _work(house: House, owner: UUID, folder: Path) -> None:
    table, letter = folder / "rows.csv", folder / "letter.bin"
    table.write_text(
        "invoice_number,issue_date,supplier_name,supplier_tax_id,net,tax,total\n"
        "A-1,2026-03-15,Uno,B29423548,100,21,121\n"
    )
    letter.write_bytes(b"\x00\x01 nothing that can be read")
    add_rows(house, owner, [invoice_row(n) for n in range(4)] + [{"nothing": "known"}])
    add_files(house, owner, [table, letter])
    advance_until_quiet(house, owner)
    add_rows(house, owner, [invoice_row(n) for n in range(10, 12)])


@pytest.fixture
def everything(postgres: EmbeddedPostgres, worked: Path) -> Iterator[psycopg.Connection[Any]]:
    """A copy of that database, as somebody who sees every tenant and is refused nothing."""
    with psycopg.connect(template_database(postgres, f"{_WORKED}_copy", _WORKED), autocommit=True) as connection:
        yield connection


def test_nothing_is_broken_in_an_empty_database(postgres: EmbeddedPostgres, database_name: str) -> None:
    with psycopg.connect(postgres.superuser_dsn(database_name)) as connection:
        assert broken_invariants(connection) == ()


def test_nothing_is_broken_by_what_the_pipeline_does(worked: Path, everything: psycopg.Connection[Any]) -> None:
    accepted = [id_ for (id_,) in everything.execute("SELECT id FROM import_items")]
    assert len(accepted) > 10
    assert broken_invariants(everything, accepted=accepted, blobs=worked) == ()


def test_a_clock_that_was_set_back_between_two_stages_is_no_zombie(
    worked: Path, everything: psycopg.Connection[Any]
) -> None:
    everything.execute("SET session_replication_role = replica")
    everything.execute(
        """UPDATE import_attempts SET started_at = started_at - interval '1 h', finished_at = finished_at - interval '1 h'
           WHERE stage IN ('extract', 'validate', 'publish')"""
    )
    assert broken_invariants(everything, blobs=worked) == ()


def test_a_role_that_is_bound_to_one_tenant_is_refused(app_dsn: str) -> None:
    with psycopg.connect(app_dsn) as bound, pytest.raises(SeesOneTenantOnly):
        broken_invariants(bound)


_WORKED = "imports_worked"
_WITHOUT_KEYS = "SET session_replication_role = replica"
_ONE = "(SELECT id FROM import_items WHERE state = 'published' AND kind = 'row' ORDER BY tenant_id, id LIMIT 1)"
_BREAKS = {
    "an item is deleted": ("I1", f"DELETE FROM import_payloads WHERE item_id = {_ONE}"),
    "a part of a container is lost": ("I1", "DELETE FROM import_items WHERE parent_id IS NOT NULL"),
    "an answer promised more": (
        "I1",
        """INSERT INTO import_requests (tenant_id, key, fingerprint, status, response) SELECT tenant_id, 'k', '', 202,
           jsonb_build_object('batch_id', id, 'items_ingested', 99) FROM import_batches LIMIT 1""",
    ),
    "a ledger entry is missing": ("I2", f"DELETE FROM import_publications WHERE item_id = {_ONE}"),
    "a ledger entry is too much": (
        "I2",
        """INSERT INTO import_publications (tenant_id, item_id, dest_table, dest_id, payload_hash)
           SELECT tenant_id, id, 'invoices', id, '' FROM import_items WHERE state = 'preprocess_failed' LIMIT 1""",
    ),
    "a destination row is missing": ("I2", f"DELETE FROM invoices WHERE source_item_id = {_ONE}"),
    "a destination row is there twice": (
        "I2",
        f"""ALTER TABLE invoices DROP CONSTRAINT invoices_source_item_id_tenant_id_key;
            INSERT INTO invoices (tenant_id, id, source_item_id, doc_type, issue_date)
            SELECT tenant_id, gen_random_uuid(), source_item_id, doc_type, issue_date FROM invoices
            WHERE source_item_id = {_ONE}""",
    ),
    "an item is at rest before its end": (
        "I3",
        """ALTER TABLE import_items DROP CONSTRAINT claimable_leased_or_at_rest;
           UPDATE import_items SET next_run_at = NULL, due_stage = NULL WHERE due_stage IS NOT NULL""",
    ),
    "a lease is gone": ("I3", "DELETE FROM import_leases"),
    "a lease ran out": ("I3", "UPDATE import_leases SET leased_until = clock_timestamp() - interval '1 h'"),
    "an item waits for an hour": (
        "I3",
        "UPDATE import_items SET next_run_at = clock_timestamp() + interval '1 h' WHERE due_stage IS NOT NULL",
    ),
    "a stage ran four times": (
        "I5",
        """INSERT INTO import_attempts (tenant_id, item_id, stage, attempt, outcome, started_at)
           SELECT a.tenant_id, a.item_id, a.stage, 4, 'dead', clock_timestamp() FROM import_attempts a
           WHERE outcome = 'dead' LIMIT 1""",
    ),
    "an attempt was not counted": (
        "I5",
        """INSERT INTO import_attempts (tenant_id, item_id, stage, attempt, outcome, started_at)
           SELECT tenant_id, id, 'preprocess', 0, 'lost', clock_timestamp() FROM import_items
           WHERE state = 'preprocess_failed'""",
    ),
    "an item claims attempts that nobody recorded": (
        "I5",
        "UPDATE import_items SET attempt = 2 WHERE due_stage IS NOT NULL",
    ),
    "an item is given up at once": ("I5", "UPDATE import_dlq SET attempts = 0"),
    "a stage was left out": ("I6", "DELETE FROM import_attempts WHERE stage = 'extract'"),
    "a state was set by hand": (
        "I6",
        f"""ALTER TABLE import_items DISABLE TRIGGER ALL;
            UPDATE import_items SET state = 'validate_failed' WHERE id = {_ONE}""",
    ),
    "an item is moved to another tenant": (
        "I7",
        """UPDATE import_items i SET tenant_id = (SELECT t.id FROM tenants t WHERE t.id <> i.tenant_id)
           WHERE due_stage IS NOT NULL""",
    ),
    "a file lies with another tenant": (
        "I7",
        f"UPDATE import_items SET file_key = '{uuid4()}/ab/ab' WHERE kind = 'container'",
    ),
    "a table has no wall": ("I7", "ALTER TABLE invoices NO FORCE ROW LEVEL SECURITY"),
    "a policy lets everything be written": ("I7", "ALTER POLICY tenant ON invoices WITH CHECK (true)"),
    "a policy lets everything be read": ("I7", "ALTER POLICY tenant ON invoices USING (true)"),
    "no tenant is not denied": (
        "I7",
        """CREATE OR REPLACE FUNCTION app_tenant() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
           RETURN current_setting('app.tenant_id', true)::uuid""",
    ),
    "a foreign key leaves the tenant out": (
        "I7",
        """CREATE UNIQUE INDEX by_id ON import_batches (id);
           ALTER TABLE import_items ADD CONSTRAINT loose FOREIGN KEY (batch_id) REFERENCES import_batches (id)""",
    ),
    "attempts overlap": (
        "I8",
        """INSERT INTO import_attempts (tenant_id, item_id, stage, attempt, outcome, started_at)
           SELECT tenant_id, item_id, stage, 2, 'lost', clock_timestamp() - interval '1 h'
           FROM import_attempts WHERE outcome = 'dead'""",
    ),
    "a lease is of another stage": ("I8", "UPDATE import_leases SET stage = 'publish'"),
    "a lease holds nothing": (
        "I8",
        """INSERT INTO import_leases (tenant_id, token, stage, leased_until, deadline_at)
           SELECT id, id, 'ocr', clock_timestamp() + interval '1 h', clock_timestamp() FROM tenants""",
    ),
    "a failed item has no dead letter": ("I9", "DELETE FROM import_dlq"),
    "a dead letter is of another stage": ("I9", "UPDATE import_dlq SET stage = 'ocr'"),
    "a dead letter is open for ever": (
        "I9",
        """INSERT INTO import_dlq (tenant_id, id, item_id, batch_id, stage, reason, code, attempts, payload)
           SELECT tenant_id, gen_random_uuid(), id, batch_id, 'publish', 'dead', 'x', 1, '{}' FROM import_items
           WHERE state = 'published'""",
    ),
    "a dead letter is emptied too early": ("I9", "UPDATE import_dlq SET payload = NULL"),
    "a dead letter is kept too long": ("I9", "UPDATE import_dlq SET created_at = clock_timestamp() - interval '9 d'"),
    "a key has no answer": (
        "I10",
        "INSERT INTO import_requests (tenant_id, key, fingerprint) SELECT id, 'k', '' FROM tenants",
    ),
    "the audit trail lacks an entry": (
        "I11",
        """INSERT INTO import_audit (tenant_id, seq, actor, action, details, salt, details_hash, prev_hash, hash)
           SELECT id, 2, 'a', 'b', '{}', id, '', '', '' FROM tenants""",
    ),
}


@pytest.mark.parametrize("what", _BREAKS)
def test_it_is_found_that(what: str, worked: Path, everything: psycopg.Connection[Any]) -> None:
    code, statements = _BREAKS[what]
    everything.execute(_WITHOUT_KEYS)
    everything.execute(statements.encode())
    found = broken_invariants(everything, blobs=worked)
    assert code in {broken.code for broken in found}, found


def test_an_accepted_item_that_vanished_is_found(worked: Path, everything: psycopg.Connection[Any]) -> None:
    lost = uuid4()
    [broken] = broken_invariants(everything, accepted=[lost])
    assert (broken.code, broken.count, broken.sample) == ("I1", 1, (str(lost),))


def test_files_without_rows_and_rows_without_files_are_found(
    worked: Path, everything: psycopg.Connection[Any], tmp_path: Path
) -> None:
    root = shutil.copytree(worked, tmp_path / "files")
    gone = next(path for path in root.rglob("*") if path.is_file())
    gone.unlink()
    (root / "stray").write_bytes(b"x")
    (root / ".incoming" / "half").write_bytes(b"x")
    found = broken_invariants(everything, blobs=root, grace=timedelta(seconds=-1))
    assert {broken.sample for broken in found if broken.code == "I12"} == {
        ("stray",),
        (".incoming/half",),
        (gone.relative_to(root).as_posix(),),
    }


def test_what_a_process_holds_is_measured_and_growth_is_named(
    everything: psycopg.Connection[Any], tmp_path: Path
) -> None:
    sampler = ResourceSampler(lambda: [os.getpid()], everything)
    before = sampler.sample()
    handles = [(tmp_path / str(n)).open("w") for n in range(200)]
    after = sampler.sample()
    for handle in handles:
        handle.close()
    assert before.rss_bytes > 1_000_000
    assert [broken.code for broken in grown(before, after)] == ["I13"]
    assert grown(before, Resources()) == ()
