"""Bills of hotels, drug wholesalers, schools and workshops, some with every label in two languages."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from corpus.second.flow import Printed, Sheet, gap
from corpus.second.spelled import amount_like, day_like, plain

if TYPE_CHECKING:
    from corpus.chance import Chance
    from corpus.facts import Facts

_HAIR: Final = [("LINEBELOW", (0, 0), (-1, 0), 0.4, "#333333")]
_CELLS: Final = [("GRID", (0, 0), (-1, -1), 0.4, "#999999")]
_eur = partial(amount_like, "1.234,56 €")
_bare = partial(amount_like, "1.234,56")
_euros = partial(amount_like, "1234,56 EUR")


def front_desk(facts: Facts, chance: Chance) -> Printed:
    """A hotel's folio in two languages: room, stay, confirmation and folio beside the number of the bill."""
    sheet = Sheet(points=9)
    seller, buyer = facts.supplier, facts.buyer
    assert buyer is not None
    stay = [
        ["Hab. / Room", str(chance.randint(101, 640)), "Factura / Invoice", facts.number],
        ["Folio", chance.digits(6), "Fecha / Date", day_like("%d.%m.%Y", facts.issued)],
        ["Localizador", f"{chance.choice('HKR')}{chance.digits(7)}", "Cajero / Cashier", str(chance.randint(1, 40))],
    ]
    rows = [["Descripción / Description", "Cargos / Charges"]]
    rows += [[each.description, _bare(each.net)] for each in facts.items]
    sums = [["% IVA / VAT", "Neto / Net", "Impuesto / Tax", "Bruto / Gross"]]
    sums += [[plain(row.rate), _bare(row.base), _bare(row.amount), _bare(row.base + row.amount)] for row in facts.taxes]
    story = [
        sheet.say(seller.name, "c", by=1.5, bold=True),
        sheet.say(f"{seller.street} · {seller.postcode} {seller.town} · Tel. {seller.phone}", "c", by=0.85),
        gap(16),
        sheet.beside(
            sheet.say(f"{buyer.name}\n{buyer.street}\n{buyer.postcode} {buyer.town}\nVAT {buyer.tax_id}"),
            sheet.grid(stay, (1.3, 1, 1.5, 1.4), "llll", heads=0),
            shares=(0.4, 0.6),
        ),
        gap(16),
        sheet.grid(rows, (8, 2), "lr", marks=_HAIR),
        gap(6),
        sheet.say(f"Total a pagar / Balance due   {_eur(facts.gross)}", "r", bold=True),
        gap(10),
        sheet.grid(sums, (1, 1, 1, 1), "rrrr", marks=_HAIR),
        gap(30),
        sheet.say(f"Sociedad explotadora: {seller.name}. CIF {seller.tax_id}", "c", by=0.8),
    ]
    return Printed(pdf=sheet.print(story))


def pharmacy_wholesale(facts: Facts, chance: Chance) -> Printed:
    """A drug wholesaler's listing: route, warehouse and delivery notes, and both rates in a strip at the foot."""
    sheet = Sheet(points=8, margins=(40, 40, 40, 40))
    seller, buyer = facts.supplier, facts.buyer
    assert buyer is not None
    rows = [["C.N.", "Artículo", "Uds", "P.V.L.", "Neto"]]
    rows += [
        [chance.digits(6), each.description, plain(each.quantity), _bare(each.price), _bare(each.net)]
        for each in facts.items
    ]
    strip = [["IVA", "Importe neto", "Cuota"]]
    strip += [[f"{plain(row.rate)}%", _bare(row.base), _bare(row.amount)] for row in facts.taxes]
    story = [
        sheet.beside(
            sheet.say(f"{seller.name}\nAlmacén {seller.town} - Ruta {chance.randint(1, 80)}", by=1.2, bold=True),
            sheet.say(
                f"FACTURA  {facts.number}\nde {day_like('%d-%m-%y', facts.issued)}\nAlbaranes {chance.digits(7)} a "
                f"{chance.digits(7)}",
                "r",
            ),
            shares=(0.6, 0.4),
        ),
        gap(8),
        sheet.say(
            f"Oficina de farmacia {chance.digits(4)}: {buyer.name} · {buyer.street} · {buyer.town} · {buyer.tax_id}"
        ),
        gap(8),
        sheet.grid(rows, (1, 6, 0.8, 1.2, 1.4), "llrrr", marks=_HAIR),
        gap(10),
        sheet.beside(
            sheet.grid(strip, (1, 2, 2), "rrr", marks=_CELLS),
            sheet.say(f"A CARGAR\n{_eur(facts.gross)}", "r", by=1.4, bold=True),
            shares=(0.5, 0.5),
        ),
        gap(10),
        sheet.say(f"{seller.name} · {seller.street} · NIF {seller.tax_id} · Distribución farmacéutica", "c", by=0.8),
    ]
    return Printed(pdf=sheet.print(story))


def school_in_two_languages(facts: Facts, chance: Chance) -> Printed:
    """A school's bill in Catalan and Spanish, each label twice; family and pupil have numbers too."""
    sheet = Sheet(points=9.5, margins=(56, 50, 56, 50))
    seller, buyer = facts.supplier, facts.buyer
    assert buyer is not None
    rows = [["Concepte / Concepto", "Import / Importe"]]
    rows += [[each.description, _eur(each.net)] for each in facts.items]
    rows += [["Total factura", _eur(facts.gross)]]
    story = [
        sheet.say(seller.name, by=1.5, bold=True, colour="#1b5e20"),
        sheet.say(f"{seller.street} - {seller.postcode} {seller.town} - NIF {seller.tax_id}", by=0.85),
        gap(16),
        sheet.say(
            f"Factura núm. / Factura nº: {facts.number}\nData / Fecha: {day_like('%d/%m/%Y', facts.issued)}\n"
            f"Família / Familia: {chance.digits(4)}\nAlumne / Alumno: {chance.digits(5)}"
        ),
        gap(10),
        sheet.say(f"Pagador / Pagador: {buyer.name}\nNIF: {buyer.tax_id}"),
        gap(14),
        sheet.grid(rows, (8, 2), "lr", marks=_HAIR),
        gap(10),
        sheet.say("Exempt d'IVA / Exento de IVA (art. 20.1.9 Llei/Ley 37/1992)", by=0.85),
    ]
    return Printed(pdf=sheet.print(story), hidden=frozenset({"taxes", "totals.net", "totals.tax"}))


def workshop_in_two_languages(facts: Facts, chance: Chance) -> Printed:
    """A Basque workshop: Basque over Spanish in every heading; order and delivery note before the bill's number."""
    sheet = Sheet(points=9)
    seller, buyer = facts.supplier, facts.buyer
    assert buyer is not None
    head = [
        ["Eskaera\nPedido", "Albarana\nAlbarán", "Faktura\nFactura", "Data\nFecha"],
        [chance.digits(5), chance.digits(6), facts.number, day_like("%Y/%m/%d", facts.issued)],
    ]
    rows = [["Deskribapena / Descripción", "Kop. / Cant.", "Prezioa / Precio", "Zenbatekoa / Importe"]]
    rows += [[each.description, plain(each.quantity), _bare(each.price), _bare(each.net)] for each in facts.items]
    sums = [["Oinarria / Base", _eur(facts.net)]]
    sums += [[f"BEZ / IVA {plain(row.rate)} %", _eur(row.amount)] for row in facts.taxes]
    sums += [["Guztira / Total", _eur(facts.gross)]]
    story = [
        sheet.beside(
            sheet.say(f"{seller.name}\n{seller.street}\n{seller.postcode} {seller.town}\nIFZ/NIF {seller.tax_id}"),
            sheet.box(
                [
                    sheet.say("Bezeroa / Cliente", bold=True),
                    sheet.say(f"{buyer.name}\n{buyer.street}\n{buyer.postcode} {buyer.town}\n{buyer.tax_id}"),
                ]
            ),
            shares=(0.5, 0.5),
        ),
        gap(14),
        sheet.grid(head, (1, 1, 1, 1), "llll", marks=_CELLS),
        gap(12),
        sheet.grid(rows, (5, 1, 1.4, 1.8), "lrrr", marks=_CELLS),
        gap(12),
        sheet.beside("", sheet.grid(sums, (3, 2), "lr", heads=0), shares=(0.5, 0.5)),
    ]
    return Printed(pdf=sheet.print(story), hidden=frozenset({"taxes.base"}))
