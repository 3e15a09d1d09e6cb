"""What crosses the wall is JSON that a database can keep."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.modules.imports.adapters.sandbox.frames import read_frame, write_frame


def crossed(message: object) -> object:
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb"), os.fdopen(writing, "wb") as stream:
        write_frame(stream, message)
        return read_frame(reading, None)


@pytest.mark.parametrize(
    ("sent", "received"),
    [
        ({"a": ["ñ", 1, None, True, 1.5]}, {"a": ["ñ", 1, None, True, 1.5]}),
        ("a\\u0000b", "a\\u0000b"),
        ({"x": [{"y": "A\0B"}]}, {"x": [{"y": "A\ufffdB"}]}),
        ({"k\0": ("\ud800", "💶")}, {"k\ufffd": ["\ufffd", "💶"]}),
    ],
)
def test_text_arrives_as_it_was_but_for_what_no_database_stores(sent: object, received: object) -> None:
    assert crossed(sent) == received


_SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
_JSON = st.recursive(_SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8)


@given(_JSON | st.just("\ud800") | st.just({"k\0": 2**70}))
def test_a_part_arrives_as_a_result_does(content: object) -> None:
    assert crossed({"part": content}) == {"part": crossed(content)}
