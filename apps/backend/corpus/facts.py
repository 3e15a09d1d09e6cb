"""What an invented document states, before anybody decides how it is printed."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

ZERO = Decimal(0)
CENT = Decimal("0.01")


def to_cents(value: Decimal) -> Decimal:
    """Half up."""
    return value.quantize(CENT, ROUND_HALF_UP)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A company or a person, with where they can be found."""

    name: str
    tax_id: str
    street: str
    postcode: str
    town: str
    province: str
    country: str = "ES"
    brand: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One line; ``net`` is quantity × price less the discount, to the cent."""

    code: str
    description: str
    quantity: Decimal
    unit: str
    price: Decimal
    discount: Decimal
    net: Decimal
    rate: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxRow:
    """One rate of the tax summary."""

    rate: Decimal
    base: Decimal
    amount: Decimal
    surcharge_rate: Decimal | None = None
    surcharge: Decimal = ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """One row of a comprobante de retención."""

    tax: str
    code: str
    rate: Decimal
    base: Decimal
    amount: Decimal
    document_number: str
    document_date: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One movement of an account; money out is negative."""

    booked: date
    valued: date
    text: str
    amount: Decimal
    balance: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """One document. What is None or empty is not printed."""

    kind: str
    country: str
    language: str
    number: str
    issued: date
    supplier: Person
    buyer: Person | None = None
    due: date | None = None
    currency: str = "EUR"
    items: tuple[Item, ...] = ()
    tax_name: str = "IVA"
    taxes: tuple[TaxRow, ...] = ()
    withheld_rate: Decimal | None = None
    withheld: Decimal = ZERO
    tip: Decimal = ZERO
    excise: Decimal = ZERO
    prepaid: Decimal = ZERO
    passed_on: Decimal = ZERO
    """Suplidos: paid in the buyer's name, outside the base."""
    iban: str = ""
    access_key: str = ""
    corrected: str = ""
    corrected_date: date | None = None
    reason: str = ""
    notes: tuple[str, ...] = ()
    code: str = ""
    """Text of the QR code."""
    retentions: tuple[Retention, ...] = ()
    entries: tuple[Entry, ...] = ()
    opening: Decimal = ZERO
    breakdown: bool = True
    """Whether net and tax are printed, not only the total."""
    bases_shown: bool = True
    """Whether the base of each rate is printed."""
    gross_shown: bool = True
    """Whether the total before withholding is printed beside what is to be paid."""

    @property
    def net(self) -> Decimal:
        return sum((row.base for row in self.taxes), ZERO)

    @property
    def tax(self) -> Decimal:
        return sum((row.amount + row.surcharge for row in self.taxes), self.excise)

    @property
    def gross(self) -> Decimal:
        return self.net + self.tax + self.tip

    @property
    def payable(self) -> Decimal:
        return self.gross - self.withheld - self.prepaid + self.passed_on

    @property
    def withheld_in_all(self) -> Decimal:
        return sum((row.amount for row in self.retentions), ZERO)
