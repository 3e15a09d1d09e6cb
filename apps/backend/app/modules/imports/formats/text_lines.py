"""Lines of a text file of any usual encoding, one at a time and of bounded length."""

from __future__ import annotations

import codecs
import io
from typing import TYPE_CHECKING, BinaryIO, Final

from app.modules.imports.domain.errors import Unreadable
from app.modules.imports.formats.code_page import is_dos

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST_LINE: Final = 1024 * 1024
_CHUNK: Final = 64 * 1024
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def read_lines(file: BinaryIO) -> Iterator[str]:
    """The lines from the beginning, ends included.

    Raises Unreadable: ``line_too_long``, ``nul_bytes``, ``bad_encoding``.
    Without a byte order mark each line is UTF-8 if it can be, and a Western code page if not (of Windows or of DOS, as
    the first lines that need one read best): exports that were put together from several sources change encoding
    between lines.
    """
    file.seek(0)
    head = file.read(_CHUNK)
    file.seek(0)
    encoding = next((name for mark, name in _MARKS if head.startswith(mark)), None)
    if encoding not in (None, "utf-8-sig"):
        return _decoded_lines(file, str(encoding))
    if b"\r" in head and b"\n" not in head:
        return _decoded_lines(file, encoding or _whole_encoding(head))
    foreign = b"".join(line for line in head.splitlines(keepends=True)[:-1] if not _is_utf8(line))
    return _byte_lines(file, len(codecs.BOM_UTF8) if encoding else 0, foreign)


def _byte_lines(file: BinaryIO, start: int, foreign: bytes) -> Iterator[str]:
    """``foreign`` are the first lines that are no UTF-8; without any, each later one is judged by itself."""
    of_dos = is_dos(foreign)
    file.seek(start)
    while line := file.readline(LONGEST_LINE + 1):
        if len(line) > LONGEST_LINE:
            raise Unreadable("line_too_long", f"more than {LONGEST_LINE} bytes without a line end")
        if b"\0" in line:
            raise Unreadable("nul_bytes")
        try:
            yield line.decode()
        except UnicodeDecodeError:
            yield _western(line, of_dos if foreign else is_dos(line))


def _decoded_lines(file: BinaryIO, encoding: str) -> Iterator[str]:
    decoder = io.IncrementalNewlineDecoder(codecs.getincrementaldecoder(encoding)(), translate=True)
    rest = ""
    try:
        while chunk := file.read(_CHUNK):
            *lines, rest = (rest + decoder.decode(chunk)).split("\n")
            yield from map(_checked, lines)
            _checked(rest)
        rest += decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise Unreadable("bad_encoding", encoding) from error
    if rest:
        yield _checked(rest)


def _checked(line: str) -> str:
    if len(line) > LONGEST_LINE:
        raise Unreadable("line_too_long", f"more than {LONGEST_LINE} characters without a line end")
    if "\0" in line:
        raise Unreadable("nul_bytes")
    return line + "\n"


def _whole_encoding(head: bytes) -> str:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return "cp850" if is_dos(head) else "cp1252"
    return "utf-8"


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _western(line: bytes, of_dos: object) -> str:
    """Windows, or DOS where a byte means nothing in Windows (there 0x81 is the ü of old exports)."""
    try:
        return line.decode("cp850" if of_dos else "cp1252")
    except UnicodeDecodeError:
        return line.decode("cp850")
