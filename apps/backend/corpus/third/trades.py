"""Invoices of carriers, wholesalers, waterworks and car parks."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from corpus.second.flow import Printed, Sheet, gap
from corpus.second.spelled import amount_like, day_like, plain

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

    from corpus.chance import Chance
    from corpus.facts import Facts

_LINES: Final = [("GRID", (0, 0), (-1, -1), 0.4, "#888888")]
_TEAL: Final = [("BACKGROUND", (0, 0), (-1, 0), "#12666a"), ("TEXTCOLOR", (0, 0), (-1, 0), "#ffffff")]
_eur = partial(amount_like, "1.234,56 €")
_bare = partial(amount_like, "1.234,56")
_spaced = partial(amount_like, "1 234,56")
_LEDGER: Final = "{:<34}{:>8}{:>12}{:>14}"


def carrier(facts: Facts, chance: Chance) -> Printed:
    """A haulier's sheet: plates and routes, the number in the corner, the sums in a strip."""
    sheet = Sheet(points=9)
    seller, buyer = facts.supplier, facts.buyer
    assert buyer is not None
    assert facts.due is not None
    rows = [["Albarán", "Trayecto / servicio", "Bultos", "Porte unit.", "Porte"]]
    rows += [
        [chance.digits(6), each.description, plain(each.quantity), _bare(each.price), _bare(each.net)]
        for each in facts.items
    ]
    strip = [["Suma portes", "Tipo", "Cuota", "Líquido factura"]]
    strip += [[_bare(row.base), f"{plain(row.rate)} %", _bare(row.amount), ""] for row in facts.taxes]
    strip[-1][-1] = _eur(facts.gross)
    story = [
        sheet.beside(
            sheet.say(f"{seller.name}\nTransporte de mercancías\n{seller.street}, {seller.town}\nNIF {seller.tax_id}"),
            sheet.box(
                [
                    sheet.say(f"FACTURA DE TRANSPORTE\n{facts.number}", "c", bold=True),
                    sheet.say(f"Confeccionada {day_like('%d/%m/%Y', facts.issued)}", "c"),
                    sheet.say(f"Pago antes de {day_like('%d/%m/%Y', facts.due)}", "c"),
                ]
            ),
            shares=(0.55, 0.45),
        ),
        gap(12),
        sheet.say(f"Cargador: {buyer.name} - NIF {buyer.tax_id}\n{buyer.street}, {buyer.postcode} {buyer.town}"),
        gap(12),
        sheet.grid(rows, (1.3, 5, 1, 1.5, 1.6), "llrrr", marks=_TEAL),
        gap(12),
        sheet.grid(strip, (2, 1, 2, 2.4), "rrrr", marks=_LINES),
        gap(8),
        sheet.say(f"Vehículo {chance.digits(4)} KLM", by=0.8),
    ]
    return Printed(pdf=sheet.print(story))


def wholesaler_landscape(facts: Facts, _chance: Chance) -> Printed:
    """A landscape sheet with the tax of each line and one row of sums per rate; the issuer in the page's foot."""
    seller, buyer = facts.supplier, facts.buyer
    assert buyer is not None

    def around(canvas: Canvas) -> None:
        canvas.setFont("Helvetica-Bold", 15)
        canvas.drawString(48, 552, seller.name)
        canvas.setFont("Helvetica", 7)
        place = f"{seller.street} · {seller.postcode} {seller.town}"
        canvas.drawString(
            48, 24, f"{seller.name} · {place} · Identificación fiscal {seller.tax_id} · Tel. {seller.phone}"
        )

    sheet = Sheet(size=(842.0, 595.0), margins=(48, 62, 48, 50), around=around, points=9)
    rows = [["Ref.", "Producto", "Uds.", "Tarifa", "% imp.", "Valor"]]
    rows += [
        [i.code, i.description, plain(i.quantity), _spaced(i.price), plain(i.rate), _spaced(i.net)] for i in facts.items
    ]
    sums = [["Base", "%", "Impuesto"]]
    sums += [[_spaced(row.base), plain(row.rate), _spaced(row.amount)] for row in facts.taxes]
    head = f"Fra. {facts.number} · {day_like('%d/%m/%Y', facts.issued)}"
    total = sheet.say(f"TOTAL FRA.   {_spaced(facts.gross)} EUR", "r", by=1.5, bold=True)
    story = [
        sheet.beside(
            sheet.say(head, by=1.2, bold=True),
            sheet.say(f"{buyer.name}\n{buyer.tax_id}\n{buyer.street}\n{buyer.postcode} {buyer.town}"),
            shares=(0.6, 0.4),
        ),
        gap(14),
        sheet.grid(rows, (1, 5, 1, 1.4, 0.8, 1.5), "llrrrr", marks=_LINES),
        gap(12),
        sheet.beside(sheet.grid(sums, (2, 1, 2), "rrr"), total, shares=(0.4, 0.6)),
    ]
    return Printed(pdf=sheet.print(story))


def waterworks(facts: Facts, chance: Chance) -> Printed:
    """A water bill in Catalan: the holder's box, the reading, and the sums in a column of their own."""
    sheet = Sheet(points=9.5, margins=(56, 50, 56, 50))
    seller, buyer = facts.supplier, facts.buyer
    assert buyer is not None
    sums = [[each.description, _eur(each.net)] for each in facts.items]
    sums += [["Import sense IVA", _eur(facts.net)]]
    sums += [[f"IVA {plain(row.rate)} % sobre {_bare(row.base)}", _eur(row.amount)] for row in facts.taxes]
    sums += [["Import de la factura", _eur(facts.gross)]]
    story = [
        sheet.say(f"{seller.name}", by=1.5, bold=True, colour="#1c4f8a"),
        sheet.say(f"{seller.street}, {seller.postcode} {seller.town} · NIF {seller.tax_id}", by=0.8),
        gap(16),
        sheet.beside(
            sheet.box(
                [
                    sheet.say("Dades de la factura", bold=True),
                    sheet.say(f"Factura núm. {facts.number}\nData {day_like('%d/%m/%Y', facts.issued)}"),
                    sheet.say(f"Comptador {chance.digits(8)}, lectura {chance.randint(40, 900)} m³"),
                ]
            ),
            sheet.box(
                [
                    sheet.say("Titular del contracte", bold=True),
                    sheet.say(f"{buyer.name}\nNIF {buyer.tax_id}\n{buyer.street}\n{buyer.postcode} {buyer.town}"),
                ]
            ),
            shares=(0.5, 0.5),
        ),
        gap(18),
        sheet.beside("", sheet.grid(sums, (7, 3), "lr", heads=0, marks=_LINES), shares=(0.2, 0.8)),
        gap(10),
        sheet.say("Domiciliació bancària", by=0.8),
    ]
    return Printed(pdf=sheet.print(story))


def car_park_ticket(facts: Facts, chance: Chance) -> Printed:
    """A car park's machine: entry and exit, the sum first, the tax behind it."""
    seller, row = facts.supplier, facts.taxes[0]
    text = [
        seller.name,
        f"NIF {seller.tax_id}",
        seller.street,
        f"{seller.postcode} {seller.town}",
        "",
        f"FRA. SIMPLIFICADA {facts.number}",
        f"EXPEDIDA {day_like('%d/%m/%Y', facts.issued)} {chance.randint(10, 22)}:{chance.randint(10, 59)}",
        f"ESTANCIA {chance.randint(1, 9)}H {chance.randint(10, 59)}M  PLAZA {chance.randint(1, 400)}",
        "",
        f"A PAGAR          {_bare(facts.gross)} EUR",
        f"BASE {_bare(row.base)}  IVA {plain(row.rate)}% {_bare(row.amount)}",
        "",
        "PAGADO CON TARJETA",
        "CONSERVE ESTE JUSTIFICANTE",
    ]
    sheet = Sheet(size=(200.0, (len(text) + 6) * 12.0), margins=(14, 16, 6, 10), points=8)
    return Printed(pdf=sheet.print([sheet.typed(text)]), hidden=frozenset({"lines", "lines_count"}))


def ledger_print(facts: Facts, _chance: Chance) -> Printed:
    """A cooperative's typewritten ledger page: everything in columns of characters, the parties in one line each."""
    seller, buyer = facts.supplier, facts.buyer
    assert buyer is not None
    rule = "=" * 68
    text = [
        f"DE.....: {seller.name} / {seller.tax_id} / {seller.town}",
        f"A......: {buyer.name} / {buyer.tax_id} / {buyer.town}",
        f"ASUNTO.: FACTURA {facts.number}  DEL {day_like('%d-%m-%Y', facts.issued)}",
        rule,
        _LEDGER.format("GENERO", "CANT", "PRECIO", "VALOR"),
        rule,
        *(_LEDGER.format(i.description[:33], plain(i.quantity), _bare(i.price), _bare(i.net)) for i in facts.items),
        rule,
        _LEDGER.format("SUMA", "", "", _bare(facts.net)),
        *(_LEDGER.format(f"I.V.A. {plain(row.rate)}%", "", "", _bare(row.amount)) for row in facts.taxes),
        _LEDGER.format("IMPORTE LIQUIDO EN EUROS", "", "", _bare(facts.gross)),
    ]
    sheet = Sheet(margins=(60, 60, 40, 40), points=9)
    return Printed(pdf=sheet.print([sheet.typed(text)]), hidden=frozenset({"taxes.base"}))
