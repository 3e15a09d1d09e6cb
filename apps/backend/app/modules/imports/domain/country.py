"""What a country pack holds. The law is data: dated, with its territory, its condition and its source."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.modules.imports.domain.canonical import CanonicalDocument
from app.modules.imports.domain.finding import Finding

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """One rate of one tax while it is law. ``valid_to`` is inclusive; None is still in force."""

    tax: str
    rate: Decimal
    """Percentage: 21 means 21 %."""
    valid_from: date
    valid_to: date | None = None
    territory: str | None = None
    condition: str | None = None
    """What it applies to, where it is not the general rule."""
    surcharge: Decimal | None = None
    """Recargo de equivalencia that goes with it."""
    code: str | None = None
    """The tax authority's own code for it."""
    source: str
    """The law, by number or address."""

    def in_force(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleContext:
    """What a rule may know beside the document. Rules are pure: today is given, never asked for."""

    today: date
    own_tax_ids: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True, kw_only=True)
class FiscalCode:
    """What a fiscal code (a QR's URL, a clave de acceso) states. It is exact, and anchors whatever else is read."""

    name: str
    """``verifactu``, ``ticketbai``, ``clave_de_acceso`` …"""
    fields: Mapping[str, str]
    """Field path (``supplier.tax_id``, ``invoice_number``, ``issue_date``, ``totals.gross``, ``access_key``,
    ``doc_type``, ``environment``) → the value as it stands in the canonical JSON."""


Rule = Callable[[CanonicalDocument, RuleContext], Iterable[Finding]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    """One country pack: a module under ``countries/`` with a ``COUNTRY``."""

    code: str
    """ISO 3166 alpha-2."""
    currency: str
    """ISO 4217."""
    tax_id: Callable[[str], str | None]
    """The normal form (upper case, no separators, no country prefix) of a tax id of this country; None for others."""
    rates: tuple[Rate, ...]
    rules: tuple[Rule, ...]
    codes: tuple[Callable[[str], FiscalCode | None], ...] = ()
    """Each reads the text of one kind of fiscal code and proves it; None when the text is not of its kind."""
    sources: tuple[str, ...] = ()
