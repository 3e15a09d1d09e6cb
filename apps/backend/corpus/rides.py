"""Prints the RIDE of Ecuadorian comprobantes (SRI, ficha técnica de comprobantes electrónicos, annex of formats)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from corpus.chance import Chance
from corpus.layouts import is_held_out
from corpus.paper import PAPERS, Column, Ink, Paper, Ruling, Typeface
from corpus.spelling import ecuadorian

if TYPE_CHECKING:
    from corpus.facts import Facts, Person
    from corpus.spelling import Spelling

COUNT: Final = 27
_TITLES: Final = {
    "invoice": ("FACTURA", "F A C T U R A", "Factura"),
    "credit_note": ("NOTA DE CRÉDITO", "NOTA DE CREDITO", "Nota de crédito"),
    "purchase_settlement": (
        "LIQUIDACIÓN DE COMPRA DE BIENES Y PRESTACIÓN DE SERVICIOS",
        "LIQUIDACIÓN DE COMPRA",
        "LIQUIDACION DE COMPRA",
    ),
    "withholding": ("COMPROBANTE DE RETENCIÓN", "COMPROBANTE DE RETENCION", "Comprobante de Retención"),
}
_FACES: Final = (
    Typeface(family="Helvetica", size=8),
    Typeface(family="Helvetica", size=8.5, stretch=92),
    Typeface(family="Times-Roman", size=9.5),
    Typeface(family="Vera", size=7),
    Typeface(family="Courier", size=7.5, stretch=90),
)
ROOM: Final = 208.0
"""Points for a description; what is longer is cut."""
_BOLD: Final = Ink(bold=True)
_TITLE: Final = Ink(size=1.5, bold=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ride:
    """One comprobante being set; ``style`` belongs to the layout and is asked in a fixed order."""

    paper: Paper
    facts: Facts
    spell: Spelling
    style: Chance
    title: str
    order: str
    ruling: Ruling

    @property
    def issuer(self) -> Person:
        """Who issues it: the buyer of a liquidación."""
        facts = self.facts
        return facts.buyer if facts.kind == "purchase_settlement" and facts.buyer else facts.supplier

    @property
    def other(self) -> Person | None:
        return self.facts.supplier if self.facts.kind == "purchase_settlement" else self.facts.buyer


def print_ride(facts: Facts, number: int, chance: Chance) -> tuple[bytes, Facts]:
    """The PDF, and the facts that it shows. ``number`` is the layout's."""
    from corpus.ride_figures import draw_figures  # noqa: PLC0415  (the two halves of a page know each other)

    style = Chance(f"ride {number}")
    order = (
        style.choice(("usual", "mirror", "single"))
        if not is_held_out(number)
        else style.choice(("usual", "single", "boxless"))
    )
    ride = Ride(
        paper=Paper(PAPERS["a4"], style.choice(_FACES), margin=30.0),
        facts=facts,
        spell=ecuadorian(chance),
        style=style,
        title=_TITLES[facts.kind][style.randrange(3)],
        order=order,
        ruling=Ruling(marks=frozenset(style.choice(("grid", "head rows", "head", "grid dark")).split())),
    )
    y = _head(ride)
    draw_figures(ride, _buyer(ride, y + 8) + 8)
    cut = tuple(replace(each, description=ride.paper.wrapped(each.description, ROOM)[0]) for each in facts.items)
    return ride.paper.finish(), replace(facts, items=cut)


def _head(ride: Ride) -> float:
    paper, half = ride.paper, ride.paper.width / 2
    left, right = paper.margin, half + 6
    if ride.order == "single":
        return _fiscal(
            ride, left, _issuer(ride, left, paper.margin, paper.width - 2 * left) + 10, paper.width - 2 * left
        )
    if ride.order == "mirror":
        left, right = right, left
    width = half - paper.margin - 10
    bottom = max(_issuer(ride, left, paper.margin + 40, width), _fiscal(ride, right, paper.margin, width))
    if ride.order != "boxless":
        paper.box((right - 4, paper.margin - 4, right + width, bottom + 4))
        paper.box((left - 4, paper.margin + 36, left + width, bottom + 4))
    return bottom


def _issuer(ride: Ride, x: float, y: float, width: float) -> float:
    person, paper, style = ride.issuer, ride.paper, ride.style
    ink = Ink(size=1.25, bold=True)
    y = paper.paragraph(x, y, width, person.name, ink) + 3
    words = style.choice(
        (("Dirección Matriz:", "Dirección Sucursal:"), ("Dir Matriz:", "Dir Sucursal:"), ("Matriz:", "Sucursal:"))
    )
    for label in words:
        y = paper.paragraph(x, y, width, f"{label} {person.street.upper()}, {person.town}") + 2
    if style.likely(0.5):
        y = paper.text(x, y, f"Contribuyente Especial Nro {style.randint(100, 9999)}")
    if style.likely(0.3):
        y = paper.text(x, y, f"Agente de Retención Resolución No. {style.randint(1, 99)}")
    return paper.text(x, y, f"OBLIGADO A LLEVAR CONTABILIDAD: {style.choice(('SI', 'NO'))}")


def _fiscal(ride: Ride, x: float, y: float, width: float) -> float:
    """RUC, number, authorization, ambiente and the clave with its bars."""
    paper, facts, style = ride.paper, ride.facts, ride.style
    y = (
        paper.text(
            x, y, f"{style.choice(('R.U.C.:', 'RUC:', 'R.U.C.'))} {ride.issuer.tax_id}", Ink(size=1.15, bold=True)
        )
        + 3
    )
    y = paper.lines(x, y, paper.wrapped(ride.title, width, _TITLE), _TITLE)
    y = paper.text(x, y, f"{style.choice(('No.', 'Nº', 'No:', 'Nro.'))} {facts.number}") + 3
    y = paper.text(
        x, y, style.choice(("NÚMERO DE AUTORIZACIÓN", "NÚMERO DE AUTORIZACIÓN:", "No. Autorización:")), _BOLD
    )
    y = paper.text(x, y, facts.access_key, Ink(size=0.95)) + 2
    stamp = f"{ride.spell.date(facts.issued)} {style.randint(8, 20):02}:{style.randint(0, 59):02}:12"
    y = paper.text(x, y, f"FECHA Y HORA DE AUTORIZACIÓN: {stamp}")
    y = paper.text(x, y, "AMBIENTE: PRODUCCIÓN")
    y = paper.text(x, y, "EMISIÓN: NORMAL") + 2
    y = paper.text(x, y, "CLAVE DE ACCESO", _BOLD) + 2
    paper.barcode(x, y, min(width - 10, 255), facts.access_key)
    return paper.text(x + 4, y + 32, facts.access_key, Ink(size=0.85))


def _buyer(ride: Ride, y: float) -> float:
    """Whom it is made out to, when, and what it changes."""
    paper, facts, style, person = ride.paper, ride.facts, ride.style, ride.other
    if person is None:
        return y
    x, middle, top = paper.margin, paper.width * 0.62, y
    name = style.choice(("Razón Social / Nombres y Apellidos:", "Razón Social:", "Cliente:", "Nombres y Apellidos:"))
    if facts.kind == "withholding":
        name = style.choice(
            ("Razón Social / Nombres y Apellidos:", "Sujeto Retenido:", "Razón Social Sujeto Retenido:")
        )
    if facts.kind == "purchase_settlement":
        name = style.choice(("Nombres y Apellidos Proveedor:", "Proveedor:", "Razón Social / Nombres y Apellidos:"))
    y = paper.text(x + 4, y + 4, f"{name} {person.name}")
    label = style.choice(("Identificación:", "Identificación", "RUC / CI:", "R.U.C./C.I.:"))
    if style.likely(0.5):
        paper.text(middle, y, f"{label} {person.tax_id}")
    else:
        y = paper.text(x + 4, y, f"{label} {person.tax_id}")
    y = paper.text(
        x + 4, y, f"{style.choice(('Fecha Emisión:', 'Fecha de Emisión:', 'Fecha:'))} {ride.spell.date(facts.issued)}"
    )
    y = paper.text(x + 4, y, f"Dirección: {person.street}")
    y = _corrected(ride, x + 4, y)
    if ride.order != "boxless":
        paper.box((x, top, paper.width - x, y + 3))
    return y


def _corrected(ride: Ride, x: float, y: float) -> float:
    facts, style, paper = ride.facts, ride.style, ride.paper
    if not facts.corrected or facts.corrected_date is None:
        return y
    label = style.choice(("Comprobante que se modifica", "Comprobante que se modifica:", "Documento modificado:"))
    y = paper.text(x, y + 3, f"{label} FACTURA {facts.corrected}")
    y = paper.text(x, y, f"Fecha Emisión (Comprobante a modificar): {ride.spell.date(facts.corrected_date)}")
    return paper.text(x, y, f"Razón de Modificación: {facts.reason}")


def column(heading: str, width: float, align: str = "left") -> Column:
    """A column in one line."""
    return Column(heading=heading, width=width, align=align)
