"""``/metrics`` of the workers on a port of their own, for Prometheus where the API counts in another container."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Final

import structlog

from app.security import may_read_metrics
from app.telemetry import render

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.settings import Settings

log = structlog.get_logger()

_TIMEOUT_SECONDS: Final = 10.0


@contextmanager
def served_metrics(config: Settings) -> Iterator[int | None]:
    """Gives the port that answers while the block runs; None where ``IMPORTS_WORKER_METRICS_PORT`` says nowhere."""
    if not config.worker_metrics_port:
        yield None
        return
    with metrics_server(config) as server:
        log.info("worker_metrics", host=server.server_address[0], port=server.server_port)
        yield server.server_port


@contextmanager
def metrics_server(config: Settings) -> Iterator[ThreadingHTTPServer]:
    """Answers in threads of this process. Port 0 takes a free one."""

    class Handler(BaseHTTPRequestHandler):
        timeout = _TIMEOUT_SECONDS
        server_version, sys_version = "imports", ""

        def do_GET(self) -> None:
            if self.path == "/health/live":
                self._answer(200, b"alive\n")
            elif self.path != "/metrics":
                self._answer(404)
            elif not may_read_metrics(self.headers.get("Authorization"), config):
                self._answer(401, headers={"WWW-Authenticate": "Bearer"})
            else:
                page, content_type = render()
                self._answer(200, page, {"Content-Type": content_type})

        def _answer(self, status: int, body: bytes = b"", headers: dict[str, str] | None = None) -> None:
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Scrapes are no news."""

    with ThreadingHTTPServer((config.worker_metrics_host, config.worker_metrics_port), Handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True, name="worker-metrics").start()
        try:
            yield server
        finally:
            server.shutdown()
