"""Reading files behind the parser wall; the words of pages are kept, so that no retry reads a page twice."""

from __future__ import annotations

import base64
import gzip
import json
from contextlib import closing
from typing import TYPE_CHECKING, Any, cast

from app.modules.imports.adapters.derived import Derived, engine_name, write_atomically
from app.modules.imports.domain.pipeline import STAGES, StageName
from app.modules.imports.stages.tools import PagedDocuments, Recognition

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence
    from datetime import timedelta
    from pathlib import Path
    from uuid import UUID

    from app.modules.imports.adapters.sandbox.pool import Sandbox
    from app.modules.imports.ports import FileStore


class SandboxedReading:
    """Implements ``stages.tools.Reading``: each call is one job of a sandbox child, limited like its stage."""

    def __init__(self, sandbox: Sandbox, files: FileStore, derived: Path) -> None:
        self._sandbox = sandbox
        self._files = files
        self._derived = Derived(derived)

    def recognise(self, key: str, name: str) -> Recognition:
        return Recognition.from_json(self._call(StageName.PREPROCESS, "recognise", key, name))

    def pages(self, key: str, name: str) -> Mapping[str, object]:
        asked = {"path": str(self._files.path(key))}
        version = self._sandbox.call("engine_version", asked, seconds=_seconds(StageName.OCR))
        target = self._derived.of(key, f"{engine_name(version)}.json.gz")
        if not target.exists():
            write_atomically(target, _packed(self._call(StageName.OCR, "pages", key, name)))
        return {"key": self._derived.place(target)}

    def classify(self, pages_key: str, span: tuple[int, int] | None = None) -> Mapping[str, object]:
        found: Mapping[str, object] = self._of_pages(StageName.CLASSIFY, "classify", pages_key, {"span": span})
        return found

    def documents(self, key: str, name: str, start: int = 0) -> Generator[Sequence[Mapping[str, object]]]:
        return self._stream("documents", key, name, {"start": start})

    def fields(
        self, pages_key: str, own_tax_ids: frozenset[str], span: tuple[int, int] | None = None
    ) -> PagedDocuments:
        asked = {"own_tax_ids": sorted(own_tax_ids), "span": span}
        found = self._of_pages(StageName.EXTRACT, "fields", pages_key, asked)
        return PagedDocuments(
            documents=found["documents"], spans=tuple((first, last) for first, last in found["spans"])
        )

    def table(
        self, key: str, name: str
    ) -> tuple[Mapping[str, object] | None, Generator[Sequence[Mapping[str, object]]]]:
        answers = self._stream("table", key, name, {})
        mapping = cast("Mapping[str, object] | None", next(answers)[0]["mapping"])
        if mapping is None:
            next(answers, None)  # heard to its end, the child serves on
        return mapping, answers

    def parts(
        self, key: str, name: str, start: int, bookmark: Sequence[int] | None = None
    ) -> Generator[Sequence[Mapping[str, object]]]:
        with closing(self._stream("parts", key, name, {"start": start, "bookmark": bookmark})) as batches:
            for batch in batches:
                yield [_with_content(entry) for entry in batch]

    def forget(self, key: str) -> None:
        self._derived.forget(key)

    def forget_orphans(self, grace: timedelta, tenant_id: UUID | None = None) -> int:
        orphans = [key for key in self._derived.old_keys(grace, tenant_id) if not self._files.exists(key)]
        for key in orphans:
            self._derived.forget(key)
        return len(orphans)

    def _stream(
        self, job: str, key: str, name: str, more: Mapping[str, object]
    ) -> Generator[Sequence[Mapping[str, object]]]:
        arguments = {"path": str(self._files.path(key)), "name": name, **more}
        with closing(self._sandbox.stream(job, arguments, seconds=_seconds(StageName.EXTRACT))) as batches:
            for batch in batches:
                if batch is not None:
                    yield batch

    def _call(self, stage: StageName, job: str, key: str, name: str) -> Any:  # noqa: ANN401  (JSON)
        return self._sandbox.call(job, {"path": str(self._files.path(key)), "name": name}, seconds=_seconds(stage))

    def _of_pages(self, stage: StageName, job: str, pages_key: str, more: Mapping[str, object]) -> Any:  # noqa: ANN401
        path = str(self._derived.at(pages_key))
        return self._sandbox.call(job, {"path": path, **more}, seconds=_seconds(stage))


def _seconds(stage: StageName) -> float:
    return STAGES[stage].soft_limit.total_seconds()


def _with_content(entry: Mapping[str, object]) -> Mapping[str, object]:
    if "content" in entry:
        return {**entry, "content": base64.b64decode(str(entry["content"]))}
    return entry


def _packed(data: object) -> bytes:
    return gzip.compress(json.dumps(data, ensure_ascii=False).encode("utf-8", "surrogatepass"), 3)
