"""What processes used, as Linux counts it (proc_pid_status(5), proc_pid_stat(5)); elsewhere nothing is known of it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_PROC: Final = Path("/proc")
_KIB_PER_MIB: Final = 1024
_PARENT: Final = 1
_PARSER: Final = "adapters.sandbox.child"
_TIMES: Final = slice(11, 15)
"""Of the fields behind the name: user and system time of the process, and of its children that have ended."""


def peaks_by_kind(pid: int) -> dict[str, float]:
    """MiB that the largest process of each kind held at most: the process itself, its workers, its parser children."""
    below = _descendants(pid)
    parsers = [process for process in below if _PARSER in _read(process, "cmdline")]
    workers = [process for process in below if process not in parsers]
    kinds = {"parent": [pid], "worker": workers, "parser child": parsers}
    return {kind: max(map(_peak, processes)) for kind, processes in kinds.items() if processes}


def cpu_seconds(pid: int) -> float:
    """What a process and all below it, ended ones too, have had of all cores."""
    ticks = sum(int(ticks) for process in (pid, *_descendants(pid)) for ticks in _stat(process)[_TIMES])
    return ticks / os.sysconf("SC_CLK_TCK")


def _descendants(pid: int) -> list[int]:
    parents = _parents()
    found: list[int] = []
    level = {pid}
    while level:
        level = {child for child, parent in parents.items() if parent in level}
        found += level
    return found


def _parents() -> Mapping[int, int]:
    pids = [int(path.name) for path in _PROC.glob("[0-9]*")]
    return {pid: int(stat[_PARENT]) for pid in pids if (stat := _stat(pid))}


def _stat(pid: int) -> list[str]:
    # The name in brackets may hold anything, brackets too.
    return _read(pid, "stat").rpartition(")")[2].split()


def _peak(pid: int) -> float:
    status = dict(line.split(":", 1) for line in _read(pid, "status").splitlines())
    return int(status.get("VmHWM", "0").split()[0]) / _KIB_PER_MIB


def _read(pid: int, name: str) -> str:
    try:
        return (_PROC / str(pid) / name).read_text("utf-8", "replace")
    except OSError:  # it ended meanwhile, or there is no /proc
        return ""
