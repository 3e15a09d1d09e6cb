"""Prints the table of lines over as many pages as it needs."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from corpus.facts import ZERO
from corpus.paper import Column, Ink, Ruling
from corpus.setting import Frame, Setting

if TYPE_CHECKING:
    from collections.abc import Mapping

    from corpus.facts import Item

_WIDTHS: Final[Mapping[str, float]] = {
    "code": 62,
    "quantity": 52,
    "unit": 36,
    "price": 66,
    "discount": 42,
    "amount": 74,
    "rate": 48,
}
_LEFT: Final = frozenset({"code", "description", "unit"})


def draw_items(setting: Setting, frame: Frame) -> float:
    """The lines; on a full page a new one begins. Returns the bottom."""
    columns = _columns(setting, frame.width)
    y = setting.paper.table_head(frame.x, frame.y, columns, setting.layout.ruling)
    running = ZERO
    for number, item in enumerate(setting.facts.items):
        cells = [
            _cell(setting, key, item, column.width) for key, column in zip(setting.layout.columns, columns, strict=True)
        ]
        if y + len(max(cells, key=len)) * setting.paper.leading > setting.bottom - 20:
            y = _turn(setting, Frame(x=frame.x, y=y, width=frame.width), columns, running)
        ruling = setting.layout.ruling
        even = Ruling(marks=ruling.marks | {"even"}) if "zebra" in ruling.marks and number % 2 == 0 else ruling
        y = setting.paper.table_row(frame.x, y, columns, cells, even)
        running += item.net
    return y


def _turn(setting: Setting, frame: Frame, columns: list[Column], running: Decimal) -> float:
    """To the next page, with the sum so far where the layout carries it."""
    if setting.layout.carries:
        _carry(setting, frame, "carried", running)
    setting.paper.next_page()
    top = setting.paper.margin
    heading = f"{setting.title()} {setting.facts.number}"
    top = setting.paper.text(frame.x, top, heading, Ink(size=0.9)) + 8
    top = setting.paper.table_head(frame.x, top, columns, setting.layout.ruling)
    if setting.layout.carries:
        top = _carry(setting, Frame(x=frame.x, y=top, width=frame.width), "brought", running)
    return top


def _carry(setting: Setting, frame: Frame, key: str, running: Decimal) -> float:
    setting.paper.text(frame.right - 90, frame.y + 2, setting.words(key), Ink(align="right"))
    return setting.paper.text(frame.right - 3, frame.y + 2, setting.spell.number(running), Ink(align="right"))


def _columns(setting: Setting, width: float) -> list[Column]:
    keys = setting.layout.columns
    factor = setting.paper.face.size / 9 if setting.paper.face.family != "Courier" else 1.15
    fixed = sum(_WIDTHS[key] * factor for key in keys if key != "description")
    return [
        Column(
            heading=setting.words(key, tax=setting.facts.tax_name) if key == "rate" else setting.words(key),
            width=max(90.0, width - fixed) if key == "description" else _WIDTHS[key] * factor,
            align="left" if key in _LEFT else "right",
        )
        for key in keys
    ]


def _cell(setting: Setting, key: str, item: Item, width: float) -> list[str]:
    spell = setting.spell
    match key:
        case "description":
            return setting.paper.wrapped(item.description, width - 8)
        case "quantity":
            return [spell.quantity(item.quantity)]
        case "price":
            return [spell.number(item.price)]
        case "discount":
            return [spell.quantity(item.discount) if item.discount else ""]
        case "amount":
            return [spell.amount(item.net)]
        case "rate":
            return [spell.rate(item.rate)]
        case _:
            return [item.code if key == "code" else item.unit]
