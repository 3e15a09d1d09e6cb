"""The contract of every reader, whatever its format: broken bytes are ``Unreadable`` (or ``Unsupported``), nothing else."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.modules.imports import plugins
from app.modules.imports.domain.canonical_json import from_json, to_json
from app.modules.imports.domain.errors import Unreadable, Unsupported
from app.modules.imports.formats.probing import probe_file
from app.modules.imports.ports import Content, Documents, Members, Tables

if TYPE_CHECKING:
    from app.modules.imports.ports import Reader

SAMPLES = Path(__file__).parent / "samples"
READERS = tuple(plugins.readers().values())
FILES = {
    reader.name: [p.read_bytes() for p in sorted((SAMPLES / reader.name).glob("*")) if p.suffix != ".json"]
    for reader in READERS
}
EVERY = pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
LIGHT = settings(max_examples=25, deadline=None, database=None, suppress_health_check=list(HealthCheck))
WITHOUT_SAMPLES = {"pdf", "image"}
"""Their pages are made in their own tests."""


def test_every_reader_of_values_has_samples() -> None:
    assert {name for name, files in FILES.items() if not files} <= WITHOUT_SAMPLES


@EVERY
@LIGHT
@given(data=st.data())
def test_a_file_that_was_cut_is_read_or_refused(reader: Reader, data: st.DataObject) -> None:
    whole = data.draw(st.sampled_from(FILES[reader.name] or [b"%PDF-1.7\n"]))
    _read_or_refuse(reader, whole[: data.draw(st.integers(1, len(whole)))])


@EVERY
@LIGHT
@given(data=st.data())
def test_a_file_with_a_spoilt_stretch_is_read_or_refused(reader: Reader, data: st.DataObject) -> None:
    content = bytearray(data.draw(st.sampled_from(FILES[reader.name] or [b"%PDF-1.7\n"])))
    at = data.draw(st.integers(0, len(content) - 1))
    content[at : at + data.draw(st.integers(0, 40))] = data.draw(st.binary(min_size=1, max_size=40))
    _read_or_refuse(reader, bytes(content))


@EVERY
@LIGHT
@given(content=st.binary(min_size=1, max_size=400))
def test_bytes_of_any_kind_are_read_or_refused(reader: Reader, content: bytes) -> None:
    _read_or_refuse(reader, content)


@EVERY
@LIGHT
@given(data=st.data())
def test_files_of_other_formats_are_read_or_refused(reader: Reader, data: st.DataObject) -> None:
    other = data.draw(st.sampled_from(sorted(name for name, files in FILES.items() if files)))
    _read_or_refuse(reader, data.draw(st.sampled_from(FILES[other])))


def _read_or_refuse(reader: Reader, content: bytes) -> None:
    with contextlib.suppress(Unreadable, Unsupported):
        file = io.BytesIO(content)
        probe = probe_file(file, "file")
        assert 0 <= reader.score(probe) <= 100
        _walk(reader.read(file, probe))


def _walk(content: Content) -> None:
    match content:
        case Documents(documents=documents):
            for document in documents:
                assert to_json(from_json(to_json(document))) == to_json(document)
        case Tables(tables=tables):
            for table in tables:
                assert all(isinstance(row, tuple) for row in table.rows())
        case Members(members=members):
            assert all(member.name is not None for member in members)
        case _:
            assert content.source.count >= 0
