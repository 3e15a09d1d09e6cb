"""Whatever text an item holds, no program that opens the export takes it for a formula."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.modules.imports.usecases.formula_guard import inert_text


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+34 600 000 000", "-5", "@SUM(A1)", "\tx", "\rx", "\nx", "\0x", "  =1", "\u00a0=1", "\u3000+1", "\ufeff=1",
     "\u200b=1", "＝1", "＋1", "－1", "＠x", "\ufe62=1", "\u2212" + "5", " \t x", "\u2060@x"],
)  # fmt: skip
def test_what_begins_like_a_formula_gets_an_apostrophe(text: str) -> None:
    assert inert_text(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", " ", "Talleres Roble, S.L.", "B-12", "3-2", "'=1", "a=b", "1.210,00", "ñ@x"])
def test_any_other_text_stays_as_it_is(text: str) -> None:
    assert inert_text(text) == text


@given(st.text())
def test_the_text_is_whole_and_guarded_once(text: str) -> None:
    guarded = inert_text(text)
    assert guarded in {text, f"'{text}"}
    assert inert_text(guarded) == guarded
