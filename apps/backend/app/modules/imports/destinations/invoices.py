"""Invoices, credit and debit notes, corrective invoices and purchase settlements, with their lines and taxes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.crashpoints import crashpoint
from app.modules.imports.destinations.recordset import insert_rows
from app.modules.imports.destinations.row_identity import row_id
from app.modules.imports.domain.canonical import DocumentType
from app.modules.imports.domain.natural_key import natural_key
from app.modules.imports.ports import Publication, Published

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from uuid import UUID

    from app.modules.imports.ports import SqlSession

# fmt: off
_HEADER = {
    "id": "uuid", "source_item_id": "uuid", "doc_type": "text", "country": "text", "supplier_name": "text",
    "supplier_tax_id": "text", "buyer_name": "text", "buyer_tax_id": "text", "invoice_number": "text",
    "invoice_series": "text", "issue_date": "date", "due_date": "date", "currency": "text", "net": "numeric",
    "tax": "numeric", "gross": "numeric", "withholding": "numeric", "payable": "numeric", "iban": "text",
    "access_key": "text", "authorization_number": "text", "corrected_invoice_number": "text", "natural_key": "text",
    "duplicate_override": "boolean", "evidence": "jsonb", "operation_date": "date",
}
_LINE = {
    "invoice_id": "uuid", "line_no": "integer", "code": "text", "description": "text", "quantity": "numeric",
    "unit_price": "numeric", "net_amount": "numeric", "tax_rate": "numeric",
}
_TAX = {
    "invoice_id": "uuid", "line_no": "integer", "kind": "text", "tax_code": "text", "category": "text",
    "rate": "numeric", "base": "numeric", "amount": "numeric", "surcharge_rate": "numeric",
    "surcharge_amount": "numeric",
}
# fmt: on


class InvoiceDestination:
    """Tables ``invoices``, ``invoice_lines`` and ``invoice_taxes``."""

    name = "invoices"
    accepts = frozenset(
        {
            DocumentType.INVOICE,
            DocumentType.CREDIT_NOTE,
            DocumentType.CORRECTIVE_INVOICE,
            DocumentType.DEBIT_NOTE,
            DocumentType.PURCHASE_SETTLEMENT,
        }
    )

    def publish(self, items: Sequence[Publication], session: SqlSession) -> Sequence[Published]:
        insert_rows(session, "invoices", _HEADER, [_header(p) for p in items], "source_item_id")
        crashpoint("publishing:headers")
        lines = [line for p in items for line in _lines(p)]
        insert_rows(session, "invoice_lines", _LINE, lines, "invoice_id, line_no")
        taxes = [tax for p in items for tax in _taxes(p)]
        insert_rows(session, "invoice_taxes", _TAX, taxes, "invoice_id, line_no")
        return [Published(item_id=p.item_id, table=self.name, row_id=_row_id(p)) for p in items]


def _row_id(publication: Publication) -> UUID:
    # The id follows from the item, so a publication that is repeated after a lost commit names the same row.
    return row_id(publication.item_id, "invoices")


def _header(publication: Publication) -> dict[str, object]:
    d = publication.document
    return {
        "id": _row_id(publication),
        "source_item_id": publication.item_id,
        "doc_type": str(d.doc_type),
        "country": d.country,
        "supplier_name": d.supplier.name,
        "supplier_tax_id": d.supplier.tax_id,
        "buyer_name": d.buyer.name,
        "buyer_tax_id": d.buyer.tax_id,
        "invoice_number": d.invoice_number,
        "invoice_series": d.invoice_series,
        "issue_date": d.issue_date,
        "operation_date": d.operation_date,
        "due_date": d.due_date,
        "currency": d.currency,
        "net": d.totals.net,
        "tax": d.totals.tax,
        "gross": d.totals.gross,
        "withholding": d.totals.withholding,
        "payable": d.totals.payable,
        "iban": d.iban,
        "access_key": d.access_key,
        "authorization_number": d.authorization_number,
        "corrected_invoice_number": d.corrected_invoice_number,
        "natural_key": natural_key(d),
        "duplicate_override": publication.duplicate_accepted,
        "evidence": publication.evidence or None,
    }


def _lines(publication: Publication) -> Iterator[dict[str, object]]:
    for number, line in enumerate(publication.document.lines, start=1):
        yield {
            "invoice_id": _row_id(publication),
            "line_no": number,
            "code": line.code,
            "description": line.description,
            "quantity": line.quantity,
            "unit_price": line.unit_price,
            "net_amount": line.net_amount,
            "tax_rate": line.tax_rate,
        }


def _taxes(publication: Publication) -> Iterator[dict[str, object]]:
    d, invoice = publication.document, _row_id(publication)
    number = 0
    for number, tax in enumerate(d.taxes, start=1):
        yield {
            "invoice_id": invoice,
            "line_no": number,
            "kind": "tax",
            "tax_code": tax.tax_code,
            "category": tax.category,
            "rate": tax.rate,
            "base": tax.base,
            "amount": tax.amount,
            "surcharge_rate": tax.surcharge_rate,
            "surcharge_amount": tax.surcharge_amount,
        }
    for index, withheld in enumerate(d.withholdings, start=number + 1):
        yield {
            "invoice_id": invoice,
            "line_no": index,
            "kind": "withholding",
            "tax_code": withheld.tax_code,
            "category": withheld.withholding_code,
            "rate": withheld.rate,
            "base": withheld.base,
            "amount": withheld.amount,
        }


DESTINATION = InvoiceDestination()
