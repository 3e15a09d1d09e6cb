"""Runs a function on each item of a slice and turns what it raises into an outcome of that item alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import structlog

from app.modules.imports.domain.errors import ImportsError, LeaseLost, Terminal
from app.modules.imports.domain.outcome import Dead, Outcome, Retry

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.modules.imports.ports import Item
    from app.modules.imports.stages.tools import Tools

log = structlog.get_logger()

_DEAR: Final = {"time_limit": 2}
"""Attempts of what costs minutes of a core each time: the second is for the case that the machine was busy."""


def each(items: Sequence[Item], tools: Tools, work: Callable[[Item, Tools], Outcome]) -> list[Outcome]:
    """One outcome per item. A lost lease ends the whole slice; a bug costs only the item it happened on."""
    return [_guarded(item, tools, work) for item in items]


def _guarded(item: Item, tools: Tools, work: Callable[[Item, Tools], Outcome]) -> Outcome:
    try:
        return work(item, tools)
    except LeaseLost:
        raise
    except Terminal as error:
        return Dead(code=error.code, detail=error.detail)
    except ImportsError as error:
        given_up = item.attempt >= _DEAR.get(error.code, item.attempt + 1)
        return (Dead if given_up else Retry)(code=error.code, detail=error.detail)
    except Exception as error:
        log.exception("unexpected_error", item_id=str(item.id))
        return Retry(code="unexpected_error", detail=type(error).__name__)
