"""The business key of an invoice: the same invoice uploaded as another file has the same key."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

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
    return _key(tax_id, family, (document.invoice_series or "") + number, document.issue_date.year)


_SEPARATORS: Final = re.compile(r"[\W_]+")


# Validation, the duplicate check and the destination each ask for the key of the same document.
@lru_cache(maxsize=4_096)
def _key(tax_id: str, family: str, number: str, year: int) -> str:
    bare = _COUNTRY_PREFIX.sub("", _letters_and_digits(tax_id))
    return f"{bare}|{family}|{_letters_and_digits(number)}|{year}"


def _letters_and_digits(text: str) -> str:
    return _SEPARATORS.sub("", text.upper())
