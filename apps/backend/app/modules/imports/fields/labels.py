"""The words that announce a field, by what is left of them without accents, spaces and punctuation.

A percentage inside a label (``IVA 21 %``) is left out before comparing.
"""

from __future__ import annotations

from typing import Final

from app.modules.imports.fields.amount_words import AMOUNT_WORDS
from app.modules.imports.fields.field_words import FIELD_WORDS
from app.modules.imports.fields.folding import squash


def _index() -> dict[str, frozenset[str]]:
    index: dict[str, set[str]] = {}
    for role, phrases in {**FIELD_WORDS, **AMOUNT_WORDS}.items():
        for phrase in phrases.split("|"):
            key = squash(phrase) or phrase.strip()
            if key:
                index.setdefault(key, set()).add(role)
    return {key: frozenset(roles) for key, roles in index.items()}


LABELS: Final = _index()
"""Squashed label → the roles it may announce."""
