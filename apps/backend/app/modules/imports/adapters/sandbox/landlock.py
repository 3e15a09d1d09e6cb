"""The file system as a child sees it: what it needs to run, its own room, and nothing else.

By Landlock, whole since Linux 6.2: https://docs.kernel.org/userspace-api/landlock.html
"""

from __future__ import annotations

import ctypes
import os
import struct
from contextlib import suppress
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # the same on every architecture
_ASK_VERSION = 1
_PATH_BENEATH = 1

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_REMOVE_DIR, _REMOVE_FILE, _MAKE_DIR, _MAKE_REG = 1 << 4, 1 << 5, 1 << 7, 1 << 8
_TRUNCATE = 1 << 14
_OF_A_FILE: Final = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE
_KNOWN_TO_VERSION: Final = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1, 5: (1 << 16) - 1}
"""What each version can forbid; whatever it can forbid is forbidden, and then allowed by path."""
_VERSION_OF_TRUNCATION, _VERSION_OF_NETWORK, _VERSION_OF_SCOPES = 3, 4, 6
_TCP: Final = 0b11
_SIGNALS_AND_ABSTRACT_SOCKETS: Final = 0b11

READ: Final = _READ_FILE | _READ_DIR
WORK: Final = READ | _WRITE_FILE | _REMOVE_DIR | _REMOVE_FILE | _MAKE_DIR | _MAKE_REG | _TRUNCATE
RUN: Final = READ | _EXECUTE


def see_only(libc: ctypes.CDLL, allowed: Iterable[tuple[Path, int]]) -> bool:
    """Forbid this thread, and those it will start, every path that is not beneath an allowed one; false where the
    kernel cannot, or not wholly: before its third version, a file that may be read may be emptied. ``no_new_privs``
    must be set before.
    """
    version = libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), _ASK_VERSION)
    if version < 1:
        return False
    handled = _KNOWN_TO_VERSION[min(version, max(_KNOWN_TO_VERSION))]
    ruleset = _new_ruleset(libc, version, handled)
    if ruleset < 0:
        return False
    try:
        for path, rights in allowed:
            with suppress(FileNotFoundError):
                _allow(libc, ruleset, path, rights & handled)
        stands = libc.syscall(_RESTRICT_SELF, ruleset, 0) == 0
        return bool(stands and version >= _VERSION_OF_TRUNCATION)
    finally:
        os.close(ruleset)


def _new_ruleset(libc: ctypes.CDLL, version: int, handled: int) -> int:
    fields = [handled]
    if version >= _VERSION_OF_NETWORK:
        fields.append(_TCP)
    if version >= _VERSION_OF_SCOPES:
        fields.append(_SIGNALS_AND_ABSTRACT_SOCKETS)
    attributes = struct.pack(f"={len(fields)}Q", *fields)
    return int(libc.syscall(_CREATE_RULESET, attributes, ctypes.c_size_t(len(attributes)), 0))


def _allow(libc: ctypes.CDLL, ruleset: int, path: Path, rights: int) -> None:
    descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        rights = rights if path.is_dir() else rights & _OF_A_FILE
        rule = struct.pack("=Qi", rights, descriptor)
        if libc.syscall(_ADD_RULE, ruleset, _PATH_BENEATH, rule, 0) != 0:
            raise OSError(ctypes.get_errno(), "no landlock rule for", str(path))
    finally:
        os.close(descriptor)
