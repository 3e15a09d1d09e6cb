"""What a list shows of an item's document, without reading all of it: number, day, parties, totals, findings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from app.modules.imports.domain.corrections import corrected

if TYPE_CHECKING:
    from collections.abc import Mapping

COLUMNS: Final = """
p.document IS NOT NULL AS has_document, p.findings, p.corrections, p.accepted,
o.invoice_number, o.issue_date, o.due_date, o.currency, o.supplier, o.buyer, o.totals
"""
JOINED: Final = """
LEFT JOIN import_payloads p ON p.tenant_id = (SELECT app_tenant()) AND p.item_id = i.id
LEFT JOIN LATERAL jsonb_to_record(p.document) AS o (
    invoice_number text, issue_date text, due_date text, currency text, supplier jsonb, buyer jsonb, totals jsonb
) ON true
"""
"""A record takes the document out of its storage once, whatever is asked of it."""

_FIELDS: Final = ("invoice_number", "issue_date", "due_date", "currency", "supplier", "buyer", "totals")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """What tells one document from another in a list. Amounts are decimals as text."""

    number: str | None
    issue_date: str | None
    supplier_name: str | None
    supplier_tax_id: str | None
    total: str | None
    """The total with tax; where none is stated, what is to be paid."""
    currency: str | None
    findings: int
    """How many nobody has accepted."""
    first_finding: str | None


def outline_of(row: Mapping[str, Any]) -> Outline:
    """The outline of an item, from the columns above."""
    shown = shown_fields(row)
    supplier, totals = shown.get("supplier") or {}, shown.get("totals") or {}
    open_codes = [code for code in finding_codes(row) if code not in (row["accepted"] or ())]
    return Outline(
        number=shown.get("invoice_number"),
        issue_date=shown.get("issue_date"),
        supplier_name=supplier.get("name"),
        supplier_tax_id=supplier.get("tax_id"),
        total=totals.get("gross", totals.get("payable")),
        currency=shown.get("currency"),
        findings=len(open_codes),
        first_finding=open_codes[0] if open_codes else None,
    )


def shown_fields(row: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of the columns above as a reviewer left them."""
    read = {name: row[name] for name in _FIELDS if row[name] is not None}
    entered = {path: value for path, value in (row["corrections"] or {}).items() if path.split(".")[0] in _FIELDS}
    if not entered:
        return read
    try:
        return corrected(read, entered)
    except ValueError:  # read anew since, with another shape
        return read


def finding_codes(row: Mapping[str, Any]) -> list[str]:
    """Codes in the order in which they were found, accepted ones included."""
    return [finding["code"] for finding in row["findings"] or ()]
