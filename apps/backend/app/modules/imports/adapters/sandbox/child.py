"""The child that parses outside bytes: started warm, fed one job after the other, killed without ceremony."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.modules.imports.adapters.ocr.model_directory import model_directory
from app.modules.imports.adapters.sandbox.confinement import allow_cpu, confine
from app.modules.imports.adapters.sandbox.frames import FrameBroken, read_frame, write_frame
from app.modules.imports.adapters.sandbox.jobs import JOBS
from app.modules.imports.domain.errors import ImportsError, Terminal

if TYPE_CHECKING:
    from typing import BinaryIO


def serve(memory_bytes: int, room: Path) -> None:
    """Serve jobs from standard input until it closes."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    # A library that prints must not be able to write into the answers.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    write_frame(answers, {"walls": confine(memory_bytes, room, (model_directory(),))})
    while True:
        try:
            job = read_frame(sys.stdin.fileno(), None)
        except FrameBroken:
            return
        _answer(job, answers)


def _answer(job: dict[str, Any], answers: BinaryIO) -> None:
    allow_cpu(job["cpu_seconds"])
    try:
        result = JOBS[job["job"]](**job["arguments"])
        if isinstance(result, Iterator):
            for part in result:
                write_frame(answers, {"part": part})
            result = None
    except ImportsError as error:
        kind = "terminal" if isinstance(error, Terminal) else "transient"
        write_frame(answers, {"error": {"kind": kind, "code": error.code, "detail": error.detail}})
    except MemoryError:
        write_frame(answers, {"error": {"kind": "transient", "code": "resource", "detail": "out of memory"}})
    except Exception as error:  # noqa: BLE001  (a bug in a plug-in costs only its document)
        detail = f"{type(error).__name__} in {job['job']}"
        sys.stderr.write(f"{detail}: {error}\n")
        write_frame(answers, {"error": {"kind": "transient", "code": "unexpected_error", "detail": detail}})
    else:
        write_frame(answers, {"result": result})


if __name__ == "__main__":
    serve(int(sys.argv[1]), Path(sys.argv[2]))
