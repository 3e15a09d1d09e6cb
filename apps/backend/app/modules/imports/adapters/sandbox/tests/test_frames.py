"""What crosses the wall is JSON that a database can keep."""

from __future__ import annotations

import os
import resource
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.modules.imports.adapters.sandbox.frames import (
    FrameBroken,
    FrameTimeout,
    read_frame,
    send_frame,
    write_frame,
)

BEYOND_SELECT = 1500


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


def test_a_pipe_with_a_high_number_is_read_within_its_deadline() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard <= BEYOND_SELECT:
        pytest.skip("this host does not let a process open as many files")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, BEYOND_SELECT + 1), hard))
    reading, writing = os.pipe()
    high = os.dup2(reading, BEYOND_SELECT)
    with os.fdopen(reading, "rb"), os.fdopen(high, "rb"), os.fdopen(writing, "wb") as stream:
        write_frame(stream, ["said"])
        assert read_frame(high, time.monotonic() + 5) == ["said"]
        with pytest.raises(FrameTimeout):
            read_frame(high, time.monotonic() + 0.05)
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.parametrize("said", [b"\0", b"\0\0\0\x09half", b"\0\0\0\x09"])
def test_a_frame_that_stops_halfway_is_waited_for_until_its_deadline_and_no_longer(said: bytes) -> None:
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb"), os.fdopen(writing, "wb", buffering=0) as stream:
        stream.write(said)
        began = time.monotonic()
        with pytest.raises(FrameTimeout):
            read_frame(reading, began + 0.1)
        assert 0.1 <= time.monotonic() - began < 5


@pytest.mark.parametrize("size", [1, 5000, 300_000])
def test_what_is_sent_within_a_deadline_arrives(size: int) -> None:
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb"), os.fdopen(writing, "wb"), ThreadPoolExecutor(1) as other:
        received = other.submit(read_frame, reading, time.monotonic() + 20)
        send_frame(writing, "x" * size, time.monotonic() + 20)
        assert received.result() == "x" * size


def test_a_list_in_a_list_without_end_is_no_frame() -> None:
    reading, writing = os.pipe()
    nested = b"[" * 60_000
    with os.fdopen(reading, "rb"), os.fdopen(writing, "wb") as stream:
        stream.write(len(nested).to_bytes(4, "big") + nested)
        stream.flush()
        with pytest.raises(FrameBroken):
            read_frame(reading, None)


_SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
_JSON = st.recursive(_SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8)


@given(_JSON | st.just("\ud800") | st.just({"k\0": 2**70}))
def test_a_part_arrives_as_a_result_does(content: object) -> None:
    assert crossed({"part": content}) == {"part": crossed(content)}
