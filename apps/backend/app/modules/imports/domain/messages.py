"""What a code says to people, in Spanish and English: the one catalogue of findings and errors (messages.toml)."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

LANGUAGES: Final = ("es", "en")
_FALLBACK_LANGUAGE: Final = "en"
_UNKNOWN: Final = "unknown_code"


class _Values(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "–"


@cache
def catalogue() -> Mapping[str, Mapping[str, str]]:
    """Code → language → text with placeholders in braces."""
    text = files(__package__).joinpath("messages.toml").read_text(encoding="utf-8")
    found: dict[str, Mapping[str, str]] = tomllib.loads(text)
    return found


def message(code: str, lang: str, params: Mapping[str, str]) -> str:
    """The text of a code. An unknown language reads English, an unknown code its name, a missing value is a dash."""
    texts = catalogue().get(code)
    values = _Values(params)
    if texts is None:
        texts, values = catalogue()[_UNKNOWN], _Values(code=code)
    # Only the catalogue's own text is a template: braces within a value stay as they are.
    return texts[lang if lang in LANGUAGES else _FALLBACK_LANGUAGE].format_map(values)
