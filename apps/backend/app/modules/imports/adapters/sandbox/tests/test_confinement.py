"""What code that has taken over a child tries, and what becomes of it. Each attempt runs in a confined process."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, Final

import pytest

from app.modules.imports.adapters.sandbox.confinement import EVERY_WALL
from app.modules.imports.adapters.sandbox.pool import Sandbox
from app.modules.imports.adapters.sandbox.room import Room, remove_abandoned

if TYPE_CHECKING:
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
        "import signal\nsignal.signal(signal.SIGXFSZ, signal.SIG_IGN)\nos.truncate(ROOM / 'work' / 'own', 1 << 30)",
    ),
    "open files without end": ("rlimits", "kept = [open('/dev/null') for _ in range(10000)]"),
}
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
