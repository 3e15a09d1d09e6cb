"""A file inside a CMS signature (``.p7m``), as Italian senders sign FatturaPA: the content is taken out.

RFC 5652 §5; X.690 for its encoding, BER with indefinite lengths and chunked strings included. The signature itself is
not judged.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, BinaryIO, Final

from app.modules.imports.domain.errors import Unreadable, Unsupported
from app.modules.imports.formats.cms_armour import CmsKind, cms_kind, unarmoured
from app.modules.imports.ports import Member, Members, Probe

if TYPE_CHECKING:
    from collections.abc import Iterator

_MAX_BYTES: Final = 64 * 1024 * 1024
_MAX_DEPTH: Final = 8
_CONSTRUCTED: Final = 0x20
_OCTETS: Final = (0x04, 0x24)
_CONTENT: Final = 0xA0
_SUFFIX: Final = re.compile(r"\.p7[ms]$", re.IGNORECASE)


class CmsReader:
    """Unwraps signed files."""

    name = "cms"
    gives = Members

    def score(self, probe: Probe) -> int:
        return 90 if probe.media_type == "application/pkcs7-mime" else 0

    def read(self, file: BinaryIO, probe: Probe) -> Members:
        """Raises Unreadable (``cms_too_large``, ``cms_malformed``, ``cms_detached``) or Unsupported
        (``cms_encrypted``).
        """
        file.seek(0)
        data = file.read(_MAX_BYTES + 1)
        if len(data) > _MAX_BYTES:
            raise Unreadable("cms_too_large", f"over {_MAX_BYTES} bytes")
        name = _SUFFIX.sub("", probe.name)
        return Members(iter((Member(name, _content(_binary(data))),)))


READER: Final = CmsReader()


@dataclass(frozen=True, slots=True)
class _Value:
    """One tag-length-value: its tag, and where its content stands."""

    tag: int
    start: int
    end: int | None
    """None for an indefinite length: it ends at two zero bytes."""


def _binary(data: bytes) -> bytes:
    if cms_kind(data) is CmsKind.ENVELOPED:
        raise Unsupported("cms_encrypted", "only its receiver can open it")
    binary = unarmoured(data)
    if binary is None:
        raise Unreadable("cms_malformed")
    return binary


def _content(data: bytes) -> bytes:
    """ContentInfo → SignedData → encapContentInfo → eContent, which a detached signature leaves out."""
    signed_data = _child(data, _child(data, _value(data, 0), 1), 0)
    parts = list(islice(_children(data, _child(data, signed_data, 2)), 2))
    explicit = parts[1] if len(parts) > 1 else None
    if explicit is None or explicit.tag != _CONTENT:
        raise Unreadable("cms_detached", "the signature holds no content")
    content = b"".join(_octets(data, _child(data, explicit, 0), 0))
    if not content:
        raise Unreadable("cms_detached", "the signature holds no content")
    return content


def _value(data: bytes, at: int) -> _Value:
    if at + 2 > len(data):
        raise Unreadable("cms_malformed", "truncated")
    tag, length, start = data[at], data[at + 1], at + 2
    if length == 0x80:  # noqa: PLR2004  (X.690 §8.1.3.6)
        return _Value(tag, start, None)
    if length > 0x80:  # noqa: PLR2004
        size = length & 0x7F
        length, start = int.from_bytes(data[start : start + size], "big"), start + size
    if start + length > len(data):
        raise Unreadable("cms_malformed", "truncated")
    return _Value(tag, start, start + length)


def _children(data: bytes, parent: _Value, depth: int = 0) -> Iterator[_Value]:
    at = parent.start
    while (parent.end is None and data[at : at + 2] != b"\0\0") or (parent.end is not None and at < parent.end):
        child = _value(data, at)
        yield child
        at = _end(data, child, depth)


def _end(data: bytes, value: _Value, depth: int) -> int:
    if value.end is not None:
        return value.end
    if depth > _MAX_DEPTH:
        raise Unreadable("cms_malformed", "too deep")
    last = value.start
    for child in _children(data, value, depth + 1):
        last = _end(data, child, depth + 1)
    return last + 2


def _child(data: bytes, parent: _Value, position: int) -> _Value:
    for index, child in enumerate(_children(data, parent)):
        if index == position:
            return child
    raise Unreadable("cms_malformed", "a part is missing")


def _octets(data: bytes, value: _Value, depth: int) -> Iterator[bytes]:
    """An OCTET STRING, whole or in chunks."""
    if value.tag not in _OCTETS or depth > _MAX_DEPTH:
        raise Unreadable("cms_malformed", "the content is no octet string")
    if value.tag & _CONSTRUCTED:
        for chunk in _children(data, value):
            yield from _octets(data, chunk, depth + 1)
    elif value.end is not None:
        yield data[value.start : value.end]
