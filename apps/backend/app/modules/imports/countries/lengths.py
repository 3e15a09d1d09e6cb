"""Rules of every country on how long what identifies a document may be: no ledger and no law knows longer ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.modules.imports.domain.finding import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.modules.imports.domain.canonical import CanonicalDocument
    from app.modules.imports.domain.country import Rule, RuleContext

LONGEST: Final = 500
"""Characters. Facturae allows 80 for a name, the SRI 300; an index of the database ends at 2 700 bytes."""


def judge_lengths(document: CanonicalDocument, _context: RuleContext) -> Iterator[Finding]:
    """One finding for each identifying value that is longer than any honest one."""
    for field, value in _identifying(document):
        if value is not None and len(value) > LONGEST:
            yield Finding(code="value_too_long", severity=Severity.BLOCKS, field=field, params={"field": field})


def _identifying(document: CanonicalDocument) -> Iterator[tuple[str, str | None]]:
    yield "invoice_number", document.invoice_number
    yield "invoice_series", document.invoice_series
    for side, party in (("supplier", document.supplier), ("buyer", document.buyer)):
        yield f"{side}.name", party.name
        yield f"{side}.tax_id", party.tax_id
    if document.product is not None:
        yield "product.sku", document.product.sku
        yield "product.name", document.product.name
    if document.statement is not None:
        yield "statement.account_iban", document.statement.account_iban
        yield "statement.account_number", document.statement.account_number
        yield "statement.holder", document.statement.holder


RULES: Final[tuple[Rule, ...]] = (judge_lengths,)
