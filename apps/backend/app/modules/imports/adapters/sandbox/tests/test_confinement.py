"""What code that has taken over a child tries, and what becomes of it. Each attempt runs in a confined process."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Final, cast

import pytest

from app.modules.imports.adapters.sandbox import landlock
from app.modules.imports.adapters.sandbox.confinement import EVERY_WALL
from app.modules.imports.adapters.sandbox.pool import Sandbox
from app.modules.imports.adapters.sandbox.room import Room, remove_abandoned

if TYPE_CHECKING:
    import ctypes
    from collections.abc import Iterator
    from pathlib import Path

MEMORY: Final = 1024**3
ATTEMPTS: Final = {
    # what is tried: (the wall in its way, the code)
    "read the accounts of the host": ("own_files_only", "open('/etc/passwd').read()"),
    "read a file of another job": ("own_files_only", "open(OTHER).read()"),
    "read the environment of its parent": ("own_files_only", "open(f'/proc/{os.getppid()}/environ').read()"),
    "list the folder above its room": ("own_files_only", "os.listdir(ROOM.parent)"),
    "write beside its room": ("own_files_only", "open(ROOM.parent / 'mine', 'w')"),
    "write to the file it was lent": ("own_files_only", "open(ROOM / 'files' / 'lent', 'w')"),
    "connect to a server": ("few_system_calls", "import socket; socket.create_connection(('127.0.0.1', PORT), 2)"),
    "send a datagram": ("few_system_calls", "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM)"),
    "open a socket of the host": ("few_system_calls", "import socket; socket.socket(socket.AF_UNIX)"),
    "start a program": ("few_system_calls", "import subprocess; subprocess.run(['/bin/true'])"),
    "become a program": ("few_system_calls", "os.execv('/bin/true', ['true'])"),
    "fork": ("few_system_calls", "os.fork()"),
    "end its parent": ("few_system_calls", "os.kill(os.getppid(), 9)"),
    "enter a namespace": (
        "few_system_calls",
        "import ctypes\nif ctypes.CDLL(None).unshare(0x10000000):\n    raise OSError",
    ),
    "take memory": ("rlimits", "bytes(3 * 1024**3)"),
    "write a file without end": (
        "rlimits",
        "import signal\nsignal.signal(signal.SIGXFSZ, signal.SIG_IGN)\nopen(ROOM / 'work' / 'own', 'w').truncate(1 << 30)",
    ),
    "open files without end": ("rlimits", "kept = [open('/dev/null') for _ in range(10000)]"),
}
OTHERS_AND_FILES: Final = {
    # Against other processes of the account.
    "end another process": "os.kill(VICTIM, 9)",
    "end a thread of another process": "call('tgkill', VICTIM, VICTIM, 9)",
    "queue a signal for another process": "call('rt_sigqueueinfo', VICTIM, 9, bytes(128))",
    "queue a signal for another thread": "call('rt_tgsigqueueinfo', VICTIM, VICTIM, 9, bytes(128))",
    "have the kernel signal another process": (
        "import fcntl\nreader, writer = os.pipe()\nfcntl.fcntl(reader, fcntl.F_SETOWN, VICTIM)"
    ),
    "choose the signal of a descriptor": (
        "import fcntl\nreader, writer = os.pipe()\nfcntl.fcntl(reader, fcntl.F_SETSIG, 9)"
    ),
    "take the descriptors of another process": "resource.prlimit(VICTIM, resource.RLIMIT_NOFILE, (0, 0))",
    "end another process by its limit": "resource.prlimit(VICTIM, resource.RLIMIT_CPU, (0, 0))",
    "slow another process down": "os.setpriority(os.PRIO_PROCESS, VICTIM, 19)",
    "make another process wait for all others": "os.sched_setscheduler(VICTIM, os.SCHED_IDLE, os.sched_param(0))",
    "bind another process to one core": "os.sched_setaffinity(VICTIM, {min(os.sched_getaffinity(0))})",
    "make another process wait for the disk": "call('ioprio_set', 1, VICTIM, 3 << 13)",
    "find shared memory of the account": "call('shmget', 0x5ec, 4096, 0o1600)",
    # Against what is said of files it cannot open, or was lent.
    "take the rights of a file": "os.chmod(OTHER, 0)",
    "open a folder to everybody": "os.chmod(ROOM.parent, 0o777)",
    "take the rights of a file, by the newest call": "call('fchmodat2', -100, OTHER.encode(), 0, 0)",
    "take the rights of the original it was lent": "os.chmod(os.open(LENT, os.O_RDONLY), 0)",
    "give a file away": "os.chown(OTHER, os.getuid(), os.getgid())",
    "make a file look old": "os.utime(OTHER, (0, 0))",
    "make the original it was lent look old": "os.utime(os.open(LENT, os.O_RDONLY), (0, 0))",
    "set an attribute of a file": "os.setxattr(OTHER, 'user.x', b'1')",
    "set an attribute of the original it was lent": "os.setxattr(os.open(LENT, os.O_RDONLY), 'user.x', b'1')",
    "set a flag of the original it was lent": (
        "import fcntl\nfcntl.ioctl(os.open(LENT, os.O_RDONLY), 0x40086602, (64).to_bytes(8, 'little'))"
    ),
    "empty a file": "os.truncate(OTHER, 0)",
}
"""The filter alone is in the way of these: Landlock refuses a few of them, and not on every kernel."""
SCRIPT: Final = """
import os, sys
from pathlib import Path
from app.modules.imports.adapters.sandbox.confinement import confine
ROOM, OTHER, PORT = Path(sys.argv[1]), sys.argv[2], 9
(ROOM / 'files' / 'lent').write_text('lent')
walls = confine({memory}, ROOM)
assert (ROOM / 'files' / 'lent').read_text() == 'lent'
(ROOM / 'work' / 'own').write_text('own')
try:
{attempt}
except (OSError, MemoryError) as error:
    print('refused', type(error).__name__)
else:
    print('done')
print(*walls)
"""


FILTER_ALONE: Final = """
import ctypes, os, platform, resource, sys
from pathlib import Path
from app.modules.imports.adapters.sandbox import seccomp
ROOM, OTHER, VICTIM = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
LENT = ROOM / 'files' / 'lent'
libc = ctypes.CDLL(None, use_errno=True)
column = list(seccomp._AUDIT_NAME).index(platform.machine())
def call(name, *arguments):
    if libc.syscall(seccomp._FORBIDDEN[name][column], *arguments) != 0:
        raise OSError(ctypes.get_errno(), name)
libc.prctl(38, 1, 0, 0, 0)
seccomp.refuse_calls(libc)
try:
{attempt}
except PermissionError as error:
    print('refused', error.errno)
else:
    print('done')
"""
GOES_ON: Final = """
import os, resource, tempfile, threading
os.sched_setaffinity(0, os.sched_getaffinity(0))
resource.setrlimit(resource.RLIMIT_CPU, resource.getrlimit(resource.RLIMIT_CPU))
started = threading.Thread(target=os.getpriority, args=(os.PRIO_PROCESS, 0))
started.start()
started.join()
with tempfile.TemporaryDirectory() as folder, open(folder + '/own', 'wb') as own:
    own.truncate(10)
"""


@pytest.fixture(scope="module")
def walls() -> Iterator[frozenset[str]]:
    sandbox = Sandbox(children=1)
    yield frozenset(sandbox.walls())
    sandbox.close()


@pytest.mark.parametrize("attempt", ATTEMPTS, ids=lambda name: name.replace(" ", "-"))
def test_a_child_that_was_taken_over_cannot(attempt: str, tmp_path: Path, walls: frozenset[str]) -> None:
    wall, code = ATTEMPTS[attempt]
    if wall not in walls:
        pytest.skip(f"this host cannot build the wall {wall}")
    other = tmp_path / "other.xml"
    other.write_text("of somebody else")
    room = Room(tmp_path / "rooms")
    script = SCRIPT.format(memory=MEMORY, attempt="\n".join(f"    {line}" for line in code.splitlines()))
    command = [sys.executable, "-c", script, str(room.path), str(other)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    room.leave()
    assert "refused" in done.stdout, (done.stdout, done.stderr[-400:])


@pytest.fixture
def victim() -> Iterator[subprocess.Popen[bytes]]:
    """Another process of the account."""
    process = subprocess.Popen([shutil.which("sleep") or "sleep", "120"])
    yield process
    process.kill()
    process.wait()


@pytest.mark.parametrize("attempt", OTHERS_AND_FILES, ids=lambda name: name.replace(" ", "-"))
def test_without_any_other_wall_the_filter_keeps_a_child_from(
    attempt: str, tmp_path: Path, walls: frozenset[str], victim: subprocess.Popen[bytes]
) -> None:
    done, other = _behind_the_filter(OTHERS_AND_FILES[attempt], tmp_path, walls, victim)
    assert done.stdout.split() == ["refused", "1"], (done.stdout, done.stderr[-400:])
    assert victim.poll() is None
    assert other.read_text() == "of somebody else"


def test_what_libraries_do_to_themselves_goes_on_behind_the_filter(
    tmp_path: Path, walls: frozenset[str], victim: subprocess.Popen[bytes]
) -> None:
    done, _ = _behind_the_filter(GOES_ON, tmp_path, walls, victim)
    assert done.stdout.split() == ["done"], (done.stdout, done.stderr[-400:])


def _behind_the_filter(
    code: str, tmp_path: Path, walls: frozenset[str], victim: subprocess.Popen[bytes]
) -> tuple[subprocess.CompletedProcess[str], Path]:
    if "few_system_calls" not in walls:
        pytest.skip("this host cannot build the wall few_system_calls")
    other = tmp_path / "other.xml"
    other.write_text("of somebody else")
    room = Room(tmp_path / "rooms")
    (room.files / "lent").write_text("lent")
    script = FILTER_ALONE.replace("{attempt}", "\n".join(f"    {line}" for line in code.splitlines()))
    command = [sys.executable, "-c", script, str(room.path), str(other), str(victim.pid)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    room.leave()
    return done, other


class _Kernel:
    """Landlock of some version, as the C library shows it."""

    def __init__(self, version: int) -> None:
        self._version = version

    def syscall(self, number: int, attributes: object, *_: object) -> int:
        if number != landlock._CREATE_RULESET:
            return 0
        return self._version if attributes is None else os.open(os.devnull, os.O_RDONLY)


@pytest.mark.parametrize(("version", "stands"), [(-1, False), (1, False), (2, False), (3, True), (6, True)])
def test_a_kernel_that_lets_files_be_emptied_does_not_build_the_wall(
    version: int, *, stands: bool, tmp_path: Path
) -> None:
    kernel = cast("ctypes.CDLL", _Kernel(version))
    assert landlock.see_only(kernel, [(tmp_path, landlock.READ)]) is stands


def test_a_child_names_the_walls_that_stand(walls: frozenset[str]) -> None:
    if missing := set(EVERY_WALL) - walls:
        pytest.skip(f"this host cannot build {missing}")
    assert walls == set(EVERY_WALL)


def test_the_rooms_of_a_dead_process_are_removed_and_those_of_a_living_one_are_kept(tmp_path: Path) -> None:
    script = (
        "import os, sys; from pathlib import Path; from app.modules.imports.adapters.sandbox.room import Room\n"
        "Room(Path(sys.argv[1])); os._exit(1)"
    )
    subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=False, timeout=60)
    living = Room(tmp_path)
    assert len(list(tmp_path.iterdir())) == 2
    remove_abandoned(tmp_path)
    assert list(tmp_path.iterdir()) == [living.path]
    living.leave()
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("rights", ["0o700", "0o300"])
def test_a_room_in_which_a_child_has_dug_deep_is_removed_too(rights: str, tmp_path: Path) -> None:
    dig = f"    os.chdir(ROOM / 'work')\n    for _ in range(1200): os.mkdir('d', {rights}); os.chdir('d')"
    room = Room(tmp_path / "rooms")
    command = [sys.executable, "-c", SCRIPT.format(memory=MEMORY, attempt=dig), str(room.path), str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout.startswith("done"), (done.stdout, done.stderr[-400:])
    (room.work / "link").symlink_to(tmp_path)
    room.leave()
    assert not list((tmp_path / "rooms").iterdir())
    assert tmp_path.exists()


def test_a_room_lends_a_file_and_takes_it_back(tmp_path: Path) -> None:
    source = tmp_path / "abc"
    source.write_text("content")
    room = Room(tmp_path / "rooms")
    with room.lent(source) as lent:
        assert lent.read_text() == "content"
        assert lent.name == source.name
    assert not list(room.files.iterdir())
    (room.work / "left").write_text("x")
    (room.work / "folder").mkdir()
    room.clear()
    assert not list(room.work.iterdir())
    assert source.exists()
    room.leave()
    assert not os.path.lexists(room.path)
