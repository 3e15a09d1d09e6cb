"""Says which values of a document carry no proof: a required one asks for a person, others are left out without one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from app.modules.imports.domain.canonical import DocumentType

if TYPE_CHECKING:
    from collections.abc import Collection

    from app.modules.imports.domain.canonical import CanonicalDocument

_WITHHELD: Final = ("totals.withholding",)
_SOLD: Final = ("totals.gross", "totals.payable")
_FREE: Final = frozenset({DocumentType.OTHER, DocumentType.DELIVERY_NOTE, DocumentType.PROFORMA})
_NUMBERLESS: Final = frozenset({DocumentType.RECEIPT})
_DISPENSABLE: Final = (
    "supplier.name", "buyer.name", "buyer.tax_id", "due_date", "operation_date", "iban", "corrected_invoice_number",
    "authorization_number",
)  # fmt: skip
"""What a document can be booked without: its supplier is known by the tax id, its account from an earlier payment."""
_LEGIBLE: Final = frozenset({
    "supplier.name", "buyer.name", "invoice_number", "corrected_invoice_number", "issue_date", "due_date",
    "operation_date",
})  # fmt: skip
"""What OCR may be believed as well, where it is sure of every glyph: of 2 100 dates and 1 250 numbers of digits that it
was so sure of none was misread. Ids and accounts are not among them: theirs is a check digit, and one that does not
hold is a misreading.
"""
LABELLED: Final = 0.95
"""Confidence of a value that its own label announces, or that stands where it can be nothing else. In a text layer no
glyph can be misread, so that is enough for dates, numbers and names, which no arithmetic could ever prove. After OCR no
value has more confidence than its least sure glyph.
"""


def missing_proofs(document: CanonicalDocument) -> tuple[str, ...]:
    """``total_unproven``, ``date_unproven``, ``supplier_unproven``, ``number_unproven``: those that apply."""
    if document.doc_type in _FREE:
        return ()
    if document.doc_type is DocumentType.BANK_STATEMENT:
        proven = _proven(document, "closing_balance") and _proven(document, "account_iban")
        return () if proven else ("total_unproven",)
    totals = _WITHHELD if document.doc_type is DocumentType.WITHHOLDING else _SOLD
    missing = []
    if not any(_proven(document, path) for path in totals):
        missing.append("total_unproven")
    if not _believed(document, "issue_date"):
        missing.append("date_unproven")
    if not _proven(document, "supplier.tax_id"):
        missing.append("supplier_unproven")
    if document.doc_type not in _NUMBERLESS and not _believed(document, "invoice_number"):
        missing.append("number_unproven")
    return tuple(missing)


def lacking_field(document: CanonicalDocument, code: str) -> str:
    """Path of the field that a code of ``missing_proofs`` is about."""
    if code != "total_unproven":
        return {"date_unproven": "issue_date", "supplier_unproven": "supplier.tax_id"}.get(code, "invoice_number")
    if document.doc_type is DocumentType.BANK_STATEMENT:
        return "account_iban" if _proven(document, "closing_balance") else "closing_balance"
    if document.doc_type is DocumentType.WITHHOLDING:
        return _WITHHELD[0]
    read = document.totals
    return "totals.payable" if read.gross is None and read.payable is not None else "totals.gross"


def unproven_values(document: CanonicalDocument) -> tuple[str, ...]:
    """Paths of the values read on a page that nothing proves and that the document can be published without."""
    if document.doc_type in _FREE or document.doc_type is DocumentType.BANK_STATEMENT:
        return ()
    return tuple(path for path in _DISPENSABLE if _value(document, path) is not None and not _believed(document, path))


def without_values(document: CanonicalDocument, paths: Collection[str]) -> CanonicalDocument:
    """The document as if the values at these paths had not been read."""
    for path in paths:
        side, _, name = path.rpartition(".")
        part: Any = replace(getattr(document, side), **{name: None}) if side else None
        changed: dict[str, Any] = {side: part} if side else {path: None}
        document = replace(document, **changed)
    return document


def _value(document: CanonicalDocument, path: str) -> object:
    side, _, name = path.partition(".")
    return getattr(getattr(document, side), name) if name else getattr(document, path)


def _believed(document: CanonicalDocument, path: str) -> bool:
    sources = ("text", "ocr") if path in _LEGIBLE else ("text",)
    return _proven(document, path) or _plainly_printed(document, path, sources)


def _proven(document: CanonicalDocument, path: str) -> bool:
    evidence = document.evidence.get(path)
    return evidence is not None and bool(evidence.proofs)


def _plainly_printed(document: CanonicalDocument, path: str, sources: tuple[str, ...]) -> bool:
    evidence = document.evidence.get(path)
    return evidence is not None and evidence.source in sources and (evidence.confidence or 0.0) >= LABELLED
