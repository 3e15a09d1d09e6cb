"""Gives the documents of the third family names and goods that no other family has."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from corpus.second.invented import invent_comprobante, invent_sale
from corpus.wording import words_of

if TYPE_CHECKING:
    from corpus.chance import Chance
    from corpus.facts import Facts, Person
    from corpus.second.invented import Trade

_WORDS: Final = words_of("third")


def invent(chance: Chance, about: Trade | str) -> Facts:
    """A Spanish sale of a trade, or an Ecuadorian comprobante of a kind."""
    if isinstance(about, str):
        facts = invent_comprobante(chance, about)
        goods = "wares"
    else:
        facts = invent_sale(chance, about)
        goods = "works" if about.goods == "works" else "wares"
    items = tuple(replace(each, description=chance.choice(_WORDS[goods])) for each in facts.items)
    person = not isinstance(about, str) and about.person
    buyer = _renamed(facts.buyer, chance, person=False) if facts.buyer is not None else None
    return replace(facts, items=items, supplier=_renamed(facts.supplier, chance, person=person), buyer=buyer)


def _renamed(party: Person, chance: Chance, *, person: bool) -> Person:
    if party.country == "EC":
        return replace(party, name=f"{chance.choice(_WORDS['ec_firms'])} {chance.choice(_WORDS['ec_forms'])}")
    if person or party.tax_id[-1].isalpha():
        surnames = f"{chance.choice(_WORDS['surnames'])} {chance.choice(_WORDS['surnames'])}"
        return replace(party, name=f"{chance.choice(_WORDS['forenames'])} {surnames}")
    comma = chance.choice((", ", " "))
    return replace(party, name=f"{chance.choice(_WORDS['firms'])}{comma}{chance.choice(_WORDS['forms'])}")
