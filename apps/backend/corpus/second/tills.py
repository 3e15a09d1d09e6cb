"""Tickets of tills and pumps: 58 and 80 mm, in four languages, with tax inside the prices."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from corpus.facts import ZERO
from corpus.second.flow import Printed, Sheet
from corpus.second.spelled import amount_like, day_like, plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from corpus.chance import Chance
    from corpus.facts import Facts

_bare = partial(amount_like, "1234,56")
_dotted = partial(amount_like, "1234.56")
_HOURS: Final = (8, 23)
_LINE_HEIGHT: Final = 11.0
_LINES_OF_FOOT: Final = 8


def _roll(lines: list[str], width: float, points: float) -> bytes:
    size = (width, (len(lines) + _LINES_OF_FOOT) * _LINE_HEIGHT)
    sheet = Sheet(size=size, margins=(12, 16, 6, 10), points=points)
    return sheet.print([sheet.typed(lines)])


def _clock(chance: Chance) -> str:
    return f"{chance.randint(*_HOURS):02}:{chance.randint(0, 59):02}"


def restaurant_80(facts: Facts, chance: Chance) -> Printed:
    """Spanish, 42 columns, a table and a waiter, IVA shown as a table of rates."""
    seller = facts.supplier
    text = [
        seller.name.center(42).rstrip(),
        seller.street.center(42).rstrip(),
        f"{seller.postcode} {seller.town}".center(42).rstrip(),
        f"NIF: {seller.tax_id}".center(42).rstrip(),
        "",
        "FACTURA SIMPLIFICADA".center(42).rstrip(),
        f"Num: {facts.number}   Mesa: {chance.randint(1, 30)}  Cam: 4",
        f"{day_like('%d/%m/%Y', facts.issued)}  {_clock(chance)}   Comensales: {chance.randint(1, 6)}",
        "-" * 42,
        "Ud  Descripcion             Precio   Total",
        "-" * 42,
        *(
            f"{plain(i.quantity):<3} {i.description[:22]:<22} {_bare(i.price):>7} {_bare(i.net):>7}"
            for i in facts.items
        ),
        "-" * 42,
        f"{'TOTAL EUR':<26}{_bare(facts.gross):>16}",
        "",
        "  % IVA       BASE      CUOTA",
        *(f"  {plain(row.rate):>5}  {_bare(row.base):>9}  {_bare(row.amount):>9}" for row in facts.taxes),
        "",
        "IVA INCLUIDO. GRACIAS POR SU VISITA",
    ]
    return Printed(pdf=_roll(text, 227.0, 8.2))


def shop_58(facts: Facts, chance: Chance) -> Printed:
    """Catalan, 32 columns; each line's quantity below its name; paid by card."""
    seller = facts.supplier
    text = [
        seller.name,
        f"CIF {seller.tax_id}",
        seller.street,
        f"{seller.postcode} {seller.town}",
        "",
        f"Tiquet: {facts.number}",
    ]
    text.append(f"Data: {day_like('%d/%m/%y', facts.issued)} {_clock(chance)}")
    text.append("-" * 32)
    for each in facts.items:
        text += [each.description[:32], f"   {plain(each.quantity)} x {_bare(each.price)}{_bare(each.net):>16}"[:32]]
    text += [
        "-" * 32,
        f"{'TOTAL':<14}{_bare(facts.gross) + ' €':>18}",
        f"{'Targeta':<14}{_bare(facts.gross) + ' €':>18}",
        "",
    ]
    text += [f"IVA {plain(row.rate)}% B.I. {_bare(row.base)} Q. {_bare(row.amount)}" for row in facts.taxes]
    return Printed(pdf=_roll([*text, "", "Gràcies per la seva compra"], 164.0, 7.4))


def shop_80_galician(facts: Facts, chance: Chance) -> Printed:
    """Galician: cash handed over and change, both beside the total."""
    seller = facts.supplier
    paid = (facts.gross // 50 + 1) * 50
    text = [
        f"** {seller.name} **",
        f"{seller.street} - {seller.town}",
        f"N.I.F. {seller.tax_id}  Tfno {seller.phone}",
        "",
        f"FACTURA SIMPLIFICADA N. {facts.number}",
        f"DATA {day_like('%d-%m-%Y', facts.issued)} HORA {_clock(chance)} CAIXA 2",
        "",
        *(f"{i.description[:24]:<24} {plain(i.quantity):>4} {_dotted(i.net):>10}" for i in facts.items),
        "=" * 40,
        f"{'TOTAL A PAGAR':<20}{_dotted(facts.gross):>20}",
        f"{'ENTREGADO':<20}{_dotted(paid):>20}",
        f"{'CAMBIO':<20}{_dotted(paid - facts.gross):>20}",
        "",
        "DESAGREGACION DO IVE",
        *(
            f"TIPO {plain(row.rate):>4}%  BASE {_dotted(row.base):>9}  COTA {_dotted(row.amount):>8}"
            for row in facts.taxes
        ),
    ]
    return Printed(pdf=_roll(text, 227.0, 8.4))


def shop_80_basque(facts: Facts, chance: Chance) -> Printed:
    """Basque words over Spanish ones; BEZ instead of IVA."""
    seller = facts.supplier
    text = [
        seller.name.upper(),
        f"{seller.street}. {seller.postcode} {seller.town}",
        f"IFZ/NIF: {seller.tax_id}",
        "",
        f"Faktura sinplifikatua: {facts.number}",
        f"Data/Fecha: {day_like('%Y/%m/%d', facts.issued)}  {_clock(chance)}",
        "." * 42,
        *(f"{plain(i.quantity):>3} {i.description[:24]:<24} {_bare(i.net):>12}" for i in facts.items),
        "." * 42,
        f"{'GUZTIRA / TOTAL':<24}{_bare(facts.gross) + ' EUR':>18}",
        "",
        "BEZ%    Oinarria     Kuota    Guztira",
        *(
            f"{plain(r.rate):>4}  {_bare(r.base):>9}  {_bare(r.amount):>8}  {_bare(r.base + r.amount):>9}"
            for r in facts.taxes
        ),
        "",
        "Eskerrik asko!",
    ]
    return Printed(pdf=_roll(text, 227.0, 8.2))


def petrol_station(facts: Facts, chance: Chance) -> Printed:
    """One product by the litre, a number plate, and the tax in one line."""
    seller, row = facts.supplier, facts.taxes[0]
    price = chance.choice(("1,459", "1,529", "1,388"))
    text = [
        "E.S. " + seller.town.upper(),
        seller.name,
        f"{seller.tax_id}   {seller.street}",
        "",
        f"Fecha {day_like('%d/%m/%Y', facts.issued)} Hora {_clock(chance)}",
        f"Operacion {facts.number}  Surtidor 0{chance.randint(1, 8)}",
        f"Matricula {chance.digits(4)}-LKV",
        "",
        f"GASOLEO A             {price} EUR/L",
        f"Litros {chance.randint(10, 60)},{chance.digits(2)}",
        f"IMPORTE ........... {_bare(facts.gross)} EUR",
        "",
        f"Base {_bare(row.base)}  IVA {plain(row.rate)}% {_bare(row.amount)}",
        f"TOTAL EUROS: {_bare(facts.gross)}",
        "VISA ************" + chance.digits(4) + "  AUT. " + chance.digits(6),
        "CLIENTE CONTADO - CONSERVE ESTE TICKET",
    ]
    return Printed(pdf=_roll(text, 227.0, 8.0), hidden=frozenset({"lines", "lines_count"}))


def receipt_voucher(facts: Facts, _chance: Chance) -> Printed:
    """A parking receipt: proportional type, everything centred, only the total and 'IVA incl.'."""
    seller = facts.supplier
    sheet = Sheet(size=(227.0, 300.0), margins=(14, 20, 14, 12), points=9)
    said: Callable[..., Any] = sheet.say
    story = [
        said("APARCAMIENTO CENTRO", "c", bold=True),
        said(f"{seller.name}\n{seller.tax_id}\n{seller.street} {seller.town}", "c", by=0.85),
        said(f"Recibo / Receipt {facts.number}", "c"),
        said(
            f"Entrada {day_like('%d/%m/%Y', facts.issued)} 09:12\nSalida {day_like('%d/%m/%Y', facts.issued)} 12:47",
            "c",
        ),
        said(f"{_bare(facts.gross)} €", "c", by=2.0, bold=True),
        said(f"IVA {plain(facts.taxes[0].rate)}% incluido - Pagado con tarjeta", "c", by=0.85),
    ]
    hidden = {"lines", "lines_count", "taxes", "totals.net", "totals.tax"}
    assert facts.gross > ZERO
    return Printed(pdf=sheet.print(story), hidden=frozenset(hidden))
