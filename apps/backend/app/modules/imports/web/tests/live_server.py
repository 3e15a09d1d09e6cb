"""The application behind a real socket, for what a test client cannot send."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING

import uvicorn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi import FastAPI

_PATIENCE_SECONDS = 20


@contextmanager
def serving(application: FastAPI) -> Iterator[int]:
    """The port of a server that answers for the application, whose house is open already."""
    config = uvicorn.Config(application, port=0, log_level="critical", lifespan="off", server_header=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + _PATIENCE_SECONDS
    while not server.started:
        assert thread.is_alive(), "the server ended"
        assert time.monotonic() < until, "the server did not start"
        time.sleep(0.01)
    port: int = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield port
    finally:
        server.should_exit = True
        thread.join(_PATIENCE_SECONDS)


def raw(port: int, request: bytes, *, hang_up: bool = False) -> bytes:
    """What the server answers to these bytes, up to where it closes or falls silent. ``hang_up``: we close first."""
    answer = b""
    with closing(socket.create_connection(("127.0.0.1", port), timeout=5)) as connection:
        connection.sendall(request)
        if hang_up:
            return answer
        connection.settimeout(3)
        with suppress(TimeoutError, ConnectionResetError):
            while chunk := connection.recv(65536):
                answer += chunk
                if b"\r\n\r\n" in answer:
                    break
    return answer


def status_of(answer: bytes) -> int:
    """The status of a raw answer; 0 when the server hung up without one."""
    return int(answer.split(b" ", 2)[1]) if answer.startswith(b"HTTP/") else 0
