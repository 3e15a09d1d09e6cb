"""Faults of the broker and of what it carries: flushed, gone, slow, full, and messages dropped, doubled or forged."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from app.modules.imports.usecases.ingest import ring_for_new
from chaos.commands import RingTampering
from chaos.fault import MARGIN, SWEEP, Fault
from chaos.forgeries import forgeries

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from chaos.trial import Trial

_POLL_AND_SWEEP: Final = 2 * SWEEP + MARGIN
_RECONNECTED: Final = 15.0
_STRANGERS: Final = (
    "NOT EXISTS (SELECT 1 FROM import_items i WHERE i.id = item_id AND i.tenant_id = import_attempts.tenant_id)"
)


def _flush(trial: Trial) -> Sequence[float]:
    assert trial.tree.is_running()
    recoveries = []
    for _ in range(3):
        trial.mixed(100 if trial.short else 350)
        time.sleep(trial.chance.uniform(0.0, 0.5))
        with trial.site.broker.client() as client:
            client.flushall()
        recoveries.append(trial.probe())
    return recoveries


def _restart(trial: Trial) -> Sequence[float]:
    assert trial.tree.is_running()
    trial.mixed(100)
    trial.site.broker.kill()
    trial.mixed(50)
    time.sleep(3 if trial.short else 10)
    trial.site.broker.start()
    return [trial.probe()]


def _drop_some(trial: Trial) -> Sequence[float]:
    return _with_rings(trial, lambda message: [] if trial.chance.random() < 0.3 else [message])  # noqa: PLR2004 [a third]


def _drop_all(trial: Trial) -> Sequence[float]:
    """Nothing that is rung arrives, the sweeper's rings neither: the supervisor has to see that by itself."""
    meanwhile: list[float] = []
    return [*_with_rings(trial, lambda _: [], lambda: meanwhile.append(trial.probe())), *meanwhile]


def _with_rings(
    trial: Trial, decide: Callable[[bytes], Sequence[bytes]], during: Callable[[], object] = lambda: None
) -> Sequence[float]:
    """Every ring of client and workers passes by ``decide`` for a while."""
    assert trial.tree.is_running()
    wire = trial.site.broker_wire
    wire.change = lambda: RingTampering(lambda _queue, message: decide(message))
    _reconnect(trial)
    try:
        for _ in range(3):
            trial.mixed(40)
            time.sleep(1.0)
        during()
    finally:
        wire.change = None
        _reconnect(trial)
    return [trial.probe()]


def _multiply(trial: Trial) -> Sequence[float]:
    recoveries = _with_rings(trial, lambda message: [message] * 10)
    trial.wait_quiet()
    again = trial.attempts("attempt > 1 AND outcome = 'done'")
    assert not again, f"{len(again)} items were worked twice"
    return recoveries


def _shuffle(trial: Trial) -> Sequence[float]:
    """Late, in another order, and some once more long after."""
    held: list[bytes] = []

    def decide(message: bytes) -> Sequence[bytes]:
        held.append(message)
        trial.chance.shuffle(held)
        return [held.pop() for _ in range(trial.chance.randint(0, min(3, len(held))))]

    return _with_rings(trial, decide)


def _redeliver(trial: Trial) -> Sequence[float]:
    """What a visibility timeout does: the same rings once more, and again, while their slice is at work."""
    tree = trial.tree
    tree.arm("worked:preprocess")
    trial.rows(20)
    tree.wait_at("worked:preprocess")
    for _ in range(5):
        for _ in range(5):
            ring_for_new(trial.site.house, trial.a)
        time.sleep(1.0)
    tree.release("worked:preprocess")
    trial.wait_quiet()
    assert not trial.attempts("attempt > 1"), "a second copy ran"
    return []


def _reconnect(trial: Trial) -> None:
    """Cuts every connection, so that the next ones have the wire as it is now."""
    trial.site.broker_wire.shut()
    trial.site.broker_wire.open()


def _forge(trial: Trial) -> Sequence[float]:
    tree = trial.tree
    tree.await_workers(trial.site.celery)
    trial.mixed(20)
    with trial.site.broker.client() as client:
        for queue, message in forgeries(trial.a, trial.b, large=not trial.short):
            client.lpush(queue, message)
    recovery = trial.probe()
    trial.wait_quiet()
    assert tree.is_running(), "the workers ended"
    tree.await_workers(trial.site.celery)
    assert not trial.attempts(_STRANGERS), "an attempt of another tenant's item"
    return [recovery]


FAULTS: Final = (
    Fault(id="F13", title="FLUSHALL while documents are in flight", inject=_flush, bound=_POLL_AND_SWEEP),
    Fault(id="F14", title="broker killed without saving, and started again", inject=_restart, bound=_RECONNECTED),
    Fault(id="F19", title="every ring ten times", inject=_multiply, bound=_RECONNECTED),
    Fault(id="F20", title="rings late and in any order", inject=_shuffle, bound=_RECONNECTED),
    Fault(id="F21", title="30 % of the rings dropped", inject=_drop_some, bound=_RECONNECTED),
    Fault(id="F21b", title="every ring dropped; work goes on meanwhile", inject=_drop_all, bound=_RECONNECTED),
    Fault(id="F22", title="forged messages of every kind", inject=_forge, bound=_POLL_AND_SWEEP),
    Fault(id="F23", title="rings delivered again while their slice is at work", inject=_redeliver, bound=None),
)
