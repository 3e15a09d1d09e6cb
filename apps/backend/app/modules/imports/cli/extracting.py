"""``extract``: documents from files, without a database, on all cores there are."""

from __future__ import annotations

import json
import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from app.modules.imports.adapters.sandbox.pool import Sandbox
from app.modules.imports.domain.errors import ImportsError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

_SECONDS_PER_FILE = 240.0


def walk(paths: Iterable[Path]) -> Iterator[Path]:
    """Every file named or below a folder named, in a fixed order; hidden ones are left out."""
    for path in paths:
        if path.is_dir():
            yield from sorted(p for p in path.rglob("*") if p.is_file() and not _is_hidden(p.relative_to(path)))
        else:
            yield path


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def extract_files(files: Sequence[Path], base: Path, own_tax_ids: Sequence[str]) -> Iterator[dict[str, Any]]:
    """One line per file, in order: ``{"path", "prediction"}`` or ``{"path", "error": {"code", "detail"}}``."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    sandbox = Sandbox(children=cores)
    try:
        with ThreadPoolExecutor(cores) as threads:
            yield from threads.map(lambda file: _line(sandbox, file, base, own_tax_ids), files)
    finally:
        sandbox.close()


def prediction(documents: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The public JSON of a file: its document, or all of them with what they contradict."""
    if len(documents) == 1:
        return documents[0]
    findings = sorted({code for document in documents for code in document.get("findings", ())})
    return {"documents": list(documents)} | ({"findings": findings} if findings else {})


def as_line(entry: dict[str, Any]) -> str:
    return json.dumps(entry, ensure_ascii=False)


def _line(sandbox: Sandbox, file: Path, base: Path, own_tax_ids: Sequence[str]) -> dict[str, Any]:
    path = os.path.relpath(file, base)
    arguments = {"path": str(file.absolute()), "name": file.name, "own_tax_ids": list(own_tax_ids)}
    try:
        if not file.is_file():
            raise FileNotFoundError(path)
        documents = sandbox.call("extract", arguments, seconds=_SECONDS_PER_FILE)
    except ImportsError as error:
        return {"path": path, "error": {"code": error.code, "detail": error.detail}}
    except OSError as error:
        return {"path": path, "error": {"code": "file_unavailable", "detail": error.strerror or str(error)}}
    return {"path": path, "prediction": prediction(documents)}
