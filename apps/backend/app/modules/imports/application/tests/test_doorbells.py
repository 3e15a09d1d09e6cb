"""Rings: the same one once, and a broker that is away costs neither an error nor time."""

from __future__ import annotations

import socket
import threading
import time
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from celery import Celery
from redis import Redis

from app.embedded import EmbeddedBroker
from app.modules.imports.application.doorbells import CeleryDoorbell, InlineDoorbell
from app.modules.imports.domain.pipeline import PIPELINE, StageName
from app.modules.imports.ports import Ring

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MOST_SECONDS = 1.5


def ring(stage: StageName = StageName.OCR) -> Ring:
    return Ring(stage, uuid4())


@pytest.fixture
def nobody() -> Iterator[str]:
    """A port that refuses."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"redis://127.0.0.1:{taken.getsockname()[1]}/0"


@pytest.fixture
def deaf() -> Iterator[str]:
    """A server that takes every connection and never says a word."""
    with socket.create_server(("127.0.0.1", 0), backlog=50) as server:
        yield f"redis://127.0.0.1:{server.getsockname()[1]}/0"


def test_the_same_ring_twice_is_one_ring() -> None:
    bell, first, second = InlineDoorbell(), ring(), ring()
    for each in (first, second, first):
        bell.ring(each)
    assert [bell.next(0), bell.next(0), bell.next(0)] == [first, second, None]


def test_whoever_waits_for_a_ring_can_be_woken_without_one() -> None:
    bell = InlineDoorbell()
    answers: list[Ring | None] = []
    waiting = threading.Thread(target=lambda: answers.append(bell.next(30)))
    waiting.start()
    while waiting.is_alive():
        bell.wake()
        waiting.join(0.01)
    assert answers == [None]


def test_a_ring_is_a_message_on_the_queue_of_its_stage(tmp_path: Path) -> None:
    with EmbeddedBroker(tmp_path) as broker, Redis.from_url(broker.url) as redis:
        bell = CeleryDoorbell(Celery("client", broker=broker.url))
        for spec in PIPELINE:
            bell.ring(ring(spec.name))
        assert {spec.queue: redis.llen(spec.queue) for spec in PIPELINE} == {spec.queue: 1 for spec in PIPELINE}


@pytest.mark.parametrize("broker", ["nobody", "deaf"])
def test_a_broker_that_is_away_costs_a_moment_once(broker: str, request: pytest.FixtureRequest) -> None:
    bell = CeleryDoorbell(Celery("client", broker=request.getfixturevalue(broker)))
    began = time.monotonic()
    bell.ring(ring())
    assert time.monotonic() - began < MOST_SECONDS
    began = time.monotonic()
    for _ in range(100):
        bell.ring(ring())
    assert time.monotonic() - began < 0.1


def test_a_broker_that_comes_back_is_rung_again(tmp_path: Path) -> None:
    with EmbeddedBroker(tmp_path) as broker, Redis.from_url(broker.url) as redis:
        bell = CeleryDoorbell(Celery("client", broker=broker.url))
        bell.ring(ring())
        redis.client_kill_filter(_type="normal", skipme=True)
        until = time.monotonic() + 10
        while redis.llen("imports_ocr") < 2:
            assert time.monotonic() < until
            bell.ring(ring())
            time.sleep(0.05)
