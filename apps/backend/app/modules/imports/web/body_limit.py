"""A request may bring so many bytes and no more, whatever length it claims to have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.modules.imports.web.problems import Problem

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import Message, Receive


def limited(request: Request, most: int) -> Receive:
    """The request's ``receive``, which refuses the byte after ``most``. Raises ``Problem`` 413."""
    length = request.headers.get("content-length", "")
    if length.isdecimal() and (len(length) > len(str(most)) or int(length) > most):
        raise _too_large(most)
    total = 0

    async def receive() -> Message:
        nonlocal total
        message = await request.receive()
        total += len(message.get("body", b""))
        if total > most:
            raise _too_large(most)
        return message

    return receive


def _too_large(most: int) -> Problem:
    return Problem(413, "body_too_large", f"at most {most} bytes in one request")
