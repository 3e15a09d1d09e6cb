"""Bills of networks: telephones, gas, marketplaces and forwarders, with many numbers that are not the bill's own."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from corpus.second.flow import Printed, Sheet, gap
from corpus.second.spelled import amount_like, day_like, plain

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas
    from reportlab.platypus import Flowable

    from corpus.chance import Chance
    from corpus.facts import Facts, Person

_HAIR: Final = [("LINEBELOW", (0, 0), (-1, 0), 0.4, "#333333")]
_CELLS: Final = [("GRID", (0, 0), (-1, -1), 0.4, "#999999")]
_eur = partial(amount_like, "1.234,56 €")
_bare = partial(amount_like, "1.234,56")
_euros = partial(amount_like, "1234,56 EUR")


def fibre_bill(facts: Facts, chance: Chance) -> Printed:
    """A network operator's bill: account, line and contract; who issues it only in the register's line at the foot."""
    seller, buyer = facts.supplier, facts.buyer
    assert buyer is not None

    def around(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 6.5)
        line = f"{seller.name} - {seller.street} - {seller.postcode} {seller.town} - C.I.F. {seller.tax_id}"
        canvas.drawCentredString(297, 22, f"{line} - Reg. Merc. de {seller.province}, T {chance_folio}, F 12")

    chance_folio = chance.digits(5)
    sheet = Sheet(points=9.5, margins=(50, 50, 50, 60), around=around)
    card = [
        ["Nº de factura", facts.number],
        ["Fecha de emisión", day_like("%d MON %Y", facts.issued)],
        ["Cuenta de facturación", chance.digits(9)],
        ["Línea principal", f"9{chance.digits(8)}"],
        ["Nº de contrato", chance.digits(10)],
    ]
    rows = [["Resumen", "Importe (sin impuestos)"]]
    rows += [[each.description, _eur(each.net)] for each in facts.items]
    rows += [["Total (base imponible)", _eur(facts.net)]]
    rows += [[f"IVA ({plain(row.rate)}%) de {_eur(row.base)}", _eur(row.amount)] for row in facts.taxes]
    rows += [["TOTAL A PAGAR", _eur(facts.gross)]]
    story = [
        sheet.say("Tu factura de fibra y móvil", by=1.8, bold=True, colour="#c2185b"),
        gap(18),
        sheet.beside(
            sheet.grid(card, (1.4, 1), "lr", heads=0),
            sheet.say(f"{buyer.name}\nNIF: {buyer.tax_id}\n{buyer.street}\n{buyer.postcode} {buyer.town}"),
            shares=(0.55, 0.45),
        ),
        gap(20),
        sheet.grid(rows, (7, 3), "lr", marks=_HAIR),
        gap(14),
        sheet.say("Forma de pago: domiciliación bancaria", by=0.85),
    ]
    return Printed(pdf=sheet.print(story))


def gas_supply(facts: Facts, chance: Chance) -> Printed:
    """A gas supplier's page: policy, meter and CUPS; the holder's data under one heading, the issuer's in the margin."""
    sheet = Sheet(points=9, margins=(46, 46, 46, 46))
    seller, buyer = facts.supplier, facts.buyer
    assert buyer is not None
    assert facts.due is not None
    left = [
        ["Importe de su factura", _eur(facts.gross)],
        ["Nº factura", facts.number],
        ["Emitida el", day_like("%e de MONTH de %Y", facts.issued)],
        ["Cargo en cuenta", day_like("%e de MONTH de %Y", facts.due)],
        ["Póliza", chance.digits(9)],
    ]
    rows = [[each.description, _eur(each.net)] for each in facts.items]
    rows += [["Total conceptos", _eur(facts.net)]]
    rows += [[f"IVA {plain(row.rate)} %     s/ {_bare(row.base)}", _eur(row.amount)] for row in facts.taxes]
    rows += [["Total importe factura", _eur(facts.gross)]]
    story = [
        sheet.say(f"{seller.name}", by=1.4, bold=True, colour="#e65100"),
        sheet.say(f"NIF {seller.tax_id}. Atención al cliente {seller.phone}", by=0.8),
        gap(12),
        sheet.beside(
            sheet.box([sheet.grid(left, (1.2, 1), "ll", heads=0)], fill="#fff3e0"),
            sheet.say(f"{buyer.name}\n{buyer.street}\n{buyer.postcode} {buyer.town}"),
            shares=(0.55, 0.45),
        ),
        gap(16),
        sheet.say("Datos del contrato", bold=True),
        sheet.say(
            f"Titular: {buyer.name}     NIF: {buyer.tax_id}\nCUPS: ES0230{chance.digits(14)}AB\n"
            f"Contador: {chance.digits(8)}     Tarifa RL.2     Consumo {chance.randint(20, 900)} m³"
        ),
        gap(16),
        sheet.grid(rows, (7, 3), "lr", heads=0, marks=[("LINEBELOW", (0, 0), (-1, -1), 0.2, "#cccccc")]),
    ]
    return Printed(pdf=sheet.print(story))


def selling_fees(facts: Facts, chance: Chance) -> Printed:
    """A marketplace's bill to its seller: what is sold is the platform's service, and the seller is the customer."""
    sheet = Sheet(points=9.5, margins=(56, 56, 56, 50))
    seller, buyer = facts.supplier, facts.buyer
    assert buyer is not None
    rows = [["Tipo de tarifa", "Tarifas (sin IVA)", "IVA", "Total"]]
    rows += [[each.description, _euros(each.net), f"{plain(each.rate)}%", ""] for each in facts.items]
    rows += [["Total tarifas", _euros(facts.net), _euros(facts.tax), _euros(facts.gross)]]
    story = [
        sheet.say("Factura de tarifas de vendedor", by=1.5, bold=True),
        gap(10),
        sheet.say(
            f"Número: {facts.number}\nEmitida: {day_like('%d/%m/%Y', facts.issued)}\n"
            f"Id. de la cuenta de vendedor: A{chance.digits(8)}\nPedido de referencia: {chance.digits(3)}-{chance.digits(7)}"
        ),
        gap(14),
        sheet.beside(
            sheet.say(f"Para:\n{buyer.name}\n{buyer.street}\n{buyer.postcode} {buyer.town}\nNº IVA ES{buyer.tax_id}"),
            sheet.say(
                f"De:\n{seller.name}\n{seller.street}\n{seller.postcode} {seller.town}\nNº IVA ES{seller.tax_id}"
            ),
            shares=(0.5, 0.5),
        ),
        gap(18),
        sheet.grid(rows, (5, 2, 1.5, 2), "lrrr", marks=_CELLS),
    ]
    return Printed(pdf=sheet.print(story), hidden=frozenset({"taxes.base"}))


def forwarder(facts: Facts, chance: Chance) -> Printed:
    """A freight forwarder's sheet: file, bill of lading, container and both parties' references in one strip."""
    sheet = Sheet(points=8.5)
    seller, buyer = facts.supplier, facts.buyer
    assert buyer is not None
    strip = [
        ["Expediente", "B/L", "Contenedor", "N/Factura", "Emisión", "S/Ref."],
        [
            f"IM{chance.digits(5)}",
            f"MAEU{chance.digits(7)}",
            f"TGHU{chance.digits(7)}",
            facts.number,
            day_like("%d/%m/%y", facts.issued),
            chance.digits(5),
        ],
    ]
    rows = [["Cod", "Concepto", "Exento", "Sujeto"]]
    rows += [[each.code, each.description, "", _bare(each.net)] for each in facts.items]
    sums = [["Sujeto a IVA", "Tipo", "IVA", "TOTAL EUR"]]
    sums += [[_bare(row.base), plain(row.rate), _bare(row.amount), _bare(facts.gross)] for row in facts.taxes]
    story = [
        _letterhead(sheet, seller),
        gap(10),
        sheet.beside(
            "",
            sheet.box([sheet.say(f"{buyer.name}\n{buyer.street}\n{buyer.postcode} {buyer.town}\nNIF: {buyer.tax_id}")]),
            shares=(0.5, 0.5),
        ),
        gap(10),
        sheet.grid(strip, (1, 1.3, 1.4, 1.2, 1, 0.8), "llllll", marks=_CELLS),
        gap(6),
        sheet.say("Puerto de carga: Ningbo     Puerto de descarga: Valencia     Buque: Ever Lambent"),
        gap(10),
        sheet.grid(rows, (1, 6, 1.5, 1.5), "llrr", marks=_HAIR),
        gap(20),
        sheet.beside("", sheet.grid(sums, (1.4, 0.8, 1.2, 1.4), "rrrr", marks=_CELLS), shares=(0.4, 0.6)),
    ]
    return Printed(pdf=sheet.print(story))


def _letterhead(sheet: Sheet, seller: Person) -> Flowable:
    place = f"{seller.street} - {seller.postcode} {seller.town} - Tel. {seller.phone} - NIF: {seller.tax_id}"
    return sheet.say(f"{seller.name}\nTransitarios y aduanas\n{place}", "c", bold=True)
