"""Prints the figures of a RIDE: its lines and totals, or what was withheld."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpus.facts import ZERO, Retention
from corpus.paper import Ink, Ruling
from corpus.rides import ROOM, column

if TYPE_CHECKING:
    from decimal import Decimal

    from corpus.rides import Ride

_BOLD = Ink(bold=True)


def draw_figures(ride: Ride, y: float) -> None:
    """Lines with totals, or retentions, and the additional information."""
    if ride.facts.retentions:
        _retentions(ride, y)
        return
    bottom = _lines(ride, y) + 8
    _totals(ride, bottom)
    _additional(ride, bottom)


def _lines(ride: Ride, y: float) -> float:
    style, spell = ride.style, ride.spell
    full = style.likely(0.5)
    heads = style.choice(
        (
            ("Cod. Principal", "Cant.", "Descripción", "Precio Unitario", "Descuento", "Precio Total"),
            ("Código", "Cantidad", "Descripción", "P. Unitario", "Dscto.", "Total"),
        )
    )
    columns = [
        column(heads[0], 66),
        column(heads[1], 52, "right"),
        column(heads[2], 215),
        column(heads[3], 74, "right"),
        *([column(heads[4], 54, "right")] if full else []),
        column(heads[5], 68, "right"),
    ]
    rows = []
    for item in ride.facts.items:
        off = item.quantity * item.price - item.net
        rows.append(
            [
                item.code,
                spell.quantity(item.quantity),
                ride.paper.wrapped(item.description, ROOM)[0],
                spell.number(item.price),
                *([spell.number(off)] if full else []),
                spell.number(item.net),
            ]
        )
    return ride.paper.table(ride.paper.margin, y, columns, rows, ride.ruling)


def _totals(ride: Ride, y: float) -> None:
    facts, style = ride.facts, ride.style
    by_rate = {f"{row.rate.normalize():f}": row for row in facts.taxes}
    sure: list[tuple[str, Decimal]] = [(f"SUBTOTAL {rate}%", row.base) for rate, row in by_rate.items()]
    if "0" not in by_rate and style.likely(0.6):
        sure.append(("SUBTOTAL 0%", ZERO))
    if style.likely(0.7):
        sure += [("SUBTOTAL NO OBJETO DE IVA", ZERO), ("SUBTOTAL EXENTO DE IVA", ZERO)]
    sure.append((style.choice(("SUBTOTAL SIN IMPUESTOS", "SUBTOTAL SIN IMPUESTOS:")), facts.net))
    discount = sum((each.quantity * each.price - each.net for each in facts.items), ZERO)
    sure.append((style.choice(("TOTAL DESCUENTO", "TOTAL Descuento", "DESCUENTO")), discount))
    if style.likely(0.5):
        sure.append(("ICE", ZERO))
    sure += [(f"IVA {rate}%", row.amount) for rate, row in by_rate.items() if row.rate] or [("IVA 15%", ZERO)]
    if facts.kind == "invoice" and (facts.tip or style.likely(0.6)):
        sure.append(("PROPINA", facts.tip))
    sure.append((style.choice(("VALOR TOTAL", "IMPORTE TOTAL", "VALOR TOTAL")), facts.gross))
    columns = [column("", 150), column("", 74, "right")]
    rows = [
        [label, ride.spell.total(value) if value == facts.gross else ride.spell.number(value)] for label, value in sure
    ]
    left = ride.paper.width - ride.paper.margin - 224
    ride.paper.table(left, y, columns, rows, ride.ruling)


def _additional(ride: Ride, y: float) -> None:
    person = ride.other
    if person is None:
        return
    x = ride.paper.margin
    y = ride.paper.text(x, y, "Información Adicional", _BOLD)
    y = (
        ride.paper.lines(x, y, [f"Dirección: {person.street}", f"Teléfono: {person.phone}", f"Email: {person.email}"])
        + 6
    )
    if ride.facts.kind == "invoice":
        columns = [column("Forma de pago", 180), column("Valor", 60, "right")]
        rows = [["OTROS CON UTILIZACIÓN DEL SISTEMA FINANCIERO", ride.spell.number(ride.facts.gross)]]
        ride.paper.table(x, y, columns, rows, Ruling(marks=frozenset({"grid"})))


def _retentions(ride: Ride, y: float) -> None:
    """Each tax withheld, and their sum."""
    style, spell, facts = ride.style, ride.spell, ride.facts
    heads = style.choice(
        (
            (
                "Comprobante",
                "Número",
                "Fecha Emisión",
                "Ejercicio Fiscal",
                "Base Imponible",
                "IMPUESTO",
                "% Retención",
                "Valor Retenido",
            ),
            (
                "Documento",
                "Nº Documento",
                "Fecha",
                "Período",
                "Base Imponible para la Retención",
                "Impuesto",
                "Porcentaje",
                "Valor",
            ),
            ("Tipo", "Comprobante", "F. Emisión", "Ej. Fiscal", "Base Imp.", "Imp.", "Porc.", "Total Retenido"),
        )
    )
    widths = (60, 88, 62, 58, 76, 54, 62, 68)
    sides = ("left", "left", "left", "left", "right", "left", "right", "right")
    columns = [column(*each) for each in zip(heads, widths, sides, strict=True)]
    dashed = style.likely(0.5)
    rows = [_retention(ride, row, dashed=dashed) for row in facts.retentions]
    paper = ride.paper
    columns = [column(paper.wrapped(each.heading, each.width - 4)[0], each.width, each.align) for each in columns]
    y = paper.table(paper.margin, y, columns, rows, ride.ruling) + 4
    total = spell.total(facts.withheld_in_all)
    label = style.choice(("TOTAL RETENIDO", "Total Retenido:", "VALOR TOTAL RETENIDO", "TOTAL"))
    right = paper.margin + sum(widths) - 3
    paper.text(right - 90, y, label, Ink(bold=True, align="right"))
    y = paper.text(right, y, total, Ink(bold=True, align="right")) + 10
    _additional(ride, y)


def _retention(ride: Ride, row: Retention, *, dashed: bool) -> list[str]:
    number = row.document_number
    number = f"{number[:3]}-{number[3:6]}-{number[6:]}" if dashed else number
    year = f"{ride.facts.issued:%m/%Y}"
    spell = ride.spell
    return [
        "FACTURA",
        number,
        spell.date(row.document_date),
        year,
        spell.number(row.base),
        row.tax,
        spell.number(row.rate),
        spell.number(row.amount),
    ]
