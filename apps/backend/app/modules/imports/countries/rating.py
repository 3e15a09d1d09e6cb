"""Dated rates: read from a table that people can edit, asked by day, and compared with what a document states."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from app.modules.imports.domain.canonical import DocumentType
from app.modules.imports.domain.country import Rate
from app.modules.imports.domain.finding import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from app.modules.imports.domain.canonical import CanonicalDocument

Lawful = frozenset[tuple[Decimal, Decimal | None]]
"""Pairs of a rate and the surcharge that goes with it."""

CORRECTIONS: Final = frozenset({DocumentType.CREDIT_NOTE, DocumentType.CORRECTIVE_INVOICE, DocumentType.DEBIT_NOTE})
_HUNDRED: Final = Decimal(100)
_ZERO: Final = Decimal(0)


def read_rates(tax: str, table: str, *, territory: str | None = None) -> tuple[Rate, ...]:
    """Rows of ``rate | from | to | surcharge | code | condition | source``; an empty cell is not stated."""
    return tuple(_row(tax, territory, line) for line in table.strip().splitlines())


def _row(tax: str, territory: str | None, line: str) -> Rate:
    rate, start, end, surcharge, code, condition, source = (cell.strip() or None for cell in line.split("|"))
    if rate is None or start is None or source is None:
        msg = f"a rate needs its figure, its first day and its source: {line}"
        raise ValueError(msg)
    return Rate(
        tax=tax,
        rate=Decimal(rate),
        valid_from=date.fromisoformat(start),
        valid_to=date.fromisoformat(end) if end else None,
        territory=territory,
        condition=condition,
        surcharge=Decimal(surcharge) if surcharge else None,
        code=code,
        source=source,
    )


def by_day(rates: Iterable[Rate]) -> Callable[[str, date, bool], Lawful]:
    """Answers (tax, day, also earlier) with what is law then; a day is looked up once, not for each document."""
    table = tuple(rates)

    @lru_cache(maxsize=8_192)
    def lawful(tax: str, day: date, earlier: bool) -> Lawful:  # noqa: FBT001 [positional, for the cache]
        rows = (row for row in table if row.tax == tax and (row.valid_from <= day if earlier else row.in_force(day)))
        return frozenset((row.rate, row.surcharge) for row in rows)

    return lawful


def takes_earlier_rates(document: CanonicalDocument) -> bool:
    """A correction carries the rate of what it corrects, whenever that was."""
    return document.doc_type in CORRECTIONS


def accrual_date(document: CanonicalDocument) -> date | None:
    """The day whose rates apply: that of the supply where stated, else that of issue (Ley 37/1992 arts. 75, 90.Dos).

    What is invoiced before it is supplied is an advance payment, whose tax accrues when it is paid (art. 75.Dos).
    """
    return min(filter(None, (document.operation_date, document.issue_date)), default=None)


def impossible_rate(rate: Decimal, field: str) -> Finding | None:
    """No tax has a rate below nothing or above its own base."""
    if _ZERO <= rate <= _HUNDRED:
        return None
    return Finding(code="rate_impossible", severity=Severity.BLOCKS, field=field, params={"rate": f"{rate:f}"})
