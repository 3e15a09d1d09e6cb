"""The broker's protocol on the wire, as far as rings go: each ``LPUSH queue message`` can become none, one or several.

RESP: https://redis.io/docs/latest/develop/reference/protocol-spec/
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Decide = Callable[[bytes, bytes], Sequence[bytes]]

_QUEUES: Final = b"imports_"
_LENGTH_OF_PUSH: Final = 3


class RingTampering:
    """A wire's change for one connection: ``decide(queue, message)`` says what is pushed now in the message's place."""

    def __init__(self, decide: Decide) -> None:
        self._decide = decide
        self._rest = b""

    def __call__(self, data: bytes) -> bytes:
        self._rest += data
        out = []
        while (taken := _command(self._rest)) is not None:
            parts, length = taken
            out.append(self._changed(parts) or self._rest[:length])
            self._rest = self._rest[length:]
        return b"".join(out)

    def _changed(self, parts: Sequence[bytes]) -> bytes:
        if len(parts) != _LENGTH_OF_PUSH or parts[0].upper() != b"LPUSH" or not parts[1].startswith(_QUEUES):
            return b""
        messages = self._decide(parts[1], parts[2])
        # Nothing to push: the answer to LLEN is a number too.
        return _written([b"LPUSH", parts[1], *messages] if messages else [b"LLEN", parts[1]])


def _command(data: bytes) -> tuple[list[bytes], int] | None:
    """The first whole command and its length, or None while it is not all there."""
    if not data.startswith(b"*"):
        return None
    end = data.find(b"\r\n")
    if end < 0:
        return None
    parts: list[bytes] = []
    at = end + 2
    for _ in range(int(data[1:end])):
        end = data.find(b"\r\n", at)
        if end < 0:
            return None
        start, length = end + 2, int(data[at + 1 : end])
        at = start + length + 2
        if at > len(data):
            return None
        parts.append(data[start : start + length])
    return parts, at


def _written(parts: Sequence[bytes]) -> bytes:
    return b"*%d\r\n" % len(parts) + b"".join(b"$%d\r\n%s\r\n" % (len(part), part) for part in parts)
