"""Zip archives: each file in one becomes a member. Names are data, never paths; nesting is the caller's to bound.

An entry that cannot be unpacked is a member too, as an archive of its own, so that its siblings are read and what is
wrong with it is said of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO, Final

from app.modules.imports.domain.errors import Unreadable, Unsupported
from app.modules.imports.formats.litter import is_other_half
from app.modules.imports.formats.zip_entries import entry_name, is_file, is_package
from app.modules.imports.formats.zip_guard import OF_ONE_ENTRY, GuardedZip, ZipLimits
from app.modules.imports.ports import Member, Members

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Iterator, Sequence

    from app.modules.imports.ports import Probe

_MEDIA_TYPE: Final = "application/zip"
_LIMITS: Final = ZipLimits(one_by_one=True, never_a_bomb=100 * 1024 * 1024)
"""A blank page as a bitmap is packed a thousand times smaller."""


class _ZipArchive:
    name = "zip_archive"
    gives = Members

    def score(self, probe: Probe) -> int:
        return 60 if probe.media_type == _MEDIA_TYPE and not is_package(probe.members) else 0

    def read(self, file: BinaryIO, probe: Probe) -> Members:  # noqa: ARG002  (the port gives it)
        """Raises what ``GuardedZip`` raises, while members are taken too; ``archive_empty`` when no file is in it."""
        archive = GuardedZip(file, _LIMITS)
        entries = [entry for entry in archive.entries if is_file(entry)]
        if not entries:
            raise Unreadable("archive_empty")
        return Members(members=_members(archive, entries))


def _members(archive: GuardedZip, entries: Sequence[zipfile.ZipInfo]) -> Iterator[Member]:
    for entry in entries:
        name = entry_name(entry)
        try:
            content = archive.content(entry)
        except (Unreadable, Unsupported) as error:
            if len(entries) == 1 or error.code not in OF_ONE_ENTRY:
                raise
            yield Member(f"{name}.zip", archive.alone(entry))
            continue
        if len(entries) == 1 or not is_other_half(content):
            yield Member(name, content)


READER = _ZipArchive()
