"""UNTDID 1001 document name codes, as EN 16931 (BT-3) and its relatives use them, in our words."""

from __future__ import annotations

from typing import Final

from app.modules.imports.domain.canonical import DocumentType

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
    "325": DocumentType.PROFORMA,
}
CORRECTIONS: Final = frozenset([DocumentType.CREDIT_NOTE, DocumentType.CORRECTIVE_INVOICE, DocumentType.DEBIT_NOTE])


def document_type(code: str | None, otherwise: DocumentType = DocumentType.INVOICE) -> DocumentType:
    """What a code means; the many special invoices (389 self-billed, 386 prepayment …) are invoices."""
    return _KINDS.get((code or "").lstrip("0"), otherwise)
