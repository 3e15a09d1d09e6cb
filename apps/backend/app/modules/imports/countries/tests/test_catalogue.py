"""Every finding that a country's rules can raise says something to people, in both languages."""

from __future__ import annotations

import ast
import re
import string
from pathlib import Path

import pytest

from app.modules.imports import countries
from app.modules.imports.countries.judging import READER_BLOCKS, READER_NOTES
from app.modules.imports.domain.messages import LANGUAGES, catalogue, message

FOLDER = Path(countries.__file__).parent
NOTED = (
    re.compile(r"""\.note\(\s*"([a-z_]+)"\s*\)"""),
    re.compile(r"""^(?!_?PATH\b)[A-Z_]+(?:: Final)? = "([a-z]+(?:_[a-z]+)+)"$""", re.MULTILINE),
    re.compile(r"""^        \("([a-z]+_[a-z_]+)", (?!")""", re.MULTILINE),
)
"""How readers say so: to a reading, by a constant that is no field's path, in the list of a sheet."""


def raised() -> dict[str, set[str]]:
    """Codes of Finding(...) in the rules, with the params that are spelled out there."""
    found: dict[str, set[str]] = {code: set() for code in (*READER_BLOCKS, *READER_NOTES, "signature_broken")}
    for noted in noted_by_readers():
        found.setdefault(noted, set())
    for path in FOLDER.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Finding":
                given = {word.arg: word.value for word in node.keywords}
                code = given["code"]
                if isinstance(code, ast.Constant):
                    found.setdefault(str(code.value), set())
    return found


def noted_by_readers() -> set[str]:
    """What readers note of a source, which is found without a Finding(...) of its own."""
    sources = [*(FOLDER.parent / "formats").glob("*.py"), *(FOLDER.parent / "mapping").glob("*.py")]
    texts = [path.read_text(encoding="utf-8") for path in sources]
    return {code for text in texts for shape in NOTED for code in shape.findall(text)}


def test_the_notes_of_readers_were_found() -> None:
    assert {"lines_mismatch", "bad_date", "final_record_missing", "mixed_currencies"} <= noted_by_readers()


def test_the_rules_were_found() -> None:
    assert {"totals_mismatch", "rate_not_lawful", "access_key_invalid", "missing_field"} <= raised().keys()


@pytest.mark.parametrize("code", sorted(raised()))
def test_a_finding_has_a_text_in_both_languages(code: str) -> None:
    assert code in catalogue()
    texts = [message(code, lang, {}) for lang in LANGUAGES]
    assert len(set(texts)) == len(LANGUAGES)


@pytest.mark.parametrize("code", sorted(catalogue()))
def test_both_languages_of_a_code_have_the_same_placeholders(code: str) -> None:
    assert set(catalogue()[code]) == set(LANGUAGES)
    placeholders = [
        {name for _, name, _, _ in string.Formatter().parse(catalogue()[code][lang]) if name} for lang in LANGUAGES
    ]
    assert placeholders[0] == placeholders[1]
