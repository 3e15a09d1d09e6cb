"""Bounds on what a zip may hold: entries, sizes, overlaps, and what really comes out when it is unpacked."""

from __future__ import annotations

import io
import os
import struct
import zipfile
import zlib
from dataclasses import dataclass
from itertools import pairwise
from typing import IO, TYPE_CHECKING, BinaryIO, Final

from app.modules.imports.domain.errors import Unreadable, Unsupported
from app.modules.imports.formats.zip_entries import LOCAL, LocalHeader, as_archive, is_file, local_header
from app.modules.imports.formats.zip_mending import MendedZip

if TYPE_CHECKING:
    from collections.abc import Iterator

OF_ONE_ENTRY: Final = frozenset({"archive_encrypted", "archive_method", "archive_broken"})
"""Codes that say nothing of the other entries."""
_METHODS: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_ENCRYPTED: Final = 0x1
_CHUNK: Final = 256 * 1024
_NEITHER: Final = 10
"""As many times more entries there may be with folders and litter."""
_BROKEN: Final = (zipfile.BadZipFile, zlib.error, EOFError, struct.error, ValueError, OverflowError, OSError)


@dataclass(frozen=True, slots=True, kw_only=True)
class ZipLimits:
    """Bounds that an archive must keep; sizes in bytes."""

    entries: int = 1_000
    total: int = 200 * 1024 * 1024
    ratio: int = 100
    never_a_bomb: int = 1024 * 1024
    """As long as no more came out in all, a high ratio is only a repetitive file."""
    one_by_one: bool = False
    """Whether an entry that cannot be unpacked is refused when its turn comes, and not the whole with it."""


class GuardedZip:
    """A zip within its limits. What comes out is counted, not what the directory promises."""

    def __init__(self, file: BinaryIO, limits: ZipLimits) -> None:
        """Raises Unreadable (``archive_broken``, ``too_many_entries``, ``archive_bomb``) or
        Unsupported (``archive_encrypted``, ``archive_method``).
        """
        self._limits = limits
        self._file = file
        self._size = file.seek(0, os.SEEK_END)
        self._left = limits.total
        self._zip = self._read_directory(file)
        self.entries = tuple(self._zip.infolist())
        self._check_directory()

    def chunks(self, entry: zipfile.ZipInfo) -> Iterator[bytes]:
        """The entry's bytes, counted against the limits. Raises Unreadable or Unsupported."""
        refusal = self.refusal(entry)
        if refusal is not None:
            raise refusal
        size = 0
        try:
            with self._opened(entry) as member:
                while chunk := member.read(_CHUNK):
                    size += len(chunk)
                    self._count(len(chunk), is_far_packed=size > entry.compress_size * self._limits.ratio)
                    yield chunk
        except (*_BROKEN, NotImplementedError, RuntimeError) as error:
            raise Unreadable("archive_broken") from error

    def content(self, entry: zipfile.ZipInfo) -> bytes:
        """The whole entry. Raises Unreadable."""
        return b"".join(self.chunks(entry))

    def refusal(self, entry: zipfile.ZipInfo) -> Unsupported | None:
        """Why it is not unpacked, if the directory tells."""
        if entry.flag_bits & _ENCRYPTED:
            return Unsupported("archive_encrypted", "upload it without a password")
        if entry.compress_type not in _METHODS:
            return Unsupported("archive_method", "only stored and deflated entries are unpacked")
        return None

    def alone(self, entry: zipfile.ZipInfo) -> bytes:
        """An archive of this entry, packed as it is, for whoever has to say what is wrong with it."""
        local = self._local(entry)
        if local is None:
            return as_archive(entry, b"")
        at = entry.header_offset + LOCAL.size + local.name_length + local.extra_length
        self._file.seek(at)
        return as_archive(entry, self._file.read(max(0, min(entry.compress_size, self._size - at))))

    def _read_directory(self, file: BinaryIO) -> zipfile.ZipFile:
        try:
            return zipfile.ZipFile(file)
        except (*_BROKEN, NotImplementedError) as error:
            if not self._limits.one_by_one:  # others will open a package, and they mend nothing
                raise Unreadable("archive_broken") from error
        try:
            return zipfile.ZipFile(MendedZip(file, self._size))
        except (*_BROKEN, NotImplementedError) as error:
            raise Unreadable("archive_broken") from error

    def _opened(self, entry: zipfile.ZipInfo) -> IO[bytes]:
        """The directory is believed where an entry calls itself otherwise: packers write the two in two code pages."""
        try:
            return self._zip.open(entry)
        except (zipfile.BadZipFile, UnicodeDecodeError):
            if not self._limits.one_by_one or self._local(entry) is None:
                raise
        archive = zipfile.ZipFile(io.BytesIO(self.alone(entry)))
        return archive.open(archive.infolist()[0])

    def _local(self, entry: zipfile.ZipInfo) -> LocalHeader | None:
        if not 0 <= entry.header_offset < self._size:
            return None
        self._file.seek(entry.header_offset)
        return local_header(self._file.read(LOCAL.size))

    def _count(self, size: int, *, is_far_packed: bool) -> None:
        self._left -= size
        out = self._limits.total - self._left
        if self._left < 0 or (is_far_packed and out > self._limits.never_a_bomb):
            raise Unreadable("archive_bomb", "more comes out than the limits allow")

    def _check_directory(self) -> None:
        files = [entry for entry in self.entries if is_file(entry)]
        if len(files) > self._limits.entries or len(self.entries) > _NEITHER * self._limits.entries:
            raise Unreadable("too_many_entries", f"more than {self._limits.entries}")
        judged = files if self._limits.one_by_one else self.entries
        refusals = [refusal for entry in judged if (refusal := self.refusal(entry)) is not None]
        if refusals and not (self._limits.one_by_one and len(refusals) < len(judged)):
            raise refusals[0]
        if sum(entry.file_size for entry in self.entries) > self._limits.total or self._overlaps():
            raise Unreadable("archive_bomb", "the directory promises more than the limits allow")

    def _overlaps(self) -> bool:
        """Entries that share their bytes (Fifield's bomb) promise a thousand times what is there."""
        spans = sorted((entry.header_offset, entry.compress_size) for entry in self.entries)
        return any(start + size > after for (start, size), (after, _) in pairwise(spans))
