"""Classify: what kind of document this is, how sure that is, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from app.modules.imports.domain.outcome import Done, Outcome
from app.modules.imports.domain.pipeline import ItemKind
from app.modules.imports.stages.each import each
from app.modules.imports.stages.spans import span_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.modules.imports.ports import Item
    from app.modules.imports.stages.tools import Tools


def classify(items: Sequence[Item], tools: Tools) -> Sequence[Outcome]:
    """Pages are judged by their words; what states its own type is believed at extraction."""
    return each(items, tools, _classify)


def _classify(item: Item, tools: Tools) -> Outcome:
    match item.kind:
        case ItemKind.PAGED:
            pages = cast("Mapping[str, Any]", item.work["pages"])
            classification = dict(tools.reading.classify(str(pages["key"]), span_of(item)))
            return Done(work={"classification": classification, "doc_type": classification["doc_type"]})
        case ItemKind.STRUCTURED:
            recognition = cast("Mapping[str, str]", item.work["recognition"])
            reason = {"confidence": 1.0, "reason": f"stated by the format ({recognition['reader']})"}
            return Done(work={"classification": reason})
        case _:
            return Done()
