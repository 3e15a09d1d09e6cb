"""Ecuadorian comprobantes of programs that follow the SRI's data and nobody's design."""

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

_RULES: Final = [("LINEABOVE", (0, 0), (-1, -1), 0.3, "#999999")]
_usd = partial(amount_like, "1,234.56")
_bare = partial(amount_like, "1234.56")


def cloud_invoice(facts: Facts, _chance: Chance) -> Printed:
    """A cloud program's invoice: sums in cards at the top, the lines below them, the key at the foot."""
    sheet = Sheet(points=9)
    seller, buyer = facts.supplier, facts.buyer
    assert buyer is not None
    zero = sum((row.base for row in facts.taxes if not row.rate), ZERO)
    cards = [["Gravado 15%", "Tarifa 0%", "IVA 15%", "A cobrar"]]
    cards += [[_usd(facts.net - zero), _usd(zero), _usd(facts.tax), f"$ {_usd(facts.gross)}"]]
    rows = [["Producto", "Cant.", "P.U.", "Subtotal"]]
    rows += [[each.description, plain(each.quantity), _usd(each.price), _usd(each.net)] for each in facts.items]
    story = [
        sheet.beside(
            sheet.say(f"{seller.name}\n{seller.tax_id}\n{seller.street}, {seller.town}", bold=True),
            sheet.say(f"Factura\n{facts.number}\n{day_like('%Y-%m-%d', facts.issued)}", "r"),
            shares=(0.6, 0.4),
        ),
        gap(10),
        sheet.say(f"Facturado a {buyer.name}, RUC {buyer.tax_id}"),
        gap(10),
        sheet.grid(cards, (1, 1, 1, 1), "cccc", marks=[("BOX", (0, 0), (-1, -1), 0.6, "#444444")]),
        gap(12),
        sheet.grid(rows, (5, 1, 1.5, 1.8), "lrrr", marks=_RULES),
        gap(26),
        Code128(facts.access_key, barHeight=22, barWidth=0.8),
        sheet.say(facts.access_key, by=0.8),
    ]
    return Printed(pdf=sheet.print(story))


def credit_memo(facts: Facts, _chance: Chance) -> Printed:
    """A nota de crédito written like a memo: field by field, then what is given back."""
    sheet = Sheet(font="Times-Roman", points=10.5, margins=(70, 60, 70, 60))
    seller, buyer = facts.supplier, facts.buyer
    assert buyer is not None
    assert facts.corrected_date is not None
    fields = [
        ["Emisor", f"{seller.name} (RUC {seller.tax_id})"],
        ["Comprador", f"{buyer.name} (RUC {buyer.tax_id})"],
        ["Fecha", day_like("%d/%m/%Y", facts.issued)],
        ["Afecta a", f"Factura {facts.corrected}, {day_like('%d/%m/%Y', facts.corrected_date)}"],
        ["Razón", facts.reason.capitalize()],
    ]
    rows = [["Detalle", "Cantidad", "Unitario", "Valor"]]
    rows += [[each.description, plain(each.quantity), _bare(each.price), _bare(each.net)] for each in facts.items]
    sums = [["Sin impuestos", _bare(facts.net)], ["IVA", _bare(facts.tax)], ["Crédito total", _bare(facts.gross)]]
    story = [
        sheet.say(f"Nota de crédito electrónica No. {facts.number}", by=1.3, bold=True),
        gap(8),
        sheet.grid(fields, (1.2, 5), "ll", heads=0, marks=_RULES),
        gap(10),
        sheet.grid(rows, (5, 1.2, 1.5, 1.6), "lrrr", marks=_RULES),
        gap(10),
        sheet.beside("", sheet.grid(sums, (2, 1.4), "lr", heads=0), shares=(0.5, 0.5)),
        gap(16),
        sheet.say(f"Autorización SRI {facts.access_key}", by=0.8),
    ]
    return Printed(pdf=sheet.print(story), hidden=frozenset({"taxes"}))


def retention_letter(facts: Facts, _chance: Chance) -> Printed:
    """A retención set as a certificate, each tax in a sentence of figures."""
    sheet = Sheet(font="Times-Roman", points=10.5, margins=(70, 60, 70, 60))
    seller, buyer = facts.supplier, facts.buyer
    assert buyer is not None
    rows = [["Por", "Código", "Sobre", "Tarifa", "Se retiene"]]
    rows += [[row.tax, row.code, _bare(row.base), f"{plain(row.rate)}%", _bare(row.amount)] for row in facts.retentions]
    rows += [["Suma retenida", "", "", "", _bare(facts.withheld_in_all)]]
    story = [
        sheet.say(seller.name, "c", by=1.4, bold=True),
        sheet.say(f"R.U.C. {seller.tax_id}\n{seller.street}, {seller.town}", "c"),
        gap(12),
        sheet.say(f"Comprobante de retención {facts.number}", "c", by=1.2, bold=True),
        sheet.say(f"{seller.town}, {day_like('%e de MONTH de %Y', facts.issued)}", "c"),
        gap(12),
        sheet.say(f"A {buyer.name}, RUC {buyer.tax_id}, por su factura {facts.retentions[0].document_number}:"),
        gap(8),
        sheet.grid(rows, (2, 1, 2, 1, 2), "llrrr", marks=_RULES),
        gap(16),
        sheet.say(f"Clave {facts.access_key}", by=0.8),
    ]
    return Printed(pdf=sheet.print(story), hidden=frozenset({"withholdings"}))
