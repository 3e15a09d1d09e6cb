"""Invents Spanish documents: which taxes apply, what is withheld, what is corrected."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from corpus import people, tax_ids
from corpus.facts import ZERO, Facts, Item, TaxRow, to_cents
from corpus.goods import invent_items

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.chance import Chance
    from corpus.facts import Person

_SITUATIONS = {
    "general": 34,
    "mixed": 20,
    "surcharge": 8,
    "withheld": 14,
    "igic": 6,
    "exempt": 6,
    "abroad": 4,
    "passed_on": 3,
    "prepaid": 4,
    "mixed_exempt": 4,
}
_RATES = {
    "general": ("21",),
    "mixed": ("21", "10", "4"),
    "surcharge": ("21", "10"),
    "withheld": ("21",),
    "igic": ("7", "3"),
    "exempt": ("0",),
    "abroad": ("0",),
    "passed_on": ("21",),
    "prepaid": ("21",),
    "mixed_exempt": ("21", "0"),
}
_SURCHARGES = {"21": Decimal("5.2"), "10": Decimal("1.4"), "4": Decimal("0.5")}
_WITHHELD = {"15": 70, "7": 15, "19": 15}
_HUNDRED = Decimal(100)
_NOTES = {
    "exempt": "Operación exenta de IVA según el artículo 20 de la Ley 37/1992.",
    "abroad": "Entrega intracomunitaria exenta, art. 25 Ley 37/1992. Inversión del sujeto pasivo. Reverse charge.",
    "mixed_exempt": "Los conceptos al 0 % están exentos según el art. 20 de la Ley del IVA.",
    "igic": "Operación sujeta al Impuesto General Indirecto Canario.",
}
_NUMBERS = (
    "F{y}/{n:04}",
    "{n}",
    "{y}-{n:05}",
    "A/{n:04}",
    "FV{s}{n:04}",
    "{s}/{n:03}",
    "FAC-{y}-{n:03}",
    "{n:06}",
    "V-{n}/{s}",
    "INV{y}{n:04}",
    "{s}F{n:05}",
    "E{s}-{n}",
    "{n:03}/{y}",
    "T{s}/{n:05}",
    "CN-{y}.{n:03}",
)
_REASONS = (
    "Devolución de mercancía",
    "Error en el precio aplicado",
    "Descuento por volumen posterior",
    "Anulación de servicio",
)
_LANGUAGES = {"es": 78, "ca": 8, "gl": 5, "eu": 5, "en": 4}


def invent_invoice(chance: Chance) -> Facts:
    """A full invoice, or one in nine times one that corrects another."""
    situation = chance.weighted(_SITUATIONS)
    withheld = situation == "withheld"
    supplier = (
        people.spanish_freelancer(chance)
        if withheld or chance.likely(0.12)
        else people.spanish_firm(
            chance,
            canaries=situation == "igic",
        )
    )
    buyer = people.foreign_firm(chance) if situation == "abroad" else people.spanish_firm(chance)
    facts = _facts(chance, situation, supplier, buyer)
    facts = _settled(chance, facts, situation)
    return _corrective(chance, facts) if chance.likely(0.11) else facts


def invent_simplified(chance: Chance) -> Facts:
    """A ticket: no buyer, tax inside the prices, and often no more than the total."""
    facts = _facts(chance, chance.weighted({"general": 2, "mixed": 2}), people.spanish_firm(chance), None)
    taxes = tuple(_taxed_inside(row) for row in facts.taxes)
    items = tuple(_priced_inside(each) for each in facts.items)
    total = sum((each.net for each in items), ZERO)
    facts = replace(
        facts,
        kind="simplified_invoice",
        items=items,
        due=None,
        iban="",
        language="es",
        taxes=_regrouped(items) or taxes,
        breakdown=chance.likely(0.8),
    )
    return replace(facts, code=_verifactu(facts)) if chance.likely(0.4) and total else facts


def invent_paper(chance: Chance, kind: str) -> Facts:
    """A delivery note or a proforma: looks like an invoice and is none."""
    facts = replace(
        _facts(chance, "general", people.spanish_firm(chance), people.spanish_firm(chance)), kind=kind, language="es"
    )
    return replace(facts, due=None, iban="", code="")


def tax_rows(items: Sequence[Item], *, surcharge: bool = False) -> tuple[TaxRow, ...]:
    """The tax of each rate on the sum of its lines."""
    rows = []
    for rate in sorted({each.rate for each in items}, reverse=True):
        base = sum((each.net for each in items if each.rate == rate), ZERO)
        extra = _SURCHARGES.get(f"{rate.normalize():f}") if surcharge else None
        rows.append(
            TaxRow(
                rate=rate,
                base=base,
                amount=to_cents(base * rate / _HUNDRED),
                surcharge_rate=extra,
                surcharge=to_cents(base * extra / _HUNDRED) if extra else ZERO,
            ),
        )
    return tuple(rows)


def _facts(chance: Chance, situation: str, supplier: Person, buyer: Person | None) -> Facts:
    rates = [Decimal(rate) for rate in _RATES[situation]]
    rates = chance.some(rates, 2, 3) if situation == "mixed" else rates[: chance.randint(1, len(rates))]
    rates = [Decimal(rate) for rate in _RATES[situation]] if situation == "mixed_exempt" else rates
    count = chance.choice((1, 1, 2, 3, 3, 4, 5, 6, 8, 11, 16)) if buyer else chance.randint(1, 7)
    items = invent_items(chance, rates, count, discounts=chance.likely(0.25))
    issued = date(2024, 1, 1) + timedelta(days=chance.randrange(900))
    number = chance.choice(_NUMBERS).format(y=issued.year, s=issued.year % 100, n=chance.randint(1, 4999))
    note = _NOTES.get(situation)
    facts = Facts(
        kind="invoice",
        country="ES",
        language=chance.weighted(_LANGUAGES),
        number=number,
        issued=issued,
        supplier=supplier,
        buyer=buyer,
        items=items,
        tax_name="IGIC" if situation == "igic" else "IVA",
        taxes=tax_rows(items, surcharge=situation == "surcharge"),
        notes=(note,) if note else (),
        due=issued + timedelta(days=chance.choice((15, 30, 30, 45, 60))) if chance.likely(0.45) else None,
        iban=tax_ids.spanish_account(chance) if chance.likely(0.55) else "",
    )
    return replace(facts, code=_verifactu(facts)) if chance.likely(0.2) and supplier.tax_id else facts


def _settled(chance: Chance, facts: Facts, situation: str) -> Facts:
    """With what lies between the total and what is to be paid."""
    if situation == "withheld":
        rate = Decimal(chance.weighted(_WITHHELD))
        return replace(facts, withheld_rate=rate, withheld=to_cents(facts.net * rate / _HUNDRED))
    if situation == "prepaid":
        return replace(facts, prepaid=to_cents(facts.gross / chance.randint(2, 5)))
    if situation == "passed_on":
        return replace(facts, passed_on=Decimal(chance.randint(800, 30_000)) / _HUNDRED)
    return facts


def _corrective(chance: Chance, facts: Facts) -> Facts:
    """By differences: everything negative; or by substitution: the figures as they ought to be."""
    sign = -1 if chance.likely(0.7) else 1
    items = tuple(replace(each, quantity=sign * each.quantity, net=sign * each.net) for each in facts.items)
    taxes = tuple(
        replace(row, base=sign * row.base, amount=sign * row.amount, surcharge=sign * row.surcharge)
        for row in facts.taxes
    )
    earlier = facts.issued - timedelta(days=chance.randint(3, 90))
    return replace(
        facts,
        kind="corrective_invoice",
        items=items,
        taxes=taxes,
        withheld=sign * facts.withheld,
        prepaid=ZERO,
        passed_on=ZERO,
        number=f"R{facts.number}",
        corrected=_other_number(facts.number),
        corrected_date=earlier,
        reason=chance.choice(_REASONS),
        due=None,
        code="",
    )


def _other_number(number: str) -> str:
    """The same shape with other digits at its end."""
    last = number[-1:]
    return number[:-1] + str((int(last) + 3) % 10) if last.isdigit() else f"{number}1"


def _priced_inside(item: Item) -> Item:
    """The line with its tax inside, as tills print it."""
    factor = 1 + item.rate / _HUNDRED
    price = to_cents(item.price * factor)
    quantity = Decimal(max(1, min(9, int(item.quantity))))
    return replace(item, price=price, quantity=quantity, discount=ZERO, net=to_cents(price * quantity))


def _regrouped(items: Sequence[Item]) -> tuple[TaxRow, ...]:
    totals = {
        rate: sum((each.net for each in items if each.rate == rate), ZERO) for rate in {each.rate for each in items}
    }
    rows = []
    for rate in sorted(totals, reverse=True):
        base = to_cents(totals[rate] / (1 + rate / _HUNDRED))
        rows.append(TaxRow(rate=rate, base=base, amount=totals[rate] - base))
    return tuple(rows)


def _taxed_inside(row: TaxRow) -> TaxRow:
    return replace(row, surcharge_rate=None, surcharge=ZERO)


def _verifactu(facts: Facts) -> str:
    """Address in the QR code as of Orden HAC/1177/2024."""
    query = {
        "nif": facts.supplier.tax_id,
        "numserie": facts.number,
        "fecha": f"{facts.issued:%d-%m-%Y}",
        "importe": str(facts.gross),
    }
    return "https://www2.agenciatributaria.gob.es/wlpl/TIKE-CONT/ValidarQR?" + urlencode(query)
