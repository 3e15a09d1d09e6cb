"""Text that a spreadsheet must not take for a formula: what begins like one gets an apostrophe before it.

https://owasp.org/www-community/attacks/CSV_Injection
"""

from __future__ import annotations

import unicodedata
from typing import Final

_BEGINNINGS: Final = frozenset("=+-@\u2212")
"""The last one is the minus sign of typographers; full-width and small forms fold to the plain ones."""
_CONTROLS: Final = frozenset("\t\r\n\0")
_UNSEEN: Final = frozenset({"Cc", "Cf", "Zl", "Zp", "Zs"})


def inert_text(text: str) -> str:
    """The text as it is, or with an apostrophe before it. Whoever takes that one away again has the text."""
    return f"'{text}" if _begins_like_a_formula(text) else text


def _begins_like_a_formula(text: str) -> bool:
    for character in text:
        if character in _CONTROLS:
            return True
        if unicodedata.category(character) not in _UNSEEN:
            return bool(_BEGINNINGS & set(unicodedata.normalize("NFKC", character)[:1]))
    return False
