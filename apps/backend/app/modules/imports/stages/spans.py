"""Where in its file a document stands that shares the file with others: its first and last page."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.modules.imports.ports import Item


def raw_of(span: tuple[int, int]) -> Mapping[str, object]:
    """What the part keeps of it, and shows of it to whoever asks."""
    return {"pages": list(span)}


def span_of(item: Item) -> tuple[int, int] | None:
    """None for an item that has its file to itself."""
    if item.part is None or item.raw is None:
        return None
    first, last = cast("list[int]", item.raw["pages"])
    return first, last
