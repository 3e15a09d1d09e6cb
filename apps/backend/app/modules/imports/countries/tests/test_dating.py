"""Days that cannot be, and days that need a look."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from app.modules.imports.countries.tests.documents import CONTEXT, SPANISH, found
from app.modules.imports.domain.finding import Severity


@pytest.mark.parametrize(
    ("issued", "expected"),
    [
        (date(1989, 12, 31), {"date_absurd": Severity.BLOCKS}),
        (date(1990, 1, 1), {}),
        (CONTEXT.today, {}),
        (date(2026, 7, 1), {"date_in_future": Severity.LOOK}),
    ],
)
def test_a_document_is_neither_of_the_future_nor_of_another_age(issued: date, expected: dict[str, Severity]) -> None:
    document = replace(SPANISH, issue_date=issued, due_date=None, taxes=())
    assert found(document) == expected


@pytest.mark.parametrize(("due", "fits"), [(date(2026, 5, 4), True), (date(2026, 5, 3), False)])
def test_nothing_is_due_before_it_is_issued(due: date, *, fits: bool) -> None:
    assert found(replace(SPANISH, due_date=due)) == ({} if fits else {"due_before_issue": Severity.LOOK})


def test_what_was_paid_before_may_state_the_day_it_was_paid() -> None:
    totals = replace(SPANISH.totals, prepaid=SPANISH.totals.gross, payable=Decimal("0.00"))
    assert found(replace(SPANISH, due_date=date(2026, 5, 3), totals=totals)) == {}
