"""Invoices of offices and platforms: notaries, subscriptions, schools, and bills that the customer writes himself."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from corpus.second.flow import Printed, Sheet, gap
from corpus.second.spelled import amount_like, day_like, plain

if TYPE_CHECKING:
    from corpus.chance import Chance
    from corpus.facts import Facts

_THIN: Final = [("LINEBELOW", (0, 0), (-1, -1), 0.3, "#bbbbbb")]
_eur = partial(amount_like, "1.234,56 €")
_bare = partial(amount_like, "1.234,56")
_english = partial(amount_like, "€1,234.56")


def notary_fees(facts: Facts, _chance: Chance) -> Printed:
    """A notary's bill: protocol number, fees by tariff, retention, and the copy for the registry."""
    sheet = Sheet(font="Times-Roman", points=10.5, margins=(75, 60, 75, 60))
    seller, buyer, row = facts.supplier, facts.buyer, facts.taxes[0]
    assert buyer is not None
    assert facts.withheld_rate is not None
    rows = [["Arancel", "Derechos"]]
    rows += [[f"Núm. {number} - {each.description}", _bare(each.net)] for number, each in enumerate(facts.items, 2)]
    sums = [
        ["Total derechos", _eur(facts.net)],
        [f"Impuesto sobre el Valor Añadido ({plain(row.rate)} %)", _eur(facts.tax)],
        [f"Retención a cuenta ({plain(facts.withheld_rate)} %)", _eur(-facts.withheld)],
        ["Importe a satisfacer", _eur(facts.payable)],
    ]
    story = [
        sheet.say(f"NOTARÍA DE {seller.town.upper()}", "c", by=1.3, bold=True),
        sheet.say(f"{seller.name}\nNotario del Ilustre Colegio - D.N.I. {seller.tax_id}\n{seller.street}", "c"),
        gap(24),
        sheet.say(f"Factura de derechos arancelarios {facts.number}, protocolo 1.{facts.issued.month:03}"),
        sheet.say(f"En {seller.town}, el día {day_like('%e de MONTH de %Y', facts.issued)}."),
        gap(10),
        sheet.say(f"Otorgante: {buyer.name}, N.I.F. {buyer.tax_id}."),
        gap(14),
        sheet.grid(rows, (7, 3), "lr", marks=_THIN),
        gap(14),
        sheet.grid(sums, (7, 3), "lr", heads=0),
    ]
    return Printed(pdf=sheet.print(story), hidden=frozenset({"totals.gross"}))


def billed_by_to(facts: Facts, _chance: Chance) -> Printed:
    """A platform's English page: big number, billed by and to in columns, the amount due in colour."""
    sheet = Sheet(points=9.5, margins=(60, 60, 60, 50))
    seller, buyer = facts.supplier, facts.buyer
    assert buyer is not None
    rows = [["Item", "Units", "Unit cost", "Amount"]]
    rows += [[each.description, plain(each.quantity), _english(each.price), _english(each.net)] for each in facts.items]
    sums = [["Amount before tax", _english(facts.net)]]
    sums += [[f"VAT at {plain(row.rate)}%", _english(row.amount)] for row in facts.taxes]
    sums += [["Amount due", _english(facts.gross)]]
    story = [
        sheet.say(f"Invoice {facts.number}", by=2, bold=True, colour="#2f5d50"),
        sheet.say(f"Issued on {day_like('%e MONTH %Y', facts.issued, 'en')}"),
        gap(24),
        sheet.beside(
            sheet.say(
                f"Billed by\n{seller.name}\n{seller.street}\n{seller.postcode} {seller.town}\nTax no. {seller.tax_id}"
            ),
            sheet.say(
                f"Billed to\n{buyer.name}\n{buyer.street}\n{buyer.postcode} {buyer.town}\nTax no. {buyer.tax_id}"
            ),
            shares=(0.5, 0.5),
        ),
        gap(24),
        sheet.grid(rows, (5, 1, 1.6, 1.8), "lrrr", marks=_THIN),
        gap(12),
        sheet.beside("", sheet.grid(sums, (3, 2), "lr", heads=0), shares=(0.5, 0.5)),
        gap(40),
        sheet.say(f"Questions? Write to {seller.email}", "c", by=0.8, colour="#777777"),
    ]
    return Printed(pdf=sheet.print(story), hidden=frozenset({"taxes.base"}))


def school_month(facts: Facts, _chance: Chance) -> Printed:
    """A school's monthly recibo-factura, exempt: what was given, no tax, charged to an account."""
    sheet = Sheet(points=10, margins=(60, 60, 60, 60))
    seller, buyer = facts.supplier, facts.buyer
    assert buyer is not None
    rows = [["Servicio prestado", "Euros"]]
    rows += [[each.description, _bare(each.net)] for each in facts.items]
    rows += [["Total del recibo", _bare(facts.gross)]]
    story = [
        sheet.beside(
            sheet.say(
                f"{seller.name}\n{seller.street}\n{seller.postcode} {seller.town}\nCIF.- {seller.tax_id}", bold=True
            ),
            sheet.say(f"RECIBO-FACTURA\nnº {facts.number}\n{day_like('%d/%m/%Y', facts.issued)}", "r"),
            shares=(0.6, 0.4),
        ),
        gap(20),
        sheet.say(f"Pagador: {buyer.name} ({buyer.tax_id})\nAlumno: el mismo"),
        gap(16),
        sheet.grid(rows, (8, 2), "lr", marks=_THIN),
        gap(10),
        sheet.say("Enseñanza exenta de IVA, artículo 20.Uno.9º LIVA."),
        sheet.say(f"Se cargará en {facts.iban[:4]} **** **** **** {facts.iban[-4:]}."),
    ]
    return Printed(pdf=sheet.print(story), hidden=frozenset({"iban", "taxes", "totals.net", "totals.tax"}))


def written_by_the_customer(facts: Facts, _chance: Chance) -> Printed:
    """A bill that the customer writes for the supplier: the letterhead is the customer's."""
    sheet = Sheet(points=9.5)
    seller, buyer = facts.supplier, facts.buyer
    assert buyer is not None
    rows = [["Entrega", "Kilos", "Precio", "Líquido"]]
    rows += [[each.description, plain(each.quantity), _bare(each.price), _bare(each.net)] for each in facts.items]
    sums = [["Valor de la mercancía", _eur(facts.net)]]
    sums += [[f"IVA soportado {plain(row.rate)} %", _eur(row.amount)] for row in facts.taxes]
    sums += [["A abonar", _eur(facts.gross)]]
    story = [
        sheet.say(buyer.name, by=1.7, bold=True, colour="#5a3d7a"),
        sheet.say(f"{buyer.street} - {buyer.postcode} {buyer.town} - NIF {buyer.tax_id}"),
        gap(14),
        sheet.say("FACTURA (facturación por el destinatario)", "c", bold=True),
        sheet.say(f"Núm. {facts.number}     Día {day_like('%d.%m.%Y', facts.issued)}", "c"),
        gap(14),
        sheet.box([sheet.say(f"Proveedor\n{seller.name}\nNIF {seller.tax_id}\n{seller.street}, {seller.town}")]),
        gap(14),
        sheet.grid(rows, (5, 1.2, 1.5, 1.8), "lrrr", marks=_THIN),
        gap(10),
        sheet.beside("", sheet.grid(sums, (3, 2), "lr", heads=0), shares=(0.5, 0.5)),
    ]
    return Printed(pdf=sheet.print(story), hidden=frozenset({"taxes.base"}))


def corrected_in_a_table(facts: Facts, _chance: Chance) -> Printed:
    """A rectificativa whose table sets the corrected document beside this one."""
    sheet = Sheet(points=9)
    seller, buyer = facts.supplier, facts.buyer
    assert buyer is not None
    assert facts.corrected_date is not None
    days = [day_like("%d-%m-%Y", day) for day in (facts.corrected_date, facts.issued)]
    pair = [["", "Documento rectificado", "Este documento"]]
    pair += [["Serie y número", facts.corrected, facts.number], ["Expedición", *days]]
    rows = [["Detalle", "Uds.", "Precio", "Importe"]]
    rows += [[each.description, plain(each.quantity), _bare(each.price), _bare(each.net)] for each in facts.items]
    sums = [["Diferencia de base", _eur(facts.net)]]
    sums += [[f"Diferencia de cuota ({plain(row.rate)} %)", _eur(row.amount)] for row in facts.taxes]
    sums += [["Total a su favor", _eur(facts.gross)]]
    story = [
        sheet.say("Factura rectificativa por diferencias", by=1.5, bold=True),
        gap(10),
        sheet.beside(
            sheet.say(f"Expide:\n{seller.name}\n{seller.street}\n{seller.town}\nNIF {seller.tax_id}"),
            sheet.say(f"Recibe:\n{buyer.name}\n{buyer.street}\n{buyer.town}\nNIF {buyer.tax_id}"),
            shares=(0.5, 0.5),
        ),
        gap(12),
        sheet.grid(pair, (2, 3, 3), "lll", marks=_THIN),
        gap(12),
        sheet.grid(rows, (5, 1, 1.5, 1.8), "lrrr", marks=_THIN),
        gap(12),
        sheet.beside("", sheet.grid(sums, (3, 2), "lr", heads=0), shares=(0.45, 0.55)),
    ]
    return Printed(pdf=sheet.print(story), hidden=frozenset({"taxes.base"}))
