"""Says which required values of a document carry no proof, so that nothing is published on a mere reading."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.modules.imports.domain.canonical import DocumentType

if TYPE_CHECKING:
    from app.modules.imports.domain.canonical import CanonicalDocument

_WITHHELD: Final = ("totals.withholding",)
_SOLD: Final = ("totals.gross", "totals.payable")
_FREE: Final = frozenset({DocumentType.OTHER, DocumentType.DELIVERY_NOTE, DocumentType.PROFORMA})
_NUMBERLESS: Final = frozenset({DocumentType.RECEIPT})
LABELLED: Final = 0.95
"""Confidence of a value that its own label announces. In a text layer no glyph can be misread, so that is enough for
dates and numbers, which no arithmetic could ever prove; after OCR it is not."""


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
    if not (_proven(document, "issue_date") or _plainly_printed(document, "issue_date")):
        missing.append("date_unproven")
    if not _proven(document, "supplier.tax_id"):
        missing.append("supplier_unproven")
    if document.doc_type not in _NUMBERLESS and not (
        _proven(document, "invoice_number") or _plainly_printed(document, "invoice_number")
    ):
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


def _proven(document: CanonicalDocument, path: str) -> bool:
    evidence = document.evidence.get(path)
    return evidence is not None and bool(evidence.proofs)


def _plainly_printed(document: CanonicalDocument, path: str) -> bool:
    evidence = document.evidence.get(path)
    return evidence is not None and evidence.source == "text" and (evidence.confidence or 0.0) >= LABELLED
