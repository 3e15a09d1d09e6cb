"""Invoices as programs printed them on continuous paper: monospaced columns, rules of dashes, no boxes drawn."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from reportlab.platypus import PageBreak

from corpus.second.flow import Printed, Sheet
from corpus.second.spelled import amount_like, day_like, plain

if TYPE_CHECKING:
    from reportlab.platypus import Flowable

    from corpus.chance import Chance
    from corpus.facts import Facts, Item

_SHEET: Final = Sheet(points=8.6, margins=(30, 30, 20, 30))
_WIDE: Final = Sheet(size=(842.0, 595.0), points=8.4, margins=(24, 24, 20, 20))
_LINES_PER_PAGE: Final = 18
_bare = partial(amount_like, "1.234,56")
_glued = partial(amount_like, "1234,56")


def printed_columns(facts: Facts, _chance: Chance) -> Printed:
    """Two blocks of name and address side by side, a row of headings, values below."""
    seller, buyer = facts.supplier, facts.buyer
    assert buyer is not None
    text = [
        f"{seller.name.upper()}",
        f"{seller.street.upper()}",
        f"{seller.postcode} {seller.town.upper()}{'':>12}{buyer.name.upper():>52}"[:100],
        f"CIF: {seller.tax_id}{'':<34}{buyer.street.upper()}",
        f"TLF: {seller.phone}{'':<31}{buyer.postcode} {buyer.town.upper()}",
        "",
        "  N.FACTURA       FECHA       COD.CLI     N.I.F.CLIENTE     F.PAGO",
        f"  {facts.number:<14}  {day_like('%d/%m/%y', facts.issued)}    004312      {buyer.tax_id:<14}    REPOSICION",
        "-" * 98,
        "  ARTICULO   DESCRIPCION                                 CANTIDAD       PRECIO   %DT        IMPORTE",
        "-" * 98,
        *(
            f"  {i.code:<9}  {i.description.upper():<40}  {plain(i.quantity):>10}  {_bare(i.price):>11}  {'':>4}  {_bare(i.net):>13}"
            for i in facts.items
        ),
        "",
        "-" * 98,
        "     B.IMPONIBLE     %IVA         CUOTA IVA                               TOTAL FACTURA",
    ]
    for number, row in enumerate(facts.taxes):
        total = f"{_bare(facts.gross)} EUR" if number == len(facts.taxes) - 1 else ""
        text.append(f"  {_bare(row.base):>14}   {plain(row.rate):>6}   {_bare(row.amount):>15}   {total:>36}")
    text += [
        "-" * 98,
        "  VENCIMIENTOS: " + (day_like("%d/%m/%y", facts.due) + "   " + _bare(facts.gross) if facts.due else "CONTADO"),
    ]
    return Printed(pdf=_SHEET.print([_SHEET.typed(text)]))


def boxed_with_carry(facts: Facts, _chance: Chance) -> Printed:
    """Frames of bars and dashes over several pages; each page hands its sum to the next."""
    pages = [facts.items[at : at + _LINES_PER_PAGE] for at in range(0, len(facts.items), _LINES_PER_PAGE)]
    story: list[Flowable] = []
    carried = facts.net - facts.net
    for number, items in enumerate(pages, 1):
        text = _boxed_head(facts, number)
        if number > 1:
            text.append(f"| {'SUMA ANTERIOR':<60} {_glued(carried):>33} |")
        text += [_boxed_line(each) for each in items]
        carried += sum(each.net for each in items)
        if number < len(pages):
            text += [f"| {'SUMA Y SIGUE...':<60} {_glued(carried):>33} |", "+" + "-" * 96 + "+"]
            story += [_SHEET.typed(text), PageBreak()]
        else:
            story.append(_SHEET.typed([*text, *_boxed_foot(facts)]))
    return Printed(pdf=_SHEET.print(story))


def _boxed_head(facts: Facts, page: int) -> list[str]:
    seller, buyer = facts.supplier, facts.buyer
    assert buyer is not None
    rule = "+" + "-" * 96 + "+"
    return [
        rule,
        f"| {seller.name:<60} {'FACTURA':>33} |",
        f"| {seller.street + ' ' + seller.postcode + ' ' + seller.town:<60} {'Numero: ' + facts.number:>33} |",
        f"| {'C.I.F. ' + seller.tax_id:<60} {'Fecha: ' + day_like('%d-%m-%Y', facts.issued):>33} |",
        f"| {'':<60} {'Hoja: ' + str(page):>33} |",
        rule,
        f"| {'Cliente: ' + buyer.name:<60} {'C.I.F. ' + buyer.tax_id:>33} |",
        f"| {buyer.street + ' ' + buyer.postcode + ' ' + buyer.town:<94} |",
        rule,
        f"| {'Codigo':<8} {'Articulo':<46} {'Cant.':>8} {'Precio':>12} {'Total':>16} |",
        rule,
    ]


def _boxed_line(item: Item) -> str:
    return f"| {item.code:<8} {item.description:<46} {plain(item.quantity):>8} {_glued(item.price):>12} {_glued(item.net):>16} |"


def _boxed_foot(facts: Facts) -> list[str]:
    rule = "+" + "-" * 96 + "+"
    rows = [
        f"| {'Base imponible al ' + plain(row.rate) + '%':<40} {_glued(row.base):>14}   Cuota: {_glued(row.amount):>14} {'':>14} |"
        for row in facts.taxes
    ]
    return [rule, *rows, rule, f"| {'TOTAL FACTURA EUROS':<60} {_glued(facts.gross):>33} |", rule]


def wide_listing(facts: Facts, _chance: Chance) -> Printed:
    """Sideways paper; labels with dots up to their values; the customer on the left, the issuer below the lines."""
    seller, buyer = facts.supplier, facts.buyer
    assert buyer is not None
    text = [
        f"FACTURA ........: {facts.number:<30}  DESTINATARIO ...: {buyer.name}",
        f"FECHA ..........: {day_like('%d.%m.%Y', facts.issued):<30}  DOMICILIO ......: {buyer.street}",
        f"PEDIDO .........: {'P-' + facts.number[-4:]:<30}  POBLACION ......: {buyer.postcode} {buyer.town}",
        f"{'':<48}  NIF ............: {buyer.tax_id}",
        "=" * 124,
        f"{'REF':<10}{'CONCEPTO':<56}{'UDS':>10}{'PVP UNIT':>18}{'TOTAL LINEA':>24}",
        "=" * 124,
        *(
            f"{i.code:<10}{i.description:<56}{plain(i.quantity):>10}{_bare(i.price):>18}{_bare(i.net):>24}"
            for i in facts.items
        ),
        "=" * 124,
        f"{'TOTAL NETO':>90}{_bare(facts.net):>28}",
        *(
            f"{'IVA ' + plain(row.rate) + ' % SOBRE ' + _bare(row.base):>90}{_bare(row.amount):>28}"
            for row in facts.taxes
        ),
        f"{'TOTAL A PAGAR EN EUROS':>90}{_bare(facts.gross):>28}",
        "",
        f"EMISOR: {seller.name}  NIF: {seller.tax_id}  {seller.street}  {seller.postcode} {seller.town}",
    ]
    return Printed(pdf=_WIDE.print([_WIDE.typed(text)]))
