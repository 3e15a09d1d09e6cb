"""Writes documents of the second, third and fourth family beside their truth: so many of each layout, the same for the same seed."""

from __future__ import annotations

import copy
import hashlib
import json
from typing import TYPE_CHECKING, Any, Final

from corpus.chance import Chance
from corpus.fourth.families import FAMILIES as NEWCOMERS
from corpus.second.families import FAMILIES
from corpus.third.families import FAMILIES as STRANGERS
from corpus.truth import truth_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from corpus.second.families import Family

BY_FAMILY: Final[Mapping[str, Mapping[str, Family]]] = {"second": FAMILIES, "third": STRANGERS, "fourth": NEWCOMERS}
"""The layouts of each family by their names."""
_ALL: Final = {name: layout for family in BY_FAMILY.values() for name, layout in family.items()}


def half_of(family: str) -> str:
    """``a``, whose failures may be looked at, or ``b``, of which only the sums are ever looked at."""
    return "ab"[hashlib.sha256(family.encode()).digest()[0] % 2]


def write_second(folder: Path, each: int, seed: int, families: Iterable[str] = FAMILIES) -> list[Path]:
    """``each`` documents of every layout named: ``<layout>/<number>.pdf``."""
    written = []
    for name in families:
        (folder / name).mkdir(parents=True, exist_ok=True)
        for number in range(each):
            pdf, truth = print_one(name, Chance(f"second {seed} {name} {number}"))
            path = folder / name / f"{number:02}.pdf"
            path.write_bytes(pdf)
            text = json.dumps(truth, ensure_ascii=False, indent=1)
            path.with_name(f"{path.name}.truth.json").write_text(text, encoding="utf-8")
            written.append(path)
    return written


def print_one(name: str, chance: Chance) -> tuple[bytes, dict[str, Any]]:
    """A PDF in this layout, and what can be read on it."""
    family = _ALL[name]
    facts = family.invent(chance)
    printed = family.draw(facts, chance)
    return printed.pdf, _without(truth_of(facts), printed.hidden)


def _without(truth: Mapping[str, Any], hidden: Iterable[str]) -> dict[str, Any]:
    shown: dict[str, Any] = copy.deepcopy(dict(truth))
    for path in hidden:
        *outer, last = path.split(".")
        inside: Any = shown
        for key in outer:
            inside = inside.get(key, {})
        for row in inside if isinstance(inside, list) else [inside]:
            row.pop(last, None)
    return shown
