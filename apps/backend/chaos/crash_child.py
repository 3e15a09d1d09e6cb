"""A process that has everything loaded and forks for each run, so that a crash costs milliseconds to come back from.

Runs come as lines of JSON on standard input; each is answered with its exit code. The parser wall is left out: what is
proved here is the bookkeeping, and starting a wall for each of some hundred crashes would take minutes.
"""

from __future__ import annotations

import gc
import json
import logging
import os
import sys
import traceback
from contextlib import contextmanager
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import structlog

from app.crashpoints import arm
from app.modules.imports.adapters.reading import SandboxedReading
from app.modules.imports.adapters.sandbox.jobs import JOBS
from app.modules.imports.application.bootstrap import load_plugins, open_house
from app.settings import Settings
from chaos.crash_scenarios import SCENARIOS, Actor

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.modules.imports.ports import Slice
    from app.modules.imports.stages.tools import PartSink, Tools
    from app.modules.imports.usecases.house import House


_LOADED_WHEN_NEEDED: Final = (
    "app.modules.imports.adapters.barcodes",
    "app.modules.imports.adapters.photo_utils",
    "app.modules.imports.fields.classify",
    "app.modules.imports.fields.reading",
    "prometheus_client",
    "pypdfium2",
)


class _NoWall:
    """The jobs of a ``Sandbox``, in this process."""

    def call(self, job: str, arguments: dict[str, Any], **_: object) -> Any:  # noqa: ANN401  (JSON)
        # The engine is heavy, and a page with a text layer does without it.
        return "none" if job == "engine_version" else JOBS[job](**arguments)

    def stream(self, job: str, arguments: dict[str, Any], **_: object) -> Iterator[Any]:
        yield from JOBS[job](**arguments)
        yield None


class _NoScanner:
    """Finds nothing: the tests of scanners are elsewhere."""

    def scan(self, path: Path) -> str | None:
        assert path.is_file()
        return None


def main() -> None:
    """Serve runs until standard input closes."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    load_plugins()
    for module in _LOADED_WHEN_NEEDED:
        import_module(module)
    gc.freeze()
    for line in sys.stdin:
        child = os.fork()
        if not child:
            _run_and_end(json.loads(line))
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


def _run_and_end(run: dict[str, Any]) -> None:
    code = 1
    try:
        _run(run)
        code = 0
    except BaseException:  # noqa: BLE001  (a fork must not return into its parent's loop, whatever happened)
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def _run(run: dict[str, Any]) -> None:
    config = Settings(
        DB_DSN=run["dsn"],
        IMPORTS_DATA_DIR=Path(run["data"]),
        IMPORTS_LEASE_SECONDS=600.0,
        IMPORTS_BACKOFF_SECONDS=0.0,
        IMPORTS_DB_POOL_SIZE=4,
    )
    with open_house(config, with_runner=False) as house, _readable(house, config) as readable:
        actor = Actor(readable, UUID(run["tenant"]), Path(run["memory"]))
        actor.begin()
        if run["points"]:
            arm(",".join(run["points"]), Path(run["marks"]), run["action"], always=run["always"])
        SCENARIOS[run["scenario"]](actor)
        if run["heal"]:
            actor.retry()


@contextmanager
def _readable(house: House, config: Settings) -> Iterator[House]:
    # Two methods of a sandbox are all that reading asks for.
    reading = SandboxedReading(_NoWall(), house.files, config.data_dir / "derived")  # type: ignore[arg-type]

    def equip(slice_: Slice, parts: PartSink) -> Tools:
        return replace(house.runtime.equip(slice_, parts), reading=reading, scanner=_NoScanner())

    yield replace(house, reading=reading, runtime=replace(house.runtime, equip=equip, heartbeat_seconds=60.0))


if __name__ == "__main__":
    main()
