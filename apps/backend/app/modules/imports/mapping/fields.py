"""The fields that a column may be mapped to: canonical paths, what each holds, and which target has them."""

from __future__ import annotations

import re
from enum import Enum, auto
from typing import TYPE_CHECKING, Final

from app.modules.imports.domain.canonical import DocumentType

if TYPE_CHECKING:
    from collections.abc import Mapping


class Kind(Enum):
    """What a field holds; it decides how a cell is read when no transform has read it."""

    TEXT = auto()
    NUMBER = auto()
    RATE = auto()
    """A number of per cents, which a column may also write as a fraction of one."""
    DATE = auto()
    TAX_ID = auto()
    CURRENCY = auto()
    IBAN = auto()
    SIGN = auto()
    """The word or mark of a debit or a credit."""
    STATUS = auto()
    """The word of a movement that was booked, or was not."""
    DOCUMENT_TYPE = auto()
    """The word of a kind of document."""
    DOCUMENT_STATUS = auto()
    """The word of a document that was annulled or never issued, or of any other."""


_PARTY: Final = {"name": Kind.TEXT, "tax_id": Kind.TAX_ID, "country": Kind.TEXT, "address": Kind.TEXT}
_PARTIES: Final = {f"{side}.{key}": kind for side in ("supplier", "buyer") for key, kind in _PARTY.items()}
_TEXT_OF_DOCUMENT: Final = (
    "invoice_number",
    "invoice_series",
    "access_key",
    "authorization_number",
    "corrected_invoice_number",
    "description",
    "category",
    "country",
)
_TOTALS: Final = ("net", "tax", "gross", "withholding", "payable", "discount", "tip", "prepaid")
_TAX: Final = {
    "tax_code": Kind.TEXT,
    "category": Kind.TEXT,
    "rate": Kind.RATE,
    "base": Kind.NUMBER,
    "amount": Kind.NUMBER,
    "surcharge_rate": Kind.RATE,
    "surcharge_amount": Kind.NUMBER,
}
_WITHHOLDING: Final = {
    "tax_code": Kind.TEXT,
    "withholding_code": Kind.TEXT,
    "rate": Kind.RATE,
    "base": Kind.NUMBER,
    "amount": Kind.NUMBER,
    "document_number": Kind.TEXT,
}
_PRODUCT: Final = {
    "sku": Kind.TEXT,
    "name": Kind.TEXT,
    "description": Kind.TEXT,
    "unit_price": Kind.NUMBER,
    "cost": Kind.NUMBER,
    "tax_rate": Kind.RATE,
    "stock": Kind.NUMBER,
    "unit": Kind.TEXT,
    "barcode": Kind.TEXT,
    "category": Kind.TEXT,
}
_ENTRY: Final = {
    "booking_date": Kind.DATE,
    "value_date": Kind.DATE,
    "amount": Kind.NUMBER,
    "sign": Kind.SIGN,
    "status": Kind.STATUS,
    "debit": Kind.NUMBER,
    "credit": Kind.NUMBER,
    "description": Kind.TEXT,
    "reference": Kind.TEXT,
    "reference2": Kind.TEXT,
    "document_number": Kind.TEXT,
    "balance": Kind.NUMBER,
}
NUMERIC: Final = frozenset({Kind.NUMBER, Kind.RATE})
_NUMBERED: Final = re.compile(r"(taxes|withholdings)\.[0-9]\.([a-z_]+)")

_DOCUMENT_FIELDS: Final[Mapping[str, Kind]] = {
    "doc_type": Kind.DOCUMENT_TYPE,
    "status": Kind.DOCUMENT_STATUS,
    **dict.fromkeys(_TEXT_OF_DOCUMENT, Kind.TEXT),
    "issue_date": Kind.DATE,
    "operation_date": Kind.DATE,
    "due_date": Kind.DATE,
    "currency": Kind.CURRENCY,
    "iban": Kind.IBAN,
    **_PARTIES,
    **{f"totals.{key}": Kind.NUMBER for key in _TOTALS},
}
_PRODUCT_FIELDS: Final[Mapping[str, Kind]] = {
    **{f"product.{key}": kind for key, kind in _PRODUCT.items()},
    "currency": Kind.CURRENCY,
    "supplier.name": Kind.TEXT,
    "supplier.tax_id": Kind.TAX_ID,
}
_MOVEMENT_FIELDS: Final[Mapping[str, Kind]] = {
    **{f"entry.{key}": kind for key, kind in _ENTRY.items()},
    "account_iban": Kind.IBAN,
    "account_number": Kind.TEXT,
    "currency": Kind.CURRENCY,
    "category": Kind.TEXT,
}
_OWN_FIELDS: Final[Mapping[DocumentType, Mapping[str, Kind]]] = {
    DocumentType.PRODUCT: _PRODUCT_FIELDS,
    DocumentType.BANK_MOVEMENT: _MOVEMENT_FIELDS,
}
NOT_OF_ROWS: Final = frozenset({DocumentType.BANK_STATEMENT, DocumentType.OTHER})
"""A statement is a whole sheet, never a row; ``other`` has no fields."""


def field_kind(target: DocumentType, path: str) -> Kind | None:
    """What the field holds; None when the target has no such field."""
    if target in NOT_OF_ROWS:
        return None
    if target in _OWN_FIELDS:
        return _OWN_FIELDS[target].get(path)
    if numbered := _NUMBERED.fullmatch(path):
        return (_TAX if numbered[1] == "taxes" else _WITHHOLDING).get(numbered[2])
    return _DOCUMENT_FIELDS.get(path)


def field_paths(target: DocumentType) -> tuple[str, ...]:
    """Every field of the target, the first row of taxes and withholdings included."""
    if target in NOT_OF_ROWS:
        return ()
    if target in _OWN_FIELDS:
        return tuple(_OWN_FIELDS[target])
    rows = (*(f"taxes.0.{key}" for key in _TAX), *(f"withholdings.0.{key}" for key in _WITHHOLDING))
    return (*_DOCUMENT_FIELDS, *rows)
