"""Entries of a zip: which of them are files, what they are called, and one of them as an archive of its own.

PKWARE APPNOTE 6.3, https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT.
"""

from __future__ import annotations

import stat
import struct
import zlib
from typing import TYPE_CHECKING, Final, NamedTuple

from app.modules.imports.formats.litter import is_litter

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Iterable, Iterator

LOCAL: Final = struct.Struct("<4s5H3L2H")
UTF8_NAME: Final = 0x800
_CENTRAL: Final = struct.Struct("<4s6H3L5H2L")
_END: Final = struct.Struct("<4s4H2LH")
_PACKAGE_PARTS: Final = frozenset({"[Content_Types].xml", "mimetype", "META-INF/MANIFEST.MF"})
_DOS_FOLDER: Final = 0x10
_UNICODE_PATH: Final = 0x7075
"""APPNOTE 4.6.9: the name in UTF-8, and a checksum of the one that it stands for."""
_CODE_PAGES: Final = ("cp850", "cp1252", "cp437")
"""What Windows wrote in the West, as OEM or ANSI, and what the specification asks for; the first wins a tie."""
_LETTERS: Final = frozenset("áéíóúüñçàèìòùâêîôûäëïöãõÁÉÍÓÚÜÑÇÀÈÌÒÙÂÊÎÔÛÄËÏÖÃÕ")
_SIGNS: Final = frozenset("ºª€–—·’°")
_MOST: Final = 0xFFFFFFFE
"""The largest size that is none of ZIP64."""


class LocalHeader(NamedTuple):
    """What stands in front of an entry's bytes, as far as the directory does not say it."""

    name_length: int
    extra_length: int


def local_header(raw: bytes) -> LocalHeader | None:
    """None where there is none."""
    if len(raw) < LOCAL.size or not raw.startswith(b"PK\3\4"):
        return None
    *_, name_length, extra_length = LOCAL.unpack(raw)
    return LocalHeader(name_length, extra_length)


def is_package(names: Iterable[str]) -> bool:
    """An office document is a zip too, and no archive of files."""
    return not _PACKAGE_PARTS.isdisjoint(names)


def is_file(entry: zipfile.ZipInfo) -> bool:
    """Neither a folder nor a link nor what systems leave among files."""
    mode = entry.external_attr >> 16
    if stat.S_IFMT(mode) and not stat.S_ISREG(mode):
        return False
    is_empty_folder = entry.external_attr & _DOS_FOLDER and not entry.file_size
    # Not ``is_dir``: in Python 3.11 it raises for an entry without a name, which is a file all the same.
    return not (is_empty_folder or entry.filename.endswith(("/", "\\")) or is_litter(entry.filename))


def entry_name(entry: zipfile.ZipInfo) -> str:
    """As its sender saw it: few programs say in what code page they wrote it."""
    if entry.flag_bits & UTF8_NAME:
        return entry.filename
    raw = entry.filename.encode("cp437", "replace")
    stated = next(_unicode_names(entry.extra, zlib.crc32(entry.orig_filename.encode("cp437", "replace"))), None)
    if stated is not None:
        return stated
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return max((raw.decode(page, "replace") for page in _CODE_PAGES), key=_plausibility)


def as_archive(entry: zipfile.ZipInfo, packed: bytes) -> bytes:
    """The entry alone, packed as it is."""
    name = b"entry"
    flags = entry.flag_bits & ~UTF8_NAME & ~0x8  # sizes stand in front
    sizes = (entry.CRC, len(packed), min(entry.file_size, _MOST), len(name), 0)
    local = LOCAL.pack(b"PK\3\4", 20, flags, entry.compress_type, 0, 0x21, *sizes)
    central = _CENTRAL.pack(b"PK\1\2", 20, 20, flags, entry.compress_type, 0, 0x21, *sizes, 0, 0, 0, 0, 0)
    start = len(local) + len(name) + len(packed)
    end = _END.pack(b"PK\5\6", 0, 0, 1, 1, len(central) + len(name), start, 0)
    return local + name + packed + central + name + end


def _unicode_names(extra: bytes, checksum: int) -> Iterator[str]:
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        field = extra[at + 4 : at + 4 + length]
        if kind == _UNICODE_PATH and field[:5] == struct.pack("<BL", 1, checksum):
            yield field[5:].decode("utf-8", "replace")
        at += 4 + length


def _plausibility(name: str) -> int:
    """How many of its characters beyond ASCII stand where people write them, less those that do not."""
    around = zip(f" {name[:-1]}", name, f"{name[1:]} ", strict=True)
    return sum(1 if _fits(*three) else -1 for three in around if three[1] > "\x7f")


def _fits(before: str, character: str, after: str) -> bool:
    """A letter or sign of the West, and no capital among small letters or the other way round."""
    if character.isupper():
        is_in_case = not before.islower() and not (before.isupper() and after.islower())
    else:
        is_in_case = not (before.isupper() and after.isupper())
    return character in _SIGNS or (character in _LETTERS and is_in_case)
