"""Folds text so that accents, case, spacing and typographic variants do not matter when it is compared."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_VARIANTS = str.maketrans({"−": "-", "–": "-", "—": "-", "’": "'", "´": "'", "`": "'", "·": "."})


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Lower case without accents; ``º`` becomes ``o``, ``ß`` becomes ``ss``."""
    decomposed = unicodedata.normalize("NFKD", text.translate(_VARIANTS))
    return "".join(char for char in decomposed if not unicodedata.combining(char)).casefold()


@lru_cache(maxsize=65536)
def squash(text: str) -> str:
    """Folded letters and digits only: what is left when spacing and punctuation cannot be trusted."""
    return re.sub(r"[^0-9a-z]+", "", fold(text))
