"""What the header of a Facturae file says of all its invoices together, against the invoices that are there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.modules.imports.formats import arithmetic
from app.modules.imports.formats.printed_values import double_value
from app.modules.imports.formats.xml import Element, find, text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from decimal import Decimal

    from app.modules.imports.domain.canonical import CanonicalDocument, Totals

COUNT_MISMATCH: Final = "batch_count_mismatch"
TOTAL_MISMATCH: Final = "batch_total_mismatch"

_BATCH: Final = "FileHeader/Batch"
_MEANT: Final[tuple[Callable[[Totals], Decimal | None], ...]] = (
    lambda totals: totals.invoice_total_stated,
    lambda totals: totals.gross,
    lambda totals: totals.payable,
)
"""What writers sum up as the total of their invoices: before withholding, after it, or what is left to pay."""


def compare_batch(root: Element, invoices: Sequence[CanonicalDocument]) -> Iterator[str]:
    """The code of what does not hold; a file that lacks an invoice has no total to compare."""
    count = _number(root, "InvoicesCount")
    if count is not None and count != len(invoices):
        yield COUNT_MISMATCH
    elif not _total_agrees(_number(root, "TotalInvoicesAmount/TotalAmount"), invoices, _currency(root)):
        yield TOTAL_MISMATCH


def _total_agrees(stated: Decimal | None, invoices: Sequence[CanonicalDocument], currency: str | None) -> bool:
    """Amounts of several currencies make no total, and each invoice may be rounded by itself."""
    if stated is None or len({currency, *(invoice.currency for invoice in invoices)}) > 1:
        return True
    sums = ([meant(invoice.totals) for invoice in invoices] for meant in _MEANT)
    whole = [amounts for amounts in sums if None not in amounts]
    allowed = max(arithmetic.ROUNDING, arithmetic.CENT * len(invoices))
    return not whole or any(arithmetic.agree(arithmetic.total(amounts), stated, allowed) for amounts in whole)


def _number(root: Element, name: str) -> Decimal | None:
    return double_value(text_of(find(root, f"{_BATCH}/{name}")) or "")


def _currency(root: Element) -> str | None:
    return text_of(find(root, f"{_BATCH}/InvoiceCurrencyCode"))
