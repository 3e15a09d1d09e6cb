"""Golden pairs of every reader: ``samples/READER/FILE`` and ``FILE.expected.json`` beside it.

``IMPORTS_REGENERATE_GOLDEN=1 pytest …`` writes the expected files anew; read the difference before keeping it.
"""

from __future__ import annotations

import hashlib
import json
import os
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from app.modules.imports import plugins
from app.modules.imports.domain.canonical_json import from_json, to_json
from app.modules.imports.formats.probing import best_reader, probe_file
from app.modules.imports.ports import Content, Documents, Members, Tables

SAMPLES = Path(__file__).parent / "samples"
EXPECTED = ".expected.json"
FILES = sorted(path for path in SAMPLES.glob("*/*") if path.is_file() and not path.name.endswith(EXPECTED))
CLEAR_LEAD = 10


def _name(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def _cell(value: object) -> object:
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat() if isinstance(value, date) else value


def _described(content: Content) -> list[object]:
    if isinstance(content, Documents):
        return [to_json(document) for document in content.documents]
    if isinstance(content, Tables):
        return [
            {"table": table.name, "rows": [[_cell(v) for v in row] for row in table.rows()]} for table in content.tables
        ]
    if isinstance(content, Members):
        return [
            {"member": m.name, "size": len(m.content), "sha256": hashlib.sha256(m.content).hexdigest()}
            for m in content.members
        ]
    return [{"pages": content.source.count, "attachments": [m.name for m in content.source.attachments()]}]


def test_there_are_samples() -> None:
    assert FILES


@pytest.mark.parametrize("path", FILES, ids=_name)
def test_a_sample_reads_as_its_expected_json(path: Path) -> None:
    reader = plugins.readers()[path.parent.name]
    with path.open("rb") as file:
        read = _described(reader.read(file, probe_file(file, path.name)))
    expected = path.with_name(path.name + EXPECTED)
    if os.environ.get("IMPORTS_REGENERATE_GOLDEN") == "1":
        expected.write_text(json.dumps(read, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    assert read == json.loads(expected.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", FILES, ids=_name)
def test_a_sample_is_won_by_its_reader_and_by_no_other(path: Path) -> None:
    with path.open("rb") as file:
        probe = probe_file(file, path.name)
    scores = {name: reader.score(probe) for name, reader in plugins.readers().items()}
    winner = best_reader(probe)
    assert winner is not None
    assert winner.name == path.parent.name
    own = scores.pop(winner.name)
    assert {name: score for name, score in scores.items() if score > own - CLEAR_LEAD} == {}


@pytest.mark.parametrize("path", FILES, ids=_name)
def test_what_is_read_survives_its_json(path: Path) -> None:
    reader = plugins.readers()[path.parent.name]
    if reader.gives is not Documents:
        return
    with path.open("rb") as file:
        content = reader.read(file, probe_file(file, path.name))
    assert isinstance(content, Documents)
    for document in content.documents:
        written = json.loads(json.dumps(to_json(document)))
        assert to_json(from_json(written)) == to_json(document)
