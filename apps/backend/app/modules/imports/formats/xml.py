"""The one safe XML parser: no document type declarations, no entities, no network, bounded size and depth.

Bytes come from strangers. OWASP XML External Entity Prevention,
https://cheatsheetseries.owasp.org/cheatsheets/XML_External_Entity_Prevention_Cheat_Sheet.html.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, cast

from lxml import etree

from app.modules.imports.domain.errors import Unreadable
from app.modules.imports.formats.encoding import decode_head
from app.modules.imports.formats.xml_prolog import LONGEST_HEAD, Prolog, ends_in_comment, read_prolog

if TYPE_CHECKING:
    from collections.abc import Iterator

Element = etree._Element  # noqa: SLF001  (the class has no public name)

MAX_BYTES = 64 * 1024 * 1024
MAX_TAGS = 1_500_000
MAX_ATTRIBUTES = 1_500_000
MAX_DEPTH = 100
_HEAD = 64 * 1024
_LONGEST_TEXT = 10_000_000
"""The parser's own limit for one text, and for what it looks ahead: smaller files stay under the parser's limits."""
_TOO_DEEP = etree.XPath(f"boolean({'/*' * (MAX_DEPTH + 1)})")
_SIGNATURE = b"Signature"
_AROUND = "\ufeff \t\r\n\0\x1a"
_AROUND_BYTES = b" \t\r\n\0\x1a"
_ASCII = frozenset(map(chr, range(128)))
_WESTERN = ("ascii", "iso8859", "cp125", "latin", "mac-roman", "cp437", "cp850")


@dataclass(frozen=True, slots=True)
class ParsedXml:
    """A document's root, and what was wrong on the way to it."""

    root: Element
    findings: tuple[str, ...] = ()
    source: bytes = b""
    """The text that was parsed, in UTF-8, where it may hold a signature; else empty."""


def read_xml(file: BinaryIO) -> ParsedXml:
    """The whole file, parsed. Raises only ``Unreadable``."""
    file.seek(0)
    data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise Unreadable("xml_too_large", f"over {MAX_BYTES} bytes")
    return parse_xml(data)


def parse_xml(data: bytes) -> ParsedXml:
    """Parses bytes of any encoding that text may have. Raises only ``Unreadable``."""
    decoded = _decoded_head(data)
    if decoded is None:
        raise Unreadable("xml_malformed", "not text")
    head, found_encoding = decoded
    prolog = read_prolog(head)
    if prolog is None:
        raise Unreadable("xml_malformed", "not XML")
    if prolog.doctype:
        raise Unreadable("xml_doctype")
    if prolog.root is None:
        raise Unreadable("xml_malformed", "no root element within reach")
    utf8, findings = _to_utf8(data, found_encoding, prolog)
    return ParsedXml(_parse(utf8), findings, utf8 if _SIGNATURE in utf8 else b"")


def parse_text(text: str) -> ParsedXml:
    """Parses a document that is the text of another. Raises only ``Unreadable``."""
    # The mark says that this is UTF-8 now, whatever encoding was declared when it was a file of its own.
    return parse_xml(codecs.BOM_UTF8 + text.strip(_AROUND).encode("utf-8", errors="replace"))


def parse_exactly(source: bytes) -> Element:
    """Parses a ``ParsedXml.source`` again, comments and processing instructions included. Raises ``Unreadable``."""
    return _parse(source, exactly=True)


def local_name(element: Element) -> str:
    """The name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def namespace(element: Element) -> str:
    """The namespace, empty when there is none."""
    return str(element.tag).partition("}")[0].removeprefix("{") if str(element.tag).startswith("{") else ""


def find(at: Element, path: str) -> Element | None:
    """The first element at a path of local names, ``A/B/C``; every A is tried before giving up on B."""
    return next(find_all(at, path), None)


def find_all(at: Element, path: str) -> Iterator[Element]:
    """Every element at a path of local names, in document order."""
    name, _, rest = path.partition("/")
    for child in at.iterchildren("{*}" + name):
        if rest:
            yield from find_all(child, rest)
        else:
            yield child


def text_of(element: Element | None) -> str | None:
    """The element's own text, stripped; None when it is empty or has children instead."""
    text = (element.text or "").strip() if element is not None else ""
    return text or None


def _decoded_head(data: bytes) -> tuple[str, str] | None:
    decoded = decode_head(data[:_HEAD], complete=len(data) <= _HEAD)
    if decoded is None or not ends_in_comment(decoded[0]):
        return decoded
    return decode_head(data[:LONGEST_HEAD], complete=len(data) <= LONGEST_HEAD)


def _to_utf8(data: bytes, found: str, prolog: Prolog) -> tuple[bytes, tuple[str, ...]]:
    encoding = _codec(found, prolog)
    if not encoding.startswith("utf") and _is_utf8(data, encoding):
        return data.strip(_AROUND_BYTES), ("encoding_mismatch",)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        # Written in the code page of its machine whatever it declares; cp1252 is what that nearly always was.
        return _clean(data.decode("cp1252", errors="replace")), ("encoding_mismatch",)
    if encoding == "utf-8":
        return data.strip(_AROUND_BYTES), ()
    return _clean(text), ()


def _is_utf8(data: bytes, declared: str) -> bool:
    """Whether a declaration outlived its code page. Two letters may happen to be UTF-8 (``Ñ€`` for ``Ѥ``), so that some
    character has to be one that whoever declared the code page would write.
    """
    if data.isascii():
        return False
    try:
        written = "".join({*data.decode("utf-8")} - _ASCII)
    except UnicodeDecodeError:
        return False
    return any(written.encode(encoding, errors="ignore") for encoding in (declared, "cp1252"))


def _clean(text: str) -> bytes:
    return text.strip(_AROUND).encode("utf-8", errors="replace")


def _codec(found: str, prolog: Prolog) -> str:
    if found.startswith("utf") and found != "utf-8":
        return found
    if prolog.encoding is None:
        return "utf-8"
    try:
        declared = codecs.lookup(prolog.encoding).name
    except LookupError as error:
        raise Unreadable("xml_encoding", prolog.encoding) from error
    if declared.startswith(("utf-16", "utf-32", "utf-8")):
        return "utf-8"  # .NET writes "utf-16" into whatever it serialises to a string and then saves as UTF-8
    if declared.startswith(_WESTERN):
        return declared
    raise Unreadable("xml_encoding", declared)


def _parse(utf8: bytes, *, exactly: bool = False) -> Element:
    _check_size(utf8)
    root = _tree(utf8, exactly=exactly)
    if root is None:
        raise Unreadable("xml_malformed", "no root element")
    if root.getroottree().docinfo.internalDTD is not None:
        raise Unreadable("xml_doctype")
    if _TOO_DEEP(root):
        raise Unreadable("xml_too_deep", f"over {MAX_DEPTH} levels")
    return root


def _tree(utf8: bytes, *, exactly: bool) -> Element | None:
    parser = _parser(utf8, exactly=exactly)
    try:
        return cast("Element | None", etree.fromstring(utf8, parser))
    except etree.XMLSyntaxError as error:
        if _only_names_amiss(parser):
            return cast("Element | None", etree.fromstring(utf8, _parser(utf8, exactly=exactly, recover=True)))
        code = "xml_too_deep" if "depth" in str(error) else "xml_malformed"
        raise Unreadable(code, f"line {error.lineno}") from error


def _only_names_amiss(parser: etree.XMLParser) -> bool:
    """Whether all that is wrong are names of namespaces that are no address: programs write a space or a quotation mark
    into them, and authorities that look only at the rest pass such files on. Elements are found by local name.
    """
    wrong = [entry.type for entry in parser.error_log if entry.level >= etree.ErrorLevels.ERROR]
    return bool(wrong) and all(each == etree.ErrorTypes.WAR_NS_URI for each in wrong)


def _parser(utf8: bytes, *, exactly: bool, recover: bool = False) -> etree.XMLParser:
    return etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        # An invoice may carry its delivery notes as one text of many megabytes. What the parser's limits guard against
        # is refused by ours: entities with the document type, and size, tags, attributes and depth.
        huge_tree=len(utf8) > _LONGEST_TEXT,
        remove_comments=not exactly,
        remove_pis=not exactly,
        recover=recover,
    )


def _check_size(utf8: bytes) -> None:
    """Bounds what a tree may cost. An attribute costs as much as a tag, and each has its equals sign."""
    if len(utf8) > MAX_BYTES:
        raise Unreadable("xml_too_large", f"over {MAX_BYTES} bytes")
    if utf8.count(b"<") > MAX_TAGS:
        raise Unreadable("xml_too_large", f"over {MAX_TAGS} tags")
    if len(utf8) > _LONGEST_TEXT and utf8.count(b"=") > MAX_ATTRIBUTES:
        raise Unreadable("xml_too_large", f"over {MAX_ATTRIBUTES} attributes")
