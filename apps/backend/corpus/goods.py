"""Invents what is sold: lines that add up, by document and by trade."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from corpus.facts import ZERO, Item, to_cents

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.chance import Chance

_GOODS = {
    "21": (
        "Tornillo inoxidable M8x40", "Mano de obra oficial 1ª", "Desplazamiento", "Cable RV-K 3x2,5 mm", "Pintura plástica mate 15 L",
        "Silla de oficina ergonómica", "Tóner compatible HP 26X", "Mantenimiento informático mensual", "Hosting anual plan Pro",
        "Servicio de limpieza de oficinas", "Diseño de logotipo e imagen corporativa", "Horas de consultoría", "Alquiler de andamio",
        "Rollo de film estirable", "Lámpara LED 40 W", "Revisión de caldera", "Filtro de aceite", "Puerta corredera blanca 82 cm",
        "Portes", "Tarjetas de visita 350 g (500 uds.)", 'Soporte TV 32"-65"', "Cuota mensual", "Cerradura de seguridad",
    ),
    "10": ("Menú del día", "Agua mineral 1,5 L", "Alojamiento habitación doble", "Café solo", "Harina de repostería 5 kg",
           "Billete de autobús", "Zumo de naranja natural", "Cerveza sin alcohol", "Plantones de olivo"),
    "4": ("Pan de molde integral", "Leche entera 1 L", "Huevos camperos docena", "Libro de texto 2º ESO", "Aceite de oliva virgen extra 5 L",
          "Tomate de ensalada kg", "Naranjas de mesa"),
    "0": ("Formación bonificada", "Consulta médica", "Prima de seguro", "Clases de inglés", "Sesión de fisioterapia"),
}  # fmt: skip
_DETAILS = (
    "Ref. obra Norte",
    "según presupuesto aceptado",
    "periodo del 1 al 31",
    "color a elegir por el cliente",
    "nº serie 55-A/2",
)
_UNITS = {"es": ("ud", "uds", "h", "kg", "m2", "ml"), "en": ("pc", "pcs", "h", "kg", "m2", "set")}
_CENTS_TO_UNITS = Decimal("0.01")
_HUNDRED = Decimal(100)


def invent_items(chance: Chance, rates: Sequence[Decimal], count: int, *, discounts: bool = False) -> tuple[Item, ...]:
    """So many lines, each rate at least once; net is rounded line by line."""
    chosen = [*rates, *(chance.choice(rates) for _ in range(max(0, count - len(rates))))]
    chance.shuffle(chosen)
    return tuple(_item(chance, rate, discounts=discounts) for rate in chosen)


def _item(chance: Chance, rate: Decimal, *, discounts: bool) -> Item:
    key = f"{rate.normalize():f}"
    description = chance.choice(_GOODS.get(key, _GOODS["21"]))
    if chance.likely(0.12):
        description = f"{description} {chance.choice(_DETAILS)}"
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
        description=description, quantity=quantity, unit=chance.choice(_UNITS["es"]), price=price, discount=discount,
        net=to_cents(quantity * price * (1 - discount / _HUNDRED)), rate=rate,
    )  # fmt: skip
