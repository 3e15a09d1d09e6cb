"""Extract: the canonical document of an item, or the parts of a container as items of their own."""

from __future__ import annotations

import io
import time
from contextlib import closing
from typing import TYPE_CHECKING, Any, cast

from app.modules.imports.domain.canonical_json import stored_text
from app.modules.imports.domain.errors import Terminal, Unreadable
from app.modules.imports.domain.outcome import Dead, Done, NeedsReview, Outcome, Retry
from app.modules.imports.domain.pipeline import ItemKind
from app.modules.imports.mapping.rows import RowError
from app.modules.imports.mapping.stored import row_reader
from app.modules.imports.ports import Part
from app.modules.imports.stages.each import each
from app.modules.imports.stages.spans import raw_of, span_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from app.modules.imports.domain.canonical import CanonicalDocument
    from app.modules.imports.ports import Item
    from app.modules.imports.stages.tools import Tools

    Batches = Iterable[Sequence[Mapping[str, Any]]]
    RowReader = Callable[[Mapping[str, object]], CanonicalDocument]


def extract(items: Sequence[Item], tools: Tools) -> Sequence[Outcome]:
    """Rows by their mapping, files by their reader, pages by their fields, containers into parts."""
    row_readers: dict[int, RowReader] = {}
    return each(items, tools, lambda item, tools: _extract(item, tools, row_readers))


def _extract(item: Item, tools: Tools, row_readers: dict[int, RowReader]) -> Outcome:
    match item.kind:
        case ItemKind.ROW:
            return _row(item, row_readers)
        case ItemKind.STRUCTURED:
            return _structured(item, tools)
        case ItemKind.PAGED:
            return _paged(item, tools)
        case _:
            return _split(item, tools)


def _row(item: Item, row_readers: dict[int, RowReader]) -> Outcome:
    assert item.raw is not None
    try:
        document = _row_reader(item.mapping, row_readers)(item.raw)
    except RowError as error:
        return NeedsReview(code=error.code, detail=error.detail)
    return Done(work={"document": stored_text(document), "doc_type": document.doc_type}, document=document)


def _row_reader(mapping: Mapping[str, Any] | None, row_readers: dict[int, RowReader]) -> RowReader:
    # Compiling is the dear part; items of a slice that share a mapping hold the same object.
    if id(mapping) not in row_readers:
        row_readers[id(mapping)] = row_reader(mapping)
    return row_readers[id(mapping)]


def _structured(item: Item, tools: Tools) -> Outcome:
    if item.part is not None:
        return _stated_part(item, tools)
    assert item.file_key is not None
    until = time.monotonic() + tools.seconds_left
    position = tools.parts.cursor(item)
    only: Sequence[Mapping[str, object]] = ()
    read = tools.reading.documents(item.file_key, item.file_name or "", position)
    with closing(read) as batches, tools.parts.adding(item) as add:
        for batch in batches:
            if not position and len(batch) == 1:
                only = batch  # nothing follows, but a reader that is not heard to its end is of no more use
                continue
            work = {"recognition": item.work["recognition"]}
            numbered = enumerate(batch, start=position)
            add([Part(position=i, kind=ItemKind.STRUCTURED, part=i, work=work, document=d) for i, d in numbered])
            position += len(batch)
            if time.monotonic() > until:
                return Retry(code="splitting", detail=f"{position} documents so far", charged=False)
    if only or not position:
        return _only(only)
    return Done(work={"kind": ItemKind.CONTAINER, "parts": position})


def _stated_part(item: Item, tools: Tools) -> Outcome:
    """The document that came with the part, or that stands at its place in the file."""
    document = cast("Mapping[str, object] | None", item.work.get("document"))
    if document is not None:
        return Done(work={"doc_type": document["doc_type"]})
    assert item.file_key is not None
    assert item.part is not None
    with closing(tools.reading.documents(item.file_key, item.file_name or "", item.part)) as batches:
        found = next(batches, ())
    if not found:
        return Dead(code="part_missing", detail=f"the file has no document {item.part + 1}")
    return _only(found)


def _paged(item: Item, tools: Tools) -> Outcome:
    pages = cast("Mapping[str, Any]", item.work["pages"])
    found = tools.reading.fields(str(pages["key"]), tools.tenant.own_tax_ids, span_of(item))
    if len(found.spans) == 1:
        return _only(found.documents)
    parts = [Part(position=i, kind=ItemKind.DOCUMENT, part=i, raw=raw_of(span)) for i, span in enumerate(found.spans)]
    with tools.parts.adding(item) as add:
        add(parts)
    return Done(work={"kind": ItemKind.CONTAINER, "parts": len(parts)})


def _only(documents: Sequence[Mapping[str, object]]) -> Outcome:
    if not documents:
        raise Unreadable("no_document", "the file holds no document")
    return Done(work={"document": documents[0], "doc_type": documents[0]["doc_type"]})


def _split(item: Item, tools: Tools) -> Outcome:
    """Streams parts into the store in micro-batches; out of time, it goes on from there in its next turn."""
    assert item.file_key is not None
    until = time.monotonic() + tools.seconds_left
    position = tools.parts.cursor(item)
    name = item.file_name or ""
    is_unmapped = not position and item.mapping is None and _is_table(item)
    if is_unmapped:
        mapping, batches = tools.reading.table(item.file_key, name)
    else:
        mapping, batches = None, tools.reading.parts(item.file_key, name, position, _bookmark(item, position))
    with closing(batches):
        if is_unmapped and mapping is None:
            return NeedsReview(code="mapping_needed", detail="the headings do not say all that is needed")
        if mapping is not None:
            tools.parts.adopt(item, mapping)
        return _added(item, tools, position, batches, until)


def _added(item: Item, tools: Tools, position: int, batches: Batches, until: float) -> Outcome:
    with tools.parts.adding(item) as add:
        for batch in batches:
            parts = [_part(entry, tools) for entry in batch]
            add(parts)
            position = parts[-1].position + 1
            if time.monotonic() > until:
                work = {"read_so_far": {"parts": position, "bookmark": batch[-1].get("bookmark")}}
                return Retry(code="splitting", detail=f"{position} parts so far", charged=False, work=work)
    if not position:
        raise Terminal("empty_container", "the file has no parts that could be imported")
    return Done(work={"parts": position})


def _bookmark(item: Item, position: int) -> Sequence[int] | None:
    """Where in the file the part at this position begins, if the turn before said so."""
    left = cast("Mapping[str, Any]", item.work.get("read_so_far") or {})
    return left.get("bookmark") if left.get("parts") == position else None


def _is_table(item: Item) -> bool:
    recognition = cast("Mapping[str, str]", item.work["recognition"])
    return recognition["gives"] == "tables"


def _part(entry: Mapping[str, object], tools: Tools) -> Part:
    position = cast("int", entry["position"])
    if "row" in entry:
        return Part(position=position, kind=ItemKind.ROW, raw=cast("Mapping[str, object]", entry["row"]))
    stored = tools.files.put(tools.tenant_id, io.BytesIO(cast("bytes", entry["content"])))
    return Part(position=position, kind=ItemKind.DOCUMENT, file_key=stored.key, file_name=str(entry["name"]))
