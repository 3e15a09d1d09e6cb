"""Preprocess: is the file whole, clean, new and of a kind that can be read?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.modules.imports.domain.outcome import Dead, Done, NeedsReview, Outcome
from app.modules.imports.domain.pipeline import ItemKind
from app.modules.imports.stages.each import each

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.modules.imports.ports import Item
    from app.modules.imports.stages.tools import Tools

_KIND_OF_CONTENT = {
    "documents": ItemKind.STRUCTURED,
    "pages": ItemKind.PAGED,
    "tables": ItemKind.CONTAINER,
    "members": ItemKind.CONTAINER,
}


def preprocess(items: Sequence[Item], tools: Tools) -> Sequence[Outcome]:
    """Antivirus before anything parses; then the duplicate check; then what the file is."""
    return each(items, tools, _preprocess)


def _preprocess(item: Item, tools: Tools) -> Outcome:
    if item.kind is ItemKind.ROW:
        return Done()
    assert item.file_key is not None
    if item.part is None:
        refusal = _scanned(item.file_key, tools) or _unseen(item, item.file_key, tools)
        if refusal is not None:
            return refusal
    elif item.kind is ItemKind.STRUCTURED and "recognition" in item.work:
        return Done()  # as the whole was recognised that it is a part of
    recognition = tools.reading.recognise(item.file_key, item.file_name or "")
    return Done(work={"kind": _KIND_OF_CONTENT[recognition.gives], "recognition": recognition.to_json()})


def _scanned(key: str, tools: Tools) -> Outcome | None:
    tools.files.verify(key)  # whatever the disk has done to it since it was accepted, nobody may read as the document
    found = tools.scanner.scan(tools.files.path(key))
    return Dead(code="malware_detected", detail=found) if found else None


def _unseen(item: Item, key: str, tools: Tools) -> Outcome | None:
    first = tools.registry.first_upload(item, key.rpartition("/")[2])
    if first is None or "duplicate_file" in item.accepted:
        return None
    return NeedsReview(code="duplicate_file", detail=str(first))
