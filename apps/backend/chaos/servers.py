"""The PostgreSQL cluster and the broker that faults are done to: killed and started again at the same address."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

import psycopg
from redis import Redis
from redis.exceptions import RedisError

from app.database import migrate
from app.embedded import EmbeddedPostgres, template_database
from app.embedded_binaries import broker_binary, postgres_bin
from app.embedded_process import log_file, server_account, spawn, wait_until

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Sequence
    from typing import Self

_TEMPLATE: Final = "chaos_template"
_PATIENCE: Final = 60.0
_OPTIONS: Final = {
    "listen_addresses": "",
    "port": "5432",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",
}
FAST: Final = signal.SIGINT
IMMEDIATE: Final = signal.SIGQUIT


class Cluster:
    """A durable cluster with the schema in a template; unlike the product's own it keeps its address over restarts."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.files = directory / "cluster"
        self._socket = Path(tempfile.mkdtemp(prefix="gq-", dir="/tmp"))
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        server_account().own(self._socket, 0o700)
        with EmbeddedPostgres(self.directory) as made:
            template_database(made, _TEMPLATE, "template1")
            migrate(made.superuser_dsn(_TEMPLATE))
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop(IMMEDIATE)
        shutil.rmtree(self._socket, ignore_errors=True)

    @property
    def socket_path(self) -> Path:
        return self._socket / ".s.PGSQL.5432"

    def start(self, *, before: Sequence[str] = ()) -> None:
        """Returns when it answers; ``before`` goes before the server's command."""
        options = {**_OPTIONS, "unix_socket_directories": str(self._socket)}
        command = [*before, str(postgres_bin() / "postgres"), "-D", self._own_name()]
        command += [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        with log_file(self.directory / "chaos.log") as log:
            self._process = spawn(command, cwd=self.files, log=log)
        if not wait_until(self.answers, within=_PATIENCE):
            raise RuntimeError("PostgreSQL did not start")

    def stop(self, how: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.send_signal(how)
            process.wait(_PATIENCE)

    def restart(self, how: signal.Signals) -> None:
        self.stop(how)
        self.start()

    def answers(self) -> bool:
        try:
            with psycopg.connect(self.dsn("postgres", "postgres"), connect_timeout=2):
                return True
        except psycopg.OperationalError:
            return False

    def new_database(self, name: str) -> None:
        """With the schema and no rows, in the place of one that has the name."""
        with psycopg.connect(self.dsn("postgres", "postgres"), autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE {_TEMPLATE} STRATEGY FILE_COPY')

    def dsn(self, database: str, user: str) -> str:
        host = quote(str(self._socket), safe="")
        return f"postgresql://{user}@/{database}?host={host}&port=5432"

    def _own_name(self) -> str:
        # As the product starts it for root: from inside, because the account may not walk there.
        return "/proc/self/cwd" if server_account().uid else str(self.files)


class Broker:
    """A broker without persistence whose port and password stay the same when it is started again."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._password = secrets.token_hex(16)
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self._directory.mkdir(exist_ok=True)
        server_account().own(self._directory, 0o700)
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def url(self, port: int | None = None) -> str:
        return f"redis://:{self._password}@127.0.0.1:{port or self.port}/0"

    def client(self) -> Redis:
        return Redis.from_url(self.url(), socket_timeout=5)

    def start(self) -> None:
        settings = (
            f"bind 127.0.0.1\nport {self.port}\nrequirepass {self._password}\n"
            'save ""\nappendonly no\nmaxmemory-policy noeviction\nloglevel warning\n'
        )
        with log_file(self._directory.with_suffix(".log")) as log:
            self._process = spawn([str(broker_binary()), "-"], cwd=self._directory, log=log, stdin=settings.encode())
        if not wait_until(self._answers, within=_PATIENCE):
            raise RuntimeError("the broker did not start")

    def kill(self) -> None:
        """With -9: nothing is saved."""
        process, self._process = self._process, None
        if process is not None:
            process.send_signal(signal.SIGCONT)
            process.kill()
            process.wait(_PATIENCE)

    def signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        os.kill(self._process.pid, number)

    def _answers(self) -> bool:
        try:
            with self.client() as client:
                client.ping()
        except (RedisError, OSError):
            time.sleep(0.02)
            return False
        return True


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
