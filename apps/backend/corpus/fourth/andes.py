"""Ecuadorian comprobantes of three more programs: a point of sale, an accountant's system and a clinic's."""

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

_CELLS: Final = [("GRID", (0, 0), (-1, -1), 0.3, "#555555")]
_bare = partial(amount_like, "1234.56")
_usd = partial(amount_like, "$1,234.56")


def accountants_ride(facts: Facts, chance: Chance) -> Printed:
    """The SRI's data in one wide head: order, delivery note and seller's code stand beside the buyer."""
    sheet = Sheet(points=8.5)
    seller, buyer = facts.supplier, facts.buyer
    assert buyer is not None
    zero = sum((row.base for row in facts.taxes if not row.rate), ZERO)
    told = [
        ["Señor(es):", buyer.name, "Fecha emisión:", day_like("%d/%m/%Y", facts.issued)],
        ["RUC/CI:", buyer.tax_id, "Guía Rem.:", f"001-001-{chance.digits(9)}"],
        ["Dirección:", buyer.street, "O/C:", chance.digits(6)],
    ]
    rows = [["Cod.", "Cant.", "Descripción", "P. Unit.", "P. Total"]]
    rows += [[i.code, plain(i.quantity), i.description, _bare(i.price), _bare(i.net)] for i in facts.items]
    sums = [["Subtotal IVA 15%", _bare(facts.net - zero)], ["Subtotal IVA 0%", _bare(zero)]]
    sums += [["IVA 15%", _bare(facts.tax)], ["VALOR TOTAL", _bare(facts.gross)]]
    story = [
        sheet.say(seller.name, by=1.6, bold=True),
        sheet.say(f"RUC: {seller.tax_id}     Matriz: {seller.street}, {seller.town}"),
        gap(6),
        sheet.say(f"FACTURA No. {facts.number}", "r", by=1.2, bold=True),
        sheet.say(f"Clave de acceso / Autorización\n{facts.access_key}", "r", by=0.8),
        Code128(facts.access_key, barHeight=20, barWidth=0.7),
        gap(8),
        sheet.grid(told, (1, 3.5, 1.2, 1.8), "llll", heads=0, marks=[("BOX", (0, 0), (-1, -1), 0.5, "#555555")]),
        gap(8),
        sheet.grid(rows, (1, 0.8, 5, 1.2, 1.3), "lrlrr", marks=_CELLS),
        gap(8),
        sheet.beside("Vendedor: 014", sheet.grid(sums, (2, 1.2), "lr", heads=0, marks=_CELLS), shares=(0.55, 0.45)),
    ]
    return Printed(pdf=sheet.print(story))


def point_of_sale(facts: Facts, _chance: Chance) -> Printed:
    """A shop's half page: buyer first, the key without bars, the sums to the left of the payment."""
    sheet = Sheet(size=(420.0, 595.0), margins=(30, 28, 30, 28), points=8)
    seller, buyer = facts.supplier, facts.buyer
    assert buyer is not None
    rows = [["Producto", "Cant", "Precio", "Subt."]]
    rows += [[each.description, plain(each.quantity), _usd(each.price), _usd(each.net)] for each in facts.items]
    sums = [["Base", _usd(facts.net)], ["I.V.A.", _usd(facts.tax)], ["Total USD", _usd(facts.gross)]]
    story = [
        sheet.say(f"Cliente {buyer.name}\nIdentificación {buyer.tax_id}"),
        gap(6),
        sheet.say(f"Factura {facts.number}     {day_like('%Y/%m/%d', facts.issued)}", bold=True),
        gap(6),
        sheet.grid(rows, (5, 0.8, 1.2, 1.2), "lrrr", marks=_CELLS),
        gap(8),
        sheet.beside(
            sheet.grid(sums, (1, 1), "lr", heads=0), f"Forma de pago\nTarjeta {_usd(facts.gross)}", shares=(0.5, 0.5)
        ),
        gap(16),
        sheet.say(f"Emitida por {seller.name} RUC {seller.tax_id}\n{seller.street}, {seller.town}", "c"),
        sheet.say(f"Clave de acceso {facts.access_key}", "c", by=0.8),
    ]
    return Printed(pdf=sheet.print(story), hidden=frozenset({"taxes"}))


def returned_goods(facts: Facts, _chance: Chance) -> Printed:
    """A nota de crédito whose head sets the corrected document in the same box as its own number."""
    sheet = Sheet(points=9)
    seller, buyer = facts.supplier, facts.buyer
    assert buyer is not None
    assert facts.corrected_date is not None
    box = [
        sheet.say(f"NOTA DE CRÉDITO\nNo. {facts.number}", bold=True),
        sheet.say(
            f"Doc. afectado: FAC {facts.corrected}\nFecha del afectado: {day_like('%d/%m/%Y', facts.corrected_date)}"
        ),
        sheet.say(f"Emisión: {day_like('%d/%m/%Y', facts.issued)}"),
    ]
    rows = [["Devuelto", "Cant.", "Precio", "Total"]]
    rows += [[each.description, plain(each.quantity), _bare(each.price), _bare(each.net)] for each in facts.items]
    sums = [["Subtotal", _bare(facts.net)], ["IVA", _bare(facts.tax)], ["Valor modificación", _bare(facts.gross)]]
    story = [
        sheet.beside(
            sheet.say(f"{seller.name}\nR.U.C. {seller.tax_id}\nDir. Matriz: {seller.street}, {seller.town}"),
            sheet.box(box),
            shares=(0.5, 0.5),
        ),
        gap(10),
        sheet.say(f"Razón social: {buyer.name}     RUC: {buyer.tax_id}\nMotivo: {facts.reason.lower()}"),
        gap(10),
        sheet.grid(rows, (5, 1, 1.3, 1.4), "lrrr", marks=_CELLS),
        gap(10),
        sheet.beside("", sheet.grid(sums, (2, 1.2), "lr", heads=0, marks=_CELLS), shares=(0.5, 0.5)),
        gap(12),
        Code128(facts.access_key, barHeight=20, barWidth=0.7),
        sheet.say(facts.access_key, by=0.8),
    ]
    return Printed(pdf=sheet.print(story), hidden=frozenset({"taxes"}))
