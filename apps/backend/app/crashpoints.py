"""Named points at which a test may end or hold a process, to prove that nothing is lost there.

Unarmed (always, outside tests) a point costs one comparison. Armed by ``arm``, the process ends there as ``kill -9``
would end it, or holds there so that somebody else can kill it, or release it. Each point fires once per directory.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pathlib import Path

CrashAction = Literal["exit", "hold", "note"]

_EXIT_AS_KILLED = 137
_HOLD_SECONDS = 600.0
_LOOK_SECONDS = 0.05
_RELEASED = "released"


@dataclass(frozen=True, slots=True)
class _Armed:
    names: frozenset[str]
    directory: Path
    action: CrashAction
    always: bool


_armed: _Armed | None = None


def arm(name: str, directory: Path, action: CrashAction = "exit", *, always: bool = False) -> None:
    """Make the point ``name`` (or each of several, comma-separated) fire once, or each time that it is passed;
    ``directory`` remembers that it did, and who (``<name>.pid``). ``note`` does no more than that.
    """
    global _armed  # noqa: PLW0603  (one process, armed once)
    _armed = _Armed(frozenset(name.split(",")), directory, action, always)


def crashpoint(name: str) -> None:
    """A place where a crash must do no harm."""
    if _armed is None or name not in _armed.names:
        return
    mark = _armed.directory / mark_of(name)
    if not _mark(mark) and not _armed.always:
        return
    if _armed.action == "hold" and _is_released(mark):
        return
    if _armed.action != "note":
        os._exit(_EXIT_AS_KILLED)


def release(mark: Path) -> None:
    """Lets the process go on that holds at the point of this mark."""
    mark.write_text(_RELEASED)


def _is_released(mark: Path) -> bool:
    deadline = time.monotonic() + _HOLD_SECONDS
    while mark.read_text() != _RELEASED:
        if time.monotonic() > deadline:
            return False
        time.sleep(_LOOK_SECONDS)
    return True


def mark_of(name: str) -> str:
    """The name of the file that says that a point fired."""
    return f"{name.replace(':', '-')}.pid"


def _mark(mark: Path) -> bool:
    """Whether this was the first time."""
    try:
        descriptor = os.open(mark, os.O_CREAT | os.O_EXCL | os.O_WRONLY)
    except FileExistsError:
        return False
    os.write(descriptor, str(os.getpid()).encode())
    os.fsync(descriptor)
    os.close(descriptor)
    return True
