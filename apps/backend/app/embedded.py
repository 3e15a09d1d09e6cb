"""A real PostgreSQL from a wheel, for when ``DB_DSN`` is not set: no root, Docker or TCP; it ends with its launcher."""

from __future__ import annotations

import shutil
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self
from urllib.parse import quote

import psycopg
from psycopg import sql

from app.embedded_binaries import postgres_bin, postgres_major
from app.embedded_broker import EmbeddedBroker
from app.embedded_process import (
    EmbeddedServerError,
    exclusive,
    is_alive,
    log_file,
    run_to_end,
    server_account,
    spawn,
    stop_process,
    tail,
    wait_until,
    works_in,
)

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Mapping

__all__ = ["EmbeddedBroker", "EmbeddedPostgres", "EmbeddedServerError", "template_database"]

_SUPERUSER: Final = "postgres"
_PORT: Final = 5432
_SOCKET_NAME: Final = f".s.PGSQL.{_PORT}.lock"
_LONGEST_SOCKET: Final = 100  # of 103 (macOS) and 107 (Linux) bytes that an address holds
_DRAFT_PREFIX: Final = "cluster."
_SOCKET_PREFIX: Final = "gq-"
_START_SECONDS: Final = 60.0
_STOP_SECONDS: Final = 10.0
_FIRST_MAJOR_WITH_BUILTIN_LOCALE: Final = 17

_SETTINGS: Final = {
    "listen_addresses": "",
    "port": str(_PORT),
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "128MB",
    # A long import writes gigabytes of log; each checkpoint makes it write every page whole once more.
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "warning",
    "jit": "off",  # our statements are short; compiling them costs more than it saves
}
_NOT_DURABLE: Final = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass(frozen=True, slots=True)
class _Running:
    """A server as its pid file describes it (docs: "postmaster.pid" in PostgreSQL's storage chapter)."""

    pid: int
    socket_dir: Path
    ready: bool


class EmbeddedPostgres:
    """One cluster in ``data_dir``. Whoever starts first owns the server; others that start meanwhile share it.

    A shared server ends with its owner; ``start`` called again then starts one. ``durable=False`` gives up surviving a
    crash of the machine (not of the process) for speed: for tests only.
    """

    def __init__(self, data_dir: Path, *, durable: bool = True) -> None:
        self.data_dir = data_dir.absolute()
        self.log_path = self.data_dir / "postgres.log"
        self._cluster = self.data_dir / "cluster"
        self._durable = durable
        self._process: subprocess.Popen[bytes] | None = None
        self._socket_dir: Path | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def owned(self) -> bool:
        """Whether the server runs because of this object, and ends with ``stop``."""
        return self._process is not None

    def start(self) -> None:
        """Returns when the server answers. Raises ``EmbeddedServerError`` with the end of the log."""
        with exclusive(self.data_dir / "launch.lock"):
            running = self._living()
            if running is None:
                bin_directory = postgres_bin()
                self._create_cluster(bin_directory)
                running = self._launch(bin_directory)
            self._socket_dir = running.socket_dir

    def stop(self) -> None:
        """Ends the server if it is ours; twice is harmless."""
        process, self._process = self._process, None
        socket_dir, self._socket_dir = self._socket_dir, None
        if process is None:
            return
        with exclusive(self.data_dir / "launch.lock"):
            stop_process(process, within=_STOP_SECONDS)
            if socket_dir is not None:
                _remove_socket_dir(socket_dir)

    def superuser_dsn(self, dbname: str = "postgres") -> str:
        return self.dsn(dbname, _SUPERUSER)

    def dsn(self, dbname: str, user: str) -> str:
        """For libpq and psycopg; for SQLAlchemy write ``postgresql+psycopg`` in front instead."""
        if self._socket_dir is None:
            raise EmbeddedServerError("the server is not started")
        # The port is stated so that a PGPORT in the environment cannot change it.
        host = quote(str(self._socket_dir), safe="")
        return f"postgresql://{quote(user, safe='')}@/{quote(dbname, safe='')}?host={host}&port={_PORT}"

    # ------------------------------------------------------------------------------------------ who runs already

    def _living(self) -> _Running | None:
        """The server of this directory, once it is ready; None when there is none (any more)."""
        ready: list[_Running] = []

        def settled() -> bool:
            running = self._described()
            if running is None or not is_alive(running.pid) or not works_in(running.pid, self._cluster):
                return True
            # One that is starting becomes ready, one whose launcher died is ending: both take moments.
            if running.ready and running.socket_dir.is_dir() and _answers(self._url_at(running.socket_dir)):
                ready.append(running)
            return bool(ready)

        if not wait_until(settled, within=_STOP_SECONDS):
            raise EmbeddedServerError(
                f"a server in {self.data_dir} is alive and does not answer: {tail(self.log_path)}"
            )
        if not ready:
            self._forget_dead()
        return ready[0] if ready else None

    def _url_at(self, socket_dir: Path) -> str:
        return f"host={socket_dir} port={_PORT} user={_SUPERUSER} dbname=postgres"

    def _described(self) -> _Running | None:
        try:
            lines = (self._cluster / "postmaster.pid").read_text("utf-8").splitlines()
        except FileNotFoundError:
            return None
        if len(lines) < 5 or not lines[0].strip("-").isdigit():  # noqa: PLR2004 [the fifth line names the socket]
            return None
        ready = len(lines) > 7 and lines[7].strip() == "ready"  # noqa: PLR2004 [the eighth line is the status]
        return _Running(abs(int(lines[0])), Path(lines[4]), ready)

    def _forget_dead(self) -> None:
        running = self._described()
        if running is None:
            return
        _remove_socket_dir(running.socket_dir)
        if is_alive(running.pid):
            # Its number belongs to another program now (a restarted machine): PostgreSQL would believe the file.
            # When the number is nobody's the file stays, because it leads PostgreSQL to backends that survived.
            (self._cluster / "postmaster.pid").unlink()

    # --------------------------------------------------------------------------------------------------- starting

    def _create_cluster(self, bin_directory: Path) -> None:
        if self._cluster.exists():
            return
        for cut_short in self.data_dir.glob(f"{_DRAFT_PREFIX}*"):
            shutil.rmtree(cut_short)
        draft = Path(tempfile.mkdtemp(prefix=_DRAFT_PREFIX, dir=self.data_dir))
        server_account().own(draft, 0o700)
        command = [
            str(bin_directory / "initdb"),
            f"--pgdata={_pgdata(draft)}",
            f"--username={_SUPERUSER}",
            "--auth=trust",
            "--encoding=UTF8",
            *_locale_options(postgres_major(bin_directory)),
            *([] if self._durable else ["--no-sync"]),
        ]
        with log_file(self.log_path) as log:
            failed = run_to_end(command, cwd=draft, log=log)
        if failed:
            shutil.rmtree(draft)
            raise EmbeddedServerError(f"initdb failed: {tail(self.log_path)}")
        # Only the private socket leads in; the host lines that initdb writes go.
        (draft / "pg_hba.conf").write_text("local all all trust\n", "utf-8")
        draft.rename(self._cluster)

    def _launch(self, bin_directory: Path) -> _Running:
        socket_dir = _make_socket_dir()
        settings = {**_SETTINGS, **({} if self._durable else _NOT_DURABLE), "unix_socket_directories": str(socket_dir)}
        command = [str(bin_directory / "postgres"), "-D", _pgdata(self._cluster), *_options(settings)]
        with log_file(self.log_path) as log, suppress(EmbeddedServerError):
            return self._await_ready(spawn(command, cwd=self._cluster, log=log))
        _remove_socket_dir(socket_dir)
        raise EmbeddedServerError(f"PostgreSQL did not start: {tail(self.log_path)}")

    def _await_ready(self, process: subprocess.Popen[bytes]) -> _Running:
        deadline = time.monotonic() + _START_SECONDS
        while process.poll() is None and time.monotonic() < deadline:
            running = self._described()
            if running is not None and running.pid == process.pid and running.ready:
                self._process = process
                return running
            time.sleep(0.005)
        if process.poll() is None:
            stop_process(process, within=_STOP_SECONDS)
        raise EmbeddedServerError("not ready")


def template_database(server: EmbeddedPostgres, name: str, template: str) -> str:
    """A fresh copy of the database ``template`` under ``name`` (replacing it), and the superuser's DSN of it."""
    with psycopg.connect(server.superuser_dsn(), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )
    return server.superuser_dsn(name)


def _answers(conninfo: str) -> bool:
    try:
        with psycopg.connect(conninfo, connect_timeout=2):
            return True
    except psycopg.OperationalError:
        return False


def _pgdata(directory: Path) -> str:
    """How the server calls its directory.

    For root the server runs as somebody who may not walk to a directory under a closed home; it is placed inside
    instead, and reaches it as its working directory.
    """
    return "/proc/self/cwd" if server_account().uid and Path("/proc/self/cwd").exists() else str(directory)


def _locale_options(major: int) -> list[str]:
    if major >= _FIRST_MAJOR_WITH_BUILTIN_LOCALE:
        return ["--no-locale", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return ["--locale=C.UTF-8"]


def _options(settings: Mapping[str, str]) -> list[str]:
    return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]


def _make_socket_dir() -> Path:
    """Short, private, unguessable: its path has to fit into a socket address, and its owner alone may enter."""
    account = server_account()
    temporary = Path(tempfile.gettempdir())
    too_long = len(str(temporary / _SOCKET_PREFIX / "12345678" / _SOCKET_NAME).encode()) > _LONGEST_SOCKET
    place = Path("/tmp") if too_long or account.uid else temporary  # noqa: S108 [mkdtemp below]
    directory = Path(tempfile.mkdtemp(prefix=_SOCKET_PREFIX, dir=place))
    account.own(directory, 0o700)
    return directory


def _remove_socket_dir(directory: Path) -> None:
    if directory.name.startswith(_SOCKET_PREFIX) and directory.is_dir():
        shutil.rmtree(directory, ignore_errors=True)
