"""What a list shows of an item's document, without reading all of it: number, day, parties, totals, findings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from app.modules.imports.domain.corrections import corrected
from app.modules.imports.domain.finding import Severity
from app.modules.imports.domain.messages import message

if TYPE_CHECKING:
    from collections.abc import Mapping

COLUMNS: Final = """
p.document IS NOT NULL AS has_document, p.findings, p.corrections, p.accepted,
o.invoice_number, o.invoice_series, o.issue_date, o.due_date, o.currency, o.supplier, o.buyer, o.totals, o.product,
o.holder, o.account_iban, o.period_end, o.transactions_count AS movements,
CASE WHEN o.transactions_count = 1 THEN o.transactions -> 0 END AS movement
"""
JOINED: Final = """
LEFT JOIN import_payloads p ON p.tenant_id = (SELECT app_tenant()) AND p.item_id = i.id
LEFT JOIN LATERAL jsonb_to_record(p.document) AS o (
    invoice_number text, invoice_series text, issue_date text, due_date text, currency text, supplier jsonb,
    buyer jsonb, totals jsonb, product jsonb, holder text, account_iban text, period_end text,
    transactions_count integer, transactions jsonb
) ON true
"""
"""A record takes the document out of its storage once, whatever is asked of it."""

_FIELDS: Final = (
    "invoice_number", "invoice_series", "issue_date", "due_date", "currency", "supplier", "buyer", "totals", "product",
    "holder", "account_iban", "period_end",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """What tells one document from another in a list. Amounts are decimals as text, days ISO 8601."""

    name: str | None
    """Of the supplier, the holder of the account, or the product."""
    reference: str | None
    """Series and number, the account, or the product's code."""
    number: str | None
    issue_date: str | None
    """Of a statement its last day, of a movement its own."""
    supplier_name: str | None
    supplier_tax_id: str | None
    total: str | None
    """With tax; where none is stated what is to be paid, what is withheld, or the one movement's amount."""
    currency: str | None
    movements: int | None
    """How many a statement has."""
    findings: int
    """How many ask for a look that nobody has taken; notes ask for none."""
    first_finding: str | None
    first_message: str | None


def outline_of(row: Mapping[str, Any], language: str) -> Outline:
    """The outline of an item, from the columns above."""
    shown = shown_fields(row)
    supplier, product = shown.get("supplier") or {}, shown.get("product") or {}
    movement: Mapping[str, Any] = next(iter(shown.get("transactions") or ()), {})
    open_ones = _open_findings(row)
    first = open_ones[0] if open_ones else None
    return Outline(
        name=supplier.get("name") or shown.get("holder") or product.get("name"),
        reference=_numbered(shown) or shown.get("account_iban") or product.get("sku"),
        number=shown.get("invoice_number"),
        issue_date=shown.get("issue_date") or shown.get("period_end") or movement.get("booking_date"),
        supplier_name=supplier.get("name"),
        supplier_tax_id=supplier.get("tax_id"),
        total=_total(shown.get("totals") or {}) or _text(movement.get("amount")),
        currency=shown.get("currency"),
        movements=row["movements"],
        findings=len(open_ones),
        first_finding=first["code"] if first else None,
        first_message=message(first["code"], language, first.get("params") or {}) if first else None,
    )


def _numbered(shown: Mapping[str, Any]) -> str | None:
    return " ".join(shown[name] for name in ("invoice_series", "invoice_number") if shown.get(name)) or None


def _total(totals: Mapping[str, Any]) -> str | None:
    return next((_text(totals[name]) for name in ("gross", "payable", "withholding") if name in totals), None)


def _text(amount: object) -> str | None:
    """A reviewer may have entered a JSON number."""
    return None if amount is None else str(amount)


def _open_findings(row: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    accepted = row["accepted"] or ()
    return [f for f in row["findings"] or () if f["severity"] != Severity.NOTE and f["code"] not in accepted]


def shown_fields(row: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of the columns above as a reviewer left them; ``transactions`` only where there is just one."""
    read = {name: row[name] for name in _FIELDS if row[name] is not None}
    if row["movement"]:
        read["transactions"] = [row["movement"]]
    roots = {*_FIELDS, *read}
    entered = {path: value for path, value in (row["corrections"] or {}).items() if path.split(".")[0] in roots}
    if not entered:
        return read
    try:
        return corrected(read, entered)
    except ValueError:  # read anew since, with another shape
        return read


def finding_codes(row: Mapping[str, Any]) -> list[str]:
    """Codes in the order in which they were found, accepted ones included."""
    return [finding["code"] for finding in row["findings"] or ()]
