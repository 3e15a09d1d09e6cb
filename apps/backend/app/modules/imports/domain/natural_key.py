"""The business key of an invoice or retención: the same one uploaded as another file has the same key."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from app.modules.imports.domain.canonical import DocumentType
from app.modules.imports.domain.vat_prefixes import EU_PREFIXES

if TYPE_CHECKING:
    from decimal import Decimal

    from app.modules.imports.domain.canonical import CanonicalDocument

_FAMILIES: Final = {
    DocumentType.INVOICE: "invoice",
    DocumentType.SIMPLIFIED_INVOICE: "invoice",
    DocumentType.CREDIT_NOTE: "credit",
    DocumentType.CORRECTIVE_INVOICE: "credit",
    DocumentType.DEBIT_NOTE: "debit",
    DocumentType.PURCHASE_SETTLEMENT: "settlement",
    DocumentType.WITHHOLDING: "withholding",
}
_COUNTRY_PREFIX: Final = re.compile(rf"^(?:{'|'.join(sorted({*EU_PREFIXES, 'EC'}))})(?=[0-9A-Z]{{8,13}}$)")
_SEPARATORS: Final = re.compile(r"[\W_]+")
_BETWEEN_DIGITS: Final = re.compile(r"(?<=[0-9])[\W_]+(?=[0-9])")
_NOT_BETWEEN_DIGITS: Final = re.compile(r"(?<![0-9])[\W_]+|[\W_]+(?![0-9])")
_RUC: Final = re.compile(r"[0-9]{13}")
_SRI_NUMBER: Final = re.compile(
    r"([0-9]{3})-?([0-9]{3})-?([0-9]{9})|([0-9]{1,3})-([0-9]{1,3})-([0-9]{1,9})|([0-9]{3})([0-9]{3})-([0-9]{1,9})"
)
_SRI_PARTS: Final = (3, 3, 9)


def natural_key(document: CanonicalDocument) -> str | None:
    """Issuer's tax id, kind, normalised number and year of issue; None when one of them is not known.

    An issuer may use a number again in another year, so the year belongs to the key.
    """
    family = _FAMILIES.get(document.doc_type)
    tax_id, number = _issuer_tax_id(document), document.invoice_number
    if family is None or not tax_id or not number or document.issue_date is None:
        return None
    return _key(tax_id, family, document.invoice_series or "", number, document.issue_date.year)


def distinguishing_total(document: CanonicalDocument) -> Decimal | None:
    """The total that two documents of one key are compared by: with another one they need not be the same."""
    totals = document.totals
    if document.doc_type is DocumentType.WITHHOLDING:
        return _withheld(document) if totals.withholding is None else totals.withholding
    return totals.payable if totals.gross is None else totals.gross


def _withheld(document: CanonicalDocument) -> Decimal | None:
    amounts = [row.amount for row in document.withholdings if row.amount is not None]
    return sum(amounts[1:], amounts[0]) if amounts else None


def _issuer_tax_id(document: CanonicalDocument) -> str | None:
    # The buyer writes and numbers the settlement for a seller who cannot.
    issued_by_buyer = document.doc_type is DocumentType.PURCHASE_SETTLEMENT
    return document.buyer.tax_id if issued_by_buyer else document.supplier.tax_id


# Validation, the duplicate check and the destination each ask for the key of the same document.
@lru_cache(maxsize=4_096)
def _key(tax_id: str, family: str, series: str, number: str, year: int) -> str | None:
    bare = _COUNTRY_PREFIX.sub("", _SEPARATORS.sub("", tax_id.upper()))
    whole = _with_series(_spelling(series), _spelling(number))
    if _RUC.fullmatch(bare):
        whole = _sri_number(whole)
    return f"{bare}|{family}|{whole}|{year}" if whole else None


def _spelling(text: str) -> str:
    """Upper case without separators, but for one mark between digits: 1/11 is another number than 11/1."""
    return _NOT_BETWEEN_DIGITS.sub("", _BETWEEN_DIGITS.sub("-", text.upper()))


def _with_series(series: str, number: str) -> str:
    """The number with its series in front, unless it begins with it already."""
    rest = number.removeprefix(series)
    if not series or (number.startswith(series) and rest and not _run_on(series, rest)):
        return number
    return _spelling(f"{series}-{number}")


def _run_on(before: str, after: str) -> bool:
    """Whether the two make one run of digits or of letters, so that no part of a number ends between them."""
    return before[-1].isdigit() is after[0].isdigit()


def _sri_number(number: str) -> str:
    """Establishment, point of issue and sequence in the 3 + 3 + 9 digits of Ecuador, from short parts too."""
    match = _SRI_NUMBER.fullmatch(number)
    if match is None:
        return number
    parts = [part for part in match.groups() if part is not None]
    return "".join(part.zfill(size) for part, size in zip(parts, _SRI_PARTS, strict=True))
