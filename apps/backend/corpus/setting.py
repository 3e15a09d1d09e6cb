"""What the parts of a page share: the paper, the facts, and how this printer words and spells them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.paper import Ink

if TYPE_CHECKING:
    from corpus.facts import Facts, Person
    from corpus.layouts import Layout
    from corpus.paper import Paper
    from corpus.spelling import Spelling
    from corpus.wording import Words

BOLD = Ink(bold=True)
SMALL = Ink(size=0.8)


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A place on the page: left, top and width."""

    x: float
    y: float
    width: float

    @property
    def right(self) -> float:
        return self.x + self.width


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One document being set."""

    paper: Paper
    facts: Facts
    layout: Layout
    words: Words
    spell: Spelling

    @property
    def bottom(self) -> float:
        """Where the foot of the page begins."""
        return self.paper.height - 78.0

    def title(self) -> str:
        """The kind of document as its heading says it."""
        return self.words(self.facts.kind)

    def town(self, person: Person) -> str:
        """Postal code, town and, where it differs, the province."""
        province = f" ({person.province})" if person.province and person.province != person.town else ""
        return f"{person.postcode} {person.town}{province}"
