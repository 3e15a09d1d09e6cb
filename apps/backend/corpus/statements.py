"""Prints bank statements, and letters that are no accounting documents at all."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from corpus.chance import Chance
from corpus.paper import PAPERS, Column, Ink, Paper, Ruling, Typeface
from corpus.spelling import spanish

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.facts import Entry, Facts
    from corpus.spelling import Spelling

COUNT: Final = 9
_TITLES: Final = (
    "EXTRACTO DE CUENTA",
    "Extracto de movimientos",
    "Movimientos de cuenta",
    "EXTRACTO BANCARIO",
    "Extracto mensual de cuenta",
)
_FACES: Final = (
    Typeface(family="Helvetica", size=8.5),
    Typeface(family="Courier", size=8, stretch=90),
    Typeface(family="Vera", size=7.5),
)
_FORMS: Final = ("signed", "signed", "two_columns", "signed_unvalued")
_BOLD: Final = Ink(bold=True)
_LETTER: Final = (
    "Estimado cliente:",
    "Le recordamos que a partir del próximo mes nuestras oficinas permanecerán abiertas de 9:00 a 14:00 horas.",
    "Si tiene alguna duda sobre su contrato o sobre las facturas recibidas este año, puede llamarnos al teléfono de siempre.",
    "El importe de la cuota anual será de 120,00 € y se comunicará por separado.",
    "Reciba un cordial saludo.",
)


def print_statement(facts: Facts, number: int, chance: Chance) -> tuple[bytes, Facts]:
    """The PDF, and the facts that it shows. ``number`` is the layout's."""
    style = Chance(f"statement {number}")
    spell = replace(spanish(chance, "es"), money="{}")
    spell = replace(spell, day="%d/%m/%Y" if spell.day == "worded" else spell.day)
    paper = Paper(PAPERS["a4"], style.choice(_FACES))
    y = paper.text(paper.margin, 40, facts.supplier.name, Ink(size=1.6, bold=True)) + 8
    y = paper.text(paper.margin, y, style.choice(_TITLES), Ink(size=1.2, bold=True)) + 4
    account = (
        " ".join(facts.iban[at : at + 4] for at in range(0, len(facts.iban), 4)) if style.likely(0.6) else facts.iban
    )
    y = paper.text(paper.margin, y, f"{style.choice(('IBAN', 'Cuenta IBAN', 'Cuenta'))}: {account}")
    if facts.buyer is not None:
        y = paper.text(paper.margin, y, f"Titular: {facts.buyer.name}")
    first, last = facts.entries[0].booked, facts.entries[-1].booked
    y = paper.text(paper.margin, y, f"Periodo: {spell.date(first)} - {spell.date(last)}      Divisa: EUR") + 10
    form, ruling = (
        style.choice(_FORMS),
        Ruling(marks=frozenset(style.choice(("grid", "head", "head rows", "")).split())),
    )
    _movements(paper, (facts, spell), (form, y, style.choice(("table", "beside"))), ruling)
    return paper.finish(), facts


def print_letter(facts: Facts) -> bytes:
    """A letter of the supplier's to the buyer."""
    paper = Paper(PAPERS["a4"], Typeface(family="Times-Roman", size=11))
    y = paper.lines(
        42,
        50,
        [
            facts.supplier.name,
            facts.supplier.street,
            f"{facts.supplier.postcode} {facts.supplier.town}",
            f"NIF {facts.supplier.tax_id}",
        ],
    )
    y = paper.lines(330, y + 20, [facts.buyer.name, facts.buyer.street, facts.buyer.town] if facts.buyer else [])
    y = (
        paper.text(42, y + 20, f"{facts.supplier.town}, {facts.issued.day}/{facts.issued.month}/{facts.issued.year}")
        + 16
    )
    for text in _LETTER:
        y = paper.paragraph(42, y, 500, text) + 8
    return paper.finish()


def _movements(paper: Paper, stated: tuple[Facts, Spelling], form: tuple[str, float, str], ruling: Ruling) -> None:
    facts, spell = stated
    kind, y, opening = form
    if opening == "beside":
        y = paper.text(paper.margin, y, f"Saldo inicial: {spell.number(facts.opening)}", _BOLD) + 4
    columns = _columns(kind)
    y = paper.table_head(paper.margin, y, columns, ruling)
    if opening == "table":
        blank = ["", "", "SALDO ANTERIOR", *[""] * (len(columns) - 4), spell.number(facts.opening)]
        y = paper.table_row(paper.margin, y, columns, [[cell] for cell in blank[-len(columns) :]], ruling)
    for entry in facts.entries:
        y = paper.table_row(paper.margin, y, columns, [[cell] for cell in _cells(kind, entry, spell)], ruling)
    closing = spell.number(facts.entries[-1].balance)
    paper.text(paper.width - paper.margin, y + 8, f"Saldo final: {closing}", Ink(bold=True, align="right"))


def _columns(kind: str) -> Sequence[Column]:
    dates = [
        Column(heading="Fecha", width=62),
        *([] if kind == "signed_unvalued" else [Column(heading="F. valor", width=62)]),
    ]
    amounts = ["Debe", "Haber"] if kind == "two_columns" else ["Importe"]
    figures = [Column(heading=heading, width=72, align="right") for heading in (*amounts, "Saldo")]
    return [*dates, Column(heading="Concepto", width=190), *figures]


def _cells(kind: str, entry: Entry, spell: Spelling) -> list[str]:
    dates = [spell.date(entry.booked), *([] if kind == "signed_unvalued" else [spell.date(entry.valued)])]
    amount = spell.number(abs(entry.amount) if kind == "two_columns" else entry.amount)
    amounts = [amount]
    if kind == "two_columns":
        amounts = [amount, ""] if entry.amount < 0 else ["", amount]
    return [*dates, entry.text, *amounts, spell.number(entry.balance)]
