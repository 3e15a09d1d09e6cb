from __future__ import annotations

import io
import warnings
import zipfile
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
        (zipped({"a.csv": bytes(20_000_000)}), "archive_bomb"),
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
    file = io.BytesIO(zipped({"good.txt": b"x", "bomb.csv": bytes(20_000_000)}))
    members = READER.read(file, probe_file(file, "x.zip")).members
    assert next(members).name == "good.txt"
    with pytest.raises(Unreadable, match="archive_bomb"):
        next(members)


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
