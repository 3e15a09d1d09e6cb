"""A child may do what it likes: its parent goes on, and the next job finds a clean child."""

from __future__ import annotations

import fcntl
import os
import resource
import signal
import struct
import termios
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from app.modules.imports.adapters.sandbox.owners import tenants_below
from app.modules.imports.adapters.sandbox.pool import Sandbox
from app.modules.imports.domain.errors import Terminal, Transient

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

SAMPLES = Path(__file__).parents[3] / "formats" / "tests" / "samples"
INVOICE = SAMPLES / "facturae" / "exempt.xml"
PHOTOGRAPH = Path(__file__).parents[8] / "samples" / "documents" / "ticket-photo.jpg"
USUAL_PIPE = 64 * 1024
ROWS = "number;date;total\n" + "".join(f"F-{n};2026-01-02;1,00\n" for n in range(5000))


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    pool = Sandbox(children=1)
    yield pool
    pool.close()


def read(sandbox: Sandbox, path: Path, seconds: float = 20) -> Any:  # noqa: ANN401  (JSON)
    batches = sandbox.stream("documents", {"path": str(path), "name": path.name}, seconds=seconds)
    return [document for batch in batches if batch for document in batch]


@pytest.fixture
def shared(tmp_path: Path) -> Iterator[Sandbox]:
    """Two places for the files of several tenants."""
    pool = Sandbox(
        children=2, rooms=tmp_path / "rooms", owner_of=tenants_below(tmp_path / "files", tmp_path / "derived")
    )
    yield pool
    pool.close()


def reader_of(sandbox: Sandbox, path: Path) -> int:
    """The process that reads the file."""
    assert sandbox.call("recognise", {"path": str(path), "name": "f.xml"}, seconds=60)["gives"] == "documents"
    return sandbox._places.idle[-1].pid


def of_tenant(folder: Path, number: int) -> Path:
    file = folder / "files" / str(UUID(int=number)) / "ab" / "abcd"
    file.parent.mkdir(parents=True)
    file.write_bytes(INVOICE.read_bytes())
    return file


def test_a_child_that_has_read_a_file_of_one_tenant_never_reads_one_of_another(shared: Sandbox, tmp_path: Path) -> None:
    one, other, third = (of_tenant(tmp_path, number) for number in range(3))
    readers: dict[Path, set[int]] = {one: set(), other: set(), third: set()}
    for file in (one, other, one, third, other, third, one):
        readers[file].add(reader_of(shared, file))
        assert len(shared._places.idle) <= 2
    assert not readers[one] & readers[other]
    assert not readers[third] & (readers[one] | readers[other])


def test_two_tenants_that_take_turns_keep_a_warm_child_each(shared: Sandbox, tmp_path: Path) -> None:
    one, other = of_tenant(tmp_path, 1), of_tenant(tmp_path, 2)
    assert len({reader_of(shared, file) for file in (one, other) * 4}) == 2


def test_what_is_derived_of_a_tenants_file_is_read_by_its_child(shared: Sandbox, tmp_path: Path) -> None:
    file = of_tenant(tmp_path, 1)
    derived = tmp_path / "derived" / f"{UUID(int=1)}-ab-abcd" / str(UUID(int=2))
    derived.parent.mkdir(parents=True)
    derived.write_bytes(INVOICE.read_bytes())
    assert reader_of(shared, file) == reader_of(shared, derived)


def test_a_child_that_has_read_no_file_serves_anybody_and_one_that_has_answers_nobody_else(
    shared: Sandbox, tmp_path: Path
) -> None:
    shared.walls()
    fresh = shared._places.idle[0].pid
    assert reader_of(shared, of_tenant(tmp_path, 1)) == fresh
    shared.call("engine_version", {}, seconds=60)
    assert shared._places.idle[-1].pid != fresh


def test_the_walls_are_told_while_every_child_is_at_work(tmp_path: Path) -> None:
    table = tmp_path / "rows.csv"
    table.write_text(ROWS, encoding="utf-8")
    pool = Sandbox(children=1)
    parts = pool.stream("parts", {"path": str(table), "name": "rows.csv", "start": 0}, seconds=20)
    next(parts)
    assert "rlimits" in pool.walls()
    parts.close()
    pool.close()


def test_a_job_answers_with_json(sandbox: Sandbox) -> None:
    [document] = read(sandbox, INVOICE)
    assert document["doc_type"] == "invoice"


def test_a_broken_file_is_a_terminal_error_with_its_code(sandbox: Sandbox, tmp_path: Path) -> None:
    broken = tmp_path / "broken.xml"
    broken.write_bytes(INVOICE.read_bytes()[:400])
    with pytest.raises(Terminal, match="xml_malformed"):
        read(sandbox, broken)


def test_a_child_that_is_killed_costs_one_job_only(sandbox: Sandbox) -> None:
    read(sandbox, INVOICE)
    os.kill(_child_pid(sandbox), signal.SIGKILL)
    # The death is noticed when a child is taken from the pool, or by the job that meets it; never by the one after.
    with suppress(Transient):
        read(sandbox, INVOICE)
    assert read(sandbox, INVOICE)


def test_a_job_that_takes_too_long_is_ended(sandbox: Sandbox, tmp_path: Path) -> None:
    pid = _child_pid(sandbox)
    os.kill(pid, signal.SIGSTOP)
    began = time.monotonic()
    with pytest.raises(Transient, match="time_limit"):
        read(sandbox, INVOICE, seconds=0.5)
    assert time.monotonic() - began < 3
    _wait_until_gone(pid)
    assert read(sandbox, INVOICE)


def test_a_child_that_does_not_listen_is_ended_in_time(sandbox: Sandbox) -> None:
    pid = _child_pid(sandbox)
    os.kill(pid, signal.SIGSTOP)
    longer_than_a_pipe = {"path": str(INVOICE), "name": "n" * 4 * USUAL_PIPE}
    with pytest.raises(Transient, match="time_limit"):
        sandbox.call("recognise", longer_than_a_pipe, seconds=0.5)
    _wait_until_gone(pid)
    assert read(sandbox, INVOICE)


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="only Linux tells what a process has open")
def test_without_descriptors_a_job_may_be_tried_again_and_leaves_nothing(tmp_path: Path) -> None:
    rooms, codes = tmp_path / "rooms", []
    pool = Sandbox(children=1, rooms=rooms)
    read(pool, INVOICE)
    for spare in range(12):
        for child in pool._places.clear():
            child.kill()
        pool._launcher.close()
        before = _open_files()
        with _most_open_files(spare):
            try:
                read(pool, INVOICE)
            except Transient as error:
                codes.append(error.code)
        for child in pool._places.clear():
            child.kill()
        pool._launcher.close()
        assert len(_open_files()) <= len(before), f"with {spare} to spare"
        assert not list(rooms.iterdir()), f"with {spare} to spare"
    pool.close()
    assert 3 < len(codes) < 12
    assert set(codes) == {"resource"}


def test_a_child_that_never_stops_talking_is_ended_too() -> None:
    class Talking(Sandbox):
        def stream(self, job: str, arguments: dict[str, Any], *, seconds: float) -> Generator[Any]:
            del job, arguments, seconds
            while True:
                yield {}

    with pytest.raises(Transient, match="time_limit"):
        Talking(children=1).call("documents", {}, seconds=0.1)


def test_parts_stream_and_may_be_left_unread(sandbox: Sandbox, tmp_path: Path) -> None:
    table = tmp_path / "rows.csv"
    table.write_text(ROWS, encoding="utf-8")
    arguments = {"path": str(table), "name": "rows.csv", "start": 0}
    first = next(sandbox.stream("parts", arguments, seconds=20))
    assert first[0]["row"]["number"] == "F-0"
    assert read(sandbox, INVOICE)


def test_reading_a_picture_behind_the_wall_is_done_in_silence(capfd: pytest.CaptureFixture[str]) -> None:
    fresh = Sandbox(children=1)
    pages = fresh.call("pages", {"path": str(PHOTOGRAPH), "name": PHOTOGRAPH.name}, seconds=60)
    fresh.close()
    assert pages[0]["words"]
    assert capfd.readouterr().err == ""


@pytest.mark.skipif(not hasattr(fcntl, "F_SETPIPE_SZ"), reason="only Linux has pipes of another size")
def test_a_child_reads_on_while_its_parent_is_busy(sandbox: Sandbox, tmp_path: Path) -> None:
    table = tmp_path / "rows.csv"
    table.write_text(ROWS, encoding="utf-8")
    read(sandbox, INVOICE)
    pipe = sandbox._places.idle[-1]._process.stdout.fileno()
    parts = sandbox.stream("parts", {"path": str(table), "name": "rows.csv", "start": 0}, seconds=20)
    first = next(parts)
    until = time.monotonic() + 10
    while _waiting(pipe) <= USUAL_PIPE and time.monotonic() < until:
        time.sleep(0.02)
    assert _waiting(pipe) > USUAL_PIPE
    assert len(first) + sum(len(part) for part in parts if part) == 5000


def test_a_child_has_no_network_and_no_secrets(sandbox: Sandbox) -> None:
    os.environ["DB_DSN_FOR_THIS_TEST"] = "secret"
    try:
        fresh = Sandbox(children=1)
        walls = fresh.walls()
        environment = Path(f"/proc/{_child_pid(fresh)}/environ").read_bytes()
        routes = Path(f"/proc/{_child_pid(fresh)}/net/route").read_text(encoding="ascii").splitlines()[1:]
        fresh.close()
    finally:
        del os.environ["DB_DSN_FOR_THIS_TEST"]
    assert "rlimits" in walls
    assert b"secret" not in environment
    assert ("no_network" in walls) == (not routes)


def test_a_child_ends_with_its_parent() -> None:
    script = (
        "from app.modules.imports.adapters.sandbox.pool import Sandbox\n"
        "import os, sys\n"
        "s = Sandbox(children=1); s.walls(); print(s._places.idle[0].pid, flush=True); os._exit(0)\n"
    )
    import subprocess
    import sys

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True)
    _wait_until_gone(int(done.stdout))


def _open_files() -> set[int]:
    return {int(path.name) for path in Path("/proc/self/fd").iterdir()}


@contextmanager
def _most_open_files(spare: int) -> Iterator[None]:
    """So many numbers are left for this process."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    taken = _open_files()
    resource.setrlimit(resource.RLIMIT_NOFILE, ([n for n in range(soft) if n not in taken][spare], hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def _wait_until_gone(pid: int) -> None:
    until = time.monotonic() + 10
    while Path(f"/proc/{pid}").exists() and time.monotonic() < until:
        time.sleep(0.05)
    assert not Path(f"/proc/{pid}").exists()


def _waiting(pipe: int) -> int:
    """Bytes that are in a pipe."""
    return int(struct.unpack("i", fcntl.ioctl(pipe, termios.FIONREAD, bytes(4)))[0])


def _child_pid(sandbox: Sandbox) -> int:
    read(sandbox, INVOICE)
    return sandbox._places.idle[-1].pid
