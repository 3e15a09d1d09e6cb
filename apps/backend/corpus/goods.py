"""Invents what is sold: lines that add up, by document and by trade."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from corpus.facts import ZERO, Item, to_cents
from corpus.wording import words_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.chance import Chance

_WORDS = words_of("goods")
_UNITS = ("ud", "uds", "h", "kg", "m2", "ml")
_CENTS_TO_UNITS = Decimal("0.01")
_HUNDRED = Decimal(100)


def invent_items(chance: Chance, rates: Sequence[Decimal], count: int, *, discounts: bool = False) -> tuple[Item, ...]:
    """So many lines, each rate at least once; net is rounded line by line."""
    chosen = [*rates, *(chance.choice(rates) for _ in range(max(0, count - len(rates))))]
    chance.shuffle(chosen)
    return tuple(_item(chance, rate, discounts=discounts) for rate in chosen)


def _item(chance: Chance, rate: Decimal, *, discounts: bool) -> Item:
    key = f"{rate.normalize():f}"
    description = chance.choice(_WORDS.get(f"rate {key}", _WORDS["rate 21"]))
    if chance.likely(0.12):
        description = f"{description} {chance.choice(_WORDS['details'])}"
    quantity = Decimal(chance.choice((1, 1, 1, 2, 3, 4, 5, 6, 10, 12, 25, 100)))
    if chance.likely(0.15):
        quantity = (Decimal(chance.randint(25, 4000)) * _CENTS_TO_UNITS).normalize()
    price = to_cents(
        Decimal(chance.choice((chance.randint(45, 999), chance.randint(1000, 29999), chance.randint(100, 90000))))
        / _HUNDRED
    )
    discount = Decimal(chance.choice((5, 10, 15, 20))) if discounts and chance.likely(0.5) else ZERO
    return Item(
        code=chance.choice(("{}", "A{}", "REF-{}", "{}.B", "ART{}")).format(chance.randint(10, 99_999)),
        description=description,
        quantity=quantity,
        unit=chance.choice(_UNITS),
        price=price,
        discount=discount,
        net=to_cents(quantity * price * (1 - discount / _HUNDRED)),
        rate=rate,
    )
