"""Becomes a server process: drops root, asks the kernel to be told of the launcher's death, then runs the command.

Run as a script of its own (``python -I -S embedded_launch.py LAUNCHER UID GID COMMAND…``), because code between fork
and exec is unsafe in a launcher that has threads, and because changing the user clears the parent-death signal, so that
the order matters. ``UID`` 0 keeps the user. Only the standard library, and as little of it as can be: it is on the path
of every start.
"""

from __future__ import annotations

import ctypes  # before the user changes: the new one may not be able to read the library
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main(arguments: list[str]) -> None:
    launcher, uid, gid = (int(number) for number in arguments[:3])
    command = arguments[3:]
    libc = ctypes.CDLL(None, use_errno=True)
    if uid:
        os.setgroups([])
        os.setresgid(gid, gid, gid)
        os.setresuid(uid, uid, uid)
    # PostgreSQL and Valkey both end orderly at once on SIGINT; on SIGTERM PostgreSQL would wait for its clients.
    if sys.platform == "linux" and libc.prctl(PR_SET_PDEATHSIG, int(signal.SIGINT), 0, 0, 0):
        sys.exit(f"prctl: {os.strerror(ctypes.get_errno())}")
    if os.getppid() != launcher:
        # It died before the kernel was asked, and nobody is left to be told.
        sys.exit(1)
    os.execv(command[0], command)  # noqa: S606 [the command is the launcher's own list, and no shell reads it]


if __name__ == "__main__":
    main(sys.argv[1:])
