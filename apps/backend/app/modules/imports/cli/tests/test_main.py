"""The command as a user types it, in a process of its own."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SAMPLES = Path(__file__).parents[2] / "formats" / "tests" / "samples"
COMMAND = [str(Path(sys.executable).with_name("gestiq-imports"))]


def run(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("IMPORTS_", "DB_", "REDIS_"))}
    return subprocess.run(
        [*COMMAND, *arguments],
        cwd=cwd,
        env=kept | {"IMPORTS_DATA_DIR": str(cwd / "data"), **environment},
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A user's folder: one good file, one with several documents, one that is nothing."""
    folder = tmp_path_factory.mktemp("user")
    inbox = folder / "inbox"
    inbox.mkdir()
    (inbox / "good.xml").write_bytes((SAMPLES / "facturae" / "exempt.xml").read_bytes())
    (inbox / "three.xml").write_bytes((SAMPLES / "facturae" / "three-invoices.xml").read_bytes())
    (inbox / "noise.bin").write_bytes(bytes(range(256)) * 8)
    (inbox / ".hidden").write_text("not walked", encoding="utf-8")
    return folder


def test_extract_gives_one_line_per_file_with_a_prediction_or_an_error(folder: Path) -> None:
    done = run("extract", "inbox", cwd=folder)
    assert done.returncode == 0, done.stderr
    lines = {line["path"]: line for line in map(json.loads, done.stdout.splitlines())}
    assert set(lines) == {"inbox/good.xml", "inbox/three.xml", "inbox/noise.bin"}
    assert lines["inbox/good.xml"]["prediction"]["doc_type"] == "invoice"
    assert len(lines["inbox/three.xml"]["prediction"]["documents"]) == 3
    assert lines["inbox/noise.bin"]["error"]["code"] == "unsupported_format"


def test_extract_writes_its_lines_into_a_file(folder: Path) -> None:
    target = folder / "out.jsonl"
    done = run("extract", "inbox/good.xml", "--jsonl", str(target), cwd=folder)
    assert (done.returncode, done.stdout) == (0, "")
    [line] = target.read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["path"] == "inbox/good.xml"


def test_extract_of_a_missing_file_is_an_error_line(folder: Path) -> None:
    [line] = run("extract", "nowhere.pdf", cwd=folder).stdout.splitlines()
    assert json.loads(line)["error"]["code"] == "file_unavailable"


def test_run_imports_into_the_embedded_database_and_status_and_retry_find_it_again(folder: Path) -> None:
    done = run("run", "inbox", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert "invoices" in done.stdout
    assert "unsupported_format" in done.stdout
    assert "5 published, 1 waiting for a person" in done.stdout
    [status] = run("status", cwd=folder).stdout.splitlines()
    batch, name = status.split()[:2]
    assert name == "completed_with_errors"
    again = run("retry", batch, cwd=folder)
    assert "retried 1" in again.stdout, again.stderr
    exported = run("export", batch, "--out", "batch.csv", cwd=folder)
    assert exported.returncode == 0, exported.stderr
    with (folder / "batch.csv").open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file))
    assert {line["file"] for line in lines} == {"good.xml", "three.xml", "noise.bin"}
    assert sum(line["destination"] == "invoices" for line in lines) == 4
    assert run("export", batch, "--out", "batch.ods", cwd=folder).returncode == 2


def test_an_export_of_no_batch_leaves_no_file(folder: Path) -> None:
    done = run("export", "00000000-0000-0000-0000-000000000001", "--out", "nothing.xlsx", cwd=folder)
    assert (done.returncode, "batch_not_found" in done.stderr) == (1, True)
    assert not (folder / "nothing.xlsx").exists()


def test_a_key_can_be_made_listed_and_revoked(folder: Path) -> None:
    key = run("keys", "create", "erp", "--role", "viewer", cwd=folder).stdout.strip()
    assert key.startswith("giq_")
    listed = run("keys", "list", cwd=folder).stdout
    assert "erp" in listed
    assert key not in listed
    identifier = next(line.split()[0] for line in listed.splitlines() if "erp" in line)
    assert run("keys", "revoke", identifier, cwd=folder).returncode == 0
    assert "(revoked)" in run("keys", "list", cwd=folder).stdout


def test_smoke_sends_rows_through_the_whole_pipeline(folder: Path) -> None:
    done = run("smoke", "--rows", "2", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert "2 of 2 published" in done.stdout


def test_backfill_leaves_out_what_was_imported_before(folder: Path) -> None:
    first = run("backfill", "inbox/good.xml", "--tenant", "old", cwd=folder)
    assert "0 of them imported before" in first.stdout, first.stderr
    assert "1 of them imported before" in run("backfill", "inbox/good.xml", "--tenant", "old", cwd=folder).stdout


def test_doctor_names_what_is_there(folder: Path) -> None:
    done = run("doctor", cwd=folder)
    assert done.returncode == 0, done.stdout
    for part in ("database", "parser wall", "antivirus", "OCR"):
        assert part in done.stdout


def test_doctor_names_what_is_missing(folder: Path) -> None:
    done = run("doctor", cwd=folder, IMPORTS_RUNNER_MODE="celery")
    assert done.returncode == 1
    assert "REDIS_URL is not set" in done.stdout


def test_a_database_address_of_another_kind_is_refused(folder: Path) -> None:
    done = run("status", cwd=folder, DB_DSN="sqlite:///x.db")
    assert done.returncode == 1
    assert "postgresql" in done.stderr


def test_migrate_without_an_administrator_says_what_to_set(folder: Path) -> None:
    done = run("migrate", cwd=folder, DB_DSN="postgresql://imports_app@127.0.0.1:1/x")
    assert done.returncode == 1
    assert "DB_ADMIN_DSN" in done.stderr
