"""What holds for every reader of bank statements: samples read as expected, and whatever the bytes, only known errors."""

from __future__ import annotations

import contextlib
import io
import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.modules.imports.domain.canonical_json import from_json, to_json
from app.modules.imports.domain.errors import Unreadable, Unsupported
from app.modules.imports.formats import camt, mt940, norma43, ofx, qif
from app.modules.imports.formats.tests.statement_samples import read, samples_of, score
from app.modules.imports.ports import Documents, Probe

if TYPE_CHECKING:
    from pathlib import Path

    from app.modules.imports.ports import Reader

_READERS: tuple[Reader, ...] = (norma43.READER, camt.READER, mt940.READER, ofx.READER, qif.READER)
_SAMPLES = [pytest.param(reader, path, id=path.name) for reader in _READERS for path in samples_of(reader)]
_BY_NAME = pytest.mark.parametrize("reader", _READERS, ids=lambda reader: reader.name)
_FUZZ = settings(max_examples=150, deadline=None, database=None, suppress_health_check=list(HealthCheck))
_PIECES = st.sampled_from(
    [b"\n", b"11", b"22", b"33", b"88", b":61:", b":86:", b":62F:", b"-\n", b"<STMTTRN>", b"<", b">", b"?", b"^\n", b"!Type:Bank\n",
     b"9" * 30, b"\xff", b"\0", b"\xd9\xa3", b"\xc2\xb2", b"1e9", b"&#xD800;", b"<Ntry>", b"</Stmt>", b"<Stmt>", b",", b"//"]
)  # fmt: skip


@pytest.mark.parametrize(("reader", "path"), _SAMPLES)
def test_a_sample_is_read_as_expected(reader: Reader, path: Path) -> None:
    expected = json.loads(path.with_name(f"{path.name}.expected.json").read_text(encoding="utf-8"))
    assert [to_json(document) for document in read(reader, path.read_bytes())] == expected


@pytest.mark.parametrize(("reader", "path"), _SAMPLES)
def test_each_sample_is_known_by_its_own_reader_alone(reader: Reader, path: Path) -> None:
    scores = {each.name: score(each, path.read_bytes()) for each in _READERS}
    assert {name for name, value in scores.items() if value} == {reader.name}


@_BY_NAME
@_FUZZ
@given(data=st.data())
def test_a_broken_file_raises_only_what_a_reader_may(reader: Reader, data: st.DataObject) -> None:
    content = bytearray(data.draw(st.sampled_from([path.read_bytes() for path in samples_of(reader)])))
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(content)))
        match data.draw(st.sampled_from(["cut", "drop", "put", "turn"])):
            case "cut":
                del content[at:]
            case "drop":
                del content[at : at + data.draw(st.integers(1, 40))]
            case "put":
                content[at:at] = data.draw(_PIECES)
            case _:
                content[at : at + 1] = data.draw(st.binary(min_size=1, max_size=1))
    _read_or_refuse(reader, bytes(content))


@_BY_NAME
@_FUZZ
@given(content=st.one_of(st.binary(max_size=400), st.lists(_PIECES, max_size=40).map(b"".join)))
def test_bytes_of_any_kind_raise_only_what_a_reader_may(reader: Reader, content: bytes) -> None:
    _read_or_refuse(reader, content)


def _read_or_refuse(reader: Reader, content: bytes) -> None:
    probe = Probe(name="file", size=len(content), head=content[:65536], media_type="application/octet-stream")
    assert 0 <= reader.score(probe) <= 100
    with contextlib.suppress(Unreadable, Unsupported):
        read_content = reader.read(io.BytesIO(content), probe)
        assert isinstance(read_content, Documents)
        assert read_content.documents
        for document in read_content.documents:
            assert to_json(from_json(to_json(document))) == to_json(document)
