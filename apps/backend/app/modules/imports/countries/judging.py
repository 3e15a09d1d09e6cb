"""Judges a document: by the rules of every country, by those of its own, and by what its reader saw."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.modules.imports.countries import arithmetic, dating, lengths, required, tax_categories
from app.modules.imports.countries.parties import is_foreign_vat
from app.modules.imports.domain.finding import Finding, Severity
from app.modules.imports.plugins import countries

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.modules.imports.domain.canonical import CanonicalDocument
    from app.modules.imports.domain.country import Country, Rule, RuleContext

_GENERAL: Final[tuple[Rule, ...]] = (
    *required.RULES,
    *lengths.RULES,
    *dating.RULES,
    *arithmetic.RULES,
    *tax_categories.RULES,
)
READER_BLOCKS: Final = frozenset(
    {
        "totals_mismatch",
        "balance_mismatch",
        "truncated_statement",
        "not_authorised",
        "test_environment",
        "other_table",
        "cash_book_suspected",
    }
)
"""What a reader may say of its source that must stop it."""
READER_NOTES: Final = frozenset(
    {"signature_weak", "signature_expired", "signature_other_party", "signature_unverifiable"}
)
"""What asks nothing of anybody; all else that a reader says needs a look.

So does ``signature_broken``: the file was changed after it was signed, which a bookkeeper has to know before it serves
as proof, but its figures are judged by themselves, and what a mailer or an archive reformatted is booked all the same.
"""


def judge(document: CanonicalDocument, context: RuleContext, *, country: str | None) -> tuple[Finding, ...]:
    """All findings, one for each code and field. ``country`` is the tenant's, for documents that fix none."""
    pack = country_of(document, default=country)
    found: dict[tuple[str, str | None], Finding] = {}
    for rule in (*_GENERAL, judge_environment, *(pack.rules if pack else ())):
        for finding in rule(document, context):
            found.setdefault((finding.code, finding.field), finding)
    for finding in _said_by_reader(document, frozenset(code for code, _ in found)):
        found.setdefault((finding.code, finding.field), finding)
    return tuple(found.values())


def country_of(document: CanonicalDocument, *, default: str | None) -> Country | None:
    """The pack whose law applies; None where the document belongs to a country without one.

    In falling order of proof: what the document states, whose tax id the supplier's is, the currency, the tenant.
    """
    packs = countries()
    stated = document.country or document.supplier.country
    if stated:
        return packs.get(stated)
    number = document.supplier.tax_id
    if number:
        owners = [pack for pack in packs.values() if pack.tax_id(number)]
        if len(owners) == 1:
            return owners[0]
        if not owners and any(is_foreign_vat(number, pack.code) for pack in packs.values()):
            return packs.get(number[:2].upper())
    using = [pack for pack in packs.values() if pack.currency == document.currency]
    return using[0] if len(using) == 1 else packs.get(default or "")


def judge_environment(document: CanonicalDocument, _context: RuleContext) -> Iterator[Finding]:
    """What was issued in a tax authority's test environment never happened."""
    if document.environment == "test":
        yield Finding(code="test_environment", severity=Severity.BLOCKS, field="environment")


def _said_by_reader(document: CanonicalDocument, known: frozenset[str]) -> Iterator[Finding]:
    for code in document.findings:
        if code not in known:
            yield Finding(code=code, severity=_weight(code))


def _weight(code: str) -> Severity:
    if code in READER_BLOCKS:
        return Severity.BLOCKS
    return Severity.NOTE if code in READER_NOTES else Severity.LOOK
