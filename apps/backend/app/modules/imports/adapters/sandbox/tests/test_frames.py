"""What crosses the wall is JSON that a database can keep."""

from __future__ import annotations

import os

import pytest

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
