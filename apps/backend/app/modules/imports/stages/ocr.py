"""OCR: pages become words, by their text layer where there is one and by their picture where there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.modules.imports.domain.outcome import Done, Outcome
from app.modules.imports.domain.pipeline import ItemKind
from app.modules.imports.stages.each import each

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.modules.imports.ports import Item
    from app.modules.imports.stages.tools import Tools


def read_pages(items: Sequence[Item], tools: Tools) -> Sequence[Outcome]:
    """Only paged items have anything to be read here; the words go to the file store, the item keeps their key."""
    return each(items, tools, _read_pages)


def _read_pages(item: Item, tools: Tools) -> Outcome:
    if item.kind is not ItemKind.PAGED:
        return Done()
    assert item.file_key is not None
    return Done(work={"pages": tools.reading.pages(item.file_key, item.file_name or "")})
