"""The items of a slice are worked one by one, for as long as it is the slice's turn."""

from __future__ import annotations

from itertools import count
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from app.modules.imports.domain.outcome import Dead, Done, Outcome, Retry
from app.modules.imports.domain.pipeline import ItemKind
from app.modules.imports.mapping.problem import ValueProblem
from app.modules.imports.ports import Item
from app.modules.imports.stages.each import each

if TYPE_CHECKING:
    from app.modules.imports.stages.tools import Tools

TOOLS: Any = SimpleNamespace(seconds_left=25.0)


def items(number: int, kind: ItemKind) -> list[Item]:
    return [Item(id=uuid4(), batch_id=uuid4(), kind=kind, attempt=1) for _ in range(number)]


def done(_item: Item, _tools: Tools) -> Outcome:
    return Done()


@pytest.mark.parametrize(
    ("kind", "seconds", "worked"),
    [
        (ItemKind.ROW, 0.01, 20),
        (ItemKind.ROW, 1.0, 5),
        (ItemKind.ROW, 60.0, 1),
        (ItemKind.DOCUMENT, 1.0, 20),
        (ItemKind.DOCUMENT, 20.0, 1),
    ],
)
def test_what_the_turn_is_not_enough_for_is_left_for_the_next_one_and_loses_no_attempt(
    kind: ItemKind, seconds: float, worked: int
) -> None:
    clock = count(0.0, seconds)
    outcomes = each(items(20, kind), TOOLS, done, clock=lambda: next(clock))
    assert outcomes[:worked] == [Done()] * worked
    assert {(o.code, o.charged) for o in outcomes[worked:] if isinstance(o, Retry)} <= {("out_of_turn", False)}
    assert len(outcomes) == 20


def test_a_mapping_that_cannot_be_is_not_tried_again() -> None:
    def refuse(_item: Item, _tools: Tools) -> Outcome:
        raise ValueProblem("too_many_transforms", "at most 20")

    assert each(items(1, ItemKind.ROW), TOOLS, refuse) == [Dead(code="too_many_transforms", detail="at most 20")]


def test_no_items_have_no_outcomes() -> None:
    assert each([], TOOLS, done) == []
