"""Invents Ecuadorian comprobantes: facturas, notas de crédito, liquidaciones de compra and retenciones."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from corpus import people, tax_ids
from corpus.facts import ZERO, Facts, Retention, to_cents
from corpus.goods import invent_items
from corpus.spain import tax_rows

if TYPE_CHECKING:
    from corpus.chance import Chance

_KINDS = {"invoice": 55, "credit_note": 15, "purchase_settlement": 10, "withholding": 20}
_CODES = {"invoice": "01", "purchase_settlement": "03", "credit_note": "04", "withholding": "07"}
_RETAINED = (
    ("RENTA", "312", "1.75"),
    ("RENTA", "343", "1"),
    ("RENTA", "303", "10"),
    ("RENTA", "3440", "2.75"),
    ("IVA", "9", "10"),
    ("IVA", "1", "30"),
    ("IVA", "2", "70"),
    ("IVA", "3", "100"),
    ("RENTA", "304", "8"),
)
_HUNDRED = Decimal(100)


def invent_comprobante(chance: Chance) -> Facts:
    """One comprobante with a clave whose check digit holds."""
    kind = chance.weighted(_KINDS)
    issuer = people.ecuadorian_firm(chance)
    other = people.ecuadorian_firm(chance) if chance.likely(0.7) else people.ecuadorian_person(chance)
    issued = date(2024, 4, 2) + timedelta(days=chance.randrange(800))
    number = _number(chance)
    facts = Facts(
        kind=kind,
        country="EC",
        language="es",
        number=number,
        issued=issued,
        currency="USD",
        tax_name="IVA",
        supplier=other if kind == "purchase_settlement" else issuer,
        buyer=issuer if kind == "purchase_settlement" else other,
        access_key=tax_ids.clave(chance, issued, _CODES[kind], issuer.tax_id, number),
    )
    return _retaining(chance, facts) if kind == "withholding" else _sold(chance, facts)


def _number(chance: Chance) -> str:
    return f"{chance.randint(1, 20):03}-{chance.randint(1, 100):03}-{chance.randint(1, 99_999):09}"


def _sold(chance: Chance, facts: Facts) -> Facts:
    rates = chance.choice(((15,), (15,), (15,), (15, 0), (0,), (5,), (15, 5)))
    items = invent_items(
        chance, [Decimal(rate) for rate in rates], chance.choice((1, 2, 3, 4, 6, 9)), discounts=chance.likely(0.3)
    )
    facts = replace(facts, items=items, taxes=tax_rows(items))
    if facts.kind == "credit_note":
        return replace(
            facts,
            corrected=_number(chance),
            corrected_date=facts.issued - timedelta(days=chance.randint(1, 60)),
            reason=chance.choice(("DEVOLUCION", "Descuento no aplicado", "Error en cantidad")),
        )
    if facts.kind == "invoice" and chance.likely(0.12):
        return replace(facts, tip=to_cents(facts.net / 10))
    return facts


def _retaining(chance: Chance, facts: Facts) -> Facts:
    rows = []
    document, day = _number(chance), facts.issued - timedelta(days=chance.randint(0, 4))
    for tax, code, rate in chance.some(_RETAINED, 1, 4):
        base = Decimal(chance.randint(1_000, 900_000)) / _HUNDRED
        rows.append(
            Retention(
                tax=tax,
                code=code,
                rate=Decimal(rate),
                base=base,
                amount=to_cents(base * Decimal(rate) / _HUNDRED),
                document_number=document.replace("-", ""),
                document_date=day,
            ),
        )
    return replace(facts, retentions=tuple(rows), taxes=(), withheld=ZERO)
