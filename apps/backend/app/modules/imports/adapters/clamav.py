"""Antivirus by a ClamAV daemon. Protocol: INSTREAM of clamd(8), https://docs.clamav.net/manual/Usage/Scanning.html."""

from __future__ import annotations

import re
import socket
import struct
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Final

from app.modules.imports.domain.errors import Transient

if TYPE_CHECKING:
    from collections.abc import Iterator

_BLOCK: Final = 256 * 1024
_LONGEST_ANSWER: Final = 4096
_FOUND: Final = re.compile(r"stream: (\S.*) FOUND")
# With `AlertExceedsMax yes` clamd reports under these names what it did not look at.
_NOT_SCANNED: Final = ("Heuristics.Limits.Exceeded", "Heuristics.Scan")


@dataclass(frozen=True, slots=True)
class ClamdScanner:
    """Implements ``ports.Scanner``. Whatever is not a plain OK or FOUND is ``Transient('av_unavailable')``.

    ``address`` is a socket's absolute path (also ``unix:/path``) or ``host:port``. ``max_size`` must not exceed
    clamd's StreamMaxLength, MaxScanSize and MaxFileSize: without ``AlertExceedsMax yes`` clamd says OK of what is
    larger than the latter two.
    """

    address: str
    max_size: int = 50 * 1024 * 1024
    seconds: float = 20.0
    """For one whole scan, however the daemon spreads its silence."""

    def scan(self, file: BinaryIO) -> str | None:
        answer = self._ask(b"INSTREAM", self._frames(file))
        if answer == "stream: OK":
            return None
        found = _FOUND.fullmatch(answer)
        if found is None or found[1].startswith(_NOT_SCANNED):
            raise _unavailable(answer)
        return found[1]

    def version(self) -> str:
        """Engine, signatures and their date, as clamd states them; also the way to ask whether it is there."""
        return self._ask(b"VERSION", iter(()))

    def _frames(self, file: BinaryIO) -> Iterator[bytes]:
        file.seek(0)
        sent = 0
        while block := file.read(_BLOCK):
            sent += len(block)
            if sent > self.max_size:
                raise _unavailable(f"larger than {self.max_size} bytes")
            yield struct.pack(">I", len(block)) + block
        yield struct.pack(">I", 0)

    def _ask(self, command: bytes, frames: Iterator[bytes]) -> str:
        deadline = time.monotonic() + self.seconds
        try:
            with self._connect(deadline) as connection:
                connection.sendall(b"z" + command + b"\0")
                for frame in frames:
                    connection.settimeout(_left(deadline))
                    connection.sendall(frame)
                return _answer(connection, deadline)
        except (OSError, ValueError) as error:
            raise _unavailable(str(error) or type(error).__name__) from error

    def _connect(self, deadline: float) -> socket.socket:
        path = self.address.removeprefix("unix:")
        if not path.startswith("/"):
            host, _, port = self.address.rpartition(":")
            return socket.create_connection((host.strip("[]"), int(port)), timeout=_left(deadline))
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.settimeout(_left(deadline))
            connection.connect(path)
        except BaseException:
            connection.close()
            raise
        return connection


def _answer(connection: socket.socket, deadline: float) -> str:
    received = b""
    while not received.endswith(b"\0"):
        connection.settimeout(_left(deadline))
        block = connection.recv(_LONGEST_ANSWER)
        if not block or len(received) > _LONGEST_ANSWER:
            raise ConnectionError("the daemon broke off")
        received += block
    return received.rstrip(b"\0").decode("ascii", "replace").strip()


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError("the daemon took too long")
    return left


def _unavailable(detail: str) -> Transient:
    return Transient("av_unavailable", detail[:200])
