"""Named points at which a test may end or hold a process, to prove that nothing is lost there.

Unarmed (always, outside tests) a point costs one comparison. Armed by ``arm``, the process ends there as ``kill -9``
would end it, or holds there so that somebody else can kill it. Each point fires once per directory.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pathlib import Path

_EXIT_AS_KILLED = 137
_HOLD_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class _Armed:
    names: frozenset[str]
    directory: Path
    action: Literal["exit", "hold"]


_armed: _Armed | None = None


def arm(name: str, directory: Path, action: Literal["exit", "hold"] = "exit") -> None:
    """Make the point ``name`` (or each of several, comma-separated) fire once; ``directory`` remembers that it did, and
    who (``<name>.pid``).
    """
    global _armed  # noqa: PLW0603  (one process, armed once)
    _armed = _Armed(frozenset(name.split(",")), directory, action)


def crashpoint(name: str) -> None:
    """A place where a crash must do no harm."""
    if _armed is None or name not in _armed.names:
        return
    mark = _armed.directory / f"{name.replace(':', '-')}.pid"
    try:
        descriptor = os.open(mark, os.O_CREAT | os.O_EXCL | os.O_WRONLY)
    except FileExistsError:
        return
    os.write(descriptor, str(os.getpid()).encode())
    os.fsync(descriptor)
    os.close(descriptor)
    if _armed.action == "hold":
        time.sleep(_HOLD_SECONDS)
    os._exit(_EXIT_AS_KILLED)
