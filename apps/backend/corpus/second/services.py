"""Bills of utilities, hotels and studios: several boxes, charts, folios, and large coloured blocks."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

from reportlab.graphics.shapes import Drawing, Rect, String

from corpus.second.flow import Printed, Sheet, gap
from corpus.second.letters import address
from corpus.second.spelled import amount_like, day_like, plain

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

    from corpus.chance import Chance
    from corpus.facts import Facts

_NO_LINES: Final = frozenset({"lines", "lines_count"})
_RULE: Final = [("LINEBELOW", (0, 0), (-1, 0), 0.6, "#333333")]
_MONTHS: Final = "EFMAMJJASOND"
_eur = partial(amount_like, "1.234,56 €")
_bare = partial(amount_like, "1.234,56")
_plain_eur = partial(amount_like, "1234,56 €")


def _chart(chance: Chance) -> Drawing:
    drawing = Drawing(220, 80)
    for at, month in enumerate(_MONTHS):
        height = chance.randint(10, 50)
        drawing.add(Rect(at * 18, 14, 12, height, fillColor="#7fb069", strokeColor=None))
        drawing.add(String(at * 18 + 3, 4, month, fontSize=7))
        drawing.add(String(at * 18, 16 + height, str(height * 7), fontSize=5))
    return drawing


def electricity(facts: Facts, chance: Chance) -> Printed:
    """A summary box, a chart of past months, contract data, and the sums in a second box."""
    sheet = Sheet(points=8.5)
    seller, buyer, row = facts.supplier, facts.buyer, facts.taxes[0]
    assert buyer is not None
    assert facts.due is not None
    began = facts.issued - timedelta(days=31)
    summary = [
        sheet.say("RESUMEN DE SU FACTURA", bold=True),
        sheet.grid([[each.description, _eur(each.net)] for each in facts.items], (6, 3), "lr", heads=0),
        sheet.grid([[f"IVA normal {plain(row.rate)}% s/{_bare(row.base)}", _eur(row.amount)]], (6, 3), "lr", heads=0),
        sheet.say(f"TOTAL IMPORTE FACTURA    {_eur(facts.gross)}", by=1.3, bold=True, colour="#2d6a1f"),
    ]
    data = [
        sheet.say("DATOS DE LA FACTURA", bold=True),
        sheet.say(
            f"Nº factura: {facts.number}\nReferencia: {chance.digits(12)}\nFecha emisión factura: {day_like('%d/%m/%Y', facts.issued)}"
        ),
        sheet.say(
            f"Periodo de facturación: del {day_like('%d/%m/%Y', began)} a {day_like('%d/%m/%Y', facts.issued)} (31 días)"
        ),
        sheet.say(f"Fecha de cargo: {day_like('%d de MONTH de %Y', facts.due)}"),
    ]
    contract = [
        sheet.say("DATOS DEL CONTRATO", bold=True),
        sheet.say(
            f"Titular del contrato: {buyer.name}\nNIF: {buyer.tax_id}\nDirección de suministro: {buyer.street}, {buyer.town}"
        ),
        sheet.say(f"CUPS: ES0021{chance.digits(12)}AB   Potencia contratada: 4,6 kW   Peaje 2.0TD"),
    ]
    story = [
        sheet.beside(
            sheet.say(seller.name, by=1.6, bold=True, colour="#2d6a1f"),
            sheet.say(
                f"{seller.name}. CIF {seller.tax_id}.\n{seller.street}, {seller.postcode} {seller.town}", "r", by=0.75
            ),
            shares=(0.5, 0.5),
        ),
        gap(10),
        sheet.beside([sheet.box(data)], [sheet.box(summary)], shares=(0.5, 0.5)),
        gap(8),
        sheet.beside(
            [sheet.box(contract)],
            [sheet.say("Evolución de su consumo (kWh)", bold=True), _chart(chance)],
            shares=(0.5, 0.5),
        ),
        gap(10),
        sheet.say(
            "Averías: 900 100 200. Puede reclamar ante la Junta Arbitral de Consumo. Precio medio del kWh: 0,168432 €.",
            by=0.8,
        ),
    ]
    return Printed(pdf=sheet.print(story), hidden=_NO_LINES)


def telephone(facts: Facts, chance: Chance) -> Printed:
    """The total on top in large type, sums by line of service, tax named in full."""
    sheet = Sheet(points=9)
    seller, buyer, row = facts.supplier, facts.buyer, facts.taxes[0]
    assert buyer is not None
    rows = [["Cuotas y consumos", "Importe (sin impuestos)"]]
    rows += [[f"Línea 6{chance.digits(8)} - {each.description}", _plain_eur(each.net)] for each in facts.items]
    rows += [
        ["Total (base imponible)", _plain_eur(facts.net)],
        [f"Impuesto sobre el Valor Añadido ({plain(row.rate)}%)", _plain_eur(row.amount)],
        ["Total a pagar", _plain_eur(facts.gross)],
    ]
    began = facts.issued.replace(day=1)
    story = [
        sheet.beside(
            [
                sheet.say("Tu factura", by=2, colour="#5b2a86", bold=True),
                sheet.say(day_like("MONTH %Y", facts.issued).capitalize(), by=1.2),
            ],
            [
                sheet.say("Total a pagar", "r"),
                sheet.say(_plain_eur(facts.gross), "r", by=2.4, bold=True, colour="#5b2a86"),
            ],
            shares=(0.5, 0.5),
        ),
        gap(10),
        sheet.say(f"{buyer.name}\n{address(buyer)}\nNIF/CIF: {buyer.tax_id}   Nº de cliente: {chance.digits(8)}"),
        gap(8),
        sheet.say(
            f"Número de factura: {facts.number}   Fecha de factura: {day_like('%d/%m/%Y', facts.issued)}   Periodo: {day_like('%d/%m', began)} - {day_like('%d/%m/%Y', facts.issued)}"
        ),
        gap(12),
        sheet.grid(rows, (7, 2.5), "lr", marks=_RULE),
        gap(120),
        sheet.say(
            f"{seller.name}, con domicilio en {seller.street}, {seller.postcode} {seller.town}. N.I.F. {seller.tax_id}. Registro Mercantil de {seller.province}, tomo 2880.",
            by=0.75,
            colour="#777777",
        ),
    ]
    return Printed(pdf=sheet.print(story), hidden=_NO_LINES)


def hotel_folio(facts: Facts, chance: Chance) -> Printed:
    """Charges by day with a running folio, arrival and departure, labels in Spanish and English."""
    sheet = Sheet(points=8.8, font="Times-Roman")
    seller, buyer = facts.supplier, facts.buyer
    assert buyer is not None
    came = facts.issued - timedelta(days=len(facts.items))
    rows = [["Fecha/Date", "Concepto/Description", "Uds.", "Cargos/Charges", "Abonos/Credits"]]
    for number, each in enumerate(facts.items):
        rows.append(
            [
                day_like("%d/%m/%y", came + timedelta(days=number)),
                each.description,
                plain(each.quantity),
                _bare(each.net),
                "",
            ]
        )
    taxes = [["% IVA", "Base/Net", "IVA/VAT", "Total"]]
    taxes += [
        [plain(row.rate), _bare(row.base), _bare(row.amount), _bare(row.base + row.amount)] for row in facts.taxes
    ]
    story = [
        sheet.say("HOTEL MIRADOR", "c", by=1.8, bold=True),
        sheet.say(f"{seller.name} - {seller.tax_id}\n{seller.street} - {seller.postcode} {seller.town}", "c", by=0.9),
        gap(10),
        sheet.beside(
            sheet.say(
                f"Huésped/Guest: {chance.choice(('Sra.', 'Sr.'))} {buyer.name}\nNIF: {buyer.tax_id}\n{address(buyer)}"
            ),
            sheet.say(
                f"Factura/Invoice: {facts.number}\nFecha/Date: {day_like('%d/%m/%Y', facts.issued)}\nHabitación/Room: {chance.randint(101, 640)}\n"
                f"Llegada/Arrival: {day_like('%d/%m/%Y', came)}\nSalida/Departure: {day_like('%d/%m/%Y', facts.issued)}",
            ),
            shares=(0.55, 0.45),
        ),
        gap(10),
        sheet.grid(rows, (1.4, 5, 0.7, 1.8, 1.8), "llrrr", marks=_RULE),
        gap(10),
        sheet.beside(
            sheet.grid(taxes, (1, 1.5, 1.5, 1.5), "rrrr", marks=_RULE),
            sheet.say(f"Total factura/Invoice total\n{_bare(facts.gross)} EUR", "r", by=1.3, bold=True),
            shares=(0.55, 0.45),
        ),
        gap(20),
        sheet.say("Firma del cliente / Guest signature _______________________"),
    ]
    return Printed(pdf=sheet.print(story))


def coloured_blocks(facts: Facts, _chance: Chance) -> Printed:
    """A designer's page: a huge title on colour, the total on colour, thin tables between."""
    seller, buyer, row = facts.supplier, facts.buyer, facts.taxes[0]
    assert buyer is not None
    assert facts.withheld_rate is not None

    def around(canvas: Canvas) -> None:
        canvas.setFillColor("#f2b5a7")
        canvas.rect(0, 690, 595, 152, stroke=0, fill=1)
        canvas.setFillColor("#2f3e46")
        canvas.circle(520, 760, 40, stroke=0, fill=1)

    sheet = Sheet(points=9.5, around=around, margins=(50, 50, 50, 40))
    rows = [["DESCRIPCIÓN", "PRECIO", "CANT.", "TOTAL"]]
    rows += [[each.description, _eur(each.price), plain(each.quantity), _eur(each.net)] for each in facts.items]
    sums = [
        ["Subtotal", _eur(facts.net)],
        [f"IVA {plain(row.rate)}%", _eur(row.amount)],
        [f"IRPF {plain(facts.withheld_rate)}%", _eur(-facts.withheld)],
    ]
    story = [
        sheet.say("factura", by=4, bold=True, colour="#2f3e46"),
        sheet.say(f"#{facts.number}", by=1.3),
        gap(50),
        sheet.beside(
            [
                sheet.say("De", by=0.8, colour="#e07a5f", bold=True),
                sheet.say(f"{seller.name}\n{seller.tax_id}\n{address(seller)}"),
            ],
            [
                sheet.say("Para", by=0.8, colour="#e07a5f", bold=True),
                sheet.say(f"{buyer.name}\n{buyer.tax_id}\n{address(buyer)}"),
            ],
            [sheet.say("Fecha", by=0.8, colour="#e07a5f", bold=True), sheet.say(day_like("%d.%m.%Y", facts.issued))],
            shares=(0.38, 0.38, 0.24),
        ),
        gap(24),
        sheet.grid(rows, (5, 1.6, 1, 1.8), "lrrr", marks=[("LINEBELOW", (0, 0), (-1, -1), 0.3, "#cccccc")]),
        gap(10),
        sheet.beside("", sheet.grid(sums, (1, 1), "lr", heads=0), shares=(0.6, 0.4)),
        gap(8),
        sheet.box(
            [sheet.say(f"Total   {_eur(facts.payable)}", "r", by=1.8, bold=True, colour="#ffffff")], fill="#2f3e46"
        ),
        gap(20),
        sheet.say(f"Datos de pago: {facts.iban}\n¡Gracias por confiar en mí!", by=0.9),
    ]
    return Printed(pdf=sheet.print(story), hidden=frozenset({"totals.gross"}))


def sidebar(facts: Facts, _chance: Chance) -> Printed:
    """A coloured column at the left holds the issuer, the account and the date; the rest stands beside it."""
    seller, buyer, row = facts.supplier, facts.buyer, facts.taxes[0]
    assert buyer is not None

    def around(canvas: Canvas) -> None:
        canvas.setFillColor("#dbe7e4")
        canvas.rect(0, 0, 180, 842, stroke=0, fill=1)
        text = canvas.beginText(22, 780)
        text.setFillColor("#222222")
        text.setFont("Helvetica", 8.5)
        text.setLeading(13)
        for line in (
            seller.name,
            "",
            seller.tax_id,
            seller.street,
            f"{seller.postcode} {seller.town}",
            seller.phone,
            "",
            "FECHA",
            day_like("%d/%m/%Y", facts.issued),
            "",
            "Nº FACTURA",
            facts.number,
            "",
            "CUENTA",
            facts.iban,
        ):
            text.textLine(line)
        canvas.drawText(text)

    sheet = Sheet(points=9.5, around=around, margins=(200, 60, 40, 40))
    rows = [["Proyecto", "Horas", "Tarifa", "Importe"]]
    rows += [[each.description, plain(each.quantity), _bare(each.price), _bare(each.net)] for each in facts.items]
    sums = [["Base imponible", _eur(facts.net)], [f"IVA ({plain(row.rate)}%)", _eur(row.amount)]]
    if facts.withheld_rate is not None:
        sums += [[f"Retención ({plain(facts.withheld_rate)}%)", _eur(-facts.withheld)]]
    sums += [["A ingresar", _eur(facts.payable)]]
    story = [
        sheet.say("FACTURA", by=2.4, bold=True),
        gap(30),
        sheet.say(f"Cliente\n{buyer.name}\n{buyer.tax_id}\n{address(buyer)}"),
        gap(30),
        sheet.grid(rows, (5, 1.1, 1.5, 1.8), "lrrr", marks=_RULE),
        gap(16),
        sheet.beside("", sheet.grid(sums, (1.2, 1), "rr", heads=0), shares=(0.35, 0.65)),
    ]
    return Printed(pdf=sheet.print(story), hidden=frozenset({"totals.gross"}))
