"""Receipts, simplified invoices and expense rows: one amount spent, on one day, at one place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.modules.imports.destinations.recordset import insert_rows
from app.modules.imports.destinations.row_identity import row_id
from app.modules.imports.domain.canonical import DocumentType
from app.modules.imports.domain.natural_key import natural_key
from app.modules.imports.ports import Publication, Published

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from app.modules.imports.ports import SqlSession

# fmt: off
_COLUMNS = {
    "id": "uuid", "source_item_id": "uuid", "doc_type": "text", "country": "text", "supplier_name": "text",
    "supplier_tax_id": "text", "number": "text", "expense_date": "date", "currency": "text", "net": "numeric",
    "tax": "numeric", "total": "numeric", "description": "text", "category": "text", "natural_key": "text",
    "duplicate_override": "boolean", "evidence": "jsonb",
}
# fmt: on


class ExpenseDestination:
    """Table ``expenses``."""

    name = "expenses"
    accepts = frozenset({DocumentType.RECEIPT, DocumentType.SIMPLIFIED_INVOICE, DocumentType.EXPENSE})

    def publish(self, items: Sequence[Publication], session: SqlSession) -> Sequence[Published]:
        insert_rows(session, self.name, _COLUMNS, [_row(p) for p in items], "source_item_id")
        return [Published(item_id=p.item_id, table=self.name, row_id=_row_id(p)) for p in items]


def _row_id(publication: Publication) -> UUID:
    return row_id(publication.item_id, "expenses")


def _row(publication: Publication) -> dict[str, object]:
    d = publication.document
    return {
        "id": _row_id(publication),
        "source_item_id": publication.item_id,
        "doc_type": d.doc_type.value,
        "country": d.country,
        "supplier_name": d.supplier.name,
        "supplier_tax_id": d.supplier.tax_id,
        "number": d.invoice_number,
        "expense_date": d.issue_date,
        "currency": d.currency,
        "net": d.totals.net,
        "tax": d.totals.tax,
        "total": d.totals.gross if d.totals.gross is not None else d.totals.payable,
        "description": d.description,
        "category": d.category,
        "natural_key": natural_key(d),
        "duplicate_override": publication.duplicate_accepted,
        "evidence": publication.evidence or None,
    }


DESTINATION = ExpenseDestination()
