"""Bills of lawyers, procuradores, registrars and clinics: one document's own number among the numbers of the case."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from corpus.second.flow import Printed, Sheet, gap
from corpus.second.spelled import amount_like, day_like, plain

if TYPE_CHECKING:
    from corpus.chance import Chance
    from corpus.facts import Facts

_HAIR: Final = [("LINEBELOW", (0, 0), (-1, 0), 0.4, "#333333")]
_eur = partial(amount_like, "1.234,56 €")
_bare = partial(amount_like, "1.234,56")


def procurador(facts: Facts, chance: Chance) -> Printed:
    """A procurador's account of fees: court, number of the proceedings, and the client's lawyer."""
    sheet = Sheet(font="Times-Roman", points=10.5, margins=(80, 56, 70, 56))
    seller, buyer, row = facts.supplier, facts.buyer, facts.taxes[0]
    assert buyer is not None
    assert facts.withheld_rate is not None
    case = [
        ["Órgano", f"Juzgado de Primera Instancia nº {chance.randint(1, 12)} de {seller.town}"],
        ["Procedimiento", f"Ordinario {chance.randint(100, 1900)}/{facts.issued.year}"],
        ["Parte", buyer.name],
        ["D.N.I./C.I.F.", buyer.tax_id],
        ["Cuenta de derechos", facts.number],
    ]
    rows = [["Derechos devengados (arancel)", "Euros"]]
    rows += [[f"Art. {chance.randint(1, 90)}. {each.description}", _bare(each.net)] for each in facts.items]
    sums = [
        ["Suma de derechos", _bare(facts.net)],
        [f"I.V.A. {plain(row.rate)} por ciento", _bare(facts.tax)],
        [f"A deducir I.R.P.F. {plain(facts.withheld_rate)} por ciento", _bare(-facts.withheld)],
        ["Saldo a mi favor", _bare(facts.payable)],
    ]
    story = [
        sheet.say(seller.name.upper(), "c", by=1.4, bold=True),
        sheet.say(f"Procurador de los Tribunales\n{seller.street} · {seller.postcode} {seller.town}", "c"),
        sheet.say(f"Colegiado {chance.randint(100, 999)} · N.I.F. {seller.tax_id}", "c"),
        gap(20),
        sheet.say("FACTURA", "c", bold=True),
        gap(8),
        sheet.grid(case, (3, 7), "ll", heads=0),
        gap(12),
        sheet.grid(rows, (8, 2), "lr", marks=_HAIR),
        gap(8),
        sheet.grid(sums, (8, 2), "rr", heads=0),
        gap(26),
        sheet.say(f"{seller.town}, a {day_like('%e de MONTH de %Y', facts.issued)}.", "r"),
    ]
    return Printed(pdf=sheet.print(story), hidden=frozenset({"totals.gross"}))


def law_firm_minute(facts: Facts, chance: Chance) -> Printed:
    """A law firm's letter: our reference and yours, the total in words of a sentence and nowhere else."""
    sheet = Sheet(font="Times-Roman", points=11, margins=(85, 60, 75, 60))
    seller, buyer, row = facts.supplier, facts.buyer, facts.taxes[0]
    assert buyer is not None
    work = "; ".join(each.description.lower() for each in facts.items)
    story = [
        sheet.say(seller.name, by=1.5, bold=True, colour="#30405f"),
        sheet.say(f"Abogados · {seller.street}, {seller.postcode} {seller.town} · {seller.tax_id}", by=0.8),
        gap(30),
        sheet.beside(
            sheet.say(f"N/Ref.: {chance.randint(1000, 9999)}/{chance.choice('ABC')}\nAsunto: dictamen"),
            sheet.say(f"{buyer.name}\nC.I.F. {buyer.tax_id}\n{buyer.street}\n{buyer.postcode} {buyer.town}"),
            shares=(0.5, 0.5),
        ),
        gap(24),
        sheet.say(f"{seller.town}, {day_like('%e de MONTH de %Y', facts.issued)}"),
        gap(16),
        sheet.say(f"Minuta de honorarios núm. {facts.number}", bold=True),
        gap(10),
        sheet.say(f"Por los servicios prestados en el asunto de referencia ({work}), según hoja de encargo:", "j"),
        gap(8),
        sheet.say(
            f"Nuestros honorarios se cifran en {_eur(facts.net)}, a los que se suma el IVA del {plain(row.rate)} % "
            f"({_eur(facts.tax)}), por lo que la presente minuta asciende a la cantidad total de {_eur(facts.gross)}.",
            "j",
        ),
        gap(30),
        sheet.say("Quedamos a su disposición y le saludamos atentamente,"),
    ]
    return Printed(pdf=sheet.print(story), hidden=frozenset({"lines", "lines_count", "taxes.base"}))


def land_registry(facts: Facts, chance: Chance) -> Printed:
    """A registrar's bill: entry, journal and sheet of the deed, each with its number, before the bill's own."""
    sheet = Sheet(points=9, margins=(54, 50, 54, 50))
    seller, buyer, row = facts.supplier, facts.buyer, facts.taxes[0]
    assert buyer is not None
    assert facts.withheld_rate is not None
    head = [
        ["Entrada", "Asiento", "Diario", "Finca", "Minuta"],
        [chance.digits(5), chance.digits(4), chance.digits(3), chance.digits(5), facts.number],
    ]
    rows = [["Concepto arancelario", "Núm.", "Euros"]]
    rows += [
        [each.description, f"{chance.randint(1, 5)}.{chance.randint(1, 4)}", _bare(each.net)] for each in facts.items
    ]
    sums = [["Base", "% IVA", "Cuota", "% Ret.", "Retención", "Líquido a ingresar"]]
    sums += [
        [
            _bare(facts.net),
            plain(row.rate),
            _bare(facts.tax),
            plain(facts.withheld_rate),
            _bare(facts.withheld),
            _bare(facts.payable),
        ]
    ]
    story = [
        sheet.say(f"Registro de la Propiedad de {seller.town}", by=1.4, bold=True),
        sheet.say(
            f"Registrador: {seller.name} - NIF {seller.tax_id}\n{seller.street}, {seller.postcode} {seller.town}"
        ),
        gap(12),
        sheet.grid(head, (1, 1, 1, 1, 1.4), "lllll", marks=[("GRID", (0, 0), (-1, -1), 0.4, "#777777")]),
        gap(8),
        sheet.say(f"Fecha de la minuta: {day_like('%d/%m/%Y', facts.issued)}"),
        sheet.say(f"Sujeto pasivo: {buyer.name}, NIF {buyer.tax_id}\nPresentante: gestoría del interesado"),
        gap(12),
        sheet.grid(rows, (7, 1, 2), "lrr", marks=_HAIR),
        gap(12),
        sheet.grid(sums, (1, 1, 1, 1, 1, 1.6), "rrrrrr", marks=_HAIR),
    ]
    return Printed(pdf=sheet.print(story), hidden=frozenset({"totals.gross"}))


def clinic(facts: Facts, chance: Chance) -> Printed:
    """A clinic's exempt bill: the patient's history and the company that pays."""
    sheet = Sheet(points=10, margins=(60, 54, 60, 54))
    seller, buyer = facts.supplier, facts.buyer
    assert buyer is not None
    rows = [["Acto médico", "Nº", "Importe"]]
    rows += [[each.description, plain(each.quantity), _eur(each.net)] for each in facts.items]
    story = [
        sheet.beside(
            sheet.say(f"{seller.name}\nCentro sanitario nº {chance.digits(5)}\nCIF {seller.tax_id}", bold=True),
            sheet.say(f"{seller.street}\n{seller.postcode} {seller.town}\nCita previa {seller.phone}", "r"),
            shares=(0.5, 0.5),
        ),
        gap(18),
        sheet.say(f"Factura: {facts.number}          Fecha: {day_like('%d-%m-%Y', facts.issued)}", bold=True),
        sheet.say(f"Historia clínica: {chance.digits(6)}          Episodio: {chance.digits(8)}"),
        sheet.say(f"Facturar a: {buyer.name}          NIF/CIF: {buyer.tax_id}"),
        gap(14),
        sheet.grid(rows, (7, 1, 2), "lrr", marks=_HAIR),
        gap(12),
        sheet.say(f"Importe total de la factura: {_eur(facts.gross)}", "r", bold=True),
        gap(10),
        sheet.say("Operación exenta de IVA (art. 20.Uno.2º de la Ley 37/1992).", by=0.8),
    ]
    return Printed(pdf=sheet.print(story), hidden=frozenset({"taxes", "totals.net", "totals.tax"}))
