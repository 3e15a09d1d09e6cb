"""Bounds on what a zip may hold: entries, sizes, overlaps, and what really comes out when it is unpacked."""

from __future__ import annotations

import struct
import zipfile
import zlib
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, BinaryIO, Final

from app.modules.imports.domain.errors import Unreadable, Unsupported

if TYPE_CHECKING:
    from collections.abc import Iterator

_METHODS: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_ENCRYPTED: Final = 0x1
_CHUNK: Final = 256 * 1024
_NEVER_A_BOMB: Final = 1024 * 1024
"""Below this size a high ratio is only a repetitive file."""
_BROKEN: Final = (zipfile.BadZipFile, zlib.error, EOFError, struct.error, ValueError, OverflowError, OSError)


@dataclass(frozen=True, slots=True, kw_only=True)
class ZipLimits:
    """Bounds that an archive must keep; sizes in bytes."""

    entries: int = 1_000
    total: int = 200 * 1024 * 1024
    ratio: int = 100


class GuardedZip:
    """A zip within its limits. What comes out is counted, not what the directory promises."""

    def __init__(self, file: BinaryIO, limits: ZipLimits) -> None:
        """Raises Unreadable (``archive_broken``, ``too_many_entries``, ``archive_bomb``) or
        Unsupported (``archive_encrypted``, ``archive_method``).
        """
        self._limits = limits
        self._left = limits.total
        try:
            self._zip = zipfile.ZipFile(file)
        except (*_BROKEN, NotImplementedError) as error:
            raise Unreadable("archive_broken") from error
        self.entries = tuple(self._zip.infolist())
        self._check_directory()

    def chunks(self, entry: zipfile.ZipInfo) -> Iterator[bytes]:
        """The entry's bytes, counted against the limits. Raises Unreadable."""
        size = 0
        most = max(_NEVER_A_BOMB, entry.compress_size * self._limits.ratio)
        try:
            with self._zip.open(entry) as member:
                while chunk := member.read(_CHUNK):
                    size += len(chunk)
                    self._left -= len(chunk)
                    if size > most or self._left < 0:
                        raise Unreadable("archive_bomb", "more comes out than the limits allow")
                    yield chunk
        except (*_BROKEN, NotImplementedError, RuntimeError) as error:
            raise Unreadable("archive_broken") from error

    def content(self, entry: zipfile.ZipInfo) -> bytes:
        """The whole entry. Raises Unreadable."""
        return b"".join(self.chunks(entry))

    def _check_directory(self) -> None:
        if len(self.entries) > self._limits.entries:
            raise Unreadable("too_many_entries", f"more than {self._limits.entries}")
        if any(entry.flag_bits & _ENCRYPTED for entry in self.entries):
            raise Unsupported("archive_encrypted", "upload it without a password")
        if any(entry.compress_type not in _METHODS for entry in self.entries):
            raise Unsupported("archive_method", "only stored and deflated entries are unpacked")
        if sum(entry.file_size for entry in self.entries) > self._limits.total or self._overlaps():
            raise Unreadable("archive_bomb", "the directory promises more than the limits allow")

    def _overlaps(self) -> bool:
        """Entries that share their bytes (Fifield's bomb) promise a thousand times what is there."""
        spans = sorted((entry.header_offset, entry.compress_size) for entry in self.entries)
        return any(start + size > after for (start, size), (after, _) in pairwise(spans))
