"""The page on the state machine says what the code does."""

from __future__ import annotations

from pathlib import Path

from app.modules.imports.domain.diagram import state_machine_markdown
from app.modules.imports.domain.pipeline import ItemState, allowed_edges

PAGE = Path(__file__).parents[7] / "docs" / "state-machine.md"


def test_the_committed_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == state_machine_markdown()


def test_every_allowed_change_has_one_row_with_its_reason() -> None:
    rows = [line for line in state_machine_markdown().splitlines() if line.startswith("| `")]
    assert len(rows) == len(allowed_edges())
    assert all(f"| `{before}` | `{after}` | " in "\n".join(rows) for before, after in allowed_edges())


def test_every_state_is_in_the_drawing() -> None:
    drawing = state_machine_markdown().partition("```mermaid")[2].partition("```")[0]
    assert [state for state in ItemState if f"{state} -->" not in drawing and f"--> {state}" not in drawing] == []
