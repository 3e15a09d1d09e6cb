"""Pages are drawn one at a time and once; whoever waits does so in a line that is short for everybody."""

from __future__ import annotations

import base64
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

import pytest

from app.modules.imports.adapters.page_pictures import PATIENCE, SandboxedPagePictures
from app.modules.imports.adapters.waiting_line import Patience, WaitingLine
from app.modules.imports.domain.errors import Transient

if TYPE_CHECKING:
    from app.modules.imports.adapters.sandbox.pool import Sandbox
    from app.modules.imports.ports import FileStore

ONE, OTHER = (f"{UUID(int=number)}/ab/{'ab' + '0' * 62}" for number in (1, 2))


class Drawing:
    """A sandbox whose child draws when it is let, and calls its engine as it likes."""

    def __init__(self, engine: str = "none") -> None:
        self.engine = engine
        self.drawn: list[int] = []
        self.may_draw = threading.Event()

    def call(self, job: str, arguments: dict[str, Any], *, seconds: float) -> Any:  # noqa: ANN401  (JSON)
        if job == "engine_version":
            return self.engine
        assert self.may_draw.wait(seconds)
        self.drawn.append(arguments["number"])
        return {"png": base64.b64encode(b"png").decode(), "width": 1, "height": 2, "count": 3}


class Files:
    def path(self, key: str) -> Path:
        return Path("/files") / key


def pictures(sandbox: Drawing, derived: Path) -> SandboxedPagePictures:
    return SandboxedPagePictures(cast("Sandbox", sandbox), cast("FileStore", Files()), derived)


def test_a_page_that_several_ask_for_at_once_is_drawn_once(tmp_path: Path) -> None:
    sandbox = Drawing()
    drawing = pictures(sandbox, tmp_path)
    with ThreadPoolExecutor(PATIENCE.of_a_tenant) as threads:
        asked = [threads.submit(drawing.draw, ONE, "f.pdf", 1) for _ in range(PATIENCE.of_a_tenant)]
        sandbox.may_draw.set()
        assert {page.result(20).png for page in asked} == {b"png"}
    assert sandbox.drawn == [1]


def test_a_tenant_does_not_fill_the_line_and_the_line_does_not_grow_without_end(tmp_path: Path) -> None:
    sandbox = Drawing()
    drawing = pictures(sandbox, tmp_path)
    with ThreadPoolExecutor(40) as threads:
        asked = [threads.submit(drawing.draw, ONE, "f.pdf", number) for number in range(1, 21)]
        _wait_until_done(asked, 20 - PATIENCE.of_a_tenant)
        mine = threads.submit(drawing.draw, OTHER, "f.pdf", 1)
        sandbox.may_draw.set()
        assert mine.result(20).count == 3
        busy = [error for page in asked if (error := page.exception(20)) is not None]
    assert {error.code for error in busy if isinstance(error, Transient)} == {"pages_busy"}
    assert len(busy) == 20 - PATIENCE.of_a_tenant


def test_a_page_that_is_kept_waits_for_nobody(tmp_path: Path) -> None:
    sandbox = Drawing()
    drawing = pictures(sandbox, tmp_path)
    sandbox.may_draw.set()
    drawing.draw(ONE, "f.pdf", 1)
    sandbox.may_draw.clear()
    with ThreadPoolExecutor(1) as threads:
        slow = threads.submit(drawing.draw, ONE, "f.pdf", 2)
        assert drawing.draw(ONE, "f.pdf", 1).png == b"png"
        assert not slow.done()
        sandbox.may_draw.set()
        slow.result(20)


def test_a_page_kept_by_a_process_before_is_not_drawn_again(tmp_path: Path) -> None:
    first, second = Drawing(), Drawing()
    first.may_draw.set()
    pictures(first, tmp_path).draw(ONE, "f.pdf", 1)
    assert pictures(second, tmp_path).draw(ONE, "f.pdf", 1).png == b"png"


def test_an_engine_that_calls_itself_a_path_writes_nothing_elsewhere(tmp_path: Path) -> None:
    sandbox = Drawing(engine=str(tmp_path / "outside"))
    sandbox.may_draw.set()
    pictures(sandbox, tmp_path / "derived").draw(ONE, "f.pdf", 1)
    assert [path.name for path in tmp_path.iterdir()] == ["derived"]


def test_who_waits_in_vain_is_told_so_and_leaves_the_line() -> None:
    line = WaitingLine(Patience(code="pages_busy", in_all=2, of_a_tenant=2, seconds=0.05))
    with line.turn("a"):
        for _ in range(2):
            with pytest.raises(Transient, match="in vain"), line.turn("a"):
                pass
    with line.turn("a"):
        pass


def test_a_full_line_takes_in_nobody() -> None:
    line = WaitingLine(Patience(code="pages_busy", in_all=1, of_a_tenant=1, seconds=5))
    with line.turn("a"), pytest.raises(Transient, match="too many"), line.turn("b"):
        pass


def _wait_until_done(futures: list[Any], number: int) -> None:
    until = time.monotonic() + 20
    while sum(future.done() for future in futures) < number:
        assert time.monotonic() < until
        time.sleep(0.01)
