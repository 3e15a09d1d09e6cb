"""A real Redis-compatible broker from a wheel, for when ``REDIS_URL`` is not set; gone with its launcher."""

from __future__ import annotations

import json
import secrets
import socket
import tempfile
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

from app.embedded_binaries import broker_binary
from app.embedded_process import (
    EmbeddedServerError,
    exclusive,
    is_alive,
    log_file,
    server_account,
    spawn,
    stop_process,
    tail,
    wait_until,
    works_in,
)

if TYPE_CHECKING:
    import subprocess

_START_SECONDS: Final = 20.0
_STOP_SECONDS: Final = 5.0
_TRIES: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class _Address:
    """Where a broker listens. The password keeps the machine's other users out: loopback is open to all of them."""

    pid: int
    port: int
    password: str


class EmbeddedBroker:
    """One broker for ``data_dir``, on a free port of 127.0.0.1. Whoever starts first owns it; others share it.

    Rings may be lost by design, so nothing is written to disk unless ``append_only`` is asked for.
    """

    def __init__(self, data_dir: Path, *, append_only: bool = False) -> None:
        self.data_dir = data_dir.absolute()
        self.log_path = self.data_dir / "broker.log"
        self._files = self.data_dir / "broker"
        self._append_only = append_only
        self._process: subprocess.Popen[bytes] | None = None
        self._address: _Address | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def owned(self) -> bool:
        """Whether the broker runs because of this object, and ends with ``stop``."""
        return self._process is not None

    @property
    def url(self) -> str:
        if self._address is None:
            raise EmbeddedServerError("the broker is not started")
        return f"redis://:{self._address.password}@127.0.0.1:{self._address.port}/0"

    def start(self) -> None:
        """Returns when the broker answers. Raises ``EmbeddedServerError`` with the end of the log."""
        with exclusive(self.data_dir / "broker.lock"):
            self._address = self._living() or self._launch()

    def stop(self) -> None:
        """Ends the broker if it is ours; twice is harmless."""
        process, self._process, self._address = self._process, None, None
        if process is not None:
            with exclusive(self.data_dir / "broker.lock"):
                stop_process(process, within=_STOP_SECONDS)
                self._note.unlink(missing_ok=True)

    @property
    def _note(self) -> Path:
        return self.data_dir / "broker.json"

    def _living(self) -> _Address | None:
        try:
            address = _Address(**json.loads(self._note.read_text("utf-8")))
        except (FileNotFoundError, ValueError, TypeError):
            return None
        if is_alive(address.pid) and _answers(address):
            return address
        # One whose launcher died is still closing its files.
        if not wait_until(lambda: not works_in(address.pid, self._files), within=_STOP_SECONDS):
            raise EmbeddedServerError(
                f"a broker in {self.data_dir} is alive and does not answer: {tail(self.log_path)}"
            )
        return None

    def _launch(self) -> _Address:
        self._files.mkdir(exist_ok=True)
        server_account().own(self._files, 0o700)
        for _ in range(_TRIES):
            # Between finding a free port and taking it somebody else may take it: then another one is tried.
            address = self._try_port(_free_port())
            if address is not None:
                return address
        raise EmbeddedServerError(f"the broker did not start: {tail(self.log_path)}")

    def _try_port(self, port: int) -> _Address | None:
        password = secrets.token_hex(16)
        settings = self._settings(port, password)
        with log_file(self.log_path) as log:
            # By standard input: a command line would show the password to everybody.
            process = spawn([str(broker_binary()), "-"], cwd=self._files, log=log, stdin=settings.encode())
        address = _Address(pid=process.pid, port=port, password=password)
        if not wait_until(lambda: process.poll() is not None or _answers(address), within=_START_SECONDS):
            stop_process(process, within=_STOP_SECONDS)
        if process.poll() is not None:
            return None
        self._process = process
        self._write_note(address)
        return address

    def _settings(self, port: int, password: str) -> str:
        append_only = "yes" if self._append_only else "no"
        return (
            f"bind 127.0.0.1\nport {port}\nrequirepass {password}\n"
            f'save ""\nappendonly {append_only}\nappendfsync everysec\nmaxmemory-policy noeviction\nloglevel warning\n'
        )

    def _write_note(self, address: _Address) -> None:
        with tempfile.NamedTemporaryFile("w", dir=self.data_dir, delete=False) as draft:
            json.dump(asdict(address), draft)
        Path(draft.name).rename(self._note)


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _answers(address: _Address) -> bool:
    """Asks for a PONG with the password; another program on a port that became free does not know it."""
    try:
        with socket.create_connection(("127.0.0.1", address.port), timeout=1) as connection:
            connection.sendall(f"AUTH {address.password}\r\nPING\r\n".encode())
            with connection.makefile("rb") as answers:
                return [answers.readline(64), answers.readline(64)] == [b"+OK\r\n", b"+PONG\r\n"]
    except OSError:
        return False
