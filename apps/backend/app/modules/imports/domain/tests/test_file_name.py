"""Names are shown as they are read, and nothing in them deceives."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.modules.imports.domain.file_name import LONGEST, shown_name


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("factura.pdf", "factura.pdf"),
        ("fac\0tu\r\nra.pdf", "factura.pdf"),
        ("factura\u202efdp.exe", "facturafdp.exe"),
        ("n\u0303andu\u0301.pdf", "ñandú.pdf"),
        ("mitad\ud83d.xml", "mitad.xml"),
        ("a" * 300 + ".pdf", "a" * 251 + ".pdf"),
        ("a." + "b" * 300, ("a." + "b" * 300)[:LONGEST]),
        ("", ""),
    ],
)
def test_what_cannot_be_seen_is_left_out_and_the_ending_stays(name: str, shown: str) -> None:
    assert shown_name(name) == shown


@given(st.text(alphabet=st.characters(), max_size=400))
def test_any_name_can_be_stored_and_is_shown_the_same_the_second_time(name: str) -> None:
    shown = shown_name(name)
    assert len(shown) <= LONGEST
    assert "\0" not in shown
    shown.encode()
    assert shown_name(shown) == shown
