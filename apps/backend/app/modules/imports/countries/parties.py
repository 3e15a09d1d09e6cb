"""Rules on who a document names, for any country: its tax ids and its currency."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.modules.imports.domain.canonical import DocumentType
from app.modules.imports.domain.finding import Finding, Severity
from app.modules.imports.domain.vat_prefixes import EU_PREFIXES

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterable, Iterator

    from app.modules.imports.domain.canonical import CanonicalDocument, Party
    from app.modules.imports.domain.country import Rule, RuleContext

_COUNTRY_PREFIX: Final = 2


def is_foreign_vat(number: str, country: str) -> bool:
    """Whether a number is written as another country's VAT number: two letters, then mostly digits."""
    prefix, rest = number[:_COUNTRY_PREFIX].upper(), number[_COUNTRY_PREFIX:]
    return prefix in EU_PREFIXES and prefix != country and sum(map(str.isdigit, rest)) >= len(rest) // 2 > 0


def tax_ids_rule(
    country: str, tax_id: Callable[[str], str | None], bare_shape: Callable[[str], re.Match[str] | None]
) -> Rule:
    """The issuer's tax id must be valid; the other party may be a foreigner or show a passport: a look is enough."""

    def judge_tax_ids(document: CanonicalDocument, _context: RuleContext) -> Iterable[Finding]:
        issuer_is_buyer = document.doc_type is DocumentType.PURCHASE_SETTLEMENT
        for name, party in (("supplier", document.supplier), ("buyer", document.buyer)):
            number = party.tax_id
            if number is None or tax_id(number) or _is_of_another(party, country):
                continue
            shaped = bare_shape(number) is not None
            if (name == "buyer") == issuer_is_buyer:
                severity = _issuer_severity(document, party, country, shaped=shaped)
            else:
                severity = Severity.LOOK if shaped else None
            if severity is not None:
                yield invalid_tax_id(name, number, severity)

    return judge_tax_ids


def _is_of_another(party: Party, country: str) -> bool:
    return party.country not in {None, country} or party.tax_id_type == "foreign"


def _issuer_severity(document: CanonicalDocument, party: Party, country: str, *, shaped: bool) -> Severity | None:
    if not shaped and is_foreign_vat(party.tax_id or "", country):
        return None
    return Severity.BLOCKS if shaped or country in {document.country, party.country} else Severity.LOOK


def invalid_tax_id(party: str, number: str, severity: Severity) -> Finding:
    return Finding(
        code="invalid_tax_id", severity=severity, field=f"{party}.tax_id", params={"tax_id": number, "party": party}
    )


def currency_rule(currency: str) -> Rule:
    """Another currency than the country's is lawful, and worth a note."""

    def judge_currency(document: CanonicalDocument, _context: RuleContext) -> Iterator[Finding]:
        if document.currency is not None and document.currency != currency:
            yield Finding(
                code="foreign_currency",
                severity=Severity.NOTE,
                field="currency",
                params={"currency": document.currency, "expected": currency},
            )

    return judge_currency
