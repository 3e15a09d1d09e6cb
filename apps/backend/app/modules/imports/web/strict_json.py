"""JSON (RFC 8259) as it can be stored without changing it: what PostgreSQL or a float would alter is refused."""

from __future__ import annotations

import json
import math
from decimal import Decimal
from typing import Any, Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from app.modules.imports.web.problems import Problem

_DEEPEST: Final = 20
_LONGEST_TEXT: Final = 1_000_000
_MOST_DIGITS: Final = 60


class StrictRequest(Request):
    """A request whose body is read by ``strict_json``."""

    async def json(self) -> Any:  # noqa: ANN401  (JSON)
        return await run_in_threadpool(strict_json, await self.body())


def strict_json(body: bytes) -> Any:  # noqa: ANN401  (JSON)
    """The value that the body states. Raises ``Problem`` 422: ``json_malformed``, ``json_too_deep``,
    ``json_number_refused``, ``json_text_refused``, ``json_duplicate_key``.
    """
    try:
        value = json.loads(
            body.decode("utf-8"),
            parse_float=_exact_float,
            parse_int=_short_int,
            parse_constant=_refused_constant,
            object_pairs_hook=_unique,
        )
    except RecursionError:
        raise _too_deep() from None
    except UnicodeDecodeError:
        raise Problem(422, "json_malformed", "the body is not UTF-8") from None
    except json.JSONDecodeError as error:
        raise Problem(422, "json_malformed", f"{error.msg} at character {error.pos}") from None
    _check(value)
    return value


def _exact_float(text: str) -> float:
    value = float(text)
    if len(text) > _MOST_DIGITS or math.isinf(value) or Decimal(repr(value)) != Decimal(text):
        raise Problem(422, "json_number_refused", "a number would lose digits: send it as a string")
    return value


def _short_int(text: str) -> int:
    if len(text) > _MOST_DIGITS:
        raise Problem(422, "json_number_refused", "a number is too long")
    return int(text)


def _refused_constant(name: str) -> float:
    raise Problem(422, "json_number_refused", f"{name} is no JSON number")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise Problem(422, "json_duplicate_key", "a key stands twice in one object")
    return value


def _check(value: object) -> None:
    """Level by level, so that no depth of nesting costs stack."""
    level = [value]
    for _ in range(_DEEPEST):
        below: list[object] = []
        for node in level:
            match node:
                case str():
                    _check_text(node)
                case dict():
                    below += node.keys()
                    below += node.values()
                case list():
                    below += node
        if not below:
            return
        level = below
    raise _too_deep()


def _check_text(text: str) -> None:
    if "\0" in text or len(text) > _LONGEST_TEXT:
        raise Problem(422, "json_text_refused", "a text holds NUL or is too long")
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            raise Problem(422, "json_text_refused", "a text holds half a character") from None


def _too_deep() -> Problem:
    return Problem(422, "json_too_deep", f"more than {_DEEPEST} levels")
