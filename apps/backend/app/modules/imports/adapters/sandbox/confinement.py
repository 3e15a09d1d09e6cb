"""What a child gives up before it reads its first outside byte: memory, files, processes, network.

Linux: setrlimit(2), prctl(2), unshare(2). What the host refuses is reported, not hidden.
"""

from __future__ import annotations

import ctypes
import os
import resource
import sys
import threading
import time

_PR_SET_NO_NEW_PRIVS = 38
_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
_LARGEST_FILE = 64 * 1024 * 1024
_MOST_DESCRIPTORS = 256


def confine(memory_bytes: int) -> list[str]:
    """Give up what can be given up; returns the names of the walls that stand."""
    walls = ["rlimits", "dies_with_parent"]
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0:
            walls.append("no_new_privileges")
        if _leave_network(libc):  # before any thread: a process with threads may not enter a user namespace
            walls.append("no_network")
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_LARGEST_FILE, _LARGEST_FILE))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_MOST_DESCRIPTORS, _MOST_DESCRIPTORS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    return walls


def _end_with(parent: int) -> None:
    # Not PR_SET_PDEATHSIG: that speaks of the thread that started us, which may end long before its process.
    while os.getppid() == parent:
        time.sleep(1.0)
    os._exit(1)


def _leave_network(libc: ctypes.CDLL) -> bool:
    if os.geteuid() == 0 and libc.unshare(_CLONE_NEWNET) == 0:
        return True
    return bool(libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET) == 0)
