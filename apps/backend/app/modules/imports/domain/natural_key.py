"""The business key of an invoice: the same invoice uploaded as another file has the same key."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from app.modules.imports.domain.canonical import DocumentType

if TYPE_CHECKING:
    from app.modules.imports.domain.canonical import CanonicalDocument

_FAMILIES = {
    DocumentType.INVOICE: "invoice",
    DocumentType.SIMPLIFIED_INVOICE: "invoice",
    DocumentType.CREDIT_NOTE: "credit",
    DocumentType.CORRECTIVE_INVOICE: "credit",
    DocumentType.DEBIT_NOTE: "debit",
    DocumentType.PURCHASE_SETTLEMENT: "settlement",
}
_COUNTRY_PREFIX = re.compile(r"^(ES|EC)(?=[0-9A-Z]{9,13}$)")


def natural_key(document: CanonicalDocument) -> str | None:
    """Supplier tax id, kind, normalised number and year of issue; None when one of them is not known.

    A supplier may use a number again in another year, so the year belongs to the key.
    """
    family = _FAMILIES.get(document.doc_type)
    tax_id, number = document.supplier.tax_id, document.invoice_number
    if family is None or not tax_id or not number or document.issue_date is None:
        return None
    bare = _COUNTRY_PREFIX.sub("", _letters_and_digits(tax_id))
    full = _letters_and_digits((document.invoice_series or "") + number)
    return f"{bare}|{family}|{full}|{document.issue_date.year}"


def _letters_and_digits(text: str) -> str:
    return "".join(c for c in text.upper() if c.isalnum())
