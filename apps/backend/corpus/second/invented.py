"""Invents what the second family states: other companies, goods, amounts and numbers than the first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from corpus import tax_ids
from corpus.facts import ZERO, Facts, Item, Person, Retention, TaxRow, to_cents
from corpus.wording import words_of

if TYPE_CHECKING:
    from corpus.chance import Chance

_WORDS: Final = words_of("second")
_HUNDRED: Final = Decimal(100)
_RETAINED: Final = (("RENTA", "312", "1.75"), ("RENTA", "303", "10"), ("IVA", "9", "10"), ("IVA", "1", "30"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Trade:
    """What somebody sells and how: ``goods`` names a list of words; ``retained`` is the rate of IRPF."""

    goods: str = "wares"
    rates: tuple[str, ...] = ("21",)
    lines: tuple[int, int] = (1, 7)
    number: str = "F{yy}-{n:04}"
    person: bool = False
    retained: str = ""
    inside: bool = False
    tax_name: str = "IVA"
    language: str = "es"
    corrective: bool = False
    due: bool = False
    account: bool = False


def invent_sale(chance: Chance, trade: Trade) -> Facts:
    """A Spanish document of this trade that adds up."""
    seller = spaniard(chance, person=trade.person, canaries=trade.tax_name == "IGIC")
    items = tuple(_item(chance, trade) for _ in range(chance.randint(*trade.lines)))
    issued = date(2024, 1, 8) + timedelta(days=chance.randrange(760))
    count = chance.randint(1, 4800)
    facts = Facts(
        kind="simplified_invoice" if trade.inside else "invoice",
        country="ES",
        language=trade.language,
        number=trade.number.format(y=issued.year, yy=issued.year % 100, n=count, d=chance.digits(6)),
        issued=issued,
        supplier=seller,
        buyer=None if trade.inside else spaniard(chance, person=chance.likely(0.2)),
        items=items,
        tax_name=trade.tax_name,
        taxes=_taxes_inside(items) if trade.inside else _taxes(items),
        due=issued + timedelta(days=chance.choice((10, 30, 60))) if trade.due else None,
        iban=tax_ids.spanish_account(chance) if trade.account else "",
    )
    if trade.retained:
        rate = Decimal(trade.retained)
        facts = replace(facts, withheld_rate=rate, withheld=to_cents(facts.net * rate / _HUNDRED))
    return _corrective(chance, facts) if trade.corrective else facts


def invent_comprobante(chance: Chance, kind: str) -> Facts:
    """An Ecuadorian one: invoice, credit_note, purchase_settlement, withholding or receipt (nota de venta)."""
    issuer, other = ecuadorian(chance), ecuadorian(chance)
    issued = date(2024, 5, 2) + timedelta(days=chance.randrange(640))
    number = f"{chance.randint(1, 9):03}-{chance.randint(1, 12):03}-{chance.randint(1, 88_000):09}"
    code = {"invoice": "01", "purchase_settlement": "03", "credit_note": "04", "withholding": "07"}.get(kind)
    trade = Trade(rates=("0",) if kind == "receipt" else chance.choice((("15",), ("15", "0"))), lines=(1, 5))
    items = tuple(_item(chance, trade) for _ in range(chance.randint(1, 5)))
    settled = kind == "purchase_settlement"
    facts = Facts(
        kind=kind,
        country="EC",
        language="es",
        number=number,
        issued=issued,
        currency="USD",
        supplier=other if settled else issuer,
        buyer=issuer if settled else other,
        access_key=tax_ids.clave(chance, issued, code, issuer.tax_id, number) if code else "",
        items=items,
        taxes=_taxes(items),
        breakdown=kind != "receipt",
    )
    if kind == "credit_note":
        earlier = issued - timedelta(days=chance.randint(2, 30))
        return replace(
            facts, corrected=f"001-002-{chance.digits(9)}", corrected_date=earlier, reason="DEVOLUCIÓN PARCIAL"
        )
    return _withholding(chance, facts) if kind == "withholding" else facts


def spaniard(chance: Chance, *, person: bool = False, canaries: bool = False) -> Person:
    """A company or a freelancer."""
    name = (
        f"{chance.choice(_WORDS['forenames'])} {chance.choice(_WORDS['surnames'])} {chance.choice(_WORDS['surnames'])}"
        if person
        else f"{chance.choice(_WORDS['firms'])}{chance.choice((', ', ' '))}{chance.choice(_WORDS['forms'])}"
    )
    postcode, town, province = chance.choice(_WORDS["canary_towns" if canaries else "towns"]).split(", ")
    return Person(
        name=name,
        tax_id=tax_ids.spanish_person(chance) if person else tax_ids.spanish_company(chance),
        street=chance.choice(_WORDS["streets"]).format(chance.randint(1, 99)),
        postcode=postcode,
        town=town,
        province=province,
        phone=f"9{chance.digits(2)} {chance.digits(2)} {chance.digits(2)} {chance.digits(2)}",
        email=f"oficina{chance.randint(1, 99)}@empresa.example",
    )


def ecuadorian(chance: Chance) -> Person:
    """A company with its RUC."""
    postcode, town, province = chance.choice(_WORDS["ec_towns"]).split(", ")
    return Person(
        name=f"{chance.choice(_WORDS['ec_firms'])} {chance.choice(_WORDS['ec_forms'])}",
        tax_id=tax_ids.ecuadorian_company(chance),
        street=chance.choice(_WORDS["ec_streets"]).format(chance.randint(100, 900)),
        postcode=postcode,
        town=town,
        province=province,
        country="EC",
        phone=f"0{chance.digits(8)}",
        email=f"ventas{chance.randint(1, 99)}@negocio.example",
    )


def _item(chance: Chance, trade: Trade) -> Item:
    quantity = Decimal(chance.choice((1, 1, 1, 2, 2, 3, 5, 8, 20)))
    price = to_cents(Decimal(chance.choice((chance.randint(90, 2500), chance.randint(800, 42_000)))) / _HUNDRED)
    return Item(
        code=f"{chance.choice('KTVZ')}{chance.digits(4)}",
        description=chance.choice(_WORDS[trade.goods]),
        quantity=quantity,
        unit="UD",
        price=price,
        discount=ZERO,
        net=to_cents(quantity * price),
        rate=Decimal(chance.choice(trade.rates)),
    )


def _taxes(items: tuple[Item, ...]) -> tuple[TaxRow, ...]:
    rows = []
    for rate in sorted({each.rate for each in items}):
        base = sum((each.net for each in items if each.rate == rate), ZERO)
        rows.append(TaxRow(rate=rate, base=base, amount=to_cents(base * rate / _HUNDRED)))
    return tuple(rows)


def _taxes_inside(items: tuple[Item, ...]) -> tuple[TaxRow, ...]:
    rows = []
    for rate in sorted({each.rate for each in items}):
        total = sum((each.net for each in items if each.rate == rate), ZERO)
        base = to_cents(total / (1 + rate / _HUNDRED))
        rows.append(TaxRow(rate=rate, base=base, amount=total - base))
    return tuple(rows)


def _corrective(chance: Chance, facts: Facts) -> Facts:
    return replace(
        facts,
        kind="corrective_invoice",
        number=f"REC/{facts.number}",
        corrected=facts.number,
        corrected_date=facts.issued - timedelta(days=chance.randint(5, 70)),
        reason=chance.choice(("error en las unidades facturadas", "devolución de género")),
        items=tuple(replace(each, quantity=-each.quantity, net=-each.net) for each in facts.items),
        taxes=tuple(replace(row, base=-row.base, amount=-row.amount) for row in facts.taxes),
    )


def _withholding(chance: Chance, facts: Facts) -> Facts:
    document = f"001-003-{chance.randint(1, 9_999):09}"
    rows = []
    for tax, code, rate in chance.some(_RETAINED, 1, 3):
        base = Decimal(chance.randint(2_000, 400_000)) / _HUNDRED
        amount = to_cents(base * Decimal(rate) / _HUNDRED)
        day = facts.issued - timedelta(days=1)
        rows.append(
            Retention(
                tax=tax,
                code=code,
                rate=Decimal(rate),
                base=base,
                amount=amount,
                document_number=document.replace("-", ""),
                document_date=day,
            ),
        )
    return replace(facts, items=(), taxes=(), retentions=tuple(rows))
