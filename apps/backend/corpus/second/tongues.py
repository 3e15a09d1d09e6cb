"""Invoices in English, Catalan, Galician, Basque, in two languages at once, and of the Canaries."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from corpus.second.flow import Printed, Sheet, gap
from corpus.second.letters import address
from corpus.second.spelled import amount_like, day_like, plain

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

    from corpus.chance import Chance
    from corpus.facts import Facts

_GRID: Final = [("GRID", (0, 0), (-1, -1), 0.4, "#999999")]
_RULE: Final = [("LINEBELOW", (0, 0), (-1, 0), 0.6, "#333333")]
_GREY: Final = [("BACKGROUND", (0, 0), (-1, 0), "#e6e6e6")]
_NO_BASES: Final = frozenset({"taxes.base"})
_eur = partial(amount_like, "1.234,56 €")
_bare = partial(amount_like, "1.234,56")
_english = partial(amount_like, "€1,234.56")
_trailing = partial(amount_like, "1,234.56 EUR")


def marketplace(facts: Facts, chance: Chance) -> Printed:
    """An English marketplace invoice of a Spanish seller: order number, sold by, a VAT summary."""
    sheet = Sheet(points=8.5)
    seller, buyer = facts.supplier, facts.buyer
    assert buyer is not None
    rows = [["Description", "Qty", "Unit price\n(excl. VAT)", "VAT rate", "Item subtotal\n(excl. VAT)"]]
    rows += [
        [
            f"{i.description}\nASIN: B0{chance.digits(8)}",
            plain(i.quantity),
            _english(i.price),
            f"{plain(i.rate)}%",
            _english(i.net),
        ]
        for i in facts.items
    ]
    summary = [["VAT rate", "Item subtotal (excl. VAT)", "VAT subtotal"]]
    summary += [[f"{plain(row.rate)}%", _english(row.base), _english(row.amount)] for row in facts.taxes]
    summary += [["Total", _english(facts.net), _english(facts.tax)]]
    story = [
        sheet.beside(
            sheet.say("Invoice", by=2.2, bold=True),
            sheet.say(f"Paid\nSold by {seller.name}\nVAT # ES{seller.tax_id}", "r"),
            shares=(0.5, 0.5),
        ),
        gap(10),
        sheet.beside(
            sheet.say(f"{buyer.name}\n{address(buyer)}\nVAT # ES{buyer.tax_id}"),
            sheet.say(
                f"Invoice date / Delivery date  {day_like('%d MONTH %Y', facts.issued, 'en')}\nInvoice #  {facts.number}\nTotal payable  {_english(facts.gross)}",
                "r",
            ),
            shares=(0.5, 0.5),
        ),
        gap(8),
        sheet.say(f"Order # 405-{chance.digits(7)}-{chance.digits(7)}"),
        gap(12),
        sheet.grid(rows, (5, 0.7, 1.5, 1, 1.7), "lrrrr", marks=_RULE),
        gap(8),
        sheet.say(f"Invoice total {_english(facts.gross)}", "r", by=1.3, bold=True),
        gap(8),
        sheet.beside("", sheet.grid(summary, (1, 2, 1.5), "rrr", marks=_RULE), shares=(0.4, 0.6)),
        gap(60),
        sheet.say(f"{seller.name}, {seller.street}, {seller.postcode} {seller.town}, Spain", by=0.8),
    ]
    return Printed(pdf=sheet.print(story))


def subscription(facts: Facts, _chance: Chance) -> Printed:
    """An online service: labels over values, 'Amount due', month names first."""
    sheet = Sheet(points=9.5, margins=(50, 50, 50, 50))
    seller, buyer = facts.supplier, facts.buyer
    assert buyer is not None
    rows = [["Description", "Qty", "Unit price", "Amount"]]
    rows += [[each.description, plain(each.quantity), _english(each.price), _english(each.net)] for each in facts.items]
    sums = [["Subtotal", _english(facts.net)]]
    sums += [[f"VAT - Spain ({plain(row.rate)}% on {_english(row.base)})", _english(row.amount)] for row in facts.taxes]
    sums += [["Total", _english(facts.gross)], ["Amount due", _english(facts.gross)]]
    assert facts.due is not None
    story = [
        sheet.say("Invoice", by=2.0, bold=True),
        gap(6),
        sheet.grid(
            [
                ["Invoice number", facts.number],
                ["Date of issue", day_like("MONTH %e, %Y", facts.issued, "en")],
                ["Date due", day_like("MONTH %e, %Y", facts.due, "en")],
            ],
            (1.4, 4),
            "ll",
            heads=0,
        ),
        gap(12),
        sheet.beside(
            [sheet.say(seller.name, bold=True), sheet.say(f"{address(seller)}\nSpain\nES VAT ES{seller.tax_id}")],
            [
                sheet.say("Bill to", bold=True),
                sheet.say(f"{buyer.name}\n{address(buyer)}\nSpain\nES VAT ES{buyer.tax_id}"),
            ],
            shares=(0.5, 0.5),
        ),
        gap(16),
        sheet.say(f"{_english(facts.gross)} due {day_like('MONTH %e, %Y', facts.due, 'en')}", by=1.5, bold=True),
        gap(16),
        sheet.grid(rows, (6, 0.8, 1.5, 1.5), "lrrr", marks=_RULE),
        gap(8),
        sheet.beside("", sheet.grid(sums, (3, 1.3), "lr", heads=0), shares=(0.4, 0.6)),
    ]
    return Printed(pdf=sheet.print(story))


def export_in_two_languages(facts: Facts, _chance: Chance) -> Printed:
    """Every label in Spanish and English, divided by a stroke."""
    sheet = Sheet(points=8.5)
    seller, buyer = facts.supplier, facts.buyer
    assert buyer is not None
    rows = [["Descripción / Description", "Cantidad / Qty", "Precio / Price", "Importe / Amount"]]
    rows += [[each.description, plain(each.quantity), _bare(each.price), _bare(each.net)] for each in facts.items]
    taxes = [["Base imponible / Taxable base", "IVA / VAT %", "Cuota / VAT amount"]]
    taxes += [[_bare(row.base), plain(row.rate), _bare(row.amount)] for row in facts.taxes]
    story = [
        sheet.say(f"{seller.name}", by=1.4, bold=True),
        sheet.say(f"{address(seller)} - ESPAÑA\nNIF / VAT no.: ES{seller.tax_id}"),
        gap(12),
        sheet.grid(
            [
                ["Nº Factura / Invoice no.", "Fecha / Date", "Cliente / Customer"],
                [
                    facts.number,
                    day_like("%d/%m/%Y", facts.issued),
                    f"{buyer.name}\n{address(buyer)}\nNIF / VAT: ES{buyer.tax_id}",
                ],
            ],
            (2, 1.5, 4),
            "lll",
            marks=_GRID,
        ),
        gap(12),
        sheet.grid(rows, (5, 1.8, 1.7, 2), "lrrr", marks=_GRID),
        gap(12),
        sheet.grid(taxes, (1, 1, 1), "rrr", marks=_GRID),
        gap(6),
        sheet.say(f"TOTAL FACTURA / INVOICE TOTAL:  {_trailing(facts.gross)}", "r", by=1.2, bold=True),
    ]
    return Printed(pdf=sheet.print(story))


def catalan(facts: Facts, _chance: Chance) -> Printed:
    """Catalan; the issuer at the foot; sums in a shaded table."""
    seller, buyer = facts.supplier, facts.buyer
    assert buyer is not None

    def around(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 7)
        canvas.drawString(
            48,
            32,
            f"{seller.name}  ·  NIF {seller.tax_id}  ·  {seller.street}, {seller.postcode} {seller.town}  ·  Tel. {seller.phone}",
        )

    sheet = Sheet(around=around)
    rows = [["Concepte", "Quantitat", "Preu", "Import"]]
    rows += [[each.description, plain(each.quantity), _bare(each.price), _bare(each.net)] for each in facts.items]
    sums = [["Base imposable", "% IVA", "Import IVA", "Total"]]
    sums += [[_eur(row.base), plain(row.rate), _eur(row.amount), _eur(row.base + row.amount)] for row in facts.taxes]
    story = [
        sheet.say("Factura", by=2, bold=True, colour="#8a3324"),
        sheet.say(f"Número de factura: {facts.number}\nData: {day_like('%e MONTH de %Y', facts.issued, 'ca')}"),
        gap(14),
        sheet.say(f"Dades del client:\n{buyer.name}\n{address(buyer)}\nNIF: {buyer.tax_id}", "r"),
        gap(14),
        sheet.grid(rows, (6, 1.3, 1.5, 1.8), "lrrr", marks=_GREY),
        gap(14),
        sheet.grid(sums, (1, 1, 1, 1), "rrrr", marks=_GREY),
        gap(8),
        sheet.say(f"TOTAL A PAGAR: {_eur(facts.gross)}", "r", by=1.2, bold=True),
    ]
    return Printed(pdf=sheet.print(story))


def galician(facts: Facts, _chance: Chance) -> Printed:
    """Galician; the words 'IVE' and 'Importe total'."""
    sheet = Sheet(font="Times-Roman", points=10.5)
    seller, buyer = facts.supplier, facts.buyer
    assert buyer is not None
    rows = [["Descrición", "Unidades", "Prezo", "Importe"]]
    rows += [[each.description, plain(each.quantity), _bare(each.price), _bare(each.net)] for each in facts.items]
    sums = [
        ["Base impoñible", _eur(facts.net)],
        *([f"IVE {plain(row.rate)}%", _eur(row.amount)] for row in facts.taxes),
    ]
    sums += [["Importe total", _eur(facts.gross)]]
    story = [
        sheet.beside(
            sheet.say(f"{seller.name}\n{address(seller)}\nNIF: {seller.tax_id}"),
            sheet.say(
                f"Factura nº {facts.number}\nData de expedición: {day_like('%d de MONTH de %Y', facts.issued, 'gl')}",
                "r",
            ),
            shares=(0.5, 0.5),
        ),
        gap(16),
        sheet.box(
            [
                sheet.say(
                    f"Cliente: {buyer.name}\nEnderezo: {buyer.street}, {buyer.postcode} {buyer.town}\nNIF: {buyer.tax_id}"
                )
            ]
        ),
        gap(16),
        sheet.grid(rows, (6, 1.2, 1.5, 1.8), "lrrr", marks=_RULE),
        gap(10),
        sheet.beside("", sheet.grid(sums, (5, 4), "rr", heads=0), shares=(0.5, 0.5)),
    ]
    return Printed(pdf=sheet.print(story))


def basque(facts: Facts, _chance: Chance) -> Printed:
    """Basque over Spanish; the day after the month; BEZ."""
    sheet = Sheet(points=9)
    seller, buyer = facts.supplier, facts.buyer
    assert buyer is not None
    rows = [["Azalpena / Concepto", "Kop. / Cant.", "Prezioa / Precio", "Zenbatekoa / Importe"]]
    rows += [[each.description, plain(each.quantity), _bare(each.price), _bare(each.net)] for each in facts.items]
    sums = [["Zerga-oinarria / Base imponible", _eur(facts.net)]]
    sums += [[f"BEZ / IVA %{plain(row.rate)}", _eur(row.amount)] for row in facts.taxes]
    sums += [["GUZTIRA / TOTAL", _eur(facts.gross)]]
    story = [
        sheet.beside(
            sheet.say(f"{seller.name}\n{address(seller)}\nIFZ / NIF: {seller.tax_id}"),
            sheet.say(
                f"FAKTURA / FACTURA\nZk. / Nº: {facts.number}\nData / Fecha: {day_like('%Y-%m-%d', facts.issued)}",
                "r",
                bold=True,
            ),
            shares=(0.55, 0.45),
        ),
        gap(14),
        sheet.say(f"Bezeroa / Cliente: {buyer.name}\nIFZ / NIF: {buyer.tax_id}\n{address(buyer)}"),
        gap(14),
        sheet.grid(rows, (5, 1.5, 1.7, 2), "lrrr", marks=_GRID),
        gap(10),
        sheet.beside("", sheet.grid(sums, (6, 4), "lr", heads=0, marks=_GRID), shares=(0.4, 0.6)),
    ]
    return Printed(pdf=sheet.print(story), hidden=_NO_BASES)


def canarian(facts: Facts, _chance: Chance) -> Printed:
    """IGIC instead of IVA, rate in the lines, sums beside bank data."""
    sheet = Sheet(points=9)
    seller, buyer = facts.supplier, facts.buyer
    assert buyer is not None
    rows = [["Ref.", "Descripción", "Cant.", "Precio", "IGIC", "Total"]]
    rows += [
        [i.code, i.description, plain(i.quantity), _bare(i.price), f"{plain(i.rate)}%", _bare(i.net)]
        for i in facts.items
    ]
    sums = [["Subtotal", _eur(facts.net)], *([f"I.G.I.C. {plain(row.rate)}%", _eur(row.amount)] for row in facts.taxes)]
    sums += [["TOTAL", _eur(facts.gross)]]
    story = [
        sheet.say(seller.name, "c", by=1.6, bold=True),
        sheet.say(f"{seller.street} · {seller.postcode} {seller.town} · N.I.F. {seller.tax_id}", "c"),
        gap(16),
        sheet.beside(
            sheet.say(f"Cliente:\n{buyer.name}\n{buyer.tax_id}\n{address(buyer)}"),
            sheet.grid(
                [["Nº de factura", facts.number], ["Fecha de emisión", day_like("%d/%m/%Y", facts.issued)]],
                (1, 1),
                "lr",
                heads=0,
            ),
            shares=(0.55, 0.42),
        ),
        gap(16),
        sheet.grid(rows, (1.2, 5, 0.8, 1.4, 0.9, 1.6), "llrrrr", marks=_GRID),
        gap(10),
        sheet.beside(
            sheet.say(f"Forma de pago: transferencia\n{facts.iban}"),
            sheet.grid(sums, (5, 5), "rr", heads=0),
            shares=(0.5, 0.5),
        ),
    ]
    return Printed(pdf=sheet.print(story), hidden=_NO_BASES)
