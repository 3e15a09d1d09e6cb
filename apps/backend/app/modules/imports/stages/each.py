"""Runs a function on each item of a slice and turns what it raises into an outcome of that item alone."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

import structlog

from app.modules.imports.domain.errors import ImportsError, LeaseLost, Terminal
from app.modules.imports.domain.outcome import Dead, Outcome, Retry
from app.modules.imports.domain.pipeline import ItemKind
from app.modules.imports.mapping.problem import ValueProblem

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.modules.imports.ports import Item
    from app.modules.imports.stages.tools import Tools

log = structlog.get_logger()

_DEAR: Final = {"time_limit": 2}
"""Attempts of what costs minutes of a core each time: the second is for the case that the machine was busy."""
_SECONDS_OF_ROWS: Final = 5.0
"""Of a slice of rows, which usually takes a tenth of one: by a mapping that is dear on purpose it may take minutes, and
other tenants wait for the same worker.
"""


def each(
    items: Sequence[Item],
    tools: Tools,
    work: Callable[[Item, Tools], Outcome],
    clock: Callable[[], float] = time.monotonic,
) -> list[Outcome]:
    """One outcome per item. A lost lease ends the whole slice; a bug costs only the item it happened on.

    At least one item is worked; those that the time is not enough for go to the end of the queue, and lose no attempt.
    """
    rows = bool(items) and items[0].kind is ItemKind.ROW
    until = clock() + (_SECONDS_OF_ROWS if rows else tools.seconds_left)
    outcomes: list[Outcome] = []
    for item in items:
        if outcomes and clock() > until:
            left = len(items) - len(outcomes)
            return outcomes + [Retry(code="out_of_turn", detail=f"{left} items left", charged=False)] * left
        outcomes.append(_guarded(item, tools, work))
    return outcomes


def _guarded(item: Item, tools: Tools, work: Callable[[Item, Tools], Outcome]) -> Outcome:
    try:
        return work(item, tools)
    except LeaseLost:
        raise
    except (Terminal, ValueProblem) as error:  # the latter: a mapping that cannot be
        return Dead(code=error.code, detail=error.detail)
    except ImportsError as error:
        given_up = item.attempt >= _DEAR.get(error.code, item.attempt + 1)
        return (Dead if given_up else Retry)(code=error.code, detail=error.detail)
    except Exception as error:
        log.exception("unexpected_error", item_id=str(item.id))
        return Retry(code="unexpected_error", detail=type(error).__name__)
