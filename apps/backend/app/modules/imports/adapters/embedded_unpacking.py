"""Takes files apart for the embedded scanner: zip, gzip, mail and PDF, within bounds on what comes out."""

from __future__ import annotations

import io
import re
import zlib
from dataclasses import dataclass, replace
from email.errors import MessageError
from typing import TYPE_CHECKING, Final

from app.modules.imports.adapters.embedded_pdf import read_pdf
from app.modules.imports.domain.errors import Terminal, Unreadable, Unsupported
from app.modules.imports.formats.mail_messages import messages
from app.modules.imports.formats.mail_parts import content_of, is_encoded_message, parsed
from app.modules.imports.formats.transfer_encoding import BrokenEncodingError, from_uu, transported, uuencoded
from app.modules.imports.formats.zip_directory import read_names
from app.modules.imports.formats.zip_entries import is_file, is_package
from app.modules.imports.formats.zip_guard import OF_ONE_ENTRY, GuardedZip, ZipLimits

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from email.message import Message

_MIB: Final = 1024 * 1024
_OVERLAP: Final = 64 * 1024
"""Longer than anything that a rule looks at in one place."""
_BLOCK: Final = 256 * 1024
_RATIO: Final = 600
"""Zeros reach 1 000; a sheet that somebody formatted down to its last row reaches 400."""
_NEVER_A_BOMB: Final = _MIB
_ZIP_TAIL: Final = 65_557  # the end record with the longest comment, PKWARE APPNOTE 4.3.16
_CLOSED: Final = re.compile(
    rb"Rar!\x1a\x07|7z\xbc\xaf\x27\x1c|\xfd7zXZ\x00|BZh[1-9]1AY&SY|\x28\xb5\x2f\xfd|MSCF\x00{4}|(?s:.{257})ustar"
)
_MAIL: Final = re.compile(
    rb"(?:[!-9;-~]{1,100}:[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*)*?"
    rb"(?:from|to|subject|received|return-path|mime-version|message-id|delivered-to|content-type):",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanLimits:
    """Bounds of one scan, sizes in bytes. ``nesting`` is how many containers may stand within the outermost one."""

    file: int = 256 * _MIB
    inflated: int = 600 * _MIB
    entries: int = 5_000
    nesting: int = 3
    window: int = 64 * _MIB
    """A larger member is looked at in pieces, and must not be a container itself."""


@dataclass(slots=True, kw_only=True)
class Budget:
    """What is left of the bounds, for the whole tree of one file."""

    inflated: int
    entries: int

    def spend(self, size: int) -> None:
        self.inflated -= size
        if self.inflated < 0:
            raise _bomb("more comes out than the limits allow")

    def enter(self) -> None:
        self.entries -= 1
        if self.entries < 0:
            raise _bomb("more entries than the limits allow")


@dataclass(frozen=True, slots=True)
class Piece:
    """A member, or (``whole`` false) a part of one that is too large to hold."""

    content: bytes
    whole: bool = True
    comes_again: bool = False
    """Whether a reader takes it out of its container: then it is scanned again, by itself."""


def unpack(piece: Piece, budget: Budget, limits: ScanLimits, depth: int) -> Iterator[Piece | str]:
    """What is inside: pieces, or the name of a finding that only taking it apart shows. Nothing for a plain file.

    A file that is two kinds at once is taken apart as both.
    """
    content = piece.content
    if _CLOSED.match(content):
        raise Unsupported("archive_method", "only zip and gzip can be looked into")
    kinds = [kind for kind, is_one in _KINDS.items() if is_one(content)]
    is_package = kinds == [_from_zip] and _is_package(content)
    if kinds and depth > limits.nesting + (is_package or kinds == [_from_pdf]):
        raise Terminal("archive_nesting", f"more than {limits.nesting} containers within a container")
    has_members = piece.comes_again and not is_package and kinds in ([_from_zip], [_from_mail])
    for kind in kinds:
        for inner in kind(content, budget, limits):
            yield replace(inner, comes_again=True) if has_members and isinstance(inner, Piece) else inner


def _bomb(detail: str) -> Terminal:
    return Terminal("archive_bomb", detail)


def _is_zip(content: bytes) -> bool:
    return content.startswith((b"PK\3\4", b"PK\5\6", b"PK00PK\3\4")) or _ends_as_zip(content)


def _ends_as_zip(content: bytes) -> bool:
    return content.rfind(b"PK\5\6", max(0, len(content) - _ZIP_TAIL)) > 0


def _is_package(content: bytes) -> bool:
    return is_package(read_names(io.BytesIO(content), len(content)))


def _is_pdf(content: bytes) -> bool:
    return b"%PDF-" in content[:1024]


def _is_gzip(content: bytes) -> bool:
    return content.startswith(b"\x1f\x8b\x08")


def _is_mail(content: bytes) -> bool:
    return _MAIL.match(messages(content[:_OVERLAP])[0]) is not None


# ------------------------------------------------------------------------------------------------------- containers


def _from_zip(content: bytes, budget: Budget, limits: ScanLimits) -> Iterator[Piece | str]:
    if content.count(b"PK\1\2") > budget.entries:
        raise _bomb("more entries than the limits allow")
    bounds = ZipLimits(entries=budget.entries, total=budget.inflated, ratio=_RATIO, one_by_one=True)
    try:
        archive = GuardedZip(io.BytesIO(content), bounds)
    except Unreadable as error:
        if error.code == "archive_broken" and not content.startswith(b"PK"):
            return  # only its tail looked like a zip; no reader would open it as one
        raise
    is_only_one = sum(map(is_file, archive.entries)) == 1
    for entry in archive.entries:
        budget.enter()
        try:
            yield from _pieces(archive.chunks(entry), budget, limits)
        except (Unreadable, Unsupported) as error:
            if (is_only_one and is_file(entry)) or error.code not in OF_ONE_ENTRY:
                raise
            yield Piece(archive.alone(entry))


def _from_gzip(content: bytes, budget: Budget, limits: ScanLimits) -> Iterator[Piece | str]:
    yield from _pieces(_gunzipped(content), budget, limits)


def _gunzipped(content: bytes) -> Iterator[bytes]:
    """Member after member (RFC 1952 §2.2), never more than a block at a time."""
    size, most = 0, max(_NEVER_A_BOMB, _RATIO * len(content))
    try:
        while content.startswith(b"\x1f\x8b"):
            inflater = zlib.decompressobj(wbits=31)
            while not inflater.eof:
                block = inflater.decompress(content, _BLOCK)
                content = inflater.unused_data if inflater.eof else inflater.unconsumed_tail
                size += len(block)
                if size > most:
                    raise _bomb("more comes out than the limits allow")
                if not block and not content and not inflater.eof:
                    raise Unreadable("archive_broken", "the gzip breaks off")
                yield block
    except zlib.error as error:
        raise Unreadable("archive_broken") from error


def _from_mail(content: bytes, budget: Budget, limits: ScanLimits) -> Iterator[Piece | str]:
    try:
        for message in messages(content):
            for part in parsed(message).walk():
                budget.enter()
                for held in _held(part):
                    yield from _pieces([held], budget, limits)
    except RecursionError as error:
        raise _bomb("more parts within parts than can be followed") from error
    except (MessageError, ValueError, LookupError) as error:
        raise Unreadable("mail_broken") from error


def _held(part: Message) -> Iterator[bytes]:
    """What a reader would make of the part, or another mail program where ours makes nothing of it."""
    if is_encoded_message(part) or not part.is_multipart():
        try:
            yield content_of(part)
        except BrokenEncodingError:
            content = None if part.is_multipart() else part.get_payload(decode=True)
            yield content if isinstance(content, bytes) else b""
    if part.get_content_maintype() == "text":
        yield from (from_uu(block) for _, block in uuencoded(transported(part)))


def _from_pdf(content: bytes, budget: Budget, limits: ScanLimits) -> Iterator[Piece | str]:
    for inner in read_pdf(content, limits.window):
        if isinstance(inner, str):
            yield inner
        else:
            budget.enter()
            yield from _pieces([inner], budget, limits)


def _pieces(chunks: Iterable[bytes], budget: Budget, limits: ScanLimits) -> Iterator[Piece]:
    held, whole = bytearray(), True
    for chunk in chunks:
        budget.spend(len(chunk))
        held += chunk
        if len(held) > limits.window:
            if whole and any(is_one(bytes(held)) for is_one in _KINDS.values()):
                raise _bomb("a container inside a container is too large to be looked into")
            whole = False
            yield Piece(bytes(held), whole=False)
            del held[:-_OVERLAP]
    yield Piece(bytes(held), whole=whole)


_KINDS: Final = {_from_zip: _is_zip, _from_gzip: _is_gzip, _from_pdf: _is_pdf, _from_mail: _is_mail}
