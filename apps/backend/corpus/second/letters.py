"""Invoices typed as letters: totals in sentences, the supplier in the head, the foot or the margin."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from corpus.second.flow import Printed, Sheet, gap
from corpus.second.spelled import amount_like, day_like, plain

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

    from corpus.chance import Chance
    from corpus.facts import Facts, Person

_NO_LINES: Final = frozenset({"lines", "lines_count"})
_GREY: Final = "#666666"
_NO_BASES: Final = frozenset({"taxes.base"})
_eur = partial(amount_like, "1.234,56 €")
_euros = partial(amount_like, "1.234,56 euros")
_bare = partial(amount_like, "1.234,56")


def address(person: Person) -> str:
    """Street, postcode and town on two lines."""
    return f"{person.street}\n{person.postcode} {person.town} ({person.province})"


def totals_in_sentences(facts: Facts, _chance: Chance) -> Printed:
    """A tradesman's letter that says in prose what is to be paid."""
    sheet = Sheet(font="Times-Roman", points=11.5, margins=(80, 70, 80, 60))
    seller, buyer, row = facts.supplier, facts.buyer, facts.taxes[0]
    assert buyer is not None
    works = "; ".join(each.description.lower() for each in facts.items)
    prose = (
        f"Por los siguientes trabajos efectuados en su domicilio: {works}, el importe de nuestros servicios asciende a "
        f"{_euros(facts.net)}, cantidad a la que debe añadirse el {plain(row.rate)}% de IVA, esto es, {_euros(facts.tax)}, "
        f"lo que hace un total a pagar de {_euros(facts.gross)}."
    )
    story = [
        sheet.say(seller.name, "c", by=1.4, bold=True),
        sheet.say(
            f"{seller.street} - {seller.postcode} {seller.town}\nTeléfono {seller.phone} - C.I.F. {seller.tax_id}",
            "c",
            by=0.85,
        ),
        gap(40),
        sheet.say(f"{buyer.name}\nN.I.F. {buyer.tax_id}\n{address(buyer)}"),
        gap(24),
        sheet.say(day_like(f"{seller.town}, a %e de MONTH de %Y", facts.issued), "r"),
        gap(20),
        sheet.say(f"FACTURA Nº {facts.number}", bold=True),
        gap(14),
        sheet.say("Muy señores nuestros:"),
        gap(8),
        sheet.say(prose, "j"),
        gap(14),
        sheet.say("Rogamos efectúen el pago mediante transferencia a nuestra cuenta " + facts.iban + "."),
        gap(30),
        sheet.say("Atentamente,\n\n\n" + seller.name),
    ]
    return Printed(pdf=sheet.print(story), hidden=_NO_LINES)


def supplier_in_foot(facts: Facts, _chance: Chance) -> Printed:
    """Only the register line at the foot says who the supplier is."""
    seller, buyer = facts.supplier, facts.buyer
    assert buyer is not None

    def around(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 6.5)
        line = f"{seller.name} - Inscrita en el Reg. Merc. de {seller.province}, Tomo 1.204, Folio 33, Hoja 18.220 - CIF {seller.tax_id}"
        canvas.drawCentredString(297, 34, line)
        canvas.drawCentredString(
            297, 25, f"{seller.street} - {seller.postcode} {seller.town} - {seller.phone} - {seller.email}"
        )

    sheet = Sheet(margins=(60, 60, 60, 70), around=around)
    rows = [["Concepto", "Cant.", "P.V.P.", "Suma"]]
    rows += [[each.description, plain(each.quantity), _bare(each.price), _bare(each.net)] for each in facts.items]
    sums = [["Suma", _eur(facts.net)]]
    sums += [[f"{plain(row.rate)} % IVA s/ {_bare(row.base)}", _eur(row.amount)] for row in facts.taxes]
    sums += [["A PAGAR", _eur(facts.gross)]]
    story = [
        sheet.say(f"{buyer.name}\n{address(buyer)}\nNIF {buyer.tax_id}", "r"),
        gap(40),
        sheet.say(f"Factura {facts.number} de {day_like('%d-%m-%Y', facts.issued)}", by=1.2, bold=True),
        gap(12),
        sheet.grid(rows, (6, 1, 1.5, 1.5), "lrrr", marks=[("LINEBELOW", (0, 0), (-1, 0), 0.5, _GREY)]),
        gap(20),
        sheet.beside("", sheet.grid(sums, (7, 3), "rr", heads=0), shares=(0.3, 0.7)),
    ]
    return Printed(pdf=sheet.print(story))


def supplier_up_the_side(facts: Facts, _chance: Chance) -> Printed:
    """Name, tax id and address stand in the left margin, turned by a quarter."""
    seller, buyer = facts.supplier, facts.buyer
    assert buyer is not None

    def around(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 7)
        canvas.rotate(90)
        canvas.drawString(
            150, -30, f"{seller.name} · NIF: {seller.tax_id} · {seller.street}, {seller.postcode} {seller.town}"
        )

    sheet = Sheet(margins=(70, 60, 50, 50), around=around, points=10)
    rows = [["Unid.", "Detalle", "Precio", "Importe"]]
    rows += [[plain(each.quantity), each.description, _bare(each.price), _bare(each.net)] for each in facts.items]
    sums = [["Importe bruto", _eur(facts.net)]]
    sums += [[f"I.V.A. {plain(row.rate)}%", _eur(row.amount)] for row in facts.taxes]
    sums += [["Total", _eur(facts.gross)]]
    heading = sheet.say(f"Núm.: {facts.number}\nFecha: {day_like('%d/%m/%y', facts.issued)}")
    story = [
        sheet.beside(sheet.say("FACTURA", by=2.2, bold=True), heading, shares=(0.6, 0.4)),
        gap(26),
        sheet.say(f"Sres.\n{buyer.name}\n{address(buyer)}\nC.I.F.: {buyer.tax_id}"),
        gap(26),
        sheet.grid(rows, (1, 6, 1.6, 1.8), "clrr", marks=[("GRID", (0, 0), (-1, -1), 0.4, _GREY)]),
        gap(16),
        sheet.beside("", sheet.grid(sums, (6, 4), "lr", heads=0), shares=(0.55, 0.45)),
    ]
    return Printed(pdf=sheet.print(story), hidden=_NO_BASES)


def correction_letter(facts: Facts, _chance: Chance) -> Printed:
    """A factura rectificativa that tells what it corrects in a sentence."""
    sheet = Sheet(font="Times-Roman", points=11, margins=(70, 60, 70, 60))
    seller, buyer = facts.supplier, facts.buyer
    assert buyer is not None
    assert facts.corrected_date is not None
    story = [
        sheet.say(seller.name, by=1.5, bold=True, colour="#7a1f1f"),
        sheet.say(f"{seller.street}, {seller.postcode} {seller.town} | NIF {seller.tax_id}"),
        gap(30),
        sheet.say("FACTURA RECTIFICATIVA", "c", by=1.4, bold=True),
        gap(10),
        sheet.grid(
            [
                ["Número", "Fecha", "Cliente", "NIF cliente"],
                [facts.number, day_like("%d/%m/%Y", facts.issued), buyer.name, buyer.tax_id],
            ],
            (2, 2, 4, 2),
            "llll",
            marks=[("GRID", (0, 0), (-1, -1), 0.5, _GREY)],
        ),
        gap(12),
        sheet.say(
            f"La presente rectifica nuestra factura {facts.corrected}, emitida el "
            f"{day_like('%e de MONTH de %Y', facts.corrected_date)}, por {facts.reason}.",
        ),
        gap(12),
        sheet.grid(
            [["Artículo", "Unidades", "Precio", "Total"]]
            + [[each.description, plain(each.quantity), _bare(each.price), _bare(each.net)] for each in facts.items],
            (6, 1.6, 1.6, 2),
            "lrrr",
        ),
        gap(12),
        sheet.grid(
            [["Base", "IVA", "Cuota IVA", "Total rectificado"]]
            + [[_bare(row.base), f"{plain(row.rate)}%", _bare(row.amount), ""] for row in facts.taxes[:-1]]
            + [
                [
                    _bare(facts.taxes[-1].base),
                    f"{plain(facts.taxes[-1].rate)}%",
                    _bare(facts.taxes[-1].amount),
                    _eur(facts.gross),
                ]
            ],
            (2, 1, 2, 2),
            "rrrr",
            marks=[("BOX", (0, 0), (-1, -1), 0.6, _GREY)],
        ),
    ]
    return Printed(pdf=sheet.print(story))


def fees_note(facts: Facts, _chance: Chance) -> Printed:
    """A professional's minuta: fees, IVA, retention, and the sum that remains."""
    sheet = Sheet(font="Times-Roman", points=11, margins=(90, 80, 90, 60))
    seller, buyer, row = facts.supplier, facts.buyer, facts.taxes[0]
    assert buyer is not None
    assert facts.withheld_rate is not None
    sums = [[each.description, _euros(each.net)] for each in facts.items]
    sums += [
        ["Suma de honorarios", _euros(facts.net)],
        [f"Más {plain(row.rate)}% I.V.A.", _euros(facts.tax)],
        [f"Menos {plain(facts.withheld_rate)}% retención I.R.P.F.", _euros(-facts.withheld)],
        ["Líquido a percibir", _euros(facts.payable)],
    ]
    story = [
        sheet.say(f"{seller.name.upper()}\nCol. nº 2.318", "c", bold=True),
        gap(30),
        sheet.say(f"MINUTA DE HONORARIOS núm. {facts.number}"),
        sheet.say(day_like("%e de MONTH de %Y", facts.issued)),
        gap(20),
        sheet.say(f"Cliente: {buyer.name}, con NIF {buyer.tax_id} y domicilio en {buyer.street} de {buyer.town}."),
        gap(20),
        sheet.grid(sums, (7, 3), "lr", heads=0),
        gap(40),
        sheet.say(f"Fdo.: {seller.name}\nNIF {seller.tax_id}\n{address(seller)}"),
    ]
    return Printed(pdf=sheet.print(story), hidden=frozenset({"totals.gross"}))
