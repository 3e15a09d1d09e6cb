"""Children come from a template that has read nothing; where there can be none, each is started by itself."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from app.modules.imports.adapters.sandbox.child_process import ChildProcess
from app.modules.imports.adapters.sandbox.launching import Launcher, Starter, Template, launcher
from app.modules.imports.domain.errors import Transient

if TYPE_CHECKING:
    from collections.abc import Iterator

MEMORY = 3 * 1024**3
SAMPLE = Path(__file__).parents[3] / "formats" / "tests" / "samples" / "facturae" / "exempt.xml"


@pytest.fixture
def template() -> Iterator[Template]:
    made = launcher(MEMORY)
    if not isinstance(made, Template):
        pytest.skip("this host has no descriptors of processes")
    yield made
    made.close()


def recognised(child: ChildProcess) -> str:
    [answer] = child.run("recognise", {"path": str(SAMPLE), "name": SAMPLE.name}, 60)
    return str(answer["gives"])


@pytest.mark.parametrize("make", [Template, Starter])
def test_a_child_works_and_is_gone_when_it_is_killed(make: type[Template | Starter], tmp_path: Path) -> None:
    maker: Launcher = make(MEMORY)
    child = ChildProcess(maker.launch, tmp_path)
    assert (recognised(child), child.is_alive()) == ("documents", True)
    child.kill()
    child.kill()
    assert not child.is_alive()
    assert not list(tmp_path.iterdir())
    maker.close()


def test_a_template_has_one_thread_and_holds_no_files(template: Template, tmp_path: Path) -> None:
    template.needs_engine = True
    child = ChildProcess(template.launch, tmp_path)
    of_template, of_child = (Path(f"/proc/{pid}") for pid in (template.pid, child.pid))
    assert len(list((of_template / "task").iterdir())) == 1
    held = {str(held.readlink()) for held in (of_template / "fd").iterdir()} - _standard_streams()
    assert [name.partition(":")[0] for name in held] == ["socket"]
    assert not any(str(held.readlink()).startswith("socket:") for held in (of_child / "fd").iterdir())
    child.kill()


def test_children_of_a_template_know_nothing_of_each_other(template: Template, tmp_path: Path) -> None:
    first, second = (ChildProcess(template.launch, tmp_path) for _ in range(2))
    assert first.pid != second.pid
    first.kill()
    assert recognised(second) == "documents"
    second.kill()


def test_a_template_that_was_killed_is_made_anew(template: Template, tmp_path: Path) -> None:
    ChildProcess(template.launch, tmp_path).kill()
    before = template.pid
    assert before is not None
    os.kill(before, signal.SIGKILL)
    child = _next_child(template, tmp_path)
    assert recognised(child) == "documents"
    assert template.pid != before
    child.kill()


def test_whoever_is_interrupted_while_a_child_is_made_leaves_no_answer_to_the_next(
    template: Template, tmp_path: Path
) -> None:
    ChildProcess(template.launch, tmp_path).kill()
    before = template.pid
    assert before is not None
    os.kill(before, signal.SIGSTOP)
    with _ended_within(0.2), pytest.raises(Transient, match="time_limit"):
        ChildProcess(template.launch, tmp_path)
    with suppress(ProcessLookupError):
        os.kill(before, signal.SIGCONT)
    child = ChildProcess(template.launch, tmp_path)
    pipe = os.fstat(child._process.stdin.fileno()).st_ino
    assert str(Path(f"/proc/{child.pid}/fd/0").readlink()) == f"pipe:[{pipe}]"
    child.kill()
    assert not list(tmp_path.iterdir())


_REFUSED = """
import os, resource
from app.modules.imports.adapters.sandbox.child_template import _fork
if os.getuid() == 0:  # who may fork as often as it likes
    os.setuid(65534)
resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
print(_fork())
"""


def test_whoever_may_not_fork_says_so_and_lives_on() -> None:
    done = subprocess.run([sys.executable, "-c", _REFUSED], capture_output=True, text=True, check=True)
    assert done.stdout == "None\n"


if os.getuid() != 0:

    def test_a_template_that_may_not_fork_lives_on_with_its_children(template: Template, tmp_path: Path) -> None:
        child = ChildProcess(template.launch, tmp_path)
        before = template.pid
        assert before is not None
        limits = resource.prlimit(before, resource.RLIMIT_NPROC)
        resource.prlimit(before, resource.RLIMIT_NPROC, (0, limits[1]))
        with pytest.raises(Transient, match="resource"):
            ChildProcess(template.launch, tmp_path)
        resource.prlimit(before, resource.RLIMIT_NPROC, limits)
        other = ChildProcess(template.launch, tmp_path)
        assert (template.pid, recognised(child), recognised(other)) == (before, "documents", "documents")
        child.kill()
        other.kill()


@contextmanager
def _ended_within(seconds: float) -> Iterator[None]:
    """As the time limit of a stage ends it: by a signal, whose handler raises."""

    def end_stage(_number: int, _frame: object) -> None:
        raise Transient("time_limit", "the stage took too long")

    before = signal.signal(signal.SIGALRM, end_stage)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _next_child(template: Template, rooms: Path) -> ChildProcess:
    """Its death is noticed by the next child, or by the one that meets it."""
    until = time.monotonic() + 10
    while True:
        try:
            return ChildProcess(template.launch, rooms)
        except Transient:
            assert time.monotonic() < until


def _standard_streams() -> set[str]:
    """What the template has from this process."""
    return {str(Path(f"/proc/self/fd/{number}").readlink()) for number in range(3)}
