"""What a child gives up before it reads its first outside byte: memory, time, files, processes, network, privileges.

Linux: setrlimit(2), prctl(2), unshare(2), capset(2), Landlock, seccomp. What the host refuses is reported, not hidden.
"""

from __future__ import annotations

import ctypes
import os
import resource
import struct
import sys
import threading
import time
from pathlib import Path
from typing import Final

import app
from app.modules.imports.adapters.sandbox import landlock, seccomp

EVERY_WALL: Final = (
    "rlimits",
    "dies_with_parent",
    "no_new_privileges",
    "no_network",
    "no_capabilities",
    "own_files_only",
    "few_system_calls",
)

_PR_SET_NO_NEW_PRIVS = 38
_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
_CAPABILITY_VERSION_3 = 0x20080522
_LARGEST_FILE = 64 * 1024 * 1024
_MOST_DESCRIPTORS = 256
_MOST_TASKS = 64
_LIFETIME_CPU_SECONDS = 2 * 60 * 60
_SYSTEM: Final = (
    # Libraries that load late, fonts that a PDF does not carry, time zones, what numerical libraries ask of the CPU.
    *("/usr", "/lib", "/lib64", "/nix/store", "/etc/ld.so.cache", "/etc/localtime", "/etc/fonts", "/etc/mime.types"),
    *(
        "/dev/null",
        "/dev/zero",
        "/dev/urandom",
        "/proc/cpuinfo",
        "/proc/meminfo",
        "/proc/stat",
        "/sys/devices/system/cpu",
    ),
)


class MissingWalls(RuntimeError):
    """The host cannot build a wall that its operator demands."""


def confine(memory_bytes: int, room: Path, readable: tuple[Path, ...] = ()) -> list[str]:
    """Give up what can be given up; returns the names of the walls that stand.

    ``room`` has ``files`` (to read) and ``work`` (to write); ``readable`` are further folders the child may read.
    """
    walls = ["rlimits", "dies_with_parent"]
    own_namespace = False
    if sys.platform == "linux":
        # All of this before any thread: a process with threads may not enter a user namespace, and the others bind
        # the calling thread and its descendants only.
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0:
            walls.append("no_new_privileges")
        own_namespace = _leave_network(libc)
        walls += ["no_network"] * own_namespace
        walls += ["no_capabilities"] * _drop_capabilities(libc)
        walls += ["own_files_only"] * landlock.see_only(libc, _view(room, readable))
        walls += ["few_system_calls"] * seccomp.refuse_calls(libc)
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    _limit(memory_bytes, own_namespace=own_namespace)
    return walls


def allow_cpu(seconds: float) -> None:
    """The CPU time of one job, over all threads, on top of what was used before; beyond it the child is ended."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime + seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (min(soft, _LIFETIME_CPU_SECONDS), _LIFETIME_CPU_SECONDS))


def _view(room: Path, readable: tuple[Path, ...]) -> list[tuple[Path, int]]:
    # Not the folder above the package: in a checkout that is where the files of all tenants lie.
    code = {Path(sys.prefix), Path(sys.base_prefix), Path(app.__file__).parent, *readable}
    system = [Path(name) for name in _SYSTEM]
    return [
        *((path, landlock.READ) for path in (*code, *system, room / "files", Path(f"/proc/{os.getpid()}"))),
        (room / "work", landlock.WORK),
    ]


def _limit(memory_bytes: int, *, own_namespace: bool) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_LARGEST_FILE, _LARGEST_FILE))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_MOST_DESCRIPTORS, _MOST_DESCRIPTORS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if own_namespace:
        # Counted in the namespace; without one, all processes of the account would count.
        resource.setrlimit(resource.RLIMIT_NPROC, (_MOST_TASKS, _MOST_TASKS))


def _end_with(parent: int) -> None:
    # Not PR_SET_PDEATHSIG: that speaks of the thread that started us, which may end long before its process.
    while os.getppid() == parent:
        time.sleep(1.0)
    os._exit(1)


def _leave_network(libc: ctypes.CDLL) -> bool:
    if os.geteuid() == 0 and libc.unshare(_CLONE_NEWNET) == 0:
        return True
    return bool(libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET) == 0)


def _drop_capabilities(libc: ctypes.CDLL) -> bool:
    header = struct.pack("=Ii", _CAPABILITY_VERSION_3, 0)
    return bool(libc.capset(header, bytes(24)) == 0)
