"""Gives the documents of the third and the fourth family names and goods that no other family has."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from corpus.second.invented import invent_comprobante, invent_sale
from corpus.wording import words_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from corpus.chance import Chance
    from corpus.facts import Facts, Person
    from corpus.second.invented import Trade


def invent(chance: Chance, about: Trade | str, *, words: str = "third") -> Facts:
    """A Spanish sale of a trade, or an Ecuadorian comprobante of a kind, with names of one file of words."""
    lists = words_of(words)
    if isinstance(about, str):
        facts = invent_comprobante(chance, about)
        goods = "wares"
    else:
        facts = invent_sale(chance, about)
        goods = "works" if about.goods == "works" else "wares"
    items = tuple(replace(each, description=chance.choice(lists[goods])) for each in facts.items)
    person = not isinstance(about, str) and about.person
    buyer = _renamed(facts.buyer, chance, lists) if facts.buyer is not None else None
    return replace(facts, items=items, supplier=_renamed(facts.supplier, chance, lists, person=person), buyer=buyer)


def _renamed(party: Person, chance: Chance, lists: Mapping[str, list[str]], *, person: bool = False) -> Person:
    if party.country == "EC":
        return replace(party, name=f"{chance.choice(lists['ec_firms'])} {chance.choice(lists['ec_forms'])}")
    if person or party.tax_id[-1].isalpha():
        surnames = f"{chance.choice(lists['surnames'])} {chance.choice(lists['surnames'])}"
        return replace(party, name=f"{chance.choice(lists['forenames'])} {surnames}")
    comma = chance.choice((", ", " "))
    return replace(party, name=f"{chance.choice(lists['firms'])}{comma}{chance.choice(lists['forms'])}")
