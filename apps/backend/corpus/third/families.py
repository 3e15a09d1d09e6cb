"""Names each layout of the third family, and says who uses it and what for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from corpus.second.families import Family
from corpus.second.invented import Trade
from corpus.third import offices, quito, trades
from corpus.third.invented import invent

if TYPE_CHECKING:
    from collections.abc import Callable

    from corpus.chance import Chance
    from corpus.facts import Facts
    from corpus.second.flow import Printed


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stranger(Family):
    """A layout that states what no other family does."""

    def invent(self, chance: Chance) -> Facts:
        return invent(chance, self.about)


_TABLE: Final[tuple[tuple[Callable[[Facts, Chance], Printed], Trade | str], ...]] = (
    (offices.notary_fees, Trade(goods="works", person=True, retained="15", number="{n}/{y}", lines=(1, 4))),
    (offices.billed_by_to, Trade(number="{y}-{n:05}", lines=(1, 5))),
    (offices.school_month, Trade(goods="works", rates=("0",), number="R{yy}{n:04}", account=True, lines=(1, 3))),
    (offices.written_by_the_customer, Trade(number="AF-{n:05}", lines=(1, 4))),
    (offices.corrected_in_a_table, Trade(number="V/{yy}/{n:04}", corrective=True, lines=(1, 4))),
    (trades.carrier, Trade(goods="works", number="{n:05}/{yy}", due=True, lines=(1, 8))),
    (trades.wholesaler_landscape, Trade(number="{yy}M{n:05}", rates=("21", "10"), lines=(3, 12))),
    (trades.waterworks, Trade(goods="works", number="{d}{n:03}", rates=("10",), lines=(2, 4), language="ca")),
    (trades.car_park_ticket, Trade(rates=("21",), lines=(1, 1), inside=True, number="CP{n:06}")),
    (trades.ledger_print, Trade(number="{n:04}-{yy}", rates=("10", "4"), lines=(1, 9))),
    (quito.cloud_invoice, "invoice"),
    (quito.credit_memo, "credit_note"),
    (quito.retention_letter, "withholding"),
)
FAMILIES: Final = {draw.__name__: _Stranger(draw=draw, about=about) for draw, about in _TABLE}
