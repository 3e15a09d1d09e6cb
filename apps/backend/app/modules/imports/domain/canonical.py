"""The canonical document: the one shape between readers, rules and destinations.

Field names are the keys of the public JSON, so that no second vocabulary exists. Every value may carry evidence:
where it stands in the source, how it is printed there, and what proves it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date  # noqa: TC003  (dataclass fields are resolved at run time by the codec)
from decimal import Decimal  # noqa: TC003
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class DocumentType(StrEnum):
    """What a document is. The last three exist only as rows of a table, never as a printed page."""

    INVOICE = "invoice"
    SIMPLIFIED_INVOICE = "simplified_invoice"
    RECEIPT = "receipt"
    CREDIT_NOTE = "credit_note"
    CORRECTIVE_INVOICE = "corrective_invoice"
    DEBIT_NOTE = "debit_note"
    PURCHASE_SETTLEMENT = "purchase_settlement"
    WITHHOLDING = "withholding"
    DELIVERY_NOTE = "delivery_note"
    PROFORMA = "proforma"
    BANK_STATEMENT = "bank_statement"
    OTHER = "other"
    EXPENSE = "expense"
    BANK_MOVEMENT = "bank_movement"
    PRODUCT = "product"


class Proof(StrEnum):
    """Why a value may be believed. A value without one is only a reading."""

    STRUCTURED = "structured"
    """Stated by a structured source: an XML element, a bank record, a mapped column."""
    FISCAL_CODE = "fiscal_code"
    """Stated by a QR code, a barcode or a clave de acceso on the page."""
    CHECK_DIGIT = "check_digit"
    """A tax id, an IBAN or an access key whose own check digit holds."""
    ARITHMETIC = "arithmetic"
    """Part of an identity that holds to the cent: bases + taxes = total, base × rate = tax, Σ lines = net."""
    CORROBORATED = "corroborated"
    """Read at two independent places of the document with the same value."""
    PERSON = "person"
    """Entered or confirmed by a reviewer."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page, in the page's own units, origin top left."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Where a value comes from. ``source`` is one of xml, record, cell, text, ocr, code, attachment, person."""

    source: str
    path: str | None = None
    """XML path, record and column, or sheet and cell."""
    page: int | None = None
    """1-based page number."""
    box: Box | None = None
    text: str | None = None
    """The value exactly as it stands in the source."""
    proofs: tuple[Proof, ...] = ()
    confidence: float | None = None
    """0 to 1; None where the source leaves no doubt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Supplier or buyer. ``tax_id`` is upper case without separators."""

    name: str | None = None
    tax_id: str | None = None
    alt_names: tuple[str, ...] = ()
    alt_tax_ids: tuple[str, ...] = ()
    tax_id_type: str | None = None
    """``foreign`` where the source says that the number is a passport's, or one of another country."""
    country: str | None = None
    """ISO 3166 alpha-2."""
    address: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line item; ``net_amount`` is without tax."""

    description: str | None = None
    code: str | None = None
    quantity: Decimal | None = None
    unit_price: Decimal | None = None
    net_amount: Decimal | None = None
    tax_rate: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tax:
    """One row of the tax summary; rates are percentages (21 means 21 %)."""

    tax_code: str | None = None
    category: str | None = None
    rate: Decimal | None = None
    base: Decimal | None = None
    amount: Decimal | None = None
    surcharge_rate: Decimal | None = None
    surcharge_amount: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Withholding:
    """One amount withheld (ES IRPF on an invoice, a row of an EC comprobante de retención)."""

    tax_code: str | None = None
    withholding_code: str | None = None
    rate: Decimal | None = None
    base: Decimal | None = None
    amount: Decimal | None = None
    document_number: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Totals as stated by the document; nothing here is ever computed over a stated figure.

    net: sum without tax after document discounts. tax: all output tax, recargo de equivalencia included.
    gross: net + tax before withholding, EC tip included. payable: after withholding and prepayments.
    """

    net: Decimal | None = None
    tax: Decimal | None = None
    gross: Decimal | None = None
    withholding: Decimal | None = None
    payable: Decimal | None = None
    discount: Decimal | None = None
    tip: Decimal | None = None
    prepaid: Decimal | None = None
    invoice_total_stated: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BankEntry:
    """One movement of an account; money out is negative."""

    booking_date: date | None = None
    value_date: date | None = None
    amount: Decimal | None = None
    description: str | None = None
    reference: str | None = None
    reference2: str | None = None
    document_number: str | None = None
    common_concept: str | None = None
    own_concept: str | None = None
    original_currency: str | None = None
    original_amount: Decimal | None = None
    balance: Decimal | None = None
    """Balance after the movement, where the source states one."""
    status: str | None = None
    """ISO 20022 code of an entry that is only announced (PDNG, INFO, FUTR); None for a booked movement."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What a bank statement says of its account and period."""

    account_iban: str | None = None
    account_number: str | None = None
    bank_code: str | None = None
    branch_code: str | None = None
    holder: str | None = None
    statement_id: str | None = None
    period_start: date | None = None
    period_end: date | None = None
    opening_balance: Decimal | None = None
    closing_balance: Decimal | None = None
    entries: tuple[BankEntry, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """One row of a product list."""

    sku: str | None = None
    name: str | None = None
    description: str | None = None
    unit_price: Decimal | None = None
    cost: Decimal | None = None
    tax_rate: Decimal | None = None
    stock: Decimal | None = None
    unit: str | None = None
    barcode: str | None = None
    category: str | None = None


NOBODY = Party()
NO_TOTALS = Totals()


@dataclass(frozen=True, slots=True, kw_only=True)
class CanonicalDocument:
    """One document as read. Absent means not stated; nothing is invented."""

    doc_type: DocumentType
    country: str | None = None
    invoice_number: str | None = None
    invoice_series: str | None = None
    access_key: str | None = None
    """EC clave de acceso, 49 digits."""
    authorization_number: str | None = None
    corrected_invoice_number: str | None = None
    issue_date: date | None = None
    operation_date: date | None = None
    """Day of the supply, or the tax point itself, where the document states one: what its rates are judged by."""
    due_date: date | None = None
    currency: str | None = None
    """ISO 4217."""
    description: str | None = None
    category: str | None = None
    supplier: Party = NOBODY
    buyer: Party = NOBODY
    totals: Totals = NO_TOTALS
    taxes: tuple[Tax, ...] = ()
    withholdings: tuple[Withholding, ...] = ()
    lines: tuple[Line, ...] = ()
    iban: str | None = None
    """Account to pay to."""
    statement: Statement | None = None
    product: Product | None = None
    format: str | None = None
    """Name of the reader and version of the format, for example ``facturae 3.2.1``."""
    environment: str | None = None
    """``production`` or ``test`` where the format says so (EC ambiente)."""
    evidence: Mapping[str, Evidence] = field(default_factory=dict)
    """By field path in dots: ``totals.gross``, ``supplier.tax_id``, ``lines.0.net_amount``."""
    findings: tuple[str, ...] = ()
    """Codes of what the source itself contradicts (``totals_mismatch`` …), as its reader saw it."""
