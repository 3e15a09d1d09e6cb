"""Faults of processes: killed, stopped and continued, restarted under load, starved."""

from __future__ import annotations

import json
import os
import signal
import time
from contextlib import suppress
from resource import RLIMIT_NOFILE, prlimit
from typing import TYPE_CHECKING, Final

from app.modules.imports.application.tests.worker_site import is_running
from app.modules.imports.domain.pipeline import FIRST, MAINTENANCE_QUEUE, PIPELINE, StageName
from chaos.fault import MARGIN, PROMISE, Fault
from chaos.forgeries import message
from chaos.tree import WORKERS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from chaos.tree import Tree
    from chaos.trial import Trial

_LOOK: Final = 0.02
_PATIENCE: Final = 60.0
_ROWS_OF_POISON: Final = 100_000
_ROWS_OF_A_WHILE: Final = 6_000
"""A reader is at them for longer than it takes to find and stop it; the workbook is read to its end afterwards."""
_HUNG: Final = "outcome = 'retry' AND code = 'time_limit'"
_MIB: Final = 1024**2
_IDLE_IN_TRANSACTION: Final = 15.0
"""When the server ends a transaction in which nothing happens."""
_LIMIT: Final = FIRST.soft_limit.total_seconds()


def _last_moment(stage: StageName) -> str:
    # Publishing is one transaction: there is no moment between the work and the settling.
    return f"settling:{stage}" if stage is StageName.PUBLISH else f"worked:{stage}"


def _kill_pool_processes(trial: Trial) -> Sequence[float]:
    tree = trial.tree
    moments = {_last_moment(spec.name): spec.name for spec in PIPELINE}
    tree.arm(*moments)
    trial.rows(20)
    trial.upload(trial.pdf(2))
    killed = _kill_at(tree, list(moments))
    trial.wait_quiet()
    charged = trial.attempts("attempt > 2")
    assert not charged, f"{len(charged)} attempts beyond the second"
    return [trial.claimed_again(moments[point], at) for point, at in killed.items()]


def _kill_at(tree: Tree, points: Sequence[str]) -> Mapping[str, float]:
    """Ends with -9 whoever comes to a point; when that was."""
    killed: dict[str, float] = {}
    deadline = time.monotonic() + _PATIENCE
    while len(killed) < len(points):
        assert time.monotonic() < deadline, f"only {sorted(killed)} were reached"
        for point in points:
            pid = tree.caught_at(point)
            if pid is not None and point not in killed:
                os.kill(pid, signal.SIGKILL)
                killed[point] = time.time()
        time.sleep(_LOOK)
    return killed


def _kill_tree(trial: Trial) -> Sequence[float]:
    stays = trial.tree
    point = trial.chance.choice(["worked:extract", "settling:publish", "claimed:preprocess"])
    goes = trial.site.new_tree({})
    goes.start()
    try:
        goes.arm(point)
        deadline = time.monotonic() + _PATIENCE
        while goes.caught_at(point) is None:  # either tree may be first at a batch
            assert time.monotonic() < deadline, f"nobody came to {point}"
            trial.rows(2)
            time.sleep(0.1)
    finally:
        goes.kill()
    killed = time.time()
    trial.mixed(20)
    recovery = trial.claimed_again(point.partition(":")[2], killed)
    assert stays.is_running(), "the other workers ended too"
    return [recovery]


def _pause_in_extract(trial: Trial) -> Sequence[float]:
    return [_pause(trial, "worked:extract")]


def _pause_in_publish(trial: Trial) -> Sequence[float]:
    return [_pause(trial, "settling:publish")]


def _pause(trial: Trial, point: str) -> float:
    """Stops whoever is there until somebody else has taken over, and lets it go on then."""
    tree = trial.tree
    tree.arm(point)
    trial.rows(20)
    zombie = tree.wait_at(point)
    os.kill(zombie, signal.SIGSTOP)
    stopped = time.time()
    try:
        trial.mixed(20)
        recovery = trial.claimed_again(point.partition(":")[2], stopped)
    finally:
        tree.release(point)
        os.kill(zombie, signal.SIGCONT)
    trial.wait_quiet()
    return recovery


def _restart_in_turn(trial: Trial) -> Sequence[float]:
    """Two trees, of which one after the other is ended and started while work comes in."""
    site = trial.site
    staying, other = trial.tree, site.new_tree({})
    other.start()
    seconds = []
    try:
        other.await_workers(site.celery, 2 * WORKERS)
        for number in range(2 if trial.short else 5):
            going = (other, staying)[number % 2]
            trial.mixed(40)
            time.sleep(trial.chance.uniform(0.1, 0.6))
            seconds.append(going.stop())
            going.start()
            other.await_workers(site.celery, 2 * WORKERS)
        trial.wait_quiet()
    finally:
        other.stop()
    charged = trial.attempts("attempt > 1 OR outcome = 'lost'")
    assert not charged, f"{len(charged)} attempts were charged"
    return seconds


def _too_little_memory(trial: Trial) -> Sequence[float]:
    """Children that may hold no more than they need to be born: every document dies of it, every time."""
    tree = trial.site.tree({"IMPORTS_SANDBOX_MEMORY_BYTES": str(120 * _MIB)})
    trial.upload(trial.pdf(2), trial.b, ends="preprocess_failed")
    trial.rows(200)
    trial.wait_quiet()
    lasts = trial.attempts("stage = 'preprocess' AND outcome <> 'done'")
    assert sorted(row["attempt"] for row in lasts) == [1, 1, 2, 2, 3, 3], "not exactly three attempts"
    codes = {row["code"] for row in lasts}
    # A library that finds no room to be loaded does not say that it was for want of memory.
    assert codes <= {"resource", "unexpected_error"}, f"not for want of memory: {codes}"
    assert tree.is_running(), "the workers ended"
    return []


def _poison(trial: Trial) -> Sequence[float]:
    """Whoever reads the document dies of it: by a fault of the machine, by its own hand, or by the kernel's."""
    tree = trial.tree
    workers = set(tree.pool_processes())
    trial.upload(trial.workbook(_ROWS_OF_POISON), trial.b, ends="preprocess_failed")
    while trial.busy():
        for pid in tree.sandboxes():
            with suppress(ProcessLookupError):
                os.kill(pid, trial.chance.choice([signal.SIGSEGV, signal.SIGABRT, signal.SIGKILL, signal.SIGBUS]))
        time.sleep(_LOOK)
    runs = [row["attempt"] for row in trial.attempts("stage = 'preprocess' AND tenant_id = %s", trial.b)]
    assert runs == [1, 2, 3], f"attempts {runs}"
    assert workers <= set(tree.pool_processes()), "a worker died with the reader"
    return [trial.probe()]


def _hang(trial: Trial) -> Sequence[float]:
    """A reader that does nothing more and hears no SIGTERM, until the stage's own limit."""
    tree = trial.tree
    tree.arm("claimed:preprocess")
    trial.upload(trial.workbook(_ROWS_OF_A_WHILE), trial.b)
    tree.wait_at("claimed:preprocess")
    stopped = _stop_readers(tree, set())
    tree.release("claimed:preprocess")
    until = time.monotonic() + 2.0
    while time.monotonic() < until or not stopped:
        stopped |= _stop_readers(tree, stopped)
        time.sleep(_LOOK)
    trial.wait(lambda: bool(trial.attempts(_HUNG)), "the limit", _LIMIT + _PATIENCE)
    left = stopped & set(tree.sandboxes())
    assert left != stopped, "the hung reader lives on"
    for pid in left:  # idle ones, that had nothing to hang on
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    trial.wait_quiet()
    return [row["finished_at"].timestamp() - row["started_at"].timestamp() for row in trial.attempts(_HUNG)]


def _stop_readers(tree: Tree, but: Collection[int]) -> set[int]:
    stopped = set(tree.sandboxes()) - set(but)
    for pid in stopped:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGSTOP)
    return stopped


def _no_sweeper(trial: Trial) -> Sequence[float]:
    """Nobody sweeps for a while; then two do."""
    site = trial.site
    site.end_tree()
    working = site.new_tree({}, queues=[spec.queue for spec in PIPELINE])
    sweepers = [site.new_tree({}, queues=[MAINTENANCE_QUEUE]) for _ in range(2)]
    working.arm("worked:extract")
    working.start()
    try:
        working.await_workers(site.celery, len(PIPELINE))
        trial.rows(20)
        os.kill(working.wait_at("worked:extract"), signal.SIGKILL)
        trial.rows(20, ring=False)
        time.sleep(4)  # later the supervisor would see it, and work what is due itself (F21b)
        assert trial.busy(), "somebody swept"
        for sweeper in sweepers:
            sweeper.start()
        working.await_workers(site.celery, WORKERS)
        back = time.time()
        trial.wait_quiet()
        quiet = time.time() - back
    finally:
        for tree in (working, *sweepers):
            if tree.process is not None:
                tree.kill()
    assert not trial.attempts("attempt > 2"), "charged twice"
    return [quiet]


def _skewed(trial: Trial) -> Sequence[float]:
    """Messages of another version: unknown tasks, unknown stages, arguments nobody knows yet."""
    tree = trial.tree
    with trial.site.broker.client() as client:
        for spec in PIPELINE:
            body = [[], {"tenant_id": str(trial.a), "schema_version": 99, "hint": {"new": True}}, {}]
            client.lpush(spec.queue, message(spec.queue, "imports.translate", json.dumps(body).encode()))
            client.lpush(spec.queue, message(spec.queue, spec.task_name, json.dumps(body).encode()))
    trial.mixed(50)
    recovery = trial.probe()
    assert tree.is_running(), "the workers ended"
    return [recovery]


def _no_descriptors(trial: Trial) -> Sequence[float]:
    """No file, pipe or connection can be opened any more, for a while."""
    pids = trial.tree.pool_processes()
    before = {pid: prlimit(pid, RLIMIT_NOFILE) for pid in pids if is_running(pid)}
    for pid, (_, hard) in before.items():
        prlimit(pid, RLIMIT_NOFILE, (8, hard))
    trial.mixed(20)
    time.sleep(3)
    for pid, limits in before.items():
        with suppress(ProcessLookupError):
            prlimit(pid, RLIMIT_NOFILE, limits)
    recovery = trial.probe()
    trial.wait_quiet()
    return [recovery]


FAULTS: Final = (
    Fault(id="F1", title="kill -9 of pool processes, in each of the six stages", inject=_kill_pool_processes),
    Fault(id="F2", title="kill -9 of a whole worker tree beside another", inject=_kill_tree),
    Fault(id="F3", title="rolling restart under load; seconds to end", inject=_restart_in_turn, bound=5.0, alone=True),
    Fault(id="F4", title="zombie: stopped in extract past its lease, then continued", inject=_pause_in_extract),
    Fault(
        id="F4b",
        title="zombie: stopped inside the publishing transaction, then continued",
        inject=_pause_in_publish,
        bound=_IDLE_IN_TRANSACTION + PROMISE,
    ),
    Fault(id="F5", title="readers killed for memory, each time", inject=_too_little_memory, bound=None),
    Fault(id="F6", title="poison document: its readers die of signals", inject=_poison),
    Fault(
        id="F7", title="reader hangs and hears nothing; until the stage's limit", inject=_hang, bound=_LIMIT + MARGIN
    ),
    Fault(id="F8", title="no sweeper, then two; until all is done", inject=_no_sweeper),
    Fault(id="F10", title="messages of another version", inject=_skewed),
    Fault(id="F42", title="no file descriptors left in the workers", inject=_no_descriptors, bound=10.0),
)
