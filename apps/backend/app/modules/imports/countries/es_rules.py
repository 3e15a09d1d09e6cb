"""What Spanish law says of a document: rates of its day and territory, recargo, IRPF, simplified invoices."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from app.modules.imports.countries.es_rates import RATES
from app.modules.imports.countries.es_tax_ids import SHAPE, bare, tax_id
from app.modules.imports.countries.parties import currency_rule, tax_ids_rule
from app.modules.imports.countries.rating import accrual_date, by_day, impossible_rate, takes_earlier_rates
from app.modules.imports.domain.canonical import DocumentType
from app.modules.imports.domain.finding import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from app.modules.imports.countries.rating import Lawful
    from app.modules.imports.domain.canonical import CanonicalDocument, Tax
    from app.modules.imports.domain.country import Rule, RuleContext

SIMPLIFIED_LIMIT: Final = Decimal(3000)
"""Euros with tax (RD 1619/2012 art. 4.2, the higher of its two limits)."""

_lawful = by_day(RATES)
_ANY_TERRITORY: Final = ("IVA", "IGIC")
"""A printed page seldom names the tax; IPSI, whose rates are many, counts only where it is named."""
_TAXES: Final = {
    None: _ANY_TERRITORY,
    "VAT": _ANY_TERRITORY,
    "01": ("IVA",),
    "IVA": ("IVA",),
    "02": ("IPSI",),
    "IPSI": ("IPSI",),
    "03": ("IGIC",),
    "IGIC": ("IGIC",),
}
"""By the tax code of Facturae (TaxTypeCode), EN 16931 or plain name; other codes are other taxes."""
_CATEGORIES: Final = {"L": ("IGIC",), "M": ("IPSI",)}
"""UNCL 5305: the Canary Islands, Ceuta and Melilla."""
_IRPF_CODES: Final = frozenset({None, "04", "IRPF"})
_SLIP: Final = Decimal("0.02")


def judge_rates(document: CanonicalDocument, _context: RuleContext) -> Iterator[Finding]:
    """Each rate must be law on the day it accrued in some territory it may belong to; so must its recargo."""
    day = accrual_date(document)
    if day is None:
        return
    earlier = takes_earlier_rates(document)
    for index, tax in enumerate(document.taxes):
        names = _CATEGORIES.get(tax.category or "") or _TAXES.get(tax.tax_code)
        if tax.rate is None or names is None:
            continue
        lawful = frozenset[tuple[Decimal, Decimal | None]]().union(*(_lawful(name, day, earlier) for name in names))
        yield from _judge_tax(tax, f"taxes.{index}", lawful, day)


def judge_withholdings(document: CanonicalDocument, _context: RuleContext) -> Iterator[Finding]:
    """The IRPF rate must be one of those that the law knows on the day of issue: it is withheld when it is paid
    (RD 439/2007 art. 78), which is not before.
    """
    if not document.withholdings or document.issue_date is None:
        return
    known = {rate for rate, _ in _lawful("IRPF", document.issue_date, takes_earlier_rates(document))}
    for index, row in enumerate(document.withholdings):
        if row.rate is not None and row.tax_code in _IRPF_CODES and abs(row.rate) not in known:
            yield Finding(
                code="irpf_rate_unknown",
                severity=Severity.LOOK,
                field=f"withholdings.{index}.rate",
                params={"rate": f"{row.rate:f}", "date": document.issue_date.isoformat()},
            )


def judge_simplified(document: CanonicalDocument, _context: RuleContext) -> Iterator[Finding]:
    """A simplified invoice has an upper limit."""
    gross = document.totals.gross
    if document.doc_type is DocumentType.SIMPLIFIED_INVOICE and gross is not None and gross > SIMPLIFIED_LIMIT:
        yield Finding(
            code="simplified_over_limit",
            severity=Severity.LOOK,
            field="totals.gross",
            params={"gross": f"{gross:f}", "limit": f"{SIMPLIFIED_LIMIT:f}"},
        )


def _judge_tax(tax: Tax, path: str, lawful: Lawful, day: date) -> Iterator[Finding]:
    rate = tax.rate
    if rate is None:
        return
    impossible = impossible_rate(rate, f"{path}.rate")
    if impossible:
        yield impossible
    elif not any(rate == known for known, _ in lawful):
        params = {"rate": f"{rate:f}", "date": day.isoformat()}
        yield Finding(code="rate_not_lawful", severity=Severity.LOOK, field=f"{path}.rate", params=params)
    elif not _surcharge_fits(tax, [extra for known, extra in lawful if known == rate and extra is not None]):
        yield Finding(
            code="surcharge_mismatch",
            severity=Severity.LOOK,
            field=f"{path}.surcharge_rate" if tax.surcharge_rate is not None else f"{path}.surcharge_amount",
            params={"rate": f"{rate:f}", "surcharge": f"{tax.surcharge_rate or tax.surcharge_amount or 0:f}"},
        )


def _surcharge_fits(tax: Tax, known: list[Decimal]) -> bool:
    if tax.surcharge_rate:
        return tax.surcharge_rate in known
    if not tax.surcharge_amount or tax.base is None:
        return True
    return any(abs(abs(tax.base * extra / 100) - abs(tax.surcharge_amount)) <= _SLIP for extra in known)


RULES: Final[tuple[Rule, ...]] = (
    tax_ids_rule("ES", tax_id, lambda number: SHAPE.fullmatch(bare(number))),
    currency_rule("EUR"),
    judge_rates,
    judge_withholdings,
    judge_simplified,
)
