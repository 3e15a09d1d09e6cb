"""Finds the files embedded in a PDF (ISO 32000-2, 7.11), wherever they hang and whatever their AFRelationship says.

The relationship only sets their order: what the page is another form of comes first, what merely supports it last.
"""

from __future__ import annotations

import io
import zlib
from operator import itemgetter
from typing import TYPE_CHECKING, Final

import pikepdf

from app.modules.imports.ports import Member

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MAX_ATTACHMENTS: Final = 50
MAX_ATTACHMENT: Final = 32 * 1024 * 1024
_MAX_NODES: Final = 1_000
_MAX_PAGES: Final = 500
_RELATIONSHIPS: Final = {"/Alternative": 0, "/Data": 0, "/Source": 0, "/Supplement": 2}
_UNSPECIFIED: Final = 1
_OTHER_FILTERS_MAX: Final = 256 * 1024


def read_attachments(content: bytes) -> Sequence[Member]:
    """The embedded files, each once. Larger ones than ``MAX_ATTACHMENT`` are left out: no e-invoice is that large."""
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            return [member for _, member in sorted(_members(pdf), key=itemgetter(0))]
    except pikepdf.PdfError:
        return []  # pages may still be readable where qpdf finds the structure beyond repair


def _members(pdf: pikepdf.Pdf) -> Iterator[tuple[int, Member]]:
    seen: set[tuple[int, int]] = set()
    for specification in _specifications(pdf):
        stream = _embedded_stream(specification)
        if stream is None or stream.objgen in seen:
            continue
        seen.add(stream.objgen)
        content = _decoded(stream)
        if content:
            yield _rank(specification), Member(_name(specification), content)
        if len(seen) >= MAX_ATTACHMENTS:
            return


def _specifications(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    """File specifications of the name tree, of associated files, and of annotations."""
    names = _entry(pdf.Root, "/Names")
    tree = None if names is None else _entry(names, "/EmbeddedFiles")
    if tree is not None:
        yield from _leaves(tree)
    yield from _array(_entry(pdf.Root, "/AF"))
    for page in list(pdf.pages)[:_MAX_PAGES]:
        yield from _array(_entry(page.obj, "/AF"))
        for annotation in _array(_entry(page.obj, "/Annots")):
            specification = _entry(annotation, "/FS")
            if specification is not None:
                yield specification


def _leaves(root: pikepdf.Object) -> Iterator[pikepdf.Object]:
    """Values of a name tree, without recursion and without trusting it to be a tree."""
    nodes = [root]
    for _ in range(_MAX_NODES):
        if not nodes:
            return
        node = nodes.pop()
        yield from _array(_entry(node, "/Names"))[1::2]
        nodes.extend(reversed(_array(_entry(node, "/Kids"))))


def _entry(thing: pikepdf.Object, key: str) -> pikepdf.Object | None:
    return thing.get(key) if isinstance(thing, (pikepdf.Dictionary, pikepdf.Stream)) else None


def _array(thing: pikepdf.Object | None) -> list[pikepdf.Object]:
    return list(thing.as_list())[: 2 * _MAX_NODES] if isinstance(thing, pikepdf.Array) else []


def _embedded_stream(specification: pikepdf.Object) -> pikepdf.Stream | None:
    files = _entry(specification, "/EF")
    candidates = () if files is None else (_entry(files, "/UF"), _entry(files, "/F"))
    return next((stream for stream in candidates if isinstance(stream, pikepdf.Stream)), None)


def _rank(specification: pikepdf.Object) -> int:
    """By the relationship of the file to the page, ISO 32000-2 table 43."""
    relationship = _entry(specification, "/AFRelationship")
    return (
        _RELATIONSHIPS.get(str(relationship), _UNSPECIFIED) if isinstance(relationship, pikepdf.Name) else _UNSPECIFIED
    )


def _name(specification: pikepdf.Object) -> str:
    name = _entry(specification, "/UF") or _entry(specification, "/F")
    return str(name) if isinstance(name, pikepdf.String) else "attachment"


def _decoded(stream: pikepdf.Stream) -> bytes | None:
    """The content, or None when it is too large or broken. Deflate is undone here, in bounds."""
    try:
        filters = _filters(stream)
        raw = stream.read_raw_bytes()
        if not filters:
            return raw if len(raw) <= MAX_ATTACHMENT else None
        if filters == ["/FlateDecode"] and "/DecodeParms" not in stream:
            return _inflated(raw)
        return stream.read_bytes() if len(raw) <= _OTHER_FILTERS_MAX else None
    except (pikepdf.PdfError, zlib.error):
        return None


def _filters(stream: pikepdf.Stream) -> list[str]:
    declared = _entry(stream, "/Filter")
    if isinstance(declared, pikepdf.Name):
        return [str(declared)]
    return [str(name) for name in _array(declared)]


def _inflated(raw: bytes) -> bytes | None:
    inflater = zlib.decompressobj()
    content = inflater.decompress(raw, MAX_ATTACHMENT)
    return None if inflater.unconsumed_tail else content
