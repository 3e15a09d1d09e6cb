"""How much memory processes held at most, as Linux counts it (``VmHWM`` of proc_pid_status(5)); elsewhere nothing."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_PROC: Final = Path("/proc")
_KIB_PER_MIB: Final = 1024


def own_peak() -> float:
    """MiB of this process."""
    return _peak(os.getpid())


def peaks_below(pid: int) -> list[float]:
    """MiB of each living descendant of a process, the largest first."""
    return sorted((_peak(descendant) for descendant in _descendants(pid)), reverse=True)


def _descendants(pid: int) -> list[int]:
    parents = _parents()
    found: list[int] = []
    level = {pid}
    while level:
        level = {child for child, parent in parents.items() if parent in level}
        found += level
    return found


def _parents() -> Mapping[int, int]:
    return {
        int(status["Pid"]): int(status["PPid"])
        for path in _PROC.glob("[0-9]*/status")
        if (status := _status(path)).get("PPid")
    }


def _peak(pid: int) -> float:
    return int(_status(_PROC / str(pid) / "status").get("VmHWM", "0 kB").split()[0]) / _KIB_PER_MIB


def _status(path: Path) -> Mapping[str, str]:
    try:
        lines = path.read_text("utf-8").splitlines()
    except OSError:  # it ended meanwhile, or there is no /proc
        return {}
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}
