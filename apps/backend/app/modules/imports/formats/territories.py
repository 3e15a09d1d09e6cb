"""Country codes in one form: ISO 3166 alpha-2, from alpha-3 where a format prints that."""

from __future__ import annotations

from typing import cast

from babel.core import get_global

_ALPHA2 = 2
_ALPHA3 = 3


def alpha2(code: str | None) -> str | None:
    """``ESP`` → ``ES``, ``es`` → ``ES``; None for what is no country code."""
    code = (code or "").strip().upper()
    if len(code) == _ALPHA2 and code.isalpha():
        return code
    if len(code) != _ALPHA3:
        return None
    aliases = cast("dict[str, list[str]]", get_global("territory_aliases"))
    return next(iter(aliases.get(code, ())), None)
