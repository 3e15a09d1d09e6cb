"""Ecuador's comprobantes de retención: a document of its own, never netted against the invoice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.modules.imports.destinations.recordset import insert_rows
from app.modules.imports.destinations.row_identity import row_id
from app.modules.imports.domain.canonical import DocumentType, Withholding
from app.modules.imports.domain.natural_key import distinguishing_total, natural_key
from app.modules.imports.ports import Publication, Published

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from uuid import UUID

    from app.modules.imports.ports import SqlSession

# fmt: off
_COLUMNS = {
    "id": "uuid", "source_item_id": "uuid", "line_no": "integer", "agent_name": "text", "agent_tax_id": "text",
    "subject_name": "text", "subject_tax_id": "text", "number": "text", "issue_date": "date", "access_key": "text",
    "currency": "text", "tax_code": "text", "withholding_code": "text", "rate": "numeric", "base": "numeric",
    "amount": "numeric", "document_number": "text", "natural_key": "text", "total": "numeric",
    "duplicate_override": "boolean", "evidence": "jsonb",
}
# fmt: on


class WithholdingDestination:
    """Table ``withholdings``: one row per amount withheld."""

    name = "withholdings"
    accepts = frozenset({DocumentType.WITHHOLDING})

    def publish(self, items: Sequence[Publication], session: SqlSession) -> Sequence[Published]:
        rows = [row for p in items for row in _rows(p)]
        insert_rows(session, self.name, _COLUMNS, rows, "source_item_id, line_no")
        return [Published(item_id=p.item_id, table=self.name, row_id=_row_id(p, 1)) for p in items]


def _row_id(publication: Publication, line: int) -> UUID:
    return row_id(publication.item_id, "withholdings", line)


def _rows(publication: Publication) -> Iterator[dict[str, object]]:
    d = publication.document
    # A page of which only the sum could be read still gives one row.
    for line, withheld in enumerate(d.withholdings or (Withholding(amount=d.totals.withholding),), start=1):
        yield {
            "id": _row_id(publication, line),
            "source_item_id": publication.item_id,
            "line_no": line,
            "agent_name": d.supplier.name,
            "agent_tax_id": d.supplier.tax_id,
            "subject_name": d.buyer.name,
            "subject_tax_id": d.buyer.tax_id,
            "number": d.invoice_number,
            "issue_date": d.issue_date,
            "access_key": d.access_key,
            "currency": d.currency,
            "tax_code": withheld.tax_code,
            "withholding_code": withheld.withholding_code,
            "rate": withheld.rate,
            "base": withheld.base,
            "amount": withheld.amount,
            "document_number": withheld.document_number,
            "natural_key": natural_key(d),
            "total": distinguishing_total(d),
            "duplicate_override": publication.duplicate_accepted,
            "evidence": publication.evidence or None if line == 1 else None,
        }


DESTINATION = WithholdingDestination()
