"""Whether the headings say enough of a list of invoices or expenses; where they do not, the mapping is asked for.

A question for the whole table is answered once. Without it each row would wait for its day or for its supplier, or the
lines of one invoice would be published as so many invoices.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.modules.imports.domain.canonical import DocumentType

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.modules.imports.mapping.model import TableMapping

    Rows = Sequence[Mapping[str, object]]

_OF_INVOICE: Final = ("invoice_number", "invoice_series", "issue_date", "doc_type")
_PARTIES: Final = ("supplier.tax_id", "supplier.name", "buyer.tax_id", "buyer.name")
_SUMS: Final = ("totals.gross", "totals.net")


def is_complete(mapping: TableMapping, rows: Rows) -> bool:
    """Whether rows can be published by this mapping, which was made of headings only."""
    if mapping.target not in (DocumentType.INVOICE, DocumentType.EXPENSE):
        return True
    if "issue_date" not in mapping.columns:
        return False
    return mapping.target is DocumentType.EXPENSE or not (_lacks_issuer(mapping) or _are_parts(mapping, rows))


def _lacks_issuer(mapping: TableMapping) -> bool:
    """A list of issued invoices names who received each one, and not who wrote them. Tickets need not name anybody."""
    if any(path in mapping.columns for path in _PARTIES[:2]):
        return False
    return any(path in mapping.columns for path in _PARTIES) or "doc_type" not in mapping.columns


def _are_parts(mapping: TableMapping, rows: Rows) -> bool:
    """Whether several rows of one invoice say different things: its lines, or its rates of tax."""
    if not any(path in mapping.columns for path in _SUMS) or not any(path in mapping.columns for path in _PARTIES):
        return False
    seen: dict[tuple[object, ...], Mapping[str, object]] = {}
    for row in rows:
        if _cell("invoice_number", mapping, row) in (None, ""):
            continue
        key = tuple(_cell(path, mapping, row) for path in (*_OF_INVOICE, *_PARTIES))
        if seen.setdefault(key, row) != row:
            return True
    return False


def _cell(path: str, mapping: TableMapping, row: Mapping[str, object]) -> object:
    rule = mapping.columns.get(path)
    return row.get(rule.columns[0]) if rule is not None else None
