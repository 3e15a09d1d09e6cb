"""How a CMS message is wrapped as text: PEM (RFC 7468 §8-9, and the labels before it), or bare base64 as some Italian
senders write it; and which of its kinds it is.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import re
from enum import Enum
from typing import Final

_SEQUENCE: Final = b"\x30"
_BARE: Final = re.compile(rb"[\s\0]*(?=MI[A-Za-z0-9+/\r\n]{40})")
_PEM: Final = re.compile(
    rb"(?:(?:(?:Bag|Key) Attributes|subject ?=|issuer ?=|[ \t]+[^\s])[^\r\n]*\r?\n|[ \t]*\r?\n)*"
    rb"-----BEGIN (?:PKCS7|CMS|PKCS #7 SIGNED DATA)-----"
)
"""Behind what OpenSSL prints of a certificate's bag."""
_LONGEST_PREAMBLE: Final = 8 * 1024
_FIRST: Final = 80
"""Characters of base64 that the type is found in."""


class CmsKind(Enum):
    """By its object identifier, RFC 5652 §5.1 and §6.1."""

    SIGNED = bytes.fromhex("06092a864886f70d010702")
    ENVELOPED = bytes.fromhex("06092a864886f70d010703")


def cms_kind(head: bytes) -> CmsKind | None:
    """What begins here; None for anything that is no CMS, or of a kind that carries no document."""
    start = head.removeprefix(codecs.BOM_UTF8)
    if not start.startswith(_SEQUENCE):
        body = _body(start)
        if body is None:
            return None
        start = _decoded(body[: 4 * _FIRST], most=_FIRST) or b""
    return next((kind for kind in CmsKind if kind.value in start[:24]), None)


def unarmoured(data: bytes) -> bytes | None:
    """The message in BER; None where the text around it is damaged."""
    data = data.removeprefix(codecs.BOM_UTF8)
    if data.startswith(_SEQUENCE):
        return data
    body = _body(data)
    return None if body is None else _decoded(body.partition(b"-----")[0])


def _body(text: bytes) -> bytes | None:
    begin = _PEM.match(text[:_LONGEST_PREAMBLE]) or _BARE.match(text)
    return None if begin is None else text[begin.end() :]


def _decoded(text: bytes, most: int | None = None) -> bytes | None:
    """With or without its padding."""
    compact = re.sub(rb"[\s\0]", b"", text)[:most].rstrip(b"=")
    try:
        return base64.b64decode(compact + b"=" * (-len(compact) % 4), validate=True)
    except binascii.Error:
        return None
