"""The words that documents print beside their values, by language: ``words/*.txt``, a bar between two.

A ``*`` marks words that only layouts held back from training use.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from corpus.chance import Chance

_FOLDER: Final = Path(__file__).parent / "words"
_HELD_OUT_SHARE: Final = 0.6
_OF_INVOICES: Final = ("total factura", "factura", "nº factura", "núm. factura", "fecha factura", "fra")


class Words:
    """One choice of words for a whole document; what a language lacks is said in Spanish."""

    def __init__(self, chance: Chance, language: str, *, held_out: bool, invoice: bool = True) -> None:
        phrases = {**words_of("es"), **words_of(language)}
        if not invoice:
            phrases = {key: _uninvoiced(known) for key, known in phrases.items()}
        self._chosen = {key: _choose(chance, known, held_out=held_out) for key, known in phrases.items()}
        self._upper = chance.likely(0.15)
        self._colon = chance.choice((":", ":", "", " :"))

    def __call__(self, key: str, **parts: str) -> str:
        """The phrase with its places filled."""
        text = self._chosen[key].format(**parts) if parts else self._chosen[key]
        return text.upper() if self._upper and not parts and "{" not in text else text

    def heading(self, key: str) -> str:
        """The phrase with this printer's colon, or without one."""
        return self(key) + self._colon

    def labelled(self, key: str, value: str) -> str:
        """``Fecha: 3/4/2025``."""
        return f"{self.heading(key)} {value}"


@cache
def words_of(name: str) -> Mapping[str, list[str]]:
    """The lists of one file of words."""
    found = {}
    for line in (_FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        key, _, phrases = line.partition(" = ")
        found[key] = [phrase.strip() for phrase in phrases.split("|")]
    return found


def _uninvoiced(phrases: list[str]) -> list[str]:
    """A delivery note has no ``Factura nº``; but for the mere word there is always another."""
    kept = [phrase for phrase in phrases if not phrase.casefold().startswith(_OF_INVOICES) and "factura" not in phrase]
    return kept if any(not phrase.startswith("*") for phrase in kept) else phrases


def _choose(chance: Chance, phrases: list[str], *, held_out: bool) -> str:
    kept = [phrase for phrase in phrases if phrase.startswith("*")]
    if held_out and kept and chance.likely(_HELD_OUT_SHARE):
        return chance.choice(kept)[1:]
    return chance.choice([phrase for phrase in phrases if not phrase.startswith("*")])
