"""UNTDID 1001 document name codes, as EN 16931 (BT-3) and its relatives use them, in our words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.modules.imports.domain.canonical import DocumentType

if TYPE_CHECKING:
    from decimal import Decimal

_KINDS: Final = {
    "81": DocumentType.CREDIT_NOTE,
    "83": DocumentType.CREDIT_NOTE,
    "261": DocumentType.CREDIT_NOTE,
    "262": DocumentType.CREDIT_NOTE,
    "296": DocumentType.CREDIT_NOTE,
    "308": DocumentType.CREDIT_NOTE,
    "381": DocumentType.CREDIT_NOTE,
    "396": DocumentType.CREDIT_NOTE,
    "420": DocumentType.CREDIT_NOTE,
    "458": DocumentType.CREDIT_NOTE,
    "502": DocumentType.CREDIT_NOTE,
    "503": DocumentType.CREDIT_NOTE,
    "532": DocumentType.CREDIT_NOTE,
    "384": DocumentType.CORRECTIVE_INVOICE,
    "471": DocumentType.CORRECTIVE_INVOICE,
    "472": DocumentType.CORRECTIVE_INVOICE,
    "473": DocumentType.CORRECTIVE_INVOICE,
    "80": DocumentType.DEBIT_NOTE,
    "84": DocumentType.DEBIT_NOTE,
    "383": DocumentType.DEBIT_NOTE,
    "527": DocumentType.DEBIT_NOTE,
    "325": DocumentType.PROFORMA,
}
_CORRECTIONS: Final = frozenset([DocumentType.CREDIT_NOTE, DocumentType.CORRECTIVE_INVOICE, DocumentType.DEBIT_NOTE])


def takes_back(doc_type: DocumentType, gross: Decimal | None) -> bool:
    """Whether the preceding invoice that a document names (BG-3) is corrected by it: by its kind, or as its total is
    below zero. Any other is continued: a final invoice names those of the instalments.
    """
    return doc_type in _CORRECTIONS or (gross is not None and gross < 0)


def correction_type(code: str | None, otherwise: DocumentType) -> DocumentType:
    """What a code means on a document that is some correction by its own kind."""
    stated = document_type(code, otherwise)
    return stated if stated in _CORRECTIONS else otherwise


def document_type(code: str | None, otherwise: DocumentType = DocumentType.INVOICE) -> DocumentType:
    """What a code means; the many special invoices (389 self-billed, 386 prepayment …) are invoices."""
    return _KINDS.get((code or "").lstrip("0"), otherwise)
