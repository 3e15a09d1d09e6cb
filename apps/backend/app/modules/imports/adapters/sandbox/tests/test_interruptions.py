"""The time limit of a stage is raised wherever its process just is: also where a child is taken, or given back."""

from __future__ import annotations

import linecache
import signal
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from app.modules.imports.adapters.sandbox import pool
from app.modules.imports.adapters.sandbox.pool import Sandbox
from app.modules.imports.domain.errors import Transient

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator
    from types import FrameType

PACKAGE: Final = str(Path(pool.__file__).parent)
SAMPLE: Final = Path(__file__).parents[3] / "formats" / "tests" / "samples" / "facturae" / "exempt.xml"
DOCUMENT: Final[dict[str, Any]] = {"path": str(SAMPLE), "name": SAMPLE.name}


class Interruption:
    """Raises the time limit of a stage before one line of the sandbox, the n-th that is reached."""

    def __init__(self, line: int) -> None:
        self.lines_left = line
        self._locked: set[tuple[FrameType, int]] = set()

    @contextmanager
    def striking(self, answers: Generator[Any]) -> Iterator[None]:
        """In whatever is called meanwhile, and in what is left of this generator and of those it is made of."""
        inner: Any = answers
        while inner is not None and inner.gi_frame is not None:
            inner.gi_frame.f_trace = self._trace
            inner = inner.gi_yieldfrom
        before = sys.gettrace()
        sys.settrace(self._trace)
        try:
            yield
        finally:
            sys.settrace(before)

    def _trace(self, frame: FrameType, event: str, _: object) -> Callable[..., Any] | None:
        if not frame.f_code.co_filename.startswith(PACKAGE):
            return None
        if event == "line" and not self._unlocks(frame):
            self.lines_left -= 1
            if self.lines_left == 0:
                raise Transient("time_limit", "the stage took too long")
        return self._trace

    def _unlocks(self, frame: FrameType) -> bool:
        """Whether a block that a lock guards is left here: one call of C, before which no signal is looked for."""
        if not linecache.getline(frame.f_code.co_filename, frame.f_lineno).strip().startswith("with self._lock"):
            return False
        been_here = (frame, frame.f_lineno) in self._locked
        self._locked.add((frame, frame.f_lineno))
        return been_here


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Sandbox]:
    made = Sandbox(children=1, rooms=tmp_path / "rooms", longest_wait=10)
    yield made
    made.close()


@pytest.fixture
def table(tmp_path: Path) -> dict[str, Any]:
    file = tmp_path / "rows.csv"
    file.write_text("number;date;total\n" + "".join(f"F-{n};2026-01-02;1,00\n" for n in range(300)), encoding="utf-8")
    return {"path": str(file), "name": file.name, "start": 0}


def left_unread(sandbox: Sandbox, table: dict[str, Any], interruption: Interruption) -> None:
    """The child is to be ended."""
    parts = sandbox.stream("parts", table, seconds=20)
    next(parts)
    with suppress(Transient), interruption.striking(parts):
        parts.close()


def read_to_the_end(sandbox: Sandbox, table: dict[str, Any], interruption: Interruption) -> None:
    """The child is to serve on."""
    del table
    answers = sandbox.stream("recognise", DOCUMENT, seconds=20)
    next(answers)
    with suppress(Transient), interruption.striking(answers):
        list(answers)


def taken(sandbox: Sandbox, table: dict[str, Any], interruption: Interruption) -> None:
    """A warm child, to be taken and asked."""
    del table
    sandbox.call("recognise", DOCUMENT, seconds=20)
    answers = sandbox.stream("recognise", DOCUMENT, seconds=20)
    with suppress(Transient), interruption.striking(answers):
        next(answers)
    answers.close()


def running(sandbox: Sandbox) -> set[int]:
    """All children there are; none where they do not come from a template."""
    template = getattr(sandbox._launcher, "pid", None)
    told = Path(f"/proc/{template}/task/{template}/children")
    return {int(pid) for pid in told.read_text(encoding="ascii").split()} if told.exists() else set()


@pytest.mark.parametrize("work", [left_unread, read_to_the_end, taken])
def test_a_place_is_given_back_once_wherever_its_holder_is_interrupted(
    work: Callable[[Sandbox, dict[str, Any], Interruption], None], sandbox: Sandbox, table: dict[str, Any]
) -> None:
    for line in range(1, 1000):
        interruption = Interruption(line)
        work(sandbox, table, interruption)
        assert sandbox._places._busy == 0, f"interrupted at line {line}"
        assert all(child.is_clean and child.is_alive() for child in sandbox._places.idle), f"interrupted at line {line}"
        if interruption.lines_left > 0:
            break
    assert 10 < line < 999
    until = time.monotonic() + 10  # those that were ended are still to be buried
    while (left := running(sandbox) - {child.pid for child in sandbox._places.idle}) and time.monotonic() < until:
        time.sleep(0.05)
    assert not left
    assert sandbox.call("recognise", DOCUMENT, seconds=20)["gives"] == "documents"


def test_whose_time_ends_while_it_waits_for_a_child_is_not_told_that_its_file_took_too_long(
    sandbox: Sandbox, table: dict[str, Any], alarm: Callable[[float], None]
) -> None:
    holding = sandbox.stream("parts", table, seconds=20)
    next(holding)
    alarm(0.2)
    with pytest.raises(Transient) as caught:
        sandbox.call("recognise", DOCUMENT, seconds=20)
    assert caught.value.code == "resource"
    holding.close()


@pytest.fixture
def alarm() -> Iterator[Callable[[float], None]]:
    """Raises a stage's time limit in so many seconds, as a worker does: from the handler of a signal."""

    def end_stage(_number: int, _frame: object) -> None:
        raise Transient("time_limit", "the stage took too long")

    before = signal.signal(signal.SIGALRM, end_stage)
    yield lambda seconds: signal.setitimer(signal.ITIMER_REAL, seconds) and None
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)


def test_time_that_passes_before_a_child_is_free_is_not_that_of_the_job(
    sandbox: Sandbox, table: dict[str, Any]
) -> None:
    import threading

    holding = sandbox.stream("parts", table, seconds=20)
    next(holding)
    threading.Timer(1.0, holding.close).start()
    began = time.monotonic()
    assert sandbox.call("recognise", DOCUMENT, seconds=0.9)["gives"] == "documents"
    assert time.monotonic() - began > 0.9
