"""Calls to the kernel that no reader of documents needs, refused: programs, processes, sockets, foreign memory.

https://docs.kernel.org/userspace-api/seccomp_filter.html. Refused calls fail with EPERM: a library that tries one goes
on without it, and code that was smuggled in gets nowhere.
"""

from __future__ import annotations

import ctypes
import errno
import platform
import struct
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_PR_SET_SECCOMP, _MODE_FILTER = 22, 2
_LOAD, _IF_EQUAL, _IF_AT_LEAST, _IF_SET, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _KILL_PROCESS, _ERROR = 0x7FFF0000, 0x80000000, 0x00050000
_REFUSE: Final = _ERROR | errno.EPERM
_NOT_THERE: Final = _ERROR | errno.ENOSYS
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16  # offsets in struct seccomp_data, little-endian halves
_CLONE_THREAD = 0x00010000
_X32 = 0x40000000

_AUDIT_NAME: Final = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_CLONE: Final = {"x86_64": 56, "aarch64": 220}
_CLONE3 = 435
_FORBIDDEN: Final = {
    # name: (x86_64, aarch64); None where the architecture has no such call
    "socket": (41, 198),
    "connect": (42, 203),
    "bind": (49, 200),
    "fork": (57, None),
    "vfork": (58, None),
    "kill": (62, 129),
    "tkill": (200, 130),
    "ptrace": (101, 117),
    "mknod": (133, None),
    "mknodat": (259, 33),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "mount": (165, 40),
    "umount2": (166, 39),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "kexec_load": (246, 104),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "unshare": (272, 97),
    "setns": (308, 268),
    "perf_event_open": (298, 241),
    "open_by_handle_at": (304, 265),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "bpf": (321, 280),
    "userfaultfd": (323, 282),
    "pidfd_send_signal": (424, 424),
    "io_uring_setup": (425, 425),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "pidfd_open": (434, 434),
    "pidfd_getfd": (438, 438),
    "mount_setattr": (442, 442),
    "execve": (59, 221),
    "execveat": (322, 281),
}


def refuse_calls(libc: ctypes.CDLL) -> bool:
    """Install the filter for this thread and those it will start; false where the kernel or the machine has none.

    ``no_new_privs`` must be set before.
    """
    machine = platform.machine()
    if machine not in _AUDIT_NAME:
        return False
    instructions = list(_filter(machine))
    block = ctypes.create_string_buffer(b"".join(instructions))
    program = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(instructions), ctypes.addressof(block)))
    return bool(libc.prctl(_PR_SET_SECCOMP, _MODE_FILTER, program, 0, 0) == 0)


def _filter(machine: str) -> Iterator[bytes]:
    column = list(_AUDIT_NAME).index(machine)
    yield _instruction(_LOAD, _ARCHITECTURE)
    yield _instruction(_IF_EQUAL, _AUDIT_NAME[machine], then=1)
    yield _instruction(_RETURN, _KILL_PROCESS)
    yield _instruction(_LOAD, _NUMBER)
    if machine == "x86_64":
        yield from _when(_IF_AT_LEAST, _X32, _REFUSE)
    for numbers in (_FORBIDDEN).values():
        if (number := numbers[column]) is not None:
            yield from _when(_IF_EQUAL, number, _REFUSE)
    # The C library asks for clone3 first, whose flags lie in memory that a filter cannot see; told that there is none,
    # it takes clone.
    yield from _when(_IF_EQUAL, _CLONE3, _NOT_THERE)
    yield _instruction(_IF_EQUAL, _CLONE[machine], otherwise=3)
    yield _instruction(_LOAD, _FIRST_ARGUMENT)
    yield _instruction(_IF_SET, _CLONE_THREAD, then=1)
    yield _instruction(_RETURN, _REFUSE)
    yield _instruction(_RETURN, _ALLOW)


def _when(test: int, value: int, answer: int) -> Iterator[bytes]:
    yield _instruction(test, value, otherwise=1)
    yield _instruction(_RETURN, answer)


def _instruction(code: int, value: int, *, then: int = 0, otherwise: int = 0) -> bytes:
    return struct.pack("HBBI", code, then, otherwise, value)
