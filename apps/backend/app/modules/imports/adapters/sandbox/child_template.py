"""The process that children are forked from: it has loaded what nearly every file needs, and never sees a file.

A child so made is ready in milliseconds, where loading takes longer than many a document. It has one thread, so that a
fork leaves nothing half done, and speaks with its parent alone: a room and the two ends of pipes for each child.
"""

from __future__ import annotations

import gc
import os
import signal
import socket
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final

from app.modules.imports.adapters.sandbox.child import serve
from app.modules.imports.adapters.sandbox.jobs import load
from app.modules.imports.adapters.sandbox.launching import WITH_ENGINE

_LONGEST_PATH: Final = 4096
_PIPES: Final = 2


def main() -> None:
    """Fork a child for each room asked for, until the parent ends."""
    memory_bytes, asked = int(sys.argv[1]), socket.socket(fileno=int(sys.argv[2]))
    signal.signal(signal.SIGCHLD, _bury)
    loaded = ""
    while True:
        try:
            request, pipes, _, _ = socket.recv_fds(asked, _LONGEST_PATH, _PIPES)
        except ConnectionError:  # ended, or interrupted, before it had heard of its last child
            return
        if not request:
            return
        what, _, room = os.fsdecode(request).partition(" ")
        if what != loaded:
            load(engine=what == WITH_ENGINE)
            gc.freeze()  # what is loaded stays shared: a collector that looked at it would copy it into each child
            loaded = what
        child = _fork()
        if child == 0:
            asked.close()
            _live(memory_bytes, Path(room), pipes)
        for pipe in pipes:
            os.close(pipe)
        _tell(asked, child)


def _fork() -> int | None:
    """As ``os.fork``; None where there may be no more processes. This one lives on: with it, its children would end."""
    try:
        return os.fork()
    except OSError:
        return None


def _live(memory_bytes: int, room: Path, pipes: list[int]) -> None:
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.setsid()
        for standard, pipe in enumerate(pipes):
            os.dup2(pipe, standard)
            os.close(pipe)
        os.chdir(room / "work")
        os.environ["TMPDIR"] = str(room / "work")
        tempfile.tempdir = None
        serve(memory_bytes, room)
    finally:
        os._exit(0)


def _tell(asked: socket.socket, child: int | None) -> None:
    """By a descriptor of the process: a number may be another's by the time that it is used."""
    try:
        descriptor = None if child is None else os.pidfd_open(child)
    except ProcessLookupError:  # ended already
        descriptor = None
    if descriptor is None:
        asked.send(b"0")
        return
    socket.send_fds(asked, [str(child).encode()], [descriptor])
    os.close(descriptor)


def _bury(_number: int, _frame: object) -> None:
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


if __name__ == "__main__":
    main()
