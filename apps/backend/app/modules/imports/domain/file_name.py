"""The name that a file came with, fit to be stored and shown. It is data: no path is ever made of it."""

from __future__ import annotations

import unicodedata
from typing import Final

LONGEST: Final = 255
_LONGEST_ENDING: Final = 12
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Controls, marks that turn the direction of writing, halves of pairs, line ends: what deceives a reader or a log."""


def shown_name(name: str) -> str:
    """Composed, without what cannot be seen, at most ``LONGEST`` characters with its ending kept."""
    composed = unicodedata.normalize("NFC", name)
    seen = "".join(character for character in composed if unicodedata.category(character) not in _UNSEEN)
    if len(seen) <= LONGEST:
        return seen
    stem, dot, ending = seen.rpartition(".")
    kept = dot + ending if dot and len(ending) <= _LONGEST_ENDING else ""
    return (stem if kept else seen)[: LONGEST - len(kept)] + kept
