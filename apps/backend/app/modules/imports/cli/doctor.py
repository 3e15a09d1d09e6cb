"""``doctor``: what is configured, reachable and missing, in words that say what to do."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from app.database import Database, UnsafeDatabase
from app.modules.imports import plugins
from app.modules.imports.adapters.clamav import ClamdScanner
from app.modules.imports.adapters.sandbox.confinement import EVERY_WALL
from app.modules.imports.adapters.sandbox.pool import Sandbox
from app.modules.imports.application.bootstrap import embedded_database
from app.modules.imports.domain.errors import ImportsError

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import Console

    from app.settings import Settings

_ENOUGH_BYTES = 1024**3


def report(config: Settings, console: Console) -> bool:
    """Print one line per part; returns whether everything that is needed is there."""
    checks: dict[str, Callable[[Settings], str]] = {
        "imports": _enabled,
        "plug-ins": _plugins,
        "database": _database,
        "broker": _broker,
        "antivirus": _antivirus,
        "parser wall": _sandbox,
        "OCR": _ocr,
        "files": _files,
    }
    found = [_line(name, check, config, console) for name, check in checks.items()]
    return all(found)


class _Missing(Exception):
    """A part that is needed and is not there; the text says what to do."""


def _line(name: str, check: Callable[[Settings], str], config: Settings, console: Console) -> bool:
    try:
        console.print(f"[green]ok[/green]      {name:12} {check(config)}")
    except _Missing as missing:
        console.print(f"[red]missing[/red] {name:12} {missing}")
        return False
    return True


def _enabled(config: Settings) -> str:
    state = "enabled" if config.enabled else "off: set IMPORTS_ENABLED=1, or every imports route answers 503"
    return f"{state}; {config.environment}, {config.runner_mode}"


def _plugins(_: Settings) -> str:
    found = (plugins.readers(), plugins.countries(), plugins.destinations())
    return "; ".join(f"{len(group)} ({', '.join(group)})" for group in found)


def _database(config: Settings) -> str:
    with ExitStack() as stack:
        try:
            configured = embedded_database(config, stack)
            database = Database(configured.db_dsn or "", pool_size=1)
            stack.callback(database.close)
            database.refuse_if_unsafe()
        except (UnsafeDatabase, SQLAlchemyError, RuntimeError) as error:
            raise _Missing(str(error).partition("\n")[0]) from error
    return "DB_DSN" if config.db_dsn else f"embedded, in {config.data_dir / 'postgres'}"


def _broker(config: Settings) -> str:
    if config.runner_mode == "inline":
        return "none needed in inline mode"
    if not config.redis_url:
        raise _Missing("REDIS_URL is not set")
    try:
        Redis.from_url(config.redis_url, socket_connect_timeout=2).ping()
    except (RedisError, OSError) as error:
        raise _Missing(f"REDIS_URL does not answer ({type(error).__name__})") from error
    return "answers"


def _antivirus(config: Settings) -> str:
    if not config.clamd_address:
        return "embedded scanner: test string, executables, active content; set CLAMD_ADDRESS for real signatures"
    try:
        return ClamdScanner(config.clamd_address).version()
    except ImportsError as error:
        raise _Missing(f"{error.code}: {error.detail}") from error


def _sandbox(config: Settings) -> str:
    sandbox = Sandbox(children=1, memory_bytes=config.sandbox_memory_bytes)
    try:
        walls = sandbox.walls()
        missing = [wall for wall in EVERY_WALL if wall not in walls]
        return ", ".join(walls) + (f"; not on this host: {', '.join(missing)}" if missing else "")
    finally:
        sandbox.close()


def _ocr(config: Settings) -> str:
    sandbox = Sandbox(children=1, memory_bytes=config.sandbox_memory_bytes)
    try:
        return str(sandbox.call("engine_version", {}, seconds=60))
    except ImportsError as error:
        raise _Missing(f"{error.code}: {error.detail}") from error
    finally:
        sandbox.close()


def _files(config: Settings) -> str:
    config.files_dir.mkdir(parents=True, exist_ok=True)
    try:
        with tempfile.TemporaryFile(dir=config.files_dir):
            free = shutil.disk_usage(Path(config.files_dir)).free
    except OSError as error:
        raise _Missing(f"{config.files_dir} cannot be written: {error.strerror}") from error
    if free < _ENOUGH_BYTES:
        raise _Missing(f"{config.files_dir} has only {free // 1024**2} MiB left")
    return f"{config.files_dir}, {free // 1024**3} GiB free"
