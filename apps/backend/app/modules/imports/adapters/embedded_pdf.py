"""What a PDF does by itself and what is embedded in it, for the embedded scanner (ISO 32000-2, 7.11 and 12.6)."""

from __future__ import annotations

import io
import re
import zlib
from typing import TYPE_CHECKING, Final

import pikepdf

from app.modules.imports.domain.errors import Terminal, Unreadable, Unsupported
from app.modules.imports.formats.pdf_guard import refuse_inflating

if TYPE_CHECKING:
    from collections.abc import Iterator

LAUNCH: Final = "Pdf_Launches_Program"
SCRIPT: Final = "Pdf_Runs_Script"

_MAX_OBJECTS: Final = 1_000_000
_MAX_CHAIN: Final = 32
_OTHER_FILTERS_MAX: Final = 256 * 1024
# On what qpdf writes, where names are spelt out and blanks are single.
_LAUNCH_ACTION: Final = re.compile(rb"/S /Launch\b")
_EMBEDDED: Final = re.compile(rb"/EF (?:<< ([^>]*) >>|(\d+) (\d+) R)")
_REFERENCE: Final = re.compile(rb"(\d+) (\d+) R")
_EMBEDDED_TYPE: Final = re.compile(rb"/Type /EmbeddedFile\b")
_ADDITIONAL: Final = re.compile(rb"/AA ")
_PAGE: Final = re.compile(rb"/Type /(?:Page|Catalog)\b")


def read_pdf(content: bytes, largest: int) -> Iterator[bytes | str]:
    """The embedded files; and ``LAUNCH`` or ``SCRIPT`` when opening the document starts something.

    Raises Unsupported (``pdf_encrypted``), Unreadable (``pdf_unreadable``) or Terminal (``archive_bomb``). Scripts of
    form fields are no finding: tax forms compute with them.
    """
    refuse_inflating(content)
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            yield from _inside(pdf, largest)
    except pikepdf.PasswordError as error:
        raise Unsupported("pdf_encrypted", "a password is needed to open it") from error
    except (pikepdf.PdfError, zlib.error, RecursionError) as error:
        raise Unreadable("pdf_unreadable") from error
    except MemoryError as error:
        raise Terminal("archive_bomb", "opening it takes more memory than there is") from error


def _inside(pdf: pikepdf.Pdf, largest: int) -> Iterator[bytes | str]:
    if len(pdf.objects) > _MAX_OBJECTS:
        raise Terminal("archive_bomb", f"more than {_MAX_OBJECTS} objects")
    if _runs_script(_entry(pdf.Root, "/OpenAction")):
        yield SCRIPT
    embedded: dict[tuple[int, int], None] = {}
    for thing in pdf.objects:
        if not isinstance(thing, (pikepdf.Dictionary, pikepdf.Stream, pikepdf.Array)):
            continue
        text = _written(thing)
        if _LAUNCH_ACTION.search(text):
            yield LAUNCH
        if _ADDITIONAL.search(text) and _PAGE.search(text) and _any_runs_script(_entry(thing, "/AA")):
            yield SCRIPT
        embedded.update(dict.fromkeys(_embedded_in(pdf, thing, text)))
    for number in embedded:
        stream = pdf.get_object(number)
        if isinstance(stream, pikepdf.Stream):
            yield _decoded(stream, largest)


def _written(thing: pikepdf.Object) -> bytes:
    dictionary = thing.stream_dict if isinstance(thing, pikepdf.Stream) else thing
    return dictionary.unparse(resolved=True)


def _embedded_in(pdf: pikepdf.Pdf, thing: pikepdf.Object, text: bytes) -> Iterator[tuple[int, int]]:
    if isinstance(thing, pikepdf.Stream) and _EMBEDDED_TYPE.search(text):
        yield thing.objgen
    for direct, number, generation in _EMBEDDED.findall(text):
        written = _written(pdf.get_object((int(number), int(generation)))) if number else direct
        yield from ((int(found[1]), int(found[2])) for found in _REFERENCE.finditer(written))


def _entry(thing: pikepdf.Object, key: str) -> pikepdf.Object | None:
    return thing.get(key) if isinstance(thing, (pikepdf.Dictionary, pikepdf.Stream)) else None


def _any_runs_script(triggers: pikepdf.Object | None) -> bool:
    return isinstance(triggers, pikepdf.Dictionary) and any(_runs_script(action) for _, action in triggers.items())


def _runs_script(action: pikepdf.Object | None) -> bool:
    """Whether the action or one that follows it (``Next``: one or several) is JavaScript."""
    waiting = [action]
    for _ in range(_MAX_CHAIN):
        if not waiting:
            return False
        current = waiting.pop()
        if isinstance(current, pikepdf.Array):
            waiting.extend(list(current.as_list())[:_MAX_CHAIN])
        elif isinstance(current, pikepdf.Dictionary):
            if str(_entry(current, "/S")) == "/JavaScript":
                return True
            waiting.append(_entry(current, "/Next"))
    return True  # a chain this long has something to hide


def _decoded(stream: pikepdf.Stream, largest: int) -> bytes:
    """The embedded file. Deflate, which can be a bomb, is undone here in bounds."""
    filters = _filters(stream)
    raw = stream.read_raw_bytes()
    if filters and set(filters) == {"/FlateDecode"} and "/DecodeParms" not in stream:
        for _ in filters:
            raw = _inflated(raw, largest)
    elif filters:
        if len(raw) > _OTHER_FILTERS_MAX:
            raise Unsupported("archive_method", "an embedded file is packed in an unusual way")
        raw = stream.read_bytes()
    return raw


def _filters(stream: pikepdf.Stream) -> list[str]:
    declared = _entry(stream, "/Filter")
    if isinstance(declared, pikepdf.Array):
        return [str(name) for name in declared.as_list()]
    return [] if declared is None else [str(declared)]


def _inflated(raw: bytes, largest: int) -> bytes:
    inflater = zlib.decompressobj()
    content = inflater.decompress(raw, largest)
    if inflater.unconsumed_tail:
        raise Terminal("archive_bomb", f"an embedded file is larger than {largest} bytes")
    return content
