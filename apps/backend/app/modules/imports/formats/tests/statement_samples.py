"""What the tests of bank statement readers share: reading bytes as the pipeline would, and the samples on disk."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

from app.modules.imports.formats.probing import probe_file
from app.modules.imports.ports import Documents

if TYPE_CHECKING:
    from app.modules.imports.domain.canonical import CanonicalDocument, Statement
    from app.modules.imports.ports import Reader

SAMPLES = Path(__file__).parent / "samples"


def read(reader: Reader, content: bytes) -> tuple[CanonicalDocument, ...]:
    file = io.BytesIO(content)
    read_content = reader.read(file, probe_file(file, "file"))
    assert isinstance(read_content, Documents)
    return read_content.documents


def score(reader: Reader, content: bytes) -> int:
    return reader.score(probe_file(io.BytesIO(content), "file"))


def statement_of(document: CanonicalDocument) -> Statement:
    assert document.statement is not None
    return document.statement


def samples_of(reader: Reader) -> list[Path]:
    return sorted(p for p in (SAMPLES / reader.name).iterdir() if not p.name.endswith(".expected.json"))
