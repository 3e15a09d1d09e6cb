"""Calls to the kernel that no reader of documents needs, refused: programs, sockets, other processes, rights of files.

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
    from collections.abc import Iterable, Iterator

_PR_SET_SECCOMP, _MODE_FILTER = 22, 2
_LOAD, _IF_EQUAL, _IF_AT_LEAST, _IF_SET, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _KILL_PROCESS, _ERROR = 0x7FFF0000, 0x80000000, 0x00050000
_REFUSE: Final = _ERROR | errno.EPERM
_NOT_THERE: Final = _ERROR | errno.ENOSYS
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT, _SECOND_ARGUMENT = (
    0,
    4,
    16,
    24,
)  # offsets in struct seccomp_data, little-endian halves
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
    # Processes, and what is done to them by number: an account may do it to all that are its own.
    "fork": (57, None),
    "vfork": (58, None),
    "execve": (59, 221),
    "execveat": (322, 281),
    "kill": (62, 129),
    "tkill": (200, 130),
    "tgkill": (234, 131),
    "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240),
    "pidfd_send_signal": (424, 424),
    "pidfd_open": (434, 434),
    "pidfd_getfd": (438, 438),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "migrate_pages": (256, 238),
    "move_pages": (279, 239),
    "setpriority": (141, 140),
    "ioprio_set": (251, 30),
    "sched_setparam": (142, 118),
    "sched_setscheduler": (144, 119),
    "sched_setattr": (314, 274),
    # What is said of a file: its rights, owner, times and attributes, and its length by name. Landlock has no word for
    # the first four and learnt the last late; a file that was lent is a link to the original.
    "chmod": (90, None),
    "fchmod": (91, 52),
    "fchmodat": (268, 53),
    "fchmodat2": (452, 452),
    "chown": (92, None),
    "fchown": (93, 55),
    "lchown": (94, None),
    "fchownat": (260, 54),
    "utime": (132, None),
    "utimes": (235, None),
    "futimesat": (261, None),
    "utimensat": (280, 88),
    "setxattr": (188, 5),
    "lsetxattr": (189, 6),
    "fsetxattr": (190, 7),
    "removexattr": (197, 14),
    "lremovexattr": (198, 15),
    "fremovexattr": (199, 16),
    "setxattrat": (463, 463),
    "removexattrat": (466, 466),
    "file_setattr": (469, 469),
    "truncate": (76, 45),
    # Memory, semaphores and queues that an account's processes find by a key.
    "shmget": (29, 194),
    "shmat": (30, 196),
    "shmctl": (31, 195),
    "semget": (64, 190),
    "semop": (65, 193),
    "semtimedop": (220, 192),
    "semctl": (66, 191),
    "msgget": (68, 186),
    "msgsnd": (69, 189),
    "msgrcv": (70, 188),
    "msgctl": (71, 187),
    "mq_open": (240, 180),
    "mq_unlink": (241, 181),
    # The kernel itself.
    "mknod": (133, None),
    "mknodat": (259, 33),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "mount": (165, 40),
    "umount2": (166, 39),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "mount_setattr": (442, 442),
    "open_tree_attr": (467, 467),
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
    "bpf": (321, 280),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
}
_OF_ITSELF_ONLY: Final = {
    # Refused unless the process in the first argument is 0: the caller.
    "prlimit64": (302, 261),
    "sched_setaffinity": (203, 122),
}
_FORBIDDEN_COMMANDS: Final = {
    # By the second argument: whom the kernel signals when a descriptor is ready, and with what; attributes of files.
    "fcntl": ((72, 25), (8, 10, 15)),  # F_SETOWN, F_SETSIG, F_SETOWN_EX
    "ioctl": ((16, 29), (0x40086602, 0x40046602, 0x401C5820)),  # FS_IOC_SETFLAGS, FS_IOC32_SETFLAGS, FS_IOC_FSSETXATTR
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
    for numbers in _FORBIDDEN.values():
        if (number := numbers[column]) is not None:
            yield from _when(_IF_EQUAL, number, _REFUSE)
    # The C library asks for clone3 first, whose flags lie in memory that a filter cannot see; told that there is none,
    # it takes clone.
    yield from _when(_IF_EQUAL, _CLONE3, _NOT_THERE)
    yield from _of_call(_CLONE[machine], _FIRST_ARGUMENT, _unless(_IF_SET, _CLONE_THREAD, _REFUSE))
    for numbers in _OF_ITSELF_ONLY.values():
        yield from _of_call(numbers[column], _FIRST_ARGUMENT, _unless(_IF_EQUAL, 0, _REFUSE))
    for numbers, commands in _FORBIDDEN_COMMANDS.values():
        refusals = (test for command in commands for test in _when(_IF_EQUAL, command, _REFUSE))
        yield from _of_call(numbers[column], _SECOND_ARGUMENT, refusals)
    yield _instruction(_RETURN, _ALLOW)


def _of_call(number: int, argument: int, tests: Iterable[bytes]) -> Iterator[bytes]:
    """Tests of an argument of one call (its lower half: the kernel takes no more of a process, flags or a command);
    whatever passes them is allowed.
    """
    inside = [_instruction(_LOAD, argument), *tests, _instruction(_RETURN, _ALLOW)]
    yield _instruction(_IF_EQUAL, number, otherwise=len(inside))
    yield from inside


def _unless(test: int, value: int, answer: int) -> Iterator[bytes]:
    yield _instruction(test, value, then=1)
    yield _instruction(_RETURN, answer)


def _when(test: int, value: int, answer: int) -> Iterator[bytes]:
    yield _instruction(test, value, otherwise=1)
    yield _instruction(_RETURN, answer)


def _instruction(code: int, value: int, *, then: int = 0, otherwise: int = 0) -> bytes:
    return struct.pack("HBBI", code, then, otherwise, value)
