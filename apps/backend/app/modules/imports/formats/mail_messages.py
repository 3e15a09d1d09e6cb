"""Where the messages in a file begin: behind marks that are no part of them, one or (mbox, RFC 4155) several."""

from __future__ import annotations

import codecs
import re
from typing import Final

_SEPARATOR: Final = re.compile(rb"(?:\A|\n\r?\n)From [^\r\n]*\d\d:\d\d[^\r\n]*\r?\n(?=[!-9;-~]+[ \t]*:)")
_FROM_LINE: Final = re.compile(rb"From [^\r\n]*\r?\n")
_LENGTH_LINE: Final = re.compile(rb"(\d{1,12})[ \t]*\r?\n(?=[!-9;-~]+[ \t]*:)")
"""Apple Mail's .emlx: the length of the message, then the message, then a property list."""
_PLIST: Final = re.compile(rb"<\?xml [^>]*>\s*<!DOCTYPE plist\b")
_HEADERS: Final = re.compile(rb"(?:[^\r\n]+\r*\n)+")
_BLANK_BEFORE_COLON: Final = re.compile(rb"^([!-9;-~]+)[ \t]+:", re.MULTILINE)


def messages(content: bytes) -> list[bytes]:
    """Each message as RFC 5322 has it."""
    content = _plain(content)
    starts = list(_SEPARATOR.finditer(content)) if content.startswith(b"From ") else []
    if len(starts) > 1:
        ends = [start.start() + 1 for start in starts[1:]] + [len(content)]
        return [_regular(content[start.end() : end]) for start, end in zip(starts, ends, strict=True)]
    return [_regular(content[begin.end() :] if (begin := _FROM_LINE.match(content)) else content)]


def _plain(content: bytes) -> bytes:
    """In single bytes, with simple line ends, from the first line that says something."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        content = content.decode("utf-16", "replace").encode()
    content = content.removeprefix(codecs.BOM_UTF8).lstrip(b" \t\r\n")
    head = content.partition(b"\n")[0]
    return content.replace(b"\r\r\n", b"\r\n") if head.endswith(b"\r\r") else _without_length(content)


def _without_length(content: bytes) -> bytes:
    stated = _LENGTH_LINE.match(content)
    if stated is None:
        return content
    length, rest = int(stated.group(1)), content[stated.end() :]
    # The length is believed only where the list stands behind it: a message may have grown since.
    return rest[:length] if _PLIST.match(rest[length:].lstrip()) else rest


def _regular(message: bytes) -> bytes:
    """RFC 5322 §4.5 lets blanks stand before the colon of a header; the parser takes such a line for the body."""
    head = _HEADERS.match(message)
    return message if head is None else _BLANK_BEFORE_COLON.sub(rb"\1:", head.group()) + message[head.end() :]
