from __future__ import annotations

import io
import struct
import warnings
import zipfile
import zlib
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.modules.imports.domain.errors import Unreadable, Unsupported
from app.modules.imports.formats.probing import probe_file
from app.modules.imports.formats.tests.table_files import read_all, refusal, zipped
from app.modules.imports.formats.zip_archive import READER
from app.modules.imports.ports import Probe


def _edited(content: bytes, entry: bytes, offset: int, value: int) -> bytes:
    """With one byte of every header of a kind changed."""
    edited = bytearray(content)
    at = edited.find(entry)
    while at >= 0:
        edited[at + offset] = value
        at = edited.find(entry, at + 1)
    return bytes(edited)


ENCRYPTED = _edited(_edited(zipped({"a.pdf": b"x"}), b"PK\3\4", 6, 1), b"PK\1\2", 8, 1)
TWICE = zipped({"a.bin": b"x" * 500, "b.bin": b"y" * 500}, zipfile.ZIP_STORED)


def _overlapping() -> bytes:
    """The second entry of the directory is made to begin where the first one does."""
    edited = bytearray(TWICE)
    second = edited.rfind(b"PK\1\2")
    edited[second + 42 : second + 46] = b"\0\0\0\0"
    return bytes(edited)


def test_files_of_one_name_all_come_through() -> None:
    target = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(target, "w") as archive:
        warnings.simplefilter("ignore")
        archive.writestr("a.pdf", b"1")
        archive.writestr("a.pdf", b"2")
    assert read_all(READER, target.getvalue(), "x.zip") == [("a.pdf", b"1"), ("a.pdf", b"2")]


def test_an_entry_without_a_name_is_a_file_like_any_other() -> None:
    nameless = zipped({"name.csv": b"1;2"}).replace(b"name.csv", b"\0ame.csv")
    assert read_all(READER, nameless, "x.zip") == [("", b"1;2")]


def test_a_repetitive_small_file_is_no_bomb() -> None:
    assert read_all(READER, zipped({"a.txt": b"0" * 900_000}), "x.zip") == [("a.txt", b"0" * 900_000)]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (zipped({"a.csv": bytes(110_000_000)}), "archive_bomb"),
        (zipped({f"{i}.csv": bytes(1_000_000) for i in range(250)}), "archive_bomb"),
        (_overlapping(), "archive_bomb"),
        (zipped({f"{i}.txt": b"" for i in range(1_001)}), "too_many_entries"),
        (ENCRYPTED, "archive_encrypted"),
        (zipped({"a.txt": b"x" * 100}, zipfile.ZIP_LZMA), "archive_method"),
        (zipped({"dir/": b"", "__MACOSX/._a": b"x", ".DS_Store": b"x"}), "archive_empty"),
        (zipped({}), "archive_empty"),
        (zipped({"a.txt": b"x" * 100})[:-10], "archive_broken"),
        (zipped({"a.txt": b"xyz"}, zipfile.ZIP_STORED).replace(b"xyz", b"xyw"), "archive_broken"),
    ],
)
def test_what_breaks_the_limits_is_refused_by_code(content: bytes, code: str) -> None:
    assert refusal(READER, content, "x.zip") == code


def test_the_size_that_counts_is_what_comes_out() -> None:
    honest = zipped({"a.csv": bytes(5_000_000)})
    size = (5_000_000).to_bytes(4, "little")
    lying = honest.replace(size, (10).to_bytes(4, "little"))
    assert lying != honest
    assert refusal(READER, lying, "x.zip") in ("archive_bomb", "archive_broken")


def test_members_come_one_at_a_time() -> None:
    file = io.BytesIO(zipped({"good.txt": b"x", "bomb.csv": bytes(110_000_000)}))
    members = READER.read(file, probe_file(file, "x.zip")).members
    assert next(members).name == "good.txt"
    with pytest.raises(Unreadable, match="archive_bomb"):
        next(members)


def test_a_blank_page_as_a_bitmap_is_no_bomb() -> None:
    assert read_all(READER, zipped({"scan.bmp": bytes(26_000_000)}), "x.zip") == [("scan.bmp", bytes(26_000_000))]


def _raw(*entries: tuple[bytes, bytes], flags: int = 0, local: bytes | None = None, extra: bytes = b"") -> bytes:
    """Names written as they are, and otherwise in front of the entry than in the directory if ``local`` says so."""
    out, directory = b"", b""
    for name, content in entries:
        inner = name if local is None else local
        sizes = (zlib.crc32(content), len(content), len(content))
        head = (20, flags, 0, 0, 0x21, *sizes)
        at = len(out)
        out += struct.pack("<4s5H3L2H", b"PK\3\4", *head, len(inner), 0) + inner + content
        directory += (
            struct.pack("<4s6H3L5H2L", b"PK\1\2", 20, *head, len(name), len(extra), 0, 0, 0, 0, at) + name + extra
        )
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, len(entries), len(entries), len(directory), len(out), 0)
    return out + directory + end


@pytest.mark.parametrize(
    ("name", "encoding"),
    [
        ("Facturación España.xml", "utf-8"),
        ("FACTURA ELECTRÓNICA ESPAÑA.xml", "cp850"),
        ("Línea móvil año.xml", "cp850"),
        ("Facturación Nº 5 – enero €.xml", "cp1252"),
        ("Pérez Muñoz.xml", "cp1252"),
    ],
)
def test_a_name_is_read_in_the_code_page_it_was_written_in(name: str, encoding: str) -> None:
    assert read_all(READER, _raw((name.encode(encoding), b"x")), "x.zip") == [(name, b"x")]


def test_the_name_in_unicode_beside_the_other_counts_if_it_is_of_it() -> None:
    for of, expected in ((b"Pe#a.xml", "Peña.xml"), (b"other", "Pe#a.xml")):
        stated = struct.pack("<BL", 1, zlib.crc32(of)) + "Peña.xml".encode()
        extra = struct.pack("<2H", 0x7075, len(stated)) + stated
        assert read_all(READER, _raw((b"Pe#a.xml", b"x"), extra=extra), "x.zip") == [(expected, b"x")]


def test_an_entry_may_call_itself_otherwise_than_the_directory() -> None:
    assert read_all(READER, _raw((b"a/f.xml", b"x"), local=b"a\\f.xml"), "x.zip") == [("a/f.xml", b"x")]


def test_a_directory_that_only_our_reader_stops_at_is_read() -> None:
    latin = _raw(("año.xml".encode("cp1252"), b"x"), flags=0x800, local=b"a.xml")
    # The flag stands in front of the entry too, where the name is plain.
    assert read_all(READER, latin, "x.zip") == [("año.xml", b"x")]
    assert read_all(READER, _raw(("año.xml".encode("cp1252"), b"x"), flags=0x800), "x.zip") == [("año.xml", b"x")]
    for extra in (b"UT\x20\0abc", b"\xfe\xca\1\0aUT\x20\0abc", b"\1\0\x20\0"):
        assert read_all(READER, _raw((b"a.xml", b"x"), extra=extra), "x.zip") == [("a.xml", b"x")]


def test_a_mark_of_several_disks_hides_no_archive() -> None:
    content = b"PK00" + zipped({"a.txt": b"x"})
    probe = probe_file(io.BytesIO(content), "x.zip")
    assert (probe.media_type, read_all(READER, content, "x.zip")) == ("application/zip", [("a.txt", b"x")])


def test_folders_and_litter_are_neither_members_nor_counted() -> None:
    litter = {f"{i}/": b"" for i in range(500)} | {f"__MACOSX/._{i}": b"x" for i in range(600)}
    litter |= dict.fromkeys(["a/__MACOSX/._f", "Icon\r", "b/.directory", "c/~$f.xlsx", "d\\"], b"")
    litter |= {"a/._f.xml": b"\0\5\x16\7 and more"}
    assert read_all(READER, zipped(litter | {"f.xml": b"<a/>"}), "x.zip") == [("f.xml", b"<a/>")]


LZMA = zipped({"bad": b"x" * 100}, zipfile.ZIP_LZMA)
BROKEN = zipped({"bad": b"xyz"}, zipfile.ZIP_STORED).replace(b"xyz", b"xyw")
LOCKED = _edited(_edited(zipped({"bad": b"x"}), b"PK\3\4", 6, 1), b"PK\1\2", 8, 1)


@pytest.mark.parametrize(
    ("bad", "code"), [(LZMA, "archive_method"), (BROKEN, "archive_broken"), (LOCKED, "archive_encrypted")]
)
def test_an_entry_that_cannot_be_unpacked_says_why_and_its_siblings_are_read(bad: bytes, code: str) -> None:
    target = io.BytesIO(bad)
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr("good.txt", b"1")
    (name, content), good = read_all(READER, target.getvalue(), "x.zip")
    assert (name, good) == ("bad.zip", ("good.txt", b"1"))
    assert refusal(READER, content, name) == code


def test_litter_that_cannot_be_unpacked_harms_nothing() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("__MACOSX/._a", b"x" * 100, zipfile.ZIP_LZMA)
        archive.writestr("a.txt", b"1")
    assert read_all(READER, target.getvalue(), "x.zip") == [("a.txt", b"1")]


def test_an_office_document_is_no_archive() -> None:
    assert (
        READER.score(probe_file(io.BytesIO(zipped({"[Content_Types].xml": b"", "word/document.xml": b""})), "a.docx"))
        == 0
    )


@settings(max_examples=80)
@given(st.integers(min_value=0), st.binary(min_size=1, max_size=30))
def test_a_damaged_archive_gives_members_or_a_refusal_and_nothing_else(at: int, damage: bytes) -> None:
    whole = bytearray(TWICE)
    at %= len(whole)
    whole[at : at + len(damage)] = damage
    content = bytes(whole)
    probe = Probe(name="x.zip", size=len(content), head=content, media_type="application/zip")
    with suppress(Unreadable, Unsupported):
        assert all(isinstance(m.content, bytes) for m in READER.read(io.BytesIO(content), probe).members)
