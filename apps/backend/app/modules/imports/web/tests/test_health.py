"""What the process says of the parts it leans on."""

from __future__ import annotations

import threading
from functools import partial
from typing import TYPE_CHECKING

import anyio
import pytest
from anyio import to_thread
from httpx import ASGITransport, AsyncClient

if TYPE_CHECKING:
    from fastapi import FastAPI
    from fastapi.testclient import TestClient


def test_health_names_the_walls_that_stand_and_those_that_do_not(client: TestClient) -> None:
    answer = client.get("/health")
    assert answer.status_code == 200
    health = answer.json()
    assert health["status"] == "ok"
    assert "rlimits" in health["parser_walls"]
    assert not set(health["parser_walls"]) & set(health["missing_walls"])


@pytest.mark.parametrize("path", ["/health", "/health/live", "/health/ready"])
def test_health_is_told_while_every_thread_of_the_server_is_at_work(application: FastAPI, path: str) -> None:
    let_go = threading.Event()

    async def ask() -> None:
        threads = int(to_thread.current_default_thread_limiter().total_tokens)
        client = AsyncClient(transport=ASGITransport(application), base_url="http://here")
        async with client, anyio.create_task_group() as work:
            for _ in range(threads):
                work.start_soon(partial(to_thread.run_sync, let_go.wait))
            try:
                with anyio.fail_after(30):
                    assert (await client.get(path)).status_code == 200
            finally:
                let_go.set()

    anyio.run(ask)
