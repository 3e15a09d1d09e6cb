"""Names each layout of the second family, and says who uses it and what for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from corpus.second import andes, letters, mainframes, pages, services, tills, tongues
from corpus.second.invented import Trade, invent_comprobante, invent_sale

if TYPE_CHECKING:
    from collections.abc import Callable

    from corpus.chance import Chance
    from corpus.facts import Facts
    from corpus.second.flow import Printed


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """A layout: ``about`` is a Spanish trade, or the kind of an Ecuadorian comprobante."""

    draw: Callable[[Facts, Chance], Printed]
    about: Trade | str

    def invent(self, chance: Chance) -> Facts:
        """Something for this layout to state."""
        return (
            invent_comprobante(chance, self.about) if isinstance(self.about, str) else invent_sale(chance, self.about)
        )


_TABLE: Final[tuple[tuple[Callable[[Facts, Chance], Printed], Trade | str], ...]] = (
    (letters.totals_in_sentences, Trade(goods="works", number="{n}/{y}", lines=(1, 3), account=True)),
    (letters.supplier_in_foot, Trade(number="{yy}.{n:04}")),
    (letters.supplier_up_the_side, Trade(number="2-{d}", rates=("21", "10"))),
    (letters.correction_letter, Trade(corrective=True, number="A{yy}{n:05}")),
    (letters.fees_note, Trade(goods="fees", person=True, retained="15", number="{n:03}-{yy}", lines=(1, 3))),
    (mainframes.printed_columns, Trade(number="{d}", rates=("21", "10"), due=True)),
    (mainframes.boxed_with_carry, Trade(number="S1/{n:06}", lines=(20, 45))),
    (mainframes.wide_listing, Trade(number="FRA {yy}/{n}", rates=("21", "4"), goods="wares")),
    (tills.restaurant_80, Trade(goods="dishes", rates=("10",), inside=True, number="TA{n:06}")),
    (tills.shop_58, Trade(goods="foods", rates=("10", "4"), inside=True, number="T-{n}", language="ca")),
    (
        tills.shop_80_galician,
        Trade(goods="foods", rates=("10", "21"), inside=True, number="{yy}/{n:06}", language="gl"),
    ),
    (tills.shop_80_basque, Trade(goods="foods", rates=("10", "4"), inside=True, number="B{n:05}", language="eu")),
    (tills.petrol_station, Trade(rates=("21",), lines=(1, 1), inside=True, number="{d}")),
    (tills.receipt_voucher, Trade(rates=("21",), lines=(1, 1), inside=True, number="P{d}")),
    (pages.swapped_heads, Trade(goods="works", number="{y}/{n:03}", rates=("21", "10"))),
    (pages.sums_in_columns, Trade(number="FV{yy}-{n:05}", rates=("21", "10"))),
    (pages.unruled_long_descriptions, Trade(goods="works", number="{n}")),
    (pages.carried_sums, Trade(number="V{yy}/{n:04}", lines=(25, 60), rates=("21", "10"))),
    (pages.customer_on_top, Trade(number="B-{y}-{n}", rates=("21", "10"))),
    (pages.labels_above, Trade(goods="fees", number="INV-{n:05}", due=True)),
    (pages.dotted_form, Trade(goods="works", number="{n}-{y}", lines=(1, 3))),
    (pages.workshop_sideways, Trade(number="T{yy}{n:05}")),
    (pages.rent, Trade(person=True, retained="19", lines=(1, 1), number="{y}-{n:02}", account=True)),
    (tongues.marketplace, Trade(goods="gear", number="ES{yy}AEU{n:06}", language="en", lines=(1, 4))),
    (tongues.subscription, Trade(goods="plans", number="9F2C{n:04}-0003", language="en", due=True, lines=(1, 3))),
    (tongues.export_in_two_languages, Trade(number="EXP{yy}/{n:03}", rates=("21", "10"))),
    (tongues.catalan, Trade(number="{y}{n:04}", language="ca", rates=("21", "10"))),
    (tongues.galician, Trade(number="G{n:05}", language="gl")),
    (tongues.basque, Trade(number="{yy}/{n:04}", language="eu", rates=("21", "10"))),
    (tongues.canarian, Trade(tax_name="IGIC", rates=("7", "3"), number="C-{n:05}", account=True)),
    (services.electricity, Trade(goods="power", number="21{d}{n:05}", due=True, lines=(2, 4))),
    (services.telephone, Trade(goods="plans", number="CI{d}{n:04}", lines=(1, 4))),
    (services.hotel_folio, Trade(goods="stays", rates=("10", "21"), number="H{yy}-{n:05}", lines=(2, 6))),
    (
        services.coloured_blocks,
        Trade(goods="fees", person=True, retained="15", number="{n:03}", account=True, lines=(1, 4)),
    ),
    (services.sidebar, Trade(goods="fees", person=True, retained="7", number="{y}_{n:02}", account=True, lines=(1, 4))),
    (andes.nota_de_venta, "receipt"),
    (andes.factura_one_column, "invoice"),
    (andes.factura_on_roll, "invoice"),
    (andes.credit_note, "credit_note"),
    (andes.settlement, "purchase_settlement"),
    (andes.retention, "withholding"),
)
FAMILIES: Final = {draw.__name__: Family(draw=draw, about=about) for draw, about in _TABLE}
