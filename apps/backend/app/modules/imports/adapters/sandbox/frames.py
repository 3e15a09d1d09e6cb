"""Frames between parent and child: four bytes of length, then JSON. Nothing that executes ever crosses the wall."""

from __future__ import annotations

import json
import math
import os
import re
import select
import struct
import time
from contextlib import suppress
from typing import IO, Any, Final

import orjson

_LENGTH = struct.Struct(">I")
MOST_BYTES = 256 * 1024 * 1024
"""A frame larger than this is an attack or a bug; its child is killed."""
_ESCAPED_NUL = rb"\u0000"
_PART: Final = "part"
"""Of a long answer. Parts are many, so they are coded the fast way, which makes null of NaN: no part holds one."""
_PART_BEGINS: Final = b'{"part":'
_NOTHING_ELSE: Final = orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_DATETIME
_NOT_STORED = re.compile("[\0\ud800-\udfff]")


class FrameTimeout(Exception):
    """No complete frame within the deadline."""


class FrameBroken(Exception):
    """The other side ended or sent what is no frame."""


def write_frame(stream: IO[bytes], message: object) -> None:
    """Write one message and flush it. NUL and halves of surrogate pairs, which no database stores, become U+FFFD."""
    stream.write(_frame(message))
    stream.flush()


def send_frame(descriptor: int, message: object, deadline: float) -> None:
    """Write one message to a pipe, within a deadline. Raises ``FrameTimeout``, or ``OSError`` where nobody reads."""
    data = _frame(message)
    while data:
        if not _is_ready(descriptor, select.POLLOUT, deadline):
            raise FrameTimeout
        data = data[os.write(descriptor, data[: select.PIPE_BUF]) :]  # as much as a pipe that is ready takes at once


def read_frame(descriptor: int, deadline: float | None) -> Any:  # noqa: ANN401  (JSON)
    """The next message, within a deadline (a ``time.monotonic()`` value; None waits for ever).

    Raises ``FrameTimeout`` or ``FrameBroken``.
    """
    [length] = _LENGTH.unpack(_read_exactly(descriptor, _LENGTH.size, deadline))
    if length > MOST_BYTES:
        raise FrameBroken(f"a frame of {length} bytes")
    try:
        return _decoded(_read_exactly(descriptor, length, deadline))
    except (ValueError, RecursionError) as error:
        raise FrameBroken("a frame that is not JSON") from error


def _frame(message: object) -> bytes:
    data = _encoded(message)
    if data is None or _ESCAPED_NUL in data:
        data = _encoded(_storable(message)) or b""
    return _LENGTH.pack(len(data)) + data


def _encoded(message: object) -> bytes | None:
    """None when a string holds what UTF-8 has no bytes for."""
    if isinstance(message, dict) and _PART in message:
        with suppress(TypeError):  # integers beyond 64 bits, halves of surrogate pairs
            return orjson.dumps(message, option=_NOTHING_ELSE)
    try:
        return json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:
        return None


def _decoded(data: bytes) -> Any:  # noqa: ANN401  (JSON)
    if data.startswith(_PART_BEGINS):
        with suppress(orjson.JSONDecodeError):
            return orjson.loads(data)
    return json.loads(data)


def _storable(value: object) -> object:
    match value:
        case str():
            return _NOT_STORED.sub("\ufffd", value)
        case dict():
            return {_storable(key): _storable(inner) for key, inner in value.items()}
        case list() | tuple():
            return [_storable(inner) for inner in value]
        case _:
            return value


def _read_exactly(descriptor: int, size: int, deadline: float | None) -> bytes:
    chunks: list[bytes] = []
    while size:
        if deadline is not None and not _is_ready(descriptor, select.POLLIN, deadline):
            raise FrameTimeout
        chunk = os.read(descriptor, min(size, 1 << 20))
        if not chunk:
            raise FrameBroken("the child ended")
        chunks.append(chunk)
        size -= len(chunk)
    return b"".join(chunks)


def _is_ready(descriptor: int, event: int, deadline: float) -> bool:
    waiting = select.poll()  # which, other than select, knows descriptors beyond 1024
    waiting.register(descriptor, event)
    return bool(waiting.poll(max(0, math.ceil((deadline - time.monotonic()) * 1000))))
