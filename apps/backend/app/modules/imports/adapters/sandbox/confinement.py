"""What a child gives up before it reads its first outside byte: memory, files, processes, network.

Linux: setrlimit(2), prctl(2), unshare(2). What the host refuses is reported, not hidden.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys

_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38
_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
_LARGEST_FILE = 64 * 1024 * 1024
_MOST_DESCRIPTORS = 256


def confine(memory_bytes: int) -> list[str]:
    """Give up what can be given up; returns the names of the walls that stand."""
    walls = ["rlimits"]
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_LARGEST_FILE, _LARGEST_FILE))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_MOST_DESCRIPTORS, _MOST_DESCRIPTORS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL) == 0:
            walls.append("dies_with_parent")
        if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0:
            walls.append("no_new_privileges")
        if _leave_network(libc):
            walls.append("no_network")
    return walls


def _leave_network(libc: ctypes.CDLL) -> bool:
    if os.geteuid() == 0 and libc.unshare(_CLONE_NEWNET) == 0:
        return True
    return bool(libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET) == 0)
