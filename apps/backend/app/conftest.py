"""Real parts for every test: a PostgreSQL cluster per run, an empty migrated database per test."""

from __future__ import annotations

import os
import tempfile
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import pytest
from hypothesis import settings

from app.database import Database, migrate
from app.embedded import EmbeddedPostgres, template_database
from app.modules.imports.application.bootstrap import open_house
from app.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.modules.imports.usecases.house import House

_NO_SKIP = "IMPORTS_TEST_NO_SKIP"
_TEMPLATE = "imports_template"
_numbers = count(1)

# People try other examples in each run; what a change is judged by has to be the same twice.
settings.register_profile("repeatable", derandomize=True)
if os.environ.get(_NO_SKIP) == "1":
    settings.load_profile("repeatable")


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Where everything is installed a skipped test is a failure: it would hide a missing install step."""
    outcome = yield
    report = outcome.get_result()  # type: ignore[attr-defined]
    if report.skipped and os.environ.get(_NO_SKIP) == "1" and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, and {_NO_SKIP} is set: {report.longrepr}"


@pytest.fixture(scope="session")
def postgres() -> Iterator[EmbeddedPostgres]:
    """One server for the run, without durability; its template database has the schema."""
    with tempfile.TemporaryDirectory(prefix="gq-test-", ignore_cleanup_errors=True) as directory:
        Path(directory).chmod(0o755)
        with EmbeddedPostgres(Path(directory) / "postgres", durable=False) as server:
            template_database(server, _TEMPLATE, "template1")
            migrate(server.superuser_dsn(_TEMPLATE))
            yield server


@pytest.fixture
def database_name(postgres: EmbeddedPostgres) -> str:
    """A new database with the schema and no rows."""
    name = f"imports_test_{next(_numbers)}"
    template_database(postgres, name, _TEMPLATE)
    return name


@pytest.fixture
def app_dsn(postgres: EmbeddedPostgres, database_name: str) -> str:
    return postgres.dsn(database_name, "imports_app")


@pytest.fixture
def database(app_dsn: str) -> Iterator[Database]:
    """The test's own database, as the app's role."""
    opened = Database(app_dsn, pool_size=4)
    yield opened
    opened.close()


@pytest.fixture
def tenant(database: Database) -> UUID:
    """A tenant of its own."""
    return new_tenant(database)


@pytest.fixture
def other_tenant(database: Database) -> UUID:
    """A second tenant of the same database."""
    return new_tenant(database, "other")


def new_tenant(database: Database, name: str = "acme") -> UUID:
    """One more tenant."""
    tenant_id = uuid4()
    with database.tenant_session(tenant_id) as session:
        session.execute("INSERT INTO tenants (id, name) VALUES (%(id)s, %(name)s)", {"id": tenant_id, "name": name})
    return tenant_id


@pytest.fixture
def config(app_dsn: str, tmp_path: Path) -> Settings:
    """Settings of a process of its own: the test's database and a folder, and everything quick."""
    return Settings(
        IMPORTS_ENABLED=True,
        DB_DSN=app_dsn,
        IMPORTS_DATA_DIR=tmp_path / "data",
        IMPORTS_LEASE_SECONDS=3.0,
        IMPORTS_SWEEP_SECONDS=0.5,
        IMPORTS_BACKOFF_SECONDS=0.1,
    )


@pytest.fixture
def house(config: Settings) -> Iterator[House]:
    """A house whose rings are answered by threads of this process."""
    with open_house(config, with_runner=True) as opened:
        yield opened


@pytest.fixture
def quiet_house(config: Settings) -> Iterator[House]:
    """A house in which nobody answers rings: the test advances slices itself."""
    with open_house(config, with_runner=False) as opened:
        yield opened
