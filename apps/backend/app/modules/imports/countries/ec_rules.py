"""What Ecuadorian law says of a document: clave de acceso, authorisation, rates of its day, the final consumer."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from app.modules.imports.countries.ec_rates import RATES
from app.modules.imports.countries.ec_tax_ids import FINAL_CONSUMER, SHAPE, bare, check_digit_holds, tax_id
from app.modules.imports.countries.parties import currency_rule, invalid_tax_id, tax_ids_rule
from app.modules.imports.countries.rating import accrual_date, by_day, impossible_rate, takes_earlier_rates
from app.modules.imports.countries.tax_categories import rate_against_code
from app.modules.imports.domain.finding import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from app.modules.imports.domain.canonical import CanonicalDocument
    from app.modules.imports.domain.country import Rule, RuleContext

FINAL_CONSUMER_LIMIT: Final = Decimal(50)
"""US dollars that a sale without the buyer's id may reach (SRI, reform of 2023; unconfirmed)."""
TOURISM_RATE: Final = Decimal(8)

_lawful = by_day(RATES)
_RATE_OF_CODE: Final = {row.code: row.rate for row in RATES if row.code and row.rate != TOURISM_RATE}
"""SRI table 17: a code keeps its rate, whatever the law of the day is."""
_IVA_CODES: Final = frozenset({None, "IVA", "2", "VAT"})
"""ICE (3) and IRBPNR (5) are other taxes with rates of their own."""


def judge_rates(document: CanonicalDocument, _context: RuleContext) -> Iterator[Finding]:
    """Each IVA rate must be law on the day it accrued; 8 % is law only on the days that a decree names."""
    day = accrual_date(document)
    if day is None:
        return
    for index, tax in enumerate(document.taxes):
        if tax.rate is not None and tax.tax_code in _IVA_CODES:
            known = {rate for rate, _ in _lawful("IVA", day, takes_earlier_rates(document))}
            yield from _judge_rate(tax.rate, f"taxes.{index}.rate", known, day)


def judge_codes(document: CanonicalDocument, _context: RuleContext) -> Iterator[Finding]:
    """The tarifa must be the one that its codigoPorcentaje stands for; 8, the differentiated rate, stands for any."""
    for index, tax in enumerate(document.taxes):
        expected = _RATE_OF_CODE.get(tax.category or "") if tax.tax_code in _IVA_CODES else None
        if expected is not None and tax.rate is not None and tax.rate != expected:
            yield rate_against_code(tax, index, tax.category or "", f"{expected:f}")


def _judge_rate(rate: Decimal, path: str, known: set[Decimal], day: date) -> Iterator[Finding]:
    params = {"rate": f"{rate:f}", "date": day.isoformat()}
    impossible = impossible_rate(rate, path)
    if impossible:
        yield impossible
    elif rate in known:
        return
    elif rate == TOURISM_RATE:
        yield Finding(code="reduced_rate_outside_calendar", severity=Severity.LOOK, field=path, params=params)
    else:
        yield Finding(code="rate_not_lawful", severity=Severity.LOOK, field=path, params=params)


def judge_check_digits(document: CanonicalDocument, _context: RuleContext) -> Iterator[Finding]:
    """A RUC that no check digit confirms may still be one that the SRI issued: a note, no more."""
    for name, party in (("supplier", document.supplier), ("buyer", document.buyer)):
        number = tax_id(party.tax_id) if party.tax_id else None
        if number and not check_digit_holds(number):
            yield Finding(
                code="tax_id_check_digit",
                severity=Severity.NOTE,
                field=f"{name}.tax_id",
                params={"tax_id": number, "party": name},
            )


def judge_final_consumer(document: CanonicalDocument, _context: RuleContext) -> Iterator[Finding]:
    """The final consumer buys, up to a limit, and never issues."""
    if document.supplier.tax_id == FINAL_CONSUMER:
        yield invalid_tax_id("supplier", FINAL_CONSUMER, Severity.BLOCKS)
    gross = document.totals.gross
    if document.buyer.tax_id == FINAL_CONSUMER and gross is not None and gross > FINAL_CONSUMER_LIMIT:
        yield Finding(
            code="final_consumer_over_limit",
            severity=Severity.NOTE,
            field="totals.gross",
            params={"gross": f"{gross:f}", "limit": f"{FINAL_CONSUMER_LIMIT:f}"},
        )


RULES: Final[tuple[Rule, ...]] = (
    tax_ids_rule("EC", tax_id, lambda number: SHAPE.fullmatch(bare(number))),
    currency_rule("USD"),
    judge_rates,
    judge_codes,
    judge_check_digits,
    judge_final_consumer,
)
