"""Every code that a person may meet has a text, in both languages, with what to do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.modules.imports.domain.messages import catalogue

_SOURCES = Path(__file__).parents[1] / "modules" / "imports"
_RAISED = re.compile(
    r"\b(?:ValueProblem|RowProblem|Unreadable|Unsupported|Terminal|Transient|RefusedUpload|QuotaReached|Dead|NeedsReview|Retry|Finding)"
    r"\(\s*(?:code=)?\"([a-z0-9_]+)\""
)


def raised_codes() -> dict[str, str]:
    """Code → the file that raises it."""
    found: dict[str, str] = {}
    for path in sorted(_SOURCES.rglob("*.py")):
        if "tests" not in path.parts:
            found |= dict.fromkeys(_RAISED.findall(path.read_text(encoding="utf-8")), path.name)
    return found


def test_codes_are_found_at_all() -> None:
    assert {"malware_detected", "mapping_needed", "xml_doctype", "totals_mismatch"} <= set(raised_codes())


@pytest.mark.parametrize(("code", "file"), sorted(raised_codes().items()))
def test_a_code_has_its_text_in_both_languages(code: str, file: str) -> None:
    texts = catalogue().get(code)
    assert texts, f"{code} (raised in {file}) is missing in domain/messages.toml"
    assert texts["es"]
    assert texts["en"]
