from __future__ import annotations

from decimal import Decimal
from itertools import accumulate

from hypothesis import given
from hypothesis import strategies as st

from app.modules.imports.mapping.balances import follow_balance, signs_by_balance

AMOUNT = st.integers(min_value=-(10**9), max_value=10**9).map(lambda cents: Decimal(cents) / 100)


@given(AMOUNT, st.lists(AMOUNT, min_size=1, max_size=30), st.booleans())
def test_a_whole_trail_is_proved_in_either_direction(opening: Decimal, amounts: list[Decimal], rising: object) -> None:
    balances = list(accumulate(amounts, initial=opening))[1:]
    in_file = (amounts, balances) if rising else (amounts[::-1], balances[::-1])
    trail = follow_balance(*in_file, dates_fall=not rising)
    assert trail.held == trail.checks == len(amounts) - 1


def test_the_ends_follow_where_only_some_balances_are_stated() -> None:
    amounts = [Decimal(10), Decimal(-5), Decimal(1)]
    trail = follow_balance(amounts, [None, Decimal(105), None], dates_fall=False)
    assert (trail.opening, trail.closing) == (Decimal(100), Decimal(106))


def test_without_balances_there_is_nothing_to_follow() -> None:
    trail = follow_balance([Decimal(1)], [None], dates_fall=False)
    assert (trail.opening, trail.closing, trail.is_proved) == (None, None, False)


@given(AMOUNT, st.lists(AMOUNT, min_size=2, max_size=20))
def test_lost_signs_come_back_from_the_balance(opening: Decimal, amounts: list[Decimal]) -> None:
    balances = list(accumulate(amounts, initial=opening))[1:]
    assert signs_by_balance([abs(a) for a in amounts], balances, opening) == tuple(amounts)


def test_amounts_that_are_no_steps_of_the_balance_get_no_signs() -> None:
    assert signs_by_balance([Decimal(1), Decimal(2)], [Decimal(5), Decimal(9)], None) is None
    assert signs_by_balance([Decimal(1), Decimal(2)], [Decimal(5), None], None) is None
