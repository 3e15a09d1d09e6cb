"""Prints the heading of a document with its number and dates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from corpus.paper import Column, Ink, Ruling
from corpus.setting import BOLD, SMALL, Frame, Setting

if TYPE_CHECKING:
    from collections.abc import Callable

_TITLE: Final = Ink(size=1.6, bold=True)
_UNTITLED: Final = frozenset({"title_number", "dated_letter"})


def draw_titled_meta(setting: Setting, frame: Frame) -> float:
    """The kind of document, and its number and dates below."""
    y = frame.y if setting.layout.meta in _UNTITLED else draw_title(setting, frame) + 3
    return draw_meta(setting, Frame(x=frame.x, y=y, width=frame.width))


def draw_title(setting: Setting, frame: Frame) -> float:
    ink = Ink(size=1.6, bold=True, colour=setting.layout.accent)
    return setting.paper.lines(frame.x, frame.y, setting.paper.wrapped(setting.title(), frame.width, ink), ink)


def draw_meta(setting: Setting, frame: Frame) -> float:
    """Number, date, due date and what is corrected, in the layout's way."""
    bottom = _METAS[setting.layout.meta](setting, frame)
    return _corrected(setting, Frame(x=frame.x, y=bottom + 2, width=frame.width))


def _pairs(setting: Setting) -> list[tuple[str, str]]:
    facts = setting.facts
    found = [("number", facts.number), ("date", setting.spell.date(facts.issued))]
    if facts.due is not None:
        found.append(("due", setting.spell.date(facts.due)))
    if setting.layout.id % 4 == 1:
        found.insert(setting.layout.id % 3, ("client_no", str(400 + sum(map(ord, facts.number)))))
    return found


def _corrected(setting: Setting, frame: Frame) -> float:
    facts = setting.facts
    if not facts.corrected:
        return frame.y
    text = setting.words.labelled("corrects", facts.corrected)
    if facts.corrected_date is not None and setting.layout.id % 2:
        text = f"{text} ({setting.spell.date(facts.corrected_date)})"
    y = setting.paper.lines(frame.x, frame.y, setting.paper.wrapped(text, frame.width))
    return setting.paper.paragraph(frame.x, y, frame.width, setting.words.labelled("reason", facts.reason), SMALL)


def _rows(setting: Setting, frame: Frame) -> float:
    y = frame.y
    for key, value in _pairs(setting):
        y = setting.paper.text(frame.x, y, setting.words.labelled(key, value))
    return y


def _column(setting: Setting, frame: Frame) -> float:
    """Labels on the left, values flush right."""
    y = frame.y
    for key, value in _pairs(setting):
        setting.paper.text(frame.x, y, setting.words.heading(key), BOLD)
        y = setting.paper.text(frame.right, y, value, Ink(align="right"))
    return y


def _table(setting: Setting, frame: Frame, *, marks: str = "head") -> float:
    pairs = _pairs(setting)
    widths = [
        max(setting.paper.length(setting.words(key), BOLD), setting.paper.length(value)) + 14 for key, value in pairs
    ]
    if sum(widths) > frame.width:
        return _stacked(setting, frame)
    columns = [
        Column(heading=setting.words(key), width=width, align="centre")
        for (key, _), width in zip(pairs, widths, strict=True)
    ]
    return setting.paper.table(
        frame.x, frame.y, columns, [[value for _, value in pairs]], Ruling(marks=frozenset(marks.split()))
    )


def _boxed_table(setting: Setting, frame: Frame) -> float:
    return _table(setting, frame, marks="grid dark")


def _stacked(setting: Setting, frame: Frame) -> float:
    """Each label over its value."""
    y = frame.y
    for key, value in _pairs(setting):
        y = setting.paper.text(frame.x, y, setting.words(key), Ink(size=0.8, colour=setting.layout.accent))
        y = setting.paper.text(frame.x, y, value) + 2
    return y


def _title_number(setting: Setting, frame: Frame) -> float:
    """``FACTURA 2025/12`` as one heading."""
    heading = f"{setting.title()} {setting.facts.number}"
    ink = _TITLE if setting.paper.length(heading, _TITLE) <= frame.width else BOLD
    y = setting.paper.lines(frame.x, frame.y, setting.paper.wrapped(heading, frame.width, ink), ink)
    for key, value in _pairs(setting):
        if key != "number":
            y = setting.paper.text(frame.x, y, setting.words.labelled(key, value))
    return y


def _sentence(setting: Setting, frame: Frame) -> float:
    lines = [""]
    for key, value in _pairs(setting):
        longer = f"{lines[-1]}   {setting.words.labelled(key, value)}".strip()
        if lines[-1] and setting.paper.length(longer) > frame.width:
            lines.append(setting.words.labelled(key, value))
        else:
            lines[-1] = longer
    return setting.paper.lines(frame.x, frame.y, lines)


def _dated_letter(setting: Setting, frame: Frame) -> float:
    """``Vigo, a 3 de mayo de 2025`` and the number in the heading."""
    town = setting.facts.supplier.town
    y = (
        setting.paper.text(
            frame.right, frame.y, f"{town}, {setting.spell.date(setting.facts.issued)}", Ink(align="right")
        )
        + 6
    )
    number = setting.words.labelled("number", setting.facts.number)
    y = setting.paper.text(frame.x, y, setting.title(), _TITLE)
    y = setting.paper.text(frame.x, y, number, BOLD)
    due = setting.facts.due
    return y if due is None else setting.paper.text(frame.x, y, setting.words.labelled("due", setting.spell.date(due)))


_METAS: Final[dict[str, Callable[[Setting, Frame], float]]] = {
    "rows": _rows,
    "column": _column,
    "table": _table,
    "boxed_table": _boxed_table,
    "stacked": _stacked,
    "title_number": _title_number,
    "sentence": _sentence,
    "dated_letter": _dated_letter,
}
