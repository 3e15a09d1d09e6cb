"""Faults of a broker that is there and cannot be used, or is not there at all."""

from __future__ import annotations

import signal
import time
from typing import TYPE_CHECKING, Final

from redis.exceptions import RedisError

from app.modules.imports.usecases.ingest import ring_for_new
from chaos.fault import Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from chaos.trial import Trial

_RECONNECTED: Final = 15.0
_BY_WATCHDOG: Final = 75.0
_ANSWER_SECONDS: Final = 1.5
_RING_SECONDS: Final = 3.0
_LATENCY: Final = 0.1
"""Each way, for each piece of what is said."""


def _down(trial: Trial) -> Sequence[float]:
    """For minutes; requests are answered in time, and items go on."""
    assert trial.tree.is_running()
    with trial.api() as client:
        trial.site.broker.kill()
        slowest = _ingest_for(client, trial, 8 if trial.short else 300)
        trial.wait_quiet()
        assert client.get("/health/ready").status_code < 300, "not ready without the broker"  # noqa: PLR2004 [2xx]
        trial.site.broker.start()
    assert slowest < _ANSWER_SECONDS, f"a request took {slowest:.1f} s"
    return [trial.probe()]


def _ingest_for(client: Any, trial: Trial, seconds: float) -> float:  # noqa: ANN401 [an httpx client of the API]
    """The seconds of the slowest accepted request."""
    until, slowest = time.monotonic() + seconds, 0.0
    while time.monotonic() < until:
        began = time.monotonic()
        trial.post_rows(client, 10)
        slowest = max(slowest, time.monotonic() - began)
        time.sleep(0.3)
    return slowest


def _cut_connections(trial: Trial) -> Sequence[float]:
    """Again and again, all of them; and the server falls silent in between."""
    assert trial.tree.is_running()
    with trial.site.broker.client() as client:
        for number in range(25 if trial.short else 200):
            if number % 10 == 0:
                trial.rows(20)
                client.execute_command("CLIENT", "PAUSE", "500", "ALL")
            client.execute_command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
            time.sleep(0.2 if trial.short else 1.0)
        client.config_set("timeout", 1)
        time.sleep(3)
        client.config_set("timeout", 0)
    return [trial.probe()]


def _silent(trial: Trial) -> Sequence[float]:
    """Stopped; then bytes go in and none come out; then every byte takes its time."""
    assert trial.tree.is_running()
    wire, broker, seconds = trial.site.broker_wire, trial.site.broker, 6 if trial.short else 30
    recoveries = []
    broker.signal(signal.SIGSTOP)
    _feed_for(trial, seconds)
    broker.signal(signal.SIGCONT)
    recoveries.append(trial.probe())
    wire.silent = True
    _feed_for(trial, seconds)
    wire.silent = False
    recoveries.append(trial.probe())
    wire.delay = _LATENCY
    _feed_for(trial, seconds)
    recoveries.append(trial.probe())
    wire.delay = 0.0
    return recoveries


def _feed_for(trial: Trial, seconds: float) -> None:
    """Rows each second; the ring must hold up nobody."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        trial.rows(5, ring=False)
        began = time.monotonic()
        ring_for_new(trial.site.house, trial.a)
        took = time.monotonic() - began
        assert took < _RING_SECONDS, f"the ring held up its request for {took:.1f} s"
        time.sleep(1.0)


def _full(trial: Trial) -> Sequence[float]:
    """No memory for another ring; then whatever is there is thrown out for it."""
    assert trial.tree.is_running()
    recoveries = []
    with trial.site.broker.client() as client:
        for policy in ("noeviction", "allkeys-lru"):
            client.config_set("maxmemory-policy", policy)
            client.config_set("maxmemory", "1mb")
            trial.mixed(50)
            time.sleep(3)
            client.config_set("maxmemory", "0")
            client.config_set("maxmemory-policy", "noeviction")
            recoveries.append(trial.probe())
    return recoveries


def _replica(trial: Trial) -> Sequence[float]:
    """It answers, and takes nothing."""
    assert trial.tree.is_running()
    with trial.site.broker.client() as client:
        client.execute_command("REPLICAOF", "127.0.0.1", "1")
        try:
            trial.rows(50)
            trial.rows(50, trial.b)
            trial.wait_quiet(30)  # by those who stand in
        finally:
            _until_done(lambda: client.execute_command("REPLICAOF", "NO", "ONE"))
    return [trial.probe()]


def _until_done(command: Callable[[], object]) -> None:
    deadline = time.monotonic() + 10
    while True:
        try:
            command()
        except RedisError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)
        else:
            return


FAULTS: Final = (
    Fault(id="F15", title="broker down for long: requests answered, items go on", inject=_down, bound=_RECONNECTED),
    Fault(id="F16", title="connections killed again and again", inject=_cut_connections, bound=_BY_WATCHDOG),
    Fault(id="F17", title="broker stopped, then silent, then slow", inject=_silent, bound=_RECONNECTED),
    Fault(id="F18", title="broker without memory, then evicting", inject=_full, bound=_RECONNECTED),
    Fault(id="F24", title="broker a read-only replica: items go on meanwhile", inject=_replica, bound=_RECONNECTED),
)
