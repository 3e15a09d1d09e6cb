"""Invents bank statements whose movements lead from the opening to the closing balance."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from corpus import people, tax_ids
from corpus.facts import Entry, Facts, Person
from corpus.wording import words_of

if TYPE_CHECKING:
    from corpus.chance import Chance

_WORDS = words_of("goods")


def invent_statement(chance: Chance) -> Facts:
    """A month of an account."""
    day = date(2024, 1, 1) + timedelta(days=30 * chance.randrange(28))
    opening = balance = Decimal(chance.randint(50_000, 2_000_000)) / 100
    entries = []
    for _ in range(chance.randint(3, 22)):
        day += timedelta(days=chance.choice((0, 0, 1, 1, 2)))
        amount = Decimal(chance.choice((-1, -1, 1)) * chance.randint(120, 180_000)) / 100
        balance += amount
        valued = day + timedelta(days=chance.choice((0, 0, 0, 1)))
        entries.append(
            Entry(booked=day, valued=valued, text=chance.choice(_WORDS["movements"]), amount=amount, balance=balance)
        )
    bank = Person(
        name=chance.choice(_WORDS["banks"]),
        tax_id=tax_ids.spanish_company(chance),
        street="",
        postcode="",
        town="",
        province="",
    )
    return Facts(
        kind="bank_statement",
        country="ES",
        language="es",
        number="",
        issued=day,
        supplier=bank,
        buyer=people.spanish_firm(chance),
        iban=tax_ids.spanish_account(chance),
        entries=tuple(entries),
        opening=opening,
    )
