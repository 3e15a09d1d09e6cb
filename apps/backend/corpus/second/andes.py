"""Ecuadorian documents of other programs than the SRI's own: RIDEs in one column, on rolls, and notas de venta."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from reportlab.graphics.barcode.code128 import Code128

from corpus.facts import ZERO
from corpus.second.flow import Printed, Sheet, gap
from corpus.second.spelled import amount_like, day_like, plain

if TYPE_CHECKING:
    from corpus.chance import Chance
    from corpus.facts import Facts

_GRID: Final = [("GRID", (0, 0), (-1, -1), 0.4, "#777777")]
_DARK: Final = [("BACKGROUND", (0, 0), (-1, 0), "#003b5c"), ("TEXTCOLOR", (0, 0), (-1, 0), "#ffffff")]
_NO_CODE: Final = frozenset({"access_key"})
_usd = partial(amount_like, "$ 1,234.56")
_bare = partial(amount_like, "1234.56")
_point = partial(amount_like, "1,234.56")


def nota_de_venta(facts: Facts, chance: Chance) -> Printed:
    """A RIMPE trader's printed booklet: half a page, the total and no tax."""
    sheet = Sheet(size=(420.0, 595.0), points=8.5, margins=(28, 28, 28, 28))
    seller, buyer = facts.supplier, facts.buyer
    assert buyer is not None
    rows = [["CANT.", "DESCRIPCIÓN", "V. UNIT.", "V. TOTAL"]]
    rows += [[plain(each.quantity), each.description, _bare(each.price), _bare(each.net)] for each in facts.items]
    story = [
        sheet.beside(
            [
                sheet.say(seller.name, by=1.2, bold=True),
                sheet.say(
                    f"CONTRIBUYENTE NEGOCIO POPULAR - RÉGIMEN RIMPE\nDir.: {seller.street} - {seller.town}\nTelf.: {seller.phone}",
                    by=0.9,
                ),
            ],
            sheet.box(
                [
                    sheet.say(
                        f"R.U.C. {seller.tax_id}\nNOTA DE VENTA\nNo. {facts.number}\nAUT. SRI {chance.digits(10)}",
                        "c",
                        bold=True,
                    )
                ]
            ),
            shares=(0.55, 0.45),
        ),
        gap(8),
        sheet.say(f"Sr.(es): {buyer.name}\nRUC/CI: {buyer.tax_id}      Fecha: {day_like('%d/%m/%Y', facts.issued)}"),
        gap(8),
        sheet.grid(rows, (1, 5, 1.6, 1.8), "rlrr", marks=_GRID),
        sheet.grid(
            [["", "TOTAL USD", _bare(facts.gross)]],
            (6, 1.6, 1.8),
            "lrr",
            heads=0,
            marks=[("BOX", (1, 0), (-1, -1), 0.5, "#777777")],
        ),
        gap(14),
        sheet.say(
            "Imprenta Gráficas del Sur RUC 1790012344001 - Válido hasta 12/2027\nOriginal: Adquirente  Copia: Emisor",
            by=0.7,
        ),
    ]
    return Printed(pdf=sheet.print(story), hidden=frozenset({"currency"}))


def factura_one_column(facts: Facts, _chance: Chance) -> Printed:
    """A program's own look: dark heads, the clave small at the bottom, sums by rate."""
    sheet = Sheet(points=8.5)
    seller, buyer = facts.supplier, facts.buyer
    assert buyer is not None
    rows = [["Código", "Detalle", "Cantidad", "P. Unitario", "Dscto.", "Subtotal"]]
    rows += [[i.code, i.description, plain(i.quantity), _point(i.price), "0.00", _point(i.net)] for i in facts.items]
    by_rate = {plain(row.rate): row for row in facts.taxes}
    sums = [[f"Subtotal IVA {rate}%", _usd(by_rate[rate].base)] for rate in by_rate]
    sums += [
        ["Descuento", _usd(ZERO)],
        *([f"IVA {rate}%", _usd(by_rate[rate].amount)] for rate in by_rate if rate != "0"),
        ["Total a pagar", _usd(facts.gross)],
    ]
    story = [
        sheet.say(seller.name, by=1.6, bold=True, colour="#003b5c"),
        sheet.say(f"RUC: {seller.tax_id}  |  {seller.street}, {seller.town}  |  Obligado a llevar contabilidad: SI"),
        gap(8),
        sheet.say(f"Factura electrónica {facts.number}   -   {day_like('%d/%m/%Y', facts.issued)}", by=1.2, bold=True),
        gap(8),
        sheet.say(f"Cliente: {buyer.name}   Identificación: {buyer.tax_id}   Dirección: {buyer.town}"),
        gap(10),
        sheet.grid(rows, (1.2, 5, 1.2, 1.5, 1, 1.6), "llrrrr", marks=_DARK),
        gap(8),
        sheet.beside(
            sheet.say("Forma de pago: Otros con utilización del sistema financiero\nPlazo: 30 días"),
            sheet.grid(sums, (1.4, 1), "rr", heads=0),
            shares=(0.5, 0.5),
        ),
        gap(20),
        sheet.say("Clave de acceso / N.º de autorización", by=0.8, bold=True),
        sheet.say(facts.access_key, by=0.9),
        Code128(facts.access_key, barHeight=24, barWidth=0.8),
    ]
    return Printed(pdf=sheet.print(story))


def factura_on_roll(facts: Facts, _chance: Chance) -> Printed:
    """80 mm, monospaced, the clave broken over two lines."""
    seller, buyer = facts.supplier, facts.buyer
    assert buyer is not None
    zero = sum((row.base for row in facts.taxes if not row.rate), ZERO)
    taxed = facts.net - zero
    text = [
        seller.name[:42],
        f"RUC {seller.tax_id}",
        f"{seller.street[:28]} {seller.town}",
        "",
        f"FACTURA No. {facts.number}",
        f"FECHA: {day_like('%d/%m/%Y', facts.issued)} 14:22",
        f"CLIENTE: {buyer.name[:33]}",
        f"RUC/CI: {buyer.tax_id}",
        "-" * 42,
        *(f"{plain(i.quantity):>3} {i.description[:25]:<25} {_bare(i.net):>11}" for i in facts.items),
        "-" * 42,
        f"{'SUBTOTAL 15%':<28}{_bare(taxed):>14}",
        f"{'SUBTOTAL 0%':<28}{_bare(zero):>14}",
        f"{'IVA 15%':<28}{_bare(facts.tax):>14}",
        f"{'VALOR TOTAL':<28}{_bare(facts.gross):>14}",
        "",
        "CLAVE DE ACCESO:",
        facts.access_key[:25],
        facts.access_key[25:],
    ]
    sheet = Sheet(size=(227.0, (len(text) + 6) * 11.0), margins=(12, 16, 6, 10), points=8.2)
    return Printed(pdf=sheet.print([sheet.typed(text)]))


def credit_note(facts: Facts, _chance: Chance) -> Printed:
    """A nota de crédito: what it changes in a frame, the sums at the left."""
    sheet = Sheet(points=9)
    seller, buyer = facts.supplier, facts.buyer
    assert buyer is not None
    assert facts.corrected_date is not None
    rows = [["Descripción", "Cant.", "Precio", "Total"]]
    rows += [[each.description, plain(each.quantity), _bare(each.price), _bare(each.net)] for each in facts.items]
    sums = [
        ["Subtotal sin impuestos", _bare(facts.net)],
        ["IVA", _bare(facts.tax)],
        ["Valor de la modificación", _bare(facts.gross)],
    ]
    story = [
        sheet.beside(
            sheet.say(f"{seller.name}\nR.U.C.: {seller.tax_id}\nMatriz: {seller.street}, {seller.town}"),
            sheet.say(
                f"NOTA DE CRÉDITO\nNo. {facts.number}\nFecha emisión: {day_like('%d/%m/%Y', facts.issued)}\nAmbiente: PRODUCCIÓN",
                "r",
            ),
            shares=(0.55, 0.45),
        ),
        gap(6),
        sheet.say(f"Número de autorización: {facts.access_key}", by=0.85),
        gap(8),
        sheet.box(
            [
                sheet.say(f"Cliente: {buyer.name}     RUC: {buyer.tax_id}"),
                sheet.say(
                    f"Documento que se modifica: FACTURA {facts.corrected} del {day_like('%d/%m/%Y', facts.corrected_date)}\nMotivo: {facts.reason}"
                ),
            ],
        ),
        gap(8),
        sheet.grid(rows, (5, 1, 1.5, 1.6), "lrrr", marks=_GRID),
        gap(8),
        sheet.beside(sheet.grid(sums, (3, 1.5), "lr", heads=0, marks=_GRID), "", shares=(0.5, 0.5)),
    ]
    return Printed(pdf=sheet.print(story), hidden=frozenset({"taxes"}))


def settlement(facts: Facts, _chance: Chance) -> Printed:
    """A liquidación de compra: the issuer buys, the seller is named as 'Proveedor'."""
    sheet = Sheet(points=9)
    seller, buyer = facts.supplier, facts.buyer
    assert buyer is not None
    rows = [["Cant.", "Bien o servicio", "P. unit.", "Importe"]]
    rows += [[plain(each.quantity), each.description, _bare(each.price), _bare(each.net)] for each in facts.items]
    sums = [[f"Subtotal {plain(row.rate)}%", _bare(row.base)] for row in facts.taxes]
    sums += [["IVA", _bare(facts.tax)], ["TOTAL USD", _bare(facts.gross)]]
    story = [
        sheet.say(f"{buyer.name}", by=1.3, bold=True),
        sheet.say(f"RUC {buyer.tax_id} - {buyer.street} - {buyer.town}"),
        gap(8),
        sheet.say(
            f"LIQUIDACIÓN DE COMPRA DE BIENES Y PRESTACIÓN DE SERVICIOS\nNo. {facts.number}", "c", by=1.1, bold=True
        ),
        sheet.say(f"Clave de acceso {facts.access_key}", "c", by=0.85),
        gap(10),
        sheet.say(
            f"Proveedor: {seller.name}\nIdentificación del proveedor: {seller.tax_id}\nFecha de emisión: {day_like('%d/%m/%Y', facts.issued)}"
        ),
        gap(10),
        sheet.grid(rows, (1, 5, 1.5, 1.6), "rlrr", marks=_GRID),
        gap(8),
        sheet.beside("", sheet.grid(sums, (2, 1.4), "rr", heads=0), shares=(0.5, 0.5)),
    ]
    return Printed(pdf=sheet.print(story), hidden=frozenset({"taxes"}) if len(facts.taxes) > 1 else frozenset())


def retention(facts: Facts, _chance: Chance) -> Printed:
    """A comprobante de retención of an accounting program: year in words, one row a tax, the sum in a bar."""
    sheet = Sheet(points=8.5)
    seller, buyer = facts.supplier, facts.buyer
    assert buyer is not None
    rows = [["Impuesto", "Cód.", "Documento sustento", "Base", "% Ret.", "Valor retenido"]]
    for row in facts.retentions:
        number = f"{row.document_number[:3]}-{row.document_number[3:6]}-{row.document_number[6:]}"
        rows.append(
            [
                row.tax.capitalize() if row.tax == "RENTA" else row.tax,
                row.code,
                f"FACTURA {number}",
                _bare(row.base),
                plain(row.rate).replace(",", "."),
                _bare(row.amount),
            ]
        )
    story = [
        sheet.beside(
            [
                sheet.say(seller.name, by=1.3, bold=True),
                sheet.say(f"RUC: {seller.tax_id}\n{seller.street}\nAgente de retención Res. NAC-DNCRASC20-00000001"),
            ],
            sheet.box(
                [
                    sheet.say(
                        f"COMPROBANTE DE RETENCIÓN\nN° {facts.number}\nEmitido: {day_like('%d/%m/%Y', facts.issued)}",
                        "c",
                        bold=True,
                    )
                ]
            ),
            shares=(0.55, 0.45),
        ),
        gap(8),
        sheet.say(
            f"Sujeto retenido: {buyer.name}\nRUC / C.I.: {buyer.tax_id}\nPeriodo fiscal: {day_like('%m/%Y', facts.issued)}"
        ),
        gap(8),
        sheet.grid(rows, (1.2, 0.8, 3, 1.4, 1, 1.6), "lllrrr", marks=_DARK),
        gap(4),
        sheet.say(f"Total retenido USD {_bare(facts.withheld_in_all)}", "r", by=1.1, bold=True),
        gap(12),
        sheet.say(f"Clave de acceso: {facts.access_key}", by=0.8),
    ]
    return Printed(pdf=sheet.print(story))
