"""Names each layout of the fourth family, and says who uses it and what for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from corpus.fourth import andes, chambers, counters, networks
from corpus.second.families import Family
from corpus.second.invented import Trade
from corpus.third.invented import invent

if TYPE_CHECKING:
    from collections.abc import Callable

    from corpus.chance import Chance
    from corpus.facts import Facts
    from corpus.second.flow import Printed


@dataclass(frozen=True, slots=True, kw_only=True)
class _Newcomer(Family):
    """A layout with names and goods of this family's own."""

    def invent(self, chance: Chance) -> Facts:
        return invent(chance, self.about, words="fourth")


_TABLE: Final[tuple[tuple[Callable[[Facts, Chance], Printed], Trade | str], ...]] = (
    (chambers.procurador, Trade(goods="works", person=True, retained="15", number="{n}/{yy}", lines=(1, 4))),
    (chambers.law_firm_minute, Trade(goods="works", number="{y}/{n:04}", lines=(1, 3))),
    (chambers.land_registry, Trade(goods="works", person=True, retained="15", number="{n:05}/{y}", lines=(1, 5))),
    (chambers.clinic, Trade(goods="works", rates=("0",), number="CL{yy}-{n:04}", lines=(1, 3))),
    (counters.front_desk, Trade(goods="works", rates=("10", "21"), number="{n:06}", lines=(1, 6))),
    (networks.fibre_bill, Trade(goods="works", number="{yy}FB{d}", lines=(1, 4))),
    (networks.gas_supply, Trade(goods="works", number="GN{d}{n:04}", due=True, lines=(1, 4))),
    (networks.selling_fees, Trade(goods="works", number="ES-{y}-{n:05}", lines=(1, 3))),
    (networks.forwarder, Trade(goods="works", number="V{yy}{n:05}", lines=(1, 6))),
    (counters.pharmacy_wholesale, Trade(number="{d}{n:03}", rates=("4", "10", "21"), lines=(3, 14))),
    (counters.school_in_two_languages, Trade(goods="works", rates=("0",), number="{yy}/{n:05}", lines=(1, 4))),
    (counters.workshop_in_two_languages, Trade(number="F{yy}{n:04}", lines=(1, 7))),
    (andes.accountants_ride, "invoice"),
    (andes.point_of_sale, "invoice"),
    (andes.returned_goods, "credit_note"),
)
FAMILIES: Final = {draw.__name__: _Newcomer(draw=draw, about=about) for draw, about in _TABLE}
