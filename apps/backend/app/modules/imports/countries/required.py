"""Rules of every country on what must be there before a document can be published, by its type."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from app.modules.imports.domain.canonical import DocumentType
from app.modules.imports.domain.finding import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from app.modules.imports.domain.canonical import CanonicalDocument
    from app.modules.imports.domain.country import Rule, RuleContext


def _of_invoice(document: CanonicalDocument) -> Iterator[str]:
    if not document.invoice_number:
        yield "invoice_number"
    yield from _of_note(document)
    if not (document.supplier.tax_id or document.supplier.name):
        yield "supplier"


def _of_note(document: CanonicalDocument) -> Iterator[str]:
    """A ticket or an expense: a day and an amount."""
    if document.issue_date is None:
        yield "issue_date"
    if document.totals.gross is None and document.totals.payable is None:
        yield "totals.gross"


def _of_withholding(document: CanonicalDocument) -> Iterator[str]:
    if not document.invoice_number:
        yield "invoice_number"
    if document.issue_date is None:
        yield "issue_date"
    if document.totals.withholding is None and not document.withholdings:
        yield "totals.withholding"
    if not (document.supplier.tax_id or document.supplier.name):
        yield "supplier"


def _of_statement(document: CanonicalDocument) -> Iterator[str]:
    for index, entry in enumerate(document.statement.entries if document.statement else ()):
        # What is only announced has its day when it is booked.
        if entry.booking_date is None and entry.value_date is None and entry.status is None:
            yield f"statement.entries.{index}.booking_date"
        if entry.amount is None:
            yield f"statement.entries.{index}.amount"


def _of_movement(document: CanonicalDocument) -> Iterator[str]:
    if document.statement is None or not document.statement.entries:
        yield "statement.entries"
    yield from _of_statement(document)


def _of_product(document: CanonicalDocument) -> Iterator[str]:
    if document.product is None or not (document.product.sku or document.product.name):
        yield "product.sku"


_BY_TYPE: Final[Mapping[DocumentType, Callable[[CanonicalDocument], Iterator[str]]]] = {
    DocumentType.INVOICE: _of_invoice,
    DocumentType.CREDIT_NOTE: _of_invoice,
    DocumentType.CORRECTIVE_INVOICE: _of_invoice,
    DocumentType.DEBIT_NOTE: _of_invoice,
    DocumentType.PURCHASE_SETTLEMENT: _of_invoice,
    DocumentType.SIMPLIFIED_INVOICE: _of_note,
    DocumentType.RECEIPT: _of_note,
    DocumentType.EXPENSE: _of_note,
    DocumentType.WITHHOLDING: _of_withholding,
    DocumentType.BANK_STATEMENT: _of_statement,
    DocumentType.BANK_MOVEMENT: _of_movement,
    DocumentType.PRODUCT: _of_product,
}

_MOST: Final = 20
"""A statement of a thousand entries without dates has one fault, not a thousand."""


def judge_required(document: CanonicalDocument, _context: RuleContext) -> Iterable[Finding]:
    """One finding for each field without which the document cannot be published."""
    missing = _BY_TYPE.get(document.doc_type)
    for field in islice(missing(document), _MOST) if missing else ():
        yield Finding(code="missing_field", severity=Severity.BLOCKS, field=field, params={"field": field})


RULES: Final[tuple[Rule, ...]] = (judge_required,)
