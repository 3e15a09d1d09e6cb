"""Rules of every country on days: a document is not of the future, nor of another age, nor due before it exists."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from app.modules.imports.domain.finding import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.modules.imports.domain.canonical import CanonicalDocument
    from app.modules.imports.domain.country import Rule, RuleContext

EARLIEST: Final = date(1990, 1, 1)
"""Earlier than any document that is still to be booked: such a day is a misread one."""


def judge_dates(document: CanonicalDocument, context: RuleContext) -> Iterator[Finding]:
    issued, due = document.issue_date, document.due_date
    if issued is None:
        return
    if issued < EARLIEST:
        params = {"date": issued.isoformat(), "earliest": EARLIEST.isoformat()}
        yield Finding(code="date_absurd", severity=Severity.BLOCKS, field="issue_date", params=params)
    if issued > context.today:
        params = {"date": issued.isoformat(), "today": context.today.isoformat()}
        yield Finding(code="date_in_future", severity=Severity.LOOK, field="issue_date", params=params)
    # Of what was paid before it was invoiced some state the day it was paid (BR-FR-CO-09 has them do so).
    if due is not None and due < issued and document.totals.payable != 0:
        params = {"due_date": due.isoformat(), "issue_date": issued.isoformat()}
        yield Finding(code="due_before_issue", severity=Severity.LOOK, field="due_date", params=params)


RULES: Final[tuple[Rule, ...]] = (judge_dates,)
