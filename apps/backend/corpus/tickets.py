"""Prints simplified invoices as tills do: a narrow roll as long as it needs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from corpus.chance import Chance
from corpus.layouts import is_held_out
from corpus.paper import Ink, Paper, Typeface
from corpus.spelling import spanish
from corpus.wording import Words

if TYPE_CHECKING:
    from corpus.facts import Facts
    from corpus.spelling import Spelling

COUNT: Final = 30
_FACES: Final = (
    Typeface(family="Courier", size=9),
    Typeface(family="Courier", size=8, stretch=85),
    Typeface(family="Helvetica", size=8.5),
    Typeface(family="Vera", size=7.5, stretch=80),
    Typeface(family="Courier", size=10, stretch=80),
)
_THANKS: Final = (
    "GRACIAS POR SU VISITA",
    "Gracias por su compra",
    "VUELVA PRONTO",
    "IVA INCLUIDO",
    "No se admiten cambios sin ticket",
)
_NUMBERS: Final = (
    "Factura simplificada: {}",
    "Nº Ticket: {}",
    "FRA. SIMPLIFICADA {}",
    "Ticket {}",
    "Nº Factura: {}",
    "Fact. Simpl.: {}",
    "*Documento {}",
    "*Nº Op. {}",
)
_TOTALS: Final = (
    "TOTAL",
    "TOTAL A PAGAR",
    "Total",
    "TOTAL (€)",
    "TOTAL EUR",
    "IMPORTE TOTAL",
    "*Total compra",
    "*A PAGAR",
)


def print_ticket(facts: Facts, number: int, chance: Chance) -> tuple[bytes, Facts]:
    """The PDF, and the facts that it shows. ``number`` is the layout's."""
    style = Chance(f"ticket {number}")
    face, width = style.choice(_FACES), style.choice((205.0, 227.0, 240.0))
    height = 330.0 + 34 * len(facts.items) * face.size / 8 + (95 if facts.code else 0)
    roll = _Roll(Paper((width, height), face, margin=9.0), facts, style, spanish(chance, "es"))
    roll.words = Words(chance, "es", held_out=is_held_out(number))
    roll.held_out = is_held_out(number)
    return roll.print(), roll.shown()


class _Roll:
    """A ticket while it is printed."""

    words: Words
    held_out: bool

    def __init__(self, paper: Paper, facts: Facts, style: Chance, spell: Spelling) -> None:
        self._paper, self._facts, self._style = paper, facts, style
        self._spell, self._y = replace(spell, money="{}", totalled=style.choice(("{}", "{} €", "{}€"))), 12.0
        self._printed = list(facts.items)
        self._middle, self._left, self._right = paper.width / 2, paper.margin, paper.width - paper.margin

    def print(self) -> bytes:
        """Head, lines, total, taxes, how it was paid."""
        self._head()
        self._meta()
        self._dashes()
        self._lines()
        self._dashes()
        self._total()
        if self._facts.breakdown:
            self._taxes()
        self._centred(self._style.choice(_THANKS))
        if self._facts.code:
            self._paper.qr(self._middle - 40, self._y + 4, 80, self._facts.code)
        return self._paper.finish()

    def shown(self) -> Facts:
        """The facts as they were printed: long descriptions are cut."""
        return replace(self._facts, items=tuple(self._printed))

    def _head(self) -> None:
        person, style = self._facts.supplier, self._style
        big = Ink(size=1.35, bold=True, align="centre")
        for line in self._paper.wrapped(person.brand or person.name, self._right - self._left, big):
            self._y = self._paper.text(self._middle, self._y, line, big)
        rows = [
            person.street,
            f"{person.postcode} {person.town}",
            f"{style.choice(('NIF', 'CIF', 'N.I.F.', 'C.I.F.'))}{style.choice((':', '', ': '))} {person.tax_id}",
        ]
        rows += [person.name] if person.brand else []
        rows.append(f"{style.choice(('Tel', 'Tlf.', 'Teléfono'))}: {person.phone}")
        if style.likely(0.3):
            rows = [rows[2], *rows[:2], *rows[3:]]
        for row in rows:
            if style.likely(0.7):
                self._centred(row)
            else:
                self._y = self._paper.text(self._left, self._y, row)

    def _meta(self) -> None:
        self._y += 4
        number = self._pick(_NUMBERS).format(self._facts.number)
        day = self._spell.date(self._facts.issued)
        hour = f"{self._style.randint(8, 21):02}:{self._style.randint(0, 59):02}"
        if "implif" not in number.casefold() and "impl." not in number.casefold():
            self._centred(self._style.choice(("FACTURA SIMPLIFICADA", "Factura simplificada")))
        self._y = self._paper.text(self._left, self._y, number)
        dated = self._style.choice(
            (f"Fecha: {day} {hour}", f"{day}   {hour}", f"Fecha {day}  Hora {hour}", f"FECHA: {day}")
        )
        self._y = self._paper.text(self._left, self._y, dated)
        if self._style.likely(0.4):
            self._y = self._paper.text(
                self._left,
                self._y,
                f"Le atendió: {self._style.choice(('Ana', 'Caja 2', 'Luis'))}  Mesa {self._style.randint(1, 30)}",
            )

    def _lines(self) -> None:
        form = self._style.choice(("inline", "below", "columns"))
        if form == "columns":
            self._row(
                self._style.choice(("UDS DESCRIPCION", "CANT  CONCEPTO", "Descripción")),
                self._style.choice(("IMPORTE", "Total", "EUR")),
            )
        room = self._right - self._left - 55
        for place, item in enumerate(self._facts.items):
            count, price, total = (
                self._spell.quantity(item.quantity),
                self._spell.number(item.price),
                self._spell.number(item.net),
            )
            description = self._paper.wrapped(item.description, room - (0 if form == "below" else 25))[0]
            self._printed[place] = replace(item, description=description)
            text = description if form == "below" else f"{count} {description}"
            if form == "below":
                self._y = self._paper.text(self._left, self._y, text)
                text = f"   {count} x {price}"
            self._row(text, total)

    def _total(self) -> None:
        ink = Ink(size=self._style.choice((1.2, 1.5)), bold=True)
        label = self._pick(_TOTALS)
        self._paper.text(self._left, self._y, label, ink)
        total = self._spell.total(self._facts.gross)
        self._y = self._paper.text(self._right, self._y, total, Ink(size=ink.size, bold=True, align="right"))
        if self._style.likely(0.35):
            handed = self._facts.gross.to_integral_value() + self._style.choice((5, 10, 20))
            self._row(self._style.choice(("Entregado", "EFECTIVO", "Efectivo")), self._spell.number(handed))
            self._row(
                self._style.choice(("Cambio", "CAMBIO", "Devolución")), self._spell.number(handed - self._facts.gross)
            )
        elif self._style.likely(0.5):
            self._row(
                self._style.choice(("TARJETA", "Tarjeta", "VISA ****1234")), self._spell.number(self._facts.gross)
            )

    def _taxes(self) -> None:
        self._y += 4
        spell, form = self._spell, self._style.choice(("table", "sentence", "rows"))
        if form == "table":
            self._four(
                self._style.choice((("% IVA", "BASE", "CUOTA", "TOTAL"), ("IVA", "Base imp.", "Cuota", "Total")))
            )
        for row in self._facts.taxes:
            rate = f"{row.rate.normalize():f}%"
            if form == "table":
                self._four(
                    (rate, spell.number(row.base), spell.number(row.amount), spell.number(row.base + row.amount))
                )
            elif form == "rows":
                self._row(f"Base imponible {rate}", spell.number(row.base))
                self._row(f"IVA {rate}", spell.number(row.amount))
            else:
                self._y = self._paper.text(
                    self._left, self._y, f"IVA {rate} Base {spell.number(row.base)} Cuota {spell.number(row.amount)}"
                )

    def _four(self, cells: tuple[str, str, str, str]) -> None:
        step = (self._right - self._left) / 4
        bottom = self._y
        for place, cell in enumerate(cells):
            bottom = self._paper.text(self._left + (place + 1) * step, self._y, cell, Ink(align="right", size=0.9))
        self._y = bottom

    def _row(self, text: str, value: str) -> None:
        self._paper.text(self._left, self._y, text)
        self._y = self._paper.text(self._right, self._y, value, Ink(align="right"))

    def _centred(self, text: str) -> None:
        for line in self._paper.wrapped(text, self._right - self._left):
            self._y = self._paper.text(self._middle, self._y, line, Ink(align="centre"))

    def _dashes(self) -> None:
        self._y = self._paper.text(self._left, self._y, "-" * int((self._right - self._left) / self._paper.length("-")))

    def _pick(self, choices: tuple[str, ...]) -> str:
        kept = [each for each in choices if each.startswith("*")]
        if self.held_out and self._style.likely(0.5):
            return self._style.choice(kept)[1:]
        return self._style.choice([each for each in choices if not each.startswith("*")])
