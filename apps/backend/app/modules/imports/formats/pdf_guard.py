"""Looks through a PDF before pdfium, which knows no bounds, lays its pages out (ISO 32000-2, 7.8.2, 8.10, 12.6).

A page is as heavy as its content and all the forms it draws, each as often as it is drawn: forms that draw forms grow
as fast as entities do in XML.
"""

from __future__ import annotations

import io
import re
import zlib
from collections import Counter
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Final

import pikepdf

from app.modules.imports.domain.errors import Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

HEAVIEST: Final = 16 * 1024 * 1024
"""Bytes of drawing operators on one page; the drawings of an architect have a tenth of it."""
LARGEST: Final = 64 * 1024 * 1024
"""Bytes of one stream that is no picture; the largest fonts have a third of it."""
_RATIO: Final = 1_032
"""No deflated byte becomes more than this."""
_PIECE: Final = 16 * 1024
_BLOCK: Final = 1024 * 1024
_OBJECTS: Final = re.compile(rb"/Type\s*/(?:ObjStm|XRef)\b.{0,500}?stream\r?\n", re.DOTALL)
_MAX_PAGES: Final = 500
_MAX_PARTS: Final = 1_000
_DEEPEST: Final = 28
"""pdfium itself follows forms no deeper than this."""
_OTHER_FILTERS_MAX: Final = 256 * 1024
_DRAWN: Final = re.compile(rb"/([^\s/<>\[\](){}%]+)\s+Do\b")


def inspect_pdf(content: bytes) -> tuple[str, ...]:
    """What is worth a look in a PDF whose pages can be drawn (``active_content``, ``file_repaired``).

    Raises Unreadable (``page_too_dense``, ``archive_bomb``) for one whose pages cannot.
    """
    refuse_inflating(content)
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            _refuse_large_streams(pdf)
            scale = _Scale()
            pages = list(islice(pdf.pages, _MAX_PAGES))
            for page in pages:
                scale.weigh_page(page)
            return tuple(_notes(pdf, pages))
    except (pikepdf.PdfError, zlib.error, RecursionError):
        return ()  # what qpdf cannot follow pdfium may still show; its child has walls of its own
    except MemoryError as error:
        raise _too_heavy() from error


def refuse_inflating(content: bytes) -> None:
    """Raises Unreadable (``archive_bomb``) for objects that inflate beyond measure as soon as a PDF is opened."""
    whole = memoryview(content)
    for stream in _OBJECTS.finditer(content):
        if _inflates_beyond(whole[stream.end() :], LARGEST):
            raise _inflating()


def _refuse_large_streams(pdf: pikepdf.Pdf) -> None:
    """Fonts, profiles and the like are held whole; pictures are drawn line by line."""
    for thing in pdf.objects:
        if isinstance(thing, pikepdf.Stream) and thing.get("/Subtype") != pikepdf.Name.Image:
            raw, filters = thing.read_raw_bytes(), _filters(thing)
            if filters[:1] == ["/FlateDecode"] and len(raw) > LARGEST // _RATIO and _inflates_beyond(raw, LARGEST):
                raise _inflating()


def _inflates_beyond(raw: bytes | memoryview, most: int) -> bool:
    inflater, size = zlib.decompressobj(), 0
    try:
        for at in range(0, len(raw), _PIECE):
            piece = bytes(raw[at : at + _PIECE])
            while piece and size <= most:
                size += len(inflater.decompress(piece, _BLOCK))
                piece = inflater.unconsumed_tail
            if inflater.eof or size > most:
                break
    except zlib.error:
        return False
    return size > most


def _notes(pdf: pikepdf.Pdf, pages: Sequence[pikepdf.Page]) -> Iterator[str]:
    opening = _entry(pdf.Root, "/OpenAction")
    starts = isinstance(opening, pikepdf.Dictionary) and opening.get("/S") != pikepdf.Name.GoTo
    scripts = _entry(_entry(pdf.Root, "/Names"), "/JavaScript")
    if starts or scripts is not None or "/AA" in pdf.Root or any("/AA" in page.obj for page in pages):
        yield "active_content"
    if any("reconstruct" in str(warning) for warning in pdf.get_warnings()):
        yield "file_repaired"


@dataclass(slots=True)
class _Scale:
    """Weights by object, for the forms of one document."""

    known: dict[tuple[int, int], int] = field(default_factory=dict)

    def weigh_page(self, page: pikepdf.Page) -> None:
        contents = page.obj.get("/Contents")
        parts = list(contents.as_list())[:_MAX_PARTS] if isinstance(contents, pikepdf.Array) else [contents]
        texts = [_inflated(part) for part in parts if isinstance(part, pikepdf.Stream)]
        area = _area(page)
        tiled = sum(_tiles(pattern, area) * len(_inflated(pattern)) for pattern in _patterns(page.resources))
        if self._weight(texts, page.resources, depth=0) + tiled > HEAVIEST:
            raise _too_heavy()

    def _weight(self, texts: Iterable[bytes], resources: pikepdf.Object | None, depth: int) -> int:
        total, drawn = 0, Counter[bytes]()
        for text in texts:
            total += len(text)
            drawn.update(_DRAWN.findall(text))
        if not drawn or depth > _DEEPEST or total > HEAVIEST:
            return total
        forms = _entry(resources, "/XObject")
        for name, times in drawn.items():
            form = _entry(forms, "/" + name.decode("latin-1"))
            if isinstance(form, pikepdf.Stream) and form.get("/Subtype") == pikepdf.Name.Form:
                total += times * self._weight_of(form, resources, depth + 1)
        return total

    def _weight_of(self, form: pikepdf.Stream, outer: pikepdf.Object | None, depth: int) -> int:
        if form.objgen not in self.known:
            self.known[form.objgen] = 0  # a form within itself is drawn once
            resources = _entry(form, "/Resources")
            weight = self._weight([_inflated(form)], outer if resources is None else resources, depth)
            self.known[form.objgen] = min(weight, HEAVIEST + 1)
        return self.known[form.objgen]


def _area(page: pikepdf.Page) -> float:
    left, bottom, right, top = (float(edge) for edge in page.mediabox.as_list())
    return abs((right - left) * (top - bottom))


def _patterns(resources: pikepdf.Object) -> Iterator[pikepdf.Stream]:
    named = _entry(resources, "/Pattern")
    for _, pattern in islice(named.items(), _MAX_PARTS) if isinstance(named, pikepdf.Dictionary) else ():
        if isinstance(pattern, pikepdf.Stream):
            yield pattern


def _tiles(pattern: pikepdf.Stream, area: float) -> float:
    """How many of the pattern's cells cover the page."""
    try:
        matrix = [float(number) for number in pattern.get("/Matrix", [1, 0, 0, 1, 0, 0])]
        step = float(pattern["/XStep"]) * float(pattern["/YStep"])
        cell = abs(step * (matrix[0] * matrix[3] - matrix[1] * matrix[2]))
    except (KeyError, TypeError, ValueError, LookupError):
        return 0.0  # such a pattern is not drawn
    return area / cell if cell else 0.0


def _entry(thing: pikepdf.Object | None, key: str) -> pikepdf.Object | None:
    return thing.get(key) if isinstance(thing, (pikepdf.Dictionary, pikepdf.Stream)) else None


def _inflated(stream: pikepdf.Stream) -> bytes:
    """The operators, at most as many as make a page too heavy."""
    filters, raw = _filters(stream), stream.read_raw_bytes()
    if not filters:
        return raw
    if set(filters) != {"/FlateDecode"} or "/DecodeParms" in stream:
        return stream.read_bytes() if len(raw) <= _OTHER_FILTERS_MAX else raw
    for _ in filters:
        raw = zlib.decompressobj().decompress(raw, HEAVIEST + 1)
    return raw


def _filters(stream: pikepdf.Stream) -> list[str]:
    declared = stream.get("/Filter")
    if isinstance(declared, pikepdf.Array):
        return [str(name) for name in declared.as_list()]
    return [] if declared is None else [str(declared)]


def _inflating() -> Unreadable:
    return Unreadable("archive_bomb", f"a part of the PDF unpacks to more than {LARGEST} bytes")


def _too_heavy() -> Unreadable:
    return Unreadable("page_too_dense", f"a page draws more than {HEAVIEST} bytes")
