"""Reading files behind the parser wall; the words of pages are kept, so that no retry reads a page twice."""

from __future__ import annotations

import base64
import gzip
import json
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.modules.imports.domain.pipeline import STAGES, StageName
from app.modules.imports.stages.tools import Recognition

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from app.modules.imports.adapters.sandbox.pool import Sandbox
    from app.modules.imports.ports import FileStore


class SandboxedReading:
    """Implements ``stages.tools.Reading``: each call is one job of a sandbox child, limited like its stage."""

    def __init__(self, sandbox: Sandbox, files: FileStore, derived: Path) -> None:
        self._sandbox = sandbox
        self._files = files
        self._derived = derived

    def recognise(self, key: str, name: str) -> Recognition:
        return Recognition.from_json(self._call(StageName.PREPROCESS, "recognise", key, name))

    def pages(self, key: str, name: str) -> Mapping[str, object]:
        version = self._sandbox.call("engine_version", {}, seconds=_seconds(StageName.OCR))
        target = self._derived / key.replace("/", "-") / f"{version}.json.gz"
        if not target.exists():
            _write_atomically(target, self._call(StageName.OCR, "pages", key, name))
        return {"key": str(target.relative_to(self._derived))}

    def classify(self, pages_key: str) -> Mapping[str, object]:
        found: Mapping[str, object] = self._of_pages(StageName.CLASSIFY, "classify", pages_key, {})
        return found

    def documents(self, key: str, name: str) -> Sequence[Mapping[str, object]]:
        documents: Sequence[Mapping[str, object]] = self._call(StageName.EXTRACT, "documents", key, name)
        return documents

    def fields(self, pages_key: str, own_tax_ids: frozenset[str]) -> Sequence[Mapping[str, object]]:
        own = {"own_tax_ids": sorted(own_tax_ids)}
        documents: Sequence[Mapping[str, object]] = self._of_pages(StageName.EXTRACT, "fields", pages_key, own)
        return documents

    def table_mapping(self, key: str, name: str) -> Mapping[str, object] | None:
        mapping: Mapping[str, object] | None = self._call(StageName.EXTRACT, "table_mapping", key, name)
        return mapping

    def parts(self, key: str, name: str, start: int) -> Iterator[Sequence[Mapping[str, object]]]:
        arguments = {"path": str(self._files.path(key)), "name": name, "start": start}
        for part in self._sandbox.stream("parts", arguments, seconds=_seconds(StageName.EXTRACT)):
            if part is not None:
                yield [_with_content(entry) for entry in part]

    def _call(self, stage: StageName, job: str, key: str, name: str) -> Any:  # noqa: ANN401  (JSON)
        return self._sandbox.call(job, {"path": str(self._files.path(key)), "name": name}, seconds=_seconds(stage))

    def _of_pages(self, stage: StageName, job: str, pages_key: str, more: Mapping[str, object]) -> Any:  # noqa: ANN401
        path = self._derived / pages_key
        return self._sandbox.call(job, {"path": str(path), **more}, seconds=_seconds(stage))


def _seconds(stage: StageName) -> float:
    return STAGES[stage].soft_limit.total_seconds()


def _with_content(entry: Mapping[str, object]) -> Mapping[str, object]:
    if "content" in entry:
        return {**entry, "content": base64.b64decode(str(entry["content"]))}
    return entry


def _write_atomically(target: Path, data: object) -> None:
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, draft = tempfile.mkstemp(dir=target.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(gzip.compress(json.dumps(data, ensure_ascii=False).encode("utf-8", "surrogatepass"), 3))
        Path(draft).replace(target)
    except OSError:
        Path(draft).unlink(missing_ok=True)
        raise
