"""A live site to attack: a real database, the application behind a real socket, two tenants with keys of all roles."""

from __future__ import annotations

import tempfile
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn

from app.database import Database, migrate
from app.embedded import EmbeddedPostgres
from app.main import create_app
from app.modules.imports.usecases.keys import create_key, create_tenant
from app.security import Role
from app.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

_PATIENCE_SECONDS = 60
_NO_LIMIT = 10_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """``keys``: for each of two tenants a key of each role."""

    url: str
    tenants: tuple[UUID, UUID]
    keys: tuple[dict[Role, str], dict[Role, str]]


@contextmanager
def live_site() -> Iterator[Site]:
    """Rate limits are out of the way: they have tests of their own, and would hide what lies behind them."""
    with tempfile.TemporaryDirectory(prefix="gq-attack-", ignore_cleanup_errors=True) as directory:
        Path(directory).chmod(0o755)
        with EmbeddedPostgres(Path(directory) / "postgres", durable=False) as server:
            migrate(server.superuser_dsn())
            config = _settings(server.dsn("postgres", "imports_app"), Path(directory) / "data")
            tenants, keys = _tenants(config)
            with _serving(config) as url:
                yield Site(url=url, tenants=tenants, keys=keys)


def _settings(dsn: str, data: Path) -> Settings:
    return Settings.model_validate(
        {
            "IMPORTS_ENABLED": True,
            "DB_DSN": dsn,
            "IMPORTS_DATA_DIR": data,
            "IMPORTS_RUNNER_MODE": "inline",
            "IMPORTS_REQUESTS_PER_MINUTE": _NO_LIMIT,
            "IMPORTS_FAILED_LOGINS_PER_MINUTE": _NO_LIMIT,
            "IMPORTS_OPEN_BATCHES": _NO_LIMIT,
        }
    )


def _tenants(config: Settings) -> tuple[tuple[UUID, UUID], tuple[dict[Role, str], dict[Role, str]]]:
    database = Database(config.db_dsn or "", pool_size=2)
    try:
        first, second = create_tenant(database, "acme"), create_tenant(database, "globex")
        return (first, second), (_keys(database, first), _keys(database, second))
    finally:
        database.close()


def _keys(database: Database, tenant: UUID) -> dict[Role, str]:
    with database.tenant_session(tenant) as session:
        return {role: create_key(session, role=role, name=role.value, actor="site").key for role in Role}


@contextmanager
def _serving(config: Settings) -> Iterator[str]:
    server = uvicorn.Server(uvicorn.Config(create_app(config), port=0, log_level="error", server_header=False))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + _PATIENCE_SECONDS
    while not server.started:
        if not thread.is_alive() or time.monotonic() > until:
            raise RuntimeError("the application did not start")
        time.sleep(0.05)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(timeout=_PATIENCE_SECONDS)
