"""Full pages of trade and workshops: strips of labels, totals on the left, in columns and under unruled tables."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from reportlab.platypus import PageBreak

from corpus.facts import ZERO
from corpus.second.flow import Printed, Sheet, gap
from corpus.second.letters import address
from corpus.second.spelled import amount_like, day_like, plain

if TYPE_CHECKING:
    from reportlab.platypus import Flowable

    from corpus.chance import Chance
    from corpus.facts import Facts

_GRID: Final = [("GRID", (0, 0), (-1, -1), 0.5, "#888888")]
_RULE: Final = [("LINEBELOW", (0, 0), (-1, 0), 0.8, "#333333")]
_BLUE: Final = [("BACKGROUND", (0, 0), (-1, 0), "#1f4e79"), ("TEXTCOLOR", (0, 0), (-1, 0), "#ffffff")]
_PER_PAGE: Final = 22
_NO_BASES: Final = frozenset({"taxes.base"})
_eur = partial(amount_like, "1.234,56 €")
_bare = partial(amount_like, "1.234,56")
_before = partial(amount_like, "EUR 1.234,56")
_glued = partial(amount_like, "1.234,56€")


def _lines(facts: Facts) -> list[list[str]]:
    return [[each.description, plain(each.quantity), _bare(each.price), _bare(each.net)] for each in facts.items]


def swapped_heads(facts: Facts, _chance: Chance) -> Printed:
    """The customer on the left, the issuer on the right; sums at the left below the lines."""
    sheet = Sheet(points=9)
    seller, buyer = facts.supplier, facts.buyer
    assert buyer is not None
    sums = [["Base imponible", _eur(facts.net)]]
    sums += [[f"Cuota IVA ({plain(row.rate)} %)", _eur(row.amount)] for row in facts.taxes]
    sums += [["Importe total", _eur(facts.gross)]]
    story = [
        sheet.beside(
            [
                sheet.say("A/A:", by=0.8),
                sheet.say(buyer.name, bold=True),
                sheet.say(f"{address(buyer)}\n{buyer.tax_id}"),
            ],
            [
                sheet.say(seller.name, "r", by=1.3, bold=True),
                sheet.say(f"{address(seller)}\n{seller.tax_id}\n{seller.email}", "r"),
            ],
            shares=(0.5, 0.5),
        ),
        gap(24),
        sheet.say(f"Factura n.º {facts.number}  ·  {day_like('%e de MONTH de %Y', facts.issued)}", by=1.1, bold=True),
        gap(10),
        sheet.grid(
            [["Descripción", "Cantidad", "Precio ud.", "Total"], *_lines(facts)],
            (6, 1.3, 1.6, 1.8),
            "lrrr",
            marks=_RULE,
        ),
        gap(16),
        sheet.beside(sheet.grid(sums, (6, 4), "lr", heads=0), "", shares=(0.45, 0.55)),
    ]
    return Printed(pdf=sheet.print(story), hidden=_NO_BASES)


def sums_in_columns(facts: Facts, _chance: Chance) -> Printed:
    """One table at the foot holds gross sum, discount, base, rate, quota, surcharge and total as columns."""
    sheet = Sheet(points=8.5)
    seller, buyer = facts.supplier, facts.buyer
    assert buyer is not None
    foot = [["IMPORTE BRUTO", "DTO. P.P.", "BASE IMPONIBLE", "% IVA", "CUOTA", "% R.E.", "CUOTA R.E.", "TOTAL FACTURA"]]
    for row in facts.taxes:
        last = row is facts.taxes[-1]
        foot.append(
            [
                _bare(row.base),
                "0,00",
                _bare(row.base),
                plain(row.rate),
                _bare(row.amount),
                "0",
                "0,00",
                _eur(facts.gross) if last else "",
            ]
        )
    story = [
        sheet.beside(
            [sheet.say(seller.name, by=1.5, bold=True), sheet.say(f"{address(seller)}\nN.I.F.: {seller.tax_id}")],
            sheet.box([sheet.say(f"{buyer.name}\n{address(buyer)}\nN.I.F.: {buyer.tax_id}")]),
            shares=(0.52, 0.48),
        ),
        gap(14),
        sheet.grid(
            [
                ["FACTURA", "FECHA", "Nº CLIENTE", "AGENTE", "PÁG."],
                [facts.number, day_like("%d/%m/%Y", facts.issued), "4300117", "02", "1"],
            ],
            (2, 2, 2, 1, 1),
            "ccccc",
            marks=_GRID,
        ),
        gap(10),
        sheet.grid(
            [["ARTÍCULO", "CANTIDAD", "PRECIO", "IMPORTE"], *_lines(facts)], (6, 1.5, 1.5, 1.8), "lrrr", marks=_GRID
        ),
        gap(20),
        sheet.grid(foot, (2, 1.4, 2.1, 1, 1.5, 1, 1.6, 2.2), "rrrrrrrr", marks=_GRID),
    ]
    return Printed(pdf=sheet.print(story))


def unruled_long_descriptions(facts: Facts, _chance: Chance) -> Printed:
    """No rule anywhere; a description runs over several lines and its amount stands beside the last."""
    sheet = Sheet(points=10, margins=(60, 50, 60, 50))
    seller, buyer = facts.supplier, facts.buyer
    assert buyer is not None
    rows: list[list[str]] = [["Trabajo realizado", "Importe"]]
    for each in facts.items:
        rows += [
            [each.description, ""],
            [f"Parte de trabajo {each.code}, {plain(each.quantity)} x {_bare(each.price)}", _bare(each.net)],
        ]
    rows += [["", ""], ["Subtotal", _bare(facts.net)]]
    rows += [[f"IVA {plain(row.rate)} %", _bare(row.amount)] for row in facts.taxes]
    rows += [["TOTAL", _eur(facts.gross)]]
    story = [
        sheet.say(seller.name, by=1.6, bold=True),
        sheet.say(f"{seller.tax_id}\n{address(seller)}\n{seller.phone}"),
        gap(20),
        sheet.say(f"Factura: {facts.number}\nFecha de la factura: {day_like('%d/%m/%Y', facts.issued)}", "r"),
        sheet.say(f"Cliente\n{buyer.name}\n{buyer.tax_id}\n{address(buyer)}"),
        gap(26),
        sheet.grid(rows, (8, 2), "lr"),
    ]
    return Printed(pdf=sheet.print(story), hidden=frozenset({"lines"}))


def carried_sums(facts: Facts, _chance: Chance) -> Printed:
    """Two or three pages; 'Suma y sigue' closes each, 'Suma anterior' opens the next."""
    sheet = Sheet(points=9)
    seller, buyer = facts.supplier, facts.buyer
    assert buyer is not None
    head: list[Flowable] = [
        sheet.beside(
            sheet.say(f"{seller.name}\nCIF {seller.tax_id}\n{address(seller)}"),
            sheet.say(f"FACTURA {facts.number}\nFecha {day_like('%d/%m/%Y', facts.issued)}", "r", bold=True),
            shares=(0.6, 0.4),
        ),
        gap(8),
        sheet.say(f"Facturado a: {buyer.name} - CIF {buyer.tax_id} - {buyer.street} - {buyer.postcode} {buyer.town}"),
        gap(8),
    ]
    story: list[Flowable] = []
    carried = ZERO
    for at in range(0, len(facts.items), _PER_PAGE):
        items = facts.items[at : at + _PER_PAGE]
        rows = [["Concepto", "Uds.", "Precio", "Importe"]]
        rows += [["Suma anterior", "", "", _bare(carried)]] if at else []
        rows += [[each.description, plain(each.quantity), _bare(each.price), _bare(each.net)] for each in items]
        carried += sum((each.net for each in items), ZERO)
        ends = at + _PER_PAGE >= len(facts.items)
        rows += [] if ends else [["Suma y sigue", "", "", _bare(carried)]]
        story += [*head, sheet.grid(rows, (6, 1, 1.6, 1.8), "lrrr", marks=_RULE), *([] if ends else [PageBreak()])]
    sums = [
        ["Total bruto", _eur(facts.net)],
        *([f"IVA {plain(row.rate)}% de {_bare(row.base)}", _eur(row.amount)] for row in facts.taxes),
    ]
    sums += [["Total factura", _eur(facts.gross)]]
    story += [gap(12), sheet.beside("", sheet.grid(sums, (6, 4), "rr", heads=0), shares=(0.4, 0.6))]
    return Printed(pdf=sheet.print(story))


def customer_on_top(facts: Facts, _chance: Chance) -> Printed:
    """Two frames, one above the other: first who pays, then who issues."""
    sheet = Sheet(points=9.5)
    seller, buyer = facts.supplier, facts.buyer
    assert buyer is not None
    sums = [["Neto", _before(facts.net)], *([f"{plain(row.rate)}% IVA", _before(row.amount)] for row in facts.taxes)]
    sums += [["Total", _before(facts.gross)]]
    story = [
        sheet.box(
            [
                sheet.say("DATOS DEL DESTINATARIO", by=0.8, bold=True),
                sheet.say(f"{buyer.name}\nCIF/NIF {buyer.tax_id}\n{address(buyer)}"),
            ]
        ),
        gap(6),
        sheet.box(
            [
                sheet.say("DATOS DE LA EMPRESA EMISORA", by=0.8, bold=True),
                sheet.say(f"{seller.name}\nCIF/NIF {seller.tax_id}\n{address(seller)}"),
            ]
        ),
        gap(6),
        sheet.box(
            [
                sheet.say(
                    f"Documento: Factura     Serie/Número: {facts.number}     Fecha documento: {day_like('%d-%m-%Y', facts.issued)}"
                )
            ]
        ),
        gap(12),
        sheet.grid([["Producto", "Uds", "€/ud", "Neto €"], *_lines(facts)], (6, 1, 1.6, 1.8), "lrrr", marks=_BLUE),
        gap(12),
        sheet.beside("", sheet.grid(sums, (5, 5), "lr", heads=0), shares=(0.6, 0.4)),
    ]
    return Printed(pdf=sheet.print(story), hidden=_NO_BASES)


def labels_above(facts: Facts, _chance: Chance) -> Printed:
    """A strip of cells, small grey label over value; the total as one of them."""
    sheet = Sheet(points=9.5)
    seller, buyer = facts.supplier, facts.buyer
    assert buyer is not None
    due = day_like("%d %MON %Y".replace("%MON", "MON"), facts.due) if facts.due else ""
    cells = (
        ("NÚMERO", facts.number),
        ("EMITIDA", day_like("%d MON %Y", facts.issued)),
        ("VENCE", due),
        ("TOTAL", _eur(facts.gross)),
    )
    story = [
        sheet.beside(
            sheet.say(seller.name, by=1.7, bold=True, colour="#1f4e79"),
            sheet.say(f"NIF {seller.tax_id}\n{address(seller)}", "r", by=0.85),
            shares=(0.6, 0.4),
        ),
        gap(20),
        sheet.beside(
            *(
                [sheet.say(label, by=0.7, colour="#888888"), sheet.say(value, by=1.1, bold=True)]
                for label, value in cells
            ),
            shares=(1, 1, 1, 1),
            marks=[("LINEABOVE", (0, 0), (-1, 0), 1, "#1f4e79"), ("LINEBELOW", (0, 0), (-1, 0), 1, "#1f4e79")],
        ),
        gap(14),
        sheet.say("FACTURAR A", by=0.7, colour="#888888"),
        sheet.say(f"{buyer.name} · {buyer.tax_id}\n{address(buyer)}"),
        gap(14),
        sheet.grid([["Servicio", "Cant.", "Precio", "Importe"], *_lines(facts)], (6, 1, 1.6, 1.8), "lrrr", marks=_RULE),
        gap(10),
        sheet.beside(
            "",
            sheet.grid(
                [["Base", _eur(facts.net)], ["IVA", _eur(facts.tax)], ["Total a pagar", _eur(facts.gross)]],
                (5, 5),
                "rr",
                heads=0,
            ),
            shares=(0.5, 0.5),
        ),
    ]
    return Printed(pdf=sheet.print(story), hidden=frozenset({"taxes"}))


def dotted_form(facts: Facts, _chance: Chance) -> Printed:
    """A form: each label runs in dots to its value on the right."""
    sheet = Sheet(points=10, font="Times-Roman")
    seller, buyer = facts.supplier, facts.buyer
    assert buyer is not None
    rows = [
        ["Factura número", facts.number],
        ["Expedida el día", day_like("%e de MONTH de %Y", facts.issued)],
        ["Expedidor", seller.name],
        ["N.I.F. del expedidor", seller.tax_id],
        ["Domicilio del expedidor", f"{seller.street}, {seller.postcode} {seller.town}"],
        ["Destinatario", buyer.name],
        ["N.I.F. del destinatario", buyer.tax_id],
        ["Domicilio del destinatario", f"{buyer.street}, {buyer.postcode} {buyer.town}"],
        *(
            [f"Operación {number}", f"{each.description}: {_eur(each.net)}"]
            for number, each in enumerate(facts.items, 1)
        ),
        ["Base imponible total", _eur(facts.net)],
        *([f"Tipo impositivo {plain(row.rate)} % - cuota", _eur(row.amount)] for row in facts.taxes),
        ["Contraprestación total", _eur(facts.gross)],
    ]
    story = [sheet.say("FACTURA", "c", by=1.5, bold=True), gap(16)]
    story.append(
        sheet.grid([[f"{label} {'.' * (46 - len(label))}", value] for label, value in rows], (5, 6), "ll", heads=0)
    )
    return Printed(pdf=sheet.print(story), hidden=frozenset({"lines", "lines_count"}))


def workshop_sideways(facts: Facts, chance: Chance) -> Printed:
    """Landscape, a garage: plate, mileage and chassis; parts and labour; sums on the right of a box."""
    sheet = Sheet(size=(842.0, 595.0), points=9)
    seller, buyer = facts.supplier, facts.buyer
    assert buyer is not None
    car = [["MATRÍCULA", "KM", "BASTIDOR", "ENTRADA", "SALIDA"]]
    car += [
        [
            f"{chance.digits(4)} LBC",
            chance.digits(6),
            f"WVWZZZ1KZ{chance.digits(8)}",
            day_like("%d/%m/%y", facts.issued),
            day_like("%d/%m/%y", facts.issued),
        ]
    ]
    sums = [
        ["Total materiales y M.O.", _glued(facts.net)],
        *([f"IVA al {plain(row.rate)}%", _glued(row.amount)] for row in facts.taxes),
    ]
    sums += [["TOTAL FACTURA (IVA incl.)", _glued(facts.gross)]]
    story = [
        sheet.beside(
            sheet.say(f"TALLER MECÁNICO\n{seller.name}\nReg. Ind. 45/1203 - NIF {seller.tax_id}\n{address(seller)}"),
            sheet.say(f"Propietario: {buyer.name}\nDNI/CIF: {buyer.tax_id}\n{address(buyer)}"),
            sheet.say(
                f"FACTURA Nº: {facts.number}\nFECHA FACTURA: {day_like('%d/%m/%Y', facts.issued)}\nO.R.: {chance.digits(5)}",
                "r",
            ),
            shares=(0.36, 0.36, 0.28),
        ),
        gap(8),
        sheet.grid(car, (2, 1, 3, 1.5, 1.5), "ccccc", marks=_GRID),
        gap(8),
        sheet.grid(
            [["Operación / Recambio", "Cant.", "Precio", "Importe"], *_lines(facts)],
            (7, 1, 1.6, 1.8),
            "lrrr",
            marks=_GRID,
        ),
        gap(10),
        sheet.beside(
            sheet.say("Garantía 3 meses o 2.000 km. Se devuelven las piezas sustituidas.", by=0.8),
            sheet.box([sheet.grid(sums, (1.6, 1), "lr", heads=0)]),
            shares=(0.55, 0.45),
        ),
    ]
    return Printed(pdf=sheet.print(story))


def rent(facts: Facts, _chance: Chance) -> Printed:
    """Rent of premises: one line, IVA, retention of 19 %, everything in a narrow table."""
    sheet = Sheet(points=10)
    seller, buyer, row = facts.supplier, facts.buyer, facts.taxes[0]
    assert buyer is not None
    assert facts.withheld_rate is not None
    rows = [
        ["Concepto", "Importe"],
        *(
            [f"Alquiler local {each.code} - {day_like('MONTH %Y', facts.issued)}", _eur(each.net)]
            for each in facts.items
        ),
        [f"I.V.A. {plain(row.rate)} %", _eur(row.amount)],
        [f"Retención I.R.P.F. -{plain(facts.withheld_rate)} %", _eur(-facts.withheld)],
        ["TOTAL RECIBO", _eur(facts.payable)],
    ]
    story = [
        sheet.say("RECIBO-FACTURA DE ALQUILER", by=1.3, bold=True),
        gap(8),
        sheet.say(f"Nº {facts.number}      Fecha de expedición: {day_like('%d/%m/%Y', facts.issued)}"),
        gap(14),
        sheet.beside(
            sheet.say(f"ARRENDADOR\n{seller.name}\nN.I.F. {seller.tax_id}\n{address(seller)}"),
            sheet.say(f"ARRENDATARIO\n{buyer.name}\nN.I.F. {buyer.tax_id}\n{address(buyer)}"),
            shares=(0.5, 0.5),
        ),
        gap(20),
        sheet.grid(rows, (7, 2.4), "lr", marks=_GRID),
        gap(12),
        sheet.say(f"Domiciliado en la cuenta {facts.iban}"),
    ]
    return Printed(pdf=sheet.print(story), hidden=frozenset({"lines", "lines_count", "totals.gross", "iban"}))
