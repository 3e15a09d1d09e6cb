"""Faults of PostgreSQL: connections ended, restarts with and without notice, locks, refusals, a clock that jumps."""

from __future__ import annotations

import shutil
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from app.modules.imports.application.tests.wire import Cut
from chaos.fault import Fault, NotPossible
from chaos.servers import FAST, IMMEDIATE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from chaos.trial import Trial

_POOL_HEALED: Final = 10.0
_RESTARTED: Final = 15.0
_CUT_SHARE: Final = 0.03
_HALF: Final = 0.5
_TERMINATE: Final = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'imports_app'"


def _terminate_backends(trial: Trial) -> Sequence[float]:
    assert trial.tree.is_running()
    for _ in range(6 if trial.short else 30):
        trial.mixed(15)
        time.sleep(1.0 if trial.short else 2.0)
        trial.site.ask(_TERMINATE)
    return [trial.probe()]


def _restart(trial: Trial) -> Sequence[float]:
    assert trial.tree.is_running()
    recoveries = []
    for how in (FAST, IMMEDIATE):
        trial.mixed(100)
        time.sleep(trial.chance.uniform(0.0, 0.6))
        trial.site.cluster.restart(how)
        recoveries.append(trial.probe())
    return recoveries


def _cut_commits(trial: Trial) -> Sequence[float]:
    """The connection ends while a COMMIT is under way: it came through, or it did not, and nobody is told."""
    site, chance = trial.site, trial.chance
    last = [0.0]

    def connection() -> Callable[[bytes], bytes]:
        def change(data: bytes) -> bytes:
            if b"COMMIT" in data and chance.random() < _CUT_SHARE:
                last[0] = time.time()
                raise Cut(data if chance.random() < _HALF else b"")
            return data

        return change

    assert site.tree({"DB_DSN": site.wired_dsn}).is_running()
    site.database_wire.change = connection
    _reconnect(trial)
    for _ in range(4 if trial.short else 12):
        trial.mixed(30)
        time.sleep(1.0)
    site.database_wire.change = None
    _reconnect(trial)
    trial.wait_quiet()
    assert last[0], "nothing was cut"
    return [trial.probe()]


def _reconnect(trial: Trial) -> None:
    trial.site.database_wire.shut()
    trial.site.database_wire.open()


def _clock_of_workers(trial: Trial) -> Sequence[float]:
    """The workers' clock is an hour off, this way and that way."""
    recoveries = []
    for jump in ("+1h", "-1h"):
        assert trial.site.tree({**_faked(), "FAKETIME": jump}).is_running()
        trial.mixed(30)
        recoveries.append(trial.probe())
        trial.wait_quiet()
    trial.site.end_tree()
    return recoveries


def _clock_of_database(trial: Trial) -> Sequence[float]:
    """The database's clock jumps an hour ahead, and back, while documents are at work."""
    clock = trial.folder / "clock"
    faked = {**_faked(), "FAKETIME_TIMESTAMP_FILE": str(clock), "FAKETIME_NO_CACHE": "1"}
    _set(clock, "+0")
    trial.folder.chmod(0o755)
    trial.site.directory.chmod(0o755)
    cluster = trial.site.cluster
    assert trial.tree.is_running()
    cluster.stop(FAST)
    cluster.start(before=["/usr/bin/env", *(f"{name}={value}" for name, value in faked.items())])
    seconds = []
    for jump in ("+1h", "+0"):
        trial.mixed(30)
        time.sleep(trial.chance.uniform(0.0, 0.4))
        _set(clock, jump)
        began = time.monotonic()
        # Going back, what became due in the hour ahead waits for it; what comes in now does not.
        trial.wait_published(trial.rows(5, trial.new_tenant("now"), ring=False))
        seconds.append(time.monotonic() - began)
        trial.wait_quiet() if jump == "+1h" else _set(clock, "+1h")
    trial.wait_quiet()
    cluster.restart(FAST)
    return seconds


def _set(clock: Path, jump: str) -> None:
    draft = clock.with_suffix(".new")
    draft.write_text(f"{jump}\n")
    draft.chmod(0o644)
    draft.rename(clock)


def _faked() -> dict[str, str]:
    found = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
    if not found:
        raise NotPossible("libfaketime is not installed")
    return {"LD_PRELOAD": str(found[0])}


def _restore(trial: Trial) -> Sequence[float]:
    """Back to an earlier copy, while the broker keeps newer rings; clients send again what is newer."""
    site = trial.site
    trial.mixed(50)
    trial.wait_quiet()
    copy = site.cluster.files.with_name("copy")
    site.cluster.stop(FAST)
    shutil.rmtree(copy, ignore_errors=True)
    subprocess.run(["cp", "-a", str(site.cluster.files), str(copy)], check=True)  # noqa: S603, S607 [our own folders]
    site.cluster.start()
    with trial.api() as client:
        rows = trial.numbered_rows(20)
        newer = trial.post_given(client, rows, note=False)
        time.sleep(trial.chance.uniform(0.0, 0.5))
        site.cluster.stop(IMMEDIATE)
        shutil.rmtree(site.cluster.files)
        copy.rename(site.cluster.files)
        site.cluster.start()
    recovery = trial.probe()
    assert not trial.count("batch_id = %s", newer), "the copy is not older"
    with trial.api() as client:
        trial.post_given(client, rows)
    return [recovery]


FAULTS: Final = (
    Fault(
        id="F25",
        title="all connections ended again and again",
        inject=_terminate_backends,
        bound=_POOL_HEALED,
    ),
    Fault(
        id="F26", title="PostgreSQL restarted, fast and immediate, while publishing", inject=_restart, bound=_RESTARTED
    ),
    Fault(id="F27", title="link cut during COMMIT, before or after it took effect", inject=_cut_commits),
    Fault(id="F34", title="workers' clock an hour off, both ways", inject=_clock_of_workers, rated=False),
    Fault(id="F34b", title="database's clock jumps an hour, and back", inject=_clock_of_database, rated=False),
    Fault(id="F36", title="database restored to an earlier copy, rings newer", inject=_restore, bound=_RESTARTED),
)
