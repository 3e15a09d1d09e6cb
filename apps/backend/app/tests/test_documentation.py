"""What the documentation can be held to: settings, links, samples."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.settings import Settings

ROOT = Path(__file__).parents[4]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("samples/*.md")])
LINK = re.compile(r"\]\((?!https?://)([^)#]+)[^)]*\)")


def table_names(text: str) -> set[str]:
    """The names in the first column of every table of a page."""
    return set(re.findall(r"^\| `([^`]+)` \|", text, re.MULTILINE))


def test_the_readme_explains_every_setting_and_no_other() -> None:
    configuration = (ROOT / "README.md").read_text(encoding="utf-8").partition("## Configuration")[2]
    explained = table_names(configuration.partition("\n## ")[0])
    assert explained == {field.alias for field in Settings.model_fields.values()}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_link_leads_somewhere(page: Path) -> None:
    targets = LINK.findall(page.read_text(encoding="utf-8"))
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_every_sample_has_its_row() -> None:
    explained = table_names((ROOT / "samples" / "README.md").read_text(encoding="utf-8"))
    assert explained == {path.name for path in (ROOT / "samples" / "documents").iterdir()}
