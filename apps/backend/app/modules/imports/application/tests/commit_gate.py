"""A TCP door in front of PostgreSQL that cuts the line at a COMMIT: before the server hears it, or before its answer."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Literal, Self
from urllib.parse import parse_qs, urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable

_COMMIT = b"COMMIT\0"
_BLOCK = 65536


class CommitGate:
    """Counts the commits that pass and cuts the line of one of them: ``lost`` never arrives, ``unanswered`` does."""

    def __init__(self, dsn: str) -> None:
        """``dsn`` names a server by its socket folder; ``self.dsn`` is the way through the gate."""
        url = urlsplit(dsn)
        query = parse_qs(url.query)
        self._server = f"{query['host'][0]}/.s.PGSQL.{query['port'][0]}"
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._lock = threading.Lock()
        self._left = 0
        self._how: Literal["lost", "unanswered"] = "lost"
        port = self._listener.getsockname()[1]
        self.dsn = f"postgresql://{url.username}@127.0.0.1:{port}{url.path}?sslmode=disable&gssencmode=disable"

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True, name="commit-gate").start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def cut_at(self, number: int, how: Literal["lost", "unanswered"]) -> None:
        """The commit of this number from now on, counted from one."""
        with self._lock:
            self._left, self._how = number, how

    @property
    def fired(self) -> bool:
        return self._left <= 0

    def _accept(self) -> None:
        with suppress(OSError):  # closed: the test is over
            while True:
                client, _ = self._listener.accept()
                server = socket.socket(socket.AF_UNIX)
                server.connect(self._server)
                cut = threading.Event()
                for pump in (self._to_server, self._to_client):
                    threading.Thread(target=_pump, args=(pump, client, server, cut), daemon=True).start()

    def _to_server(self, client: socket.socket, server: socket.socket, cut: threading.Event) -> bool:
        data = client.recv(_BLOCK)
        how = self._passing() if _COMMIT in data else None
        if how is not None:
            cut.set()
        if how != "lost":
            server.sendall(data)
        return bool(data) and how != "lost"

    def _to_client(self, client: socket.socket, server: socket.socket, cut: threading.Event) -> bool:
        data = server.recv(_BLOCK)
        if cut.is_set():
            return False
        client.sendall(data)
        return bool(data)

    def _passing(self) -> str | None:
        with self._lock:
            self._left -= 1
            return self._how if self._left == 0 else None


def _pump(
    step: Callable[[socket.socket, socket.socket, threading.Event], bool],
    client: socket.socket,
    server: socket.socket,
    cut: threading.Event,
) -> None:
    with suppress(OSError):
        while step(client, server, cut):
            pass
    for end in (client, server):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()
