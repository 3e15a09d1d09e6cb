"""The words that announce a field, by what is left of them without accents, spaces and punctuation.

A percentage inside a label (``IVA 21 %``) is left out before comparing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.modules.imports.fields.amount_words import AMOUNT_WORDS
from app.modules.imports.fields.field_words import FIELD_WORDS
from app.modules.imports.fields.folding import squash

if TYPE_CHECKING:
    from collections.abc import Iterator


_SHORTENED: Final = (
    ("factura", ("fra", "fact")), ("nº", ("núm", "número", "num", "nro", "n")), ("número", ("nº", "núm", "nro")),
    ("núm", ("nº", "número")), ("fecha de", ("f", "fecha")), ("fecha", ("f", "fec")), ("total", ("tot",)),
    ("importe", ("imp",)), ("simplificada", ("simpl", "simp")), ("rectificativa", ("rect",)), ("imponible", ("imp",)),
)  # fmt: skip
"""How printers shorten the words of a label; a phrase of one word is only ever itself."""


def _spellings(phrase: str) -> Iterator[str]:
    """The phrase, and with each of its words shortened."""
    yield phrase
    for whole, shorter in _SHORTENED:
        if f" {whole} " in f" {phrase} " and phrase != whole:
            yield from (f" {phrase} ".replace(f" {whole} ", f" {short} ").strip() for short in shorter)


def _index() -> dict[str, frozenset[str]]:
    index: dict[str, set[str]] = {}
    for role, phrases in {**FIELD_WORDS, **AMOUNT_WORDS}.items():
        for phrase in phrases.split("|"):
            for spelling in _spellings(phrase.strip()):
                key = squash(spelling) or spelling
                if key:
                    index.setdefault(key, set()).add(role)
    return {key: frozenset(roles) for key, roles in index.items()}


LABELS: Final = _index()
"""Squashed label → the roles it may announce."""
