"""The commands of whoever answers for the data, as typed, on a database of their own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import psycopg
import pytest
from typer.testing import CliRunner

from app.modules.imports.cli import opening
from app.modules.imports.cli.main import app
from app.modules.imports.usecases.audit import Entry, record
from app.modules.imports.usecases.tests.factories import make_batch, make_item

if TYPE_CHECKING:
    from uuid import UUID

    from app.database import Database
    from app.embedded import EmbeddedPostgres
    from app.settings import Settings


@pytest.fixture
def runner(config: Settings, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setattr(opening, "settings", lambda: config)
    return CliRunner()


def test_the_trail_is_proved_anchored_and_the_touched_entry_named(  # noqa: PLR0917  (fixtures)
    runner: CliRunner,
    database: Database,
    tenant: UUID,
    postgres: EmbeddedPostgres,
    database_name: str,
    config: Settings,
) -> None:
    for action in ("one", "two", "three"):
        with database.tenant_session(tenant) as session:
            record(session, Entry(actor="ana", action=action))
    anchored = runner.invoke(app, ["anchor-audit"])
    assert f"\n{tenant} 3 " in f"\n{anchored.output}"
    assert json.loads(config.anchors.read_text())["seq"] == 3
    whole = runner.invoke(app, ["verify-audit"])
    assert (whole.exit_code, whole.output) == (0, "the trail is whole\n")
    with psycopg.connect(postgres.superuser_dsn(database_name), autocommit=True) as owner:
        owner.execute("ALTER TABLE import_audit DISABLE TRIGGER USER")
        owner.execute("DELETE FROM import_audit WHERE seq = 3")
        owner.execute("UPDATE import_audit SET action = 'nothing' WHERE seq = 1")
    broken = runner.invoke(app, ["verify-audit", "--tenant", "acme"])
    assert broken.exit_code == 1
    assert f"changed: tenant {tenant}, entry 1 (row " in broken.output
    assert f"truncated: tenant {tenant}, entry 3: " in broken.output


def test_a_batch_is_cancelled_held_released_and_deleted_and_a_tenant_erased(
    runner: CliRunner, database: Database, tenant: UUID
) -> None:
    with database.tenant_session(tenant) as session:
        batch = make_batch(session, "Zanahoria")
        make_item(session, batch)

    def run(*arguments: str) -> tuple[int, str]:
        done = runner.invoke(app, [*arguments])
        return done.exit_code, done.output.strip()

    assert run("cancel", str(batch), "--tenant", "acme") == (0, "cancelled 0")
    assert run("hold", "--tenant", "acme", "--batch", str(batch)) == (0, "held")
    assert run("delete-batch", str(batch), "--tenant", "acme")[0] == 1
    assert run("hold", "--tenant", "acme", "--batch", str(batch), "--lift") == (0, "released")
    assert run("delete-batch", str(batch), "--tenant", "acme") == (0, "deleted")
    assert run("limit", "acme", "rows_per_day=5", "requests_per_minute=9")[0] == 0
    assert run("limit", "acme", "rows=5")[0] == 1
    assert "dead letters emptied 0" in run("tidy")[1]
    assert run("erase-tenant", "acme")[0] == 1
    assert run("erase-tenant", "acme", "--yes") == (0, f"erased {tenant}: 1 batches, 0 files")
    assert run("status", "--tenant", "acme")[0] == 1
