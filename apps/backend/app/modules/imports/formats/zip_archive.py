"""Zip archives: each file in one becomes a member. Names are data, never paths; nesting is the caller's to bound."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING, BinaryIO, Final

from app.modules.imports.domain.errors import Unreadable
from app.modules.imports.formats.zip_guard import GuardedZip, ZipLimits
from app.modules.imports.ports import Member, Members

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Iterator, Sequence

    from app.modules.imports.ports import Probe

_MEDIA_TYPE: Final = "application/zip"
_PACKAGE_PARTS: Final = frozenset({"[Content_Types].xml", "mimetype", "META-INF/MANIFEST.MF"})
_LITTER: Final = frozenset({".ds_store", "thumbs.db", "desktop.ini"})


class _ZipArchive:
    name = "zip_archive"
    gives = Members

    def score(self, probe: Probe) -> int:
        """An office document is a zip too, and no archive of files."""
        if probe.media_type != _MEDIA_TYPE or _PACKAGE_PARTS & set(probe.members):
            return 0
        return 60

    def read(self, file: BinaryIO, probe: Probe) -> Members:  # noqa: ARG002  (the port gives it)
        """Raises what ``GuardedZip`` raises, while members are taken too; ``archive_empty`` when no file is in it."""
        archive = GuardedZip(file, ZipLimits())
        entries = [entry for entry in archive.entries if _is_file(entry)]
        if not entries:
            raise Unreadable("archive_empty")
        return Members(members=_members(archive, entries))


def _members(archive: GuardedZip, entries: Sequence[zipfile.ZipInfo]) -> Iterator[Member]:
    for entry in entries:
        yield Member(name=entry.filename, content=archive.content(entry))


def _is_file(entry: zipfile.ZipInfo) -> bool:
    mode = entry.external_attr >> 16
    # Not ``is_dir``: in Python 3.11 it raises for an entry without a name, which is a file all the same.
    if entry.filename.endswith("/") or stat.S_ISLNK(mode) or (stat.S_IFMT(mode) and not stat.S_ISREG(mode)):
        return False
    parts = entry.filename.replace("\\", "/").split("/")
    return parts[0] != "__MACOSX" and parts[-1].lower() not in _LITTER


READER = _ZipArchive()
