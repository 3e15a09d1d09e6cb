"""What a child can be asked to do. Arguments and answers are JSON; heavy parts load when they are first needed."""

from __future__ import annotations

import base64
import gzip
import json
import tempfile
from contextlib import suppress
from dataclasses import replace
from functools import cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from app.modules.imports.domain.canonical import CanonicalDocument, DocumentType
from app.modules.imports.domain.errors import Transient, Unreadable, Unsupported
from app.modules.imports.domain.page_json import pages_from_json, pages_to_json
from app.modules.imports.formats.claimed_name import name_notes
from app.modules.imports.ports import Pages
from app.modules.imports.stages import file_reading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from app.modules.imports.domain.page import Page
    from app.modules.imports.fields.splitting import Bundle
    from app.modules.imports.ports import Member


def recognise(path: str, name: str) -> dict[str, str]:
    return file_reading.recognise(Path(path), name)


def scan(path: str) -> str | None:
    with Path(path).open("rb") as file:
        return _scanner().scan(file)  # type: ignore[no-any-return]


def documents(path: str, name: str, start: int = 0) -> Iterator[list[dict[str, Any]]]:
    found = islice(file_reading.documents(Path(path), name), start, None)
    while batch := list(islice(found, _DOCUMENTS_PER_BATCH)):
        yield file_reading.as_json(batch)


def pages(path: str, name: str) -> list[dict[str, Any]]:
    return pages_to_json(_pages(Path(path), name))


def classify(path: str, span: list[int] | None = None) -> dict[str, Any]:
    from app.modules.imports.fields.classify import classify_pages  # noqa: PLC0415

    found = classify_pages(_stored_pages(path, span))
    return {"doc_type": found.doc_type.value, "confidence": round(found.confidence, 3), "reason": found.reason}


def fields(path: str, own_tax_ids: list[str], span: list[int] | None = None) -> dict[str, Any]:
    """``{"documents", "spans"}``: first and last page of each document; where there are several, nothing more."""
    bundles = _bundles(_stored_pages(path, span), together=span is not None)
    found = [_document(bundle, own_tax_ids) for bundle in bundles] if len(bundles) == 1 else []
    return {"documents": file_reading.as_json(found), "spans": [[bundle.first, bundle.last] for bundle in bundles]}


def table(path: str, name: str) -> Iterator[list[dict[str, Any]]]:
    return file_reading.table(Path(path), name)


def parts(path: str, name: str, start: int, bookmark: list[int] | None = None) -> Iterator[list[dict[str, Any]]]:
    for batch in file_reading.parts(Path(path), name, start, bookmark):
        yield [_with_text_content(entry) for entry in batch]


def extract(path: str, name: str, own_tax_ids: list[str]) -> list[dict[str, Any]]:
    """The documents of one file from its bytes alone: stated by it, read from its pages, or those of its members."""
    return file_reading.as_json(_extracted(Path(path), name, own_tax_ids, depth=0))


def engine_version(path: str | None = None) -> str:
    """Of the engine that would read the file: with one, its owner's child answers, and for its owner alone."""
    del path
    return str(_engine().version)


def page_picture(path: str, name: str, number: int, longest: int) -> dict[str, Any]:
    from app.modules.imports.adapters.page_drawing import draw_page  # noqa: PLC0415

    with file_reading.opened(Path(path), name) as (_, _, content):
        if not isinstance(content, Pages) or not 1 <= number <= content.source.count:
            raise Unsupported("page_missing", f"there is no page {number} to be drawn")
        drawn = draw_page(content.source, number, _engine, longest)
    return {**drawn, "png": base64.b64encode(drawn["png"]).decode()}


_DEEPEST: Final = 2
_DOCUMENTS_PER_BATCH: Final = 100

JOBS: Final[dict[str, Callable[..., Any]]] = {
    job.__name__: job
    for job in (
        scan, recognise, documents, pages, classify, fields, table, parts, extract, engine_version,
        page_picture,
    )
}  # fmt: skip


def load(*, engine: bool) -> None:
    """What nearly every file needs, before there is one; the ``engine`` is for pages alone, and large."""
    from app.modules.imports import plugins  # noqa: PLC0415
    from app.modules.imports.adapters import barcodes  # noqa: F401, PLC0415
    from app.modules.imports.adapters.embedded_scanner import compiled_rules  # noqa: PLC0415
    from app.modules.imports.adapters.ocr import page  # noqa: F401, PLC0415
    from app.modules.imports.fields import classify, reading, splitting  # noqa: F401, PLC0415

    plugins.readers()
    plugins.countries()
    compiled_rules()
    if engine:
        with suppress(Transient):  # one that is not installed: whoever asks for it is told
            _engine()


@cache
def _engine() -> Any:  # noqa: ANN401  (loads onnxruntime, so it is imported late)
    from app.modules.imports.adapters.ocr.engines import open_engine  # noqa: PLC0415

    return open_engine()


@cache
def _scanner() -> Any:  # noqa: ANN401  (compiles its rules, so it is made late)
    from app.modules.imports.adapters.embedded_scanner import EmbeddedScanner  # noqa: PLC0415

    return EmbeddedScanner()


@cache
def _page_reader() -> file_reading.PageReader:
    from app.modules.imports.adapters.barcodes import ZxingCodeReader  # noqa: PLC0415
    from app.modules.imports.adapters.ocr.page import read_page  # noqa: PLC0415

    codes = ZxingCodeReader()
    return file_reading.PageReader(
        read=lambda picture, number: read_page(picture, number, _engine(), codes), codes=codes
    )


def _extracted(path: Path, name: str, own_tax_ids: list[str], *, depth: int) -> list[CanonicalDocument]:
    match file_reading.recognise(path, name)["gives"]:
        case "pages":
            return [_document(bundle, own_tax_ids) for bundle in _bundles(_pages(path, name))]
        case "members":
            return _of_members(file_reading.members(path, name), own_tax_ids, depth=depth + 1)
        case _:
            return file_reading.loose_documents(path, name)


def _of_members(members: list[Member], own_tax_ids: list[str], *, depth: int) -> list[CanonicalDocument]:
    if depth > _DEEPEST:
        raise Unsupported("archive_nesting", f"more than {_DEEPEST} files within files")
    found: list[CanonicalDocument] = []
    for member in members:
        with tempfile.NamedTemporaryFile() as file:
            file.write(member.content)
            file.flush()
            try:
                found += _extracted(Path(file.name), member.name, own_tax_ids, depth=depth)
            except (Unreadable, Unsupported):  # a signature picture beside the invoice says nothing of the invoice
                continue
    return found or [CanonicalDocument(doc_type=DocumentType.OTHER)]


def _pages(path: Path, name: str) -> list[Page]:
    with file_reading.opened(path, name) as (_, probe, content):
        if not isinstance(content, Pages):
            raise Unreadable("no_pages", "the file has no pages")
        first, *others = file_reading.pages(content.source, _page_reader())
        return [replace(first, notes=(*content.notes, *name_notes(probe), *first.notes)), *others]


def _stored_pages(path: str, span: list[int] | None = None) -> list[Page]:
    found = pages_from_json(json.loads(gzip.decompress(Path(path).read_bytes())))
    return [page for page in found if span is None or span[0] <= page.number <= span[1]]


def _bundles(found: list[Page], *, together: bool = False) -> tuple[Bundle, ...]:
    """The documents on the pages; ``together``, the pages were told apart from others before and stay as they are."""
    from app.modules.imports.fields.splitting import Bundle, split_pages  # noqa: PLC0415

    bundles = split_pages(found)
    if len(bundles) == 1 or not together:
        return bundles
    pages = tuple(page for bundle in bundles for page in bundle.pages)
    return (Bundle(first=found[0].number, last=found[-1].number, pages=pages, suspected=True),)


def _document(bundle: Bundle, own_tax_ids: list[str]) -> CanonicalDocument:
    from app.modules.imports.fields.reading import find_fields  # noqa: PLC0415
    from app.modules.imports.fields.splitting import SUSPECTED  # noqa: PLC0415

    document = find_fields(bundle.pages, own_tax_ids=frozenset(own_tax_ids))
    notes = dict.fromkeys(note for page in bundle.pages for note in page.notes)
    if bundle.suspected:
        notes[SUSPECTED] = None
    return replace(document, findings=(*document.findings, *notes))


def _with_text_content(entry: dict[str, Any]) -> dict[str, Any]:
    if "content" in entry:
        return {**entry, "content": base64.b64encode(entry["content"]).decode()}
    return entry
