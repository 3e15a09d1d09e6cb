"""Prints net, taxes, what is withheld and the total."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from corpus.paper import Column, Ink, Ruling
from corpus.setting import BOLD, SMALL, Frame, Setting

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from decimal import Decimal

    from corpus.facts import TaxRow

_GRID: Final = Ruling(marks=frozenset({"grid"}))
_BLOCK: Final = 215.0


@dataclass(frozen=True, slots=True)
class Figure:
    """One labelled amount; ``strong`` for the total."""

    label: str
    value: str
    strong: bool = False


def draw_totals(setting: Setting, frame: Frame) -> float:
    """In the layout's way; returns the bottom."""
    return _TOTALS[setting.layout.totals](setting, frame)


def height_of(setting: Setting) -> float:
    """Enough room for any way of printing them."""
    rows = len(_figures(setting)) + len(setting.facts.taxes) + 3
    return rows * setting.paper.leading * 1.25 + 20


def _figures(setting: Setting) -> list[Figure]:
    return [*_taxed(setting), *_ending(setting)]


def _taxed(setting: Setting) -> list[Figure]:
    """Net, and the tax of each rate."""
    facts, words, spell = setting.facts, setting.words, setting.spell
    found = [Figure(words("net"), spell.amount(facts.net))]
    for row in facts.taxes:
        found.append(Figure(_tax_label(setting, row), spell.amount(row.amount)))
        if row.surcharge and row.surcharge_rate is not None:
            extra = spell.rate(row.surcharge_rate)
            extra = extra if "%" in extra else f"{extra}%"
            found.append(Figure(words("surcharge", rate=extra), spell.amount(row.surcharge)))
    return found


def _tax_label(setting: Setting, row: TaxRow) -> str:
    several = len(setting.facts.taxes) > 1
    rate = setting.spell.rate(row.rate)
    rate = rate if "%" in rate else f"{rate} %"
    base = setting.spell.number(row.base)
    label = setting.words("tax", tax=setting.facts.tax_name, rate=rate, base=base)
    if rate not in label:
        label = f"{label} {rate}"
    return f"{label} s/ {base}" if several and setting.layout.prints_bases and base not in label else label


def _ending(setting: Setting) -> list[Figure]:
    """What is withheld, the total, and what is left to pay."""
    facts, words, spell = setting.facts, setting.words, setting.spell
    found = [Figure(words("total"), spell.total(facts.gross), strong=True)] if facts.gross_shown else []
    if facts.withheld and facts.withheld_rate is not None:
        rate = spell.rate(facts.withheld_rate)
        rate = rate if "%" in rate else f"{rate}%"
        found.append(Figure(words("withheld", rate=rate), spell.amount(-facts.withheld)))
    for key, value in (("prepaid", -facts.prepaid), ("passed_on", facts.passed_on)):
        if value:
            found.append(Figure(words(key), spell.amount(value)))
    if facts.payable != facts.gross:
        key = "payable" if facts.gross_shown or setting.layout.id % 3 else "total"
        found.append(Figure(words(key), spell.total(facts.payable), strong=True))
    return found


def _block(setting: Setting, frame: Frame, figures: Sequence[Figure]) -> float:
    """Labels on the left, amounts flush right."""
    y = frame.y
    for each in figures:
        ink = Ink(bold=each.strong, size=1.15 if each.strong else 1.0)
        setting.paper.text(frame.x, y, each.label, ink)
        y = setting.paper.text(frame.right, y, each.value, Ink(bold=each.strong, size=ink.size, align="right")) + 1.5
    return y


def _side(setting: Setting, frame: Frame, *, left: bool) -> Frame:
    widest = max(setting.paper.length(each.label + each.value, Ink(bold=True, size=1.15)) for each in _figures(setting))
    width = min(frame.width, max(_BLOCK, widest + 25))
    return Frame(x=frame.x if left else frame.right - width, y=frame.y, width=width)


def _right(setting: Setting, frame: Frame) -> float:
    return _block(setting, _side(setting, frame, left=False), _figures(setting))


def _left(setting: Setting, frame: Frame) -> float:
    return _block(setting, _side(setting, frame, left=True), _figures(setting))


def _right_boxed(setting: Setting, frame: Frame) -> float:
    side = _side(setting, frame, left=False)
    bottom = _block(setting, Frame(x=side.x + 5, y=side.y + 5, width=side.width - 10), _figures(setting)) + 3
    setting.paper.box((side.x, side.y, side.right, bottom))
    return bottom


def _lines_full(setting: Setting, frame: Frame) -> float:
    setting.paper.rule(frame.x, frame.right, frame.y - 2)
    return _block(setting, frame, _figures(setting))


def _tax_table(setting: Setting, frame: Frame) -> float:
    """A table of rates on the left, the totals below on the right."""
    bottom = _rates(setting, Frame(x=frame.x, y=frame.y, width=min(frame.width, 330)))
    net = Figure(setting.words("net"), setting.spell.amount(setting.facts.net))
    tax = Figure(setting.words("tax_total", tax=setting.facts.tax_name), setting.spell.amount(setting.facts.tax))
    return _block(
        setting,
        _side(setting, Frame(x=frame.x, y=bottom + 6, width=frame.width), left=False),
        [net, tax, *_ending(setting)],
    )


def _rates(setting: Setting, frame: Frame) -> float:
    words, spell, taxes = setting.words, setting.spell, setting.facts.taxes
    keys = ["base", "rate", "quota"]
    if any(row.surcharge for row in taxes):
        keys += ["% R.E.", "R.E."]
    headings = [words(key, tax=setting.facts.tax_name) if key in {"base", "rate", "quota"} else key for key in keys]
    columns = [Column(heading=heading, width=frame.width / len(keys), align="right") for heading in headings]
    rows = [_rate_cells(row, spell.number, spell.rate)[: len(keys)] for row in taxes]
    return setting.paper.table(frame.x, frame.y, columns, rows, setting.layout.ruling)


def _rate_cells(row: TaxRow, number: Callable[[Decimal], str], rate: Callable[[Decimal], str]) -> list[str]:
    extra = rate(row.surcharge_rate) if row.surcharge_rate is not None else ""
    return [number(row.base), rate(row.rate), number(row.amount), extra, number(row.surcharge) if row.surcharge else ""]


def _bottom_table(setting: Setting, frame: Frame) -> float:
    """Bases, rates, taxes and the total beside each other in one table over the whole width."""
    words, spell, facts = setting.words, setting.spell, setting.facts
    ending = _ending(setting)
    keys = ["base", "rate", "quota"]
    headings = [words(key, tax=facts.tax_name) for key in keys]
    surcharged = any(row.surcharge for row in facts.taxes)
    headings += ["% R.E.", "Rec. Equiv."] if surcharged else []
    rows = [_rate_cells(row, spell.number, spell.rate)[: len(headings)] for row in facts.taxes]
    rows = [
        [*row, *([each.value for each in ending] if place == 0 else [""] * len(ending))]
        for place, row in enumerate(rows)
    ]
    headings += [each.label for each in ending]
    columns = [Column(heading=heading, width=frame.width / len(headings), align="right") for heading in headings]
    if any(setting.paper.length(column.heading, BOLD) > column.width - 4 for column in columns):
        return _tax_table(setting, frame)
    return setting.paper.table(frame.x, frame.y, columns, rows, setting.layout.ruling)


def _spread(setting: Setting, frame: Frame) -> float:
    """All on one or two rows: label value   label value."""
    figures = [each for each in _figures(setting) if not each.strong]
    text = "    ".join(f"{each.label}: {each.value}" for each in figures)
    y = setting.paper.paragraph(frame.x, frame.y, frame.width, text)
    for each in [each for each in _figures(setting) if each.strong]:
        y = setting.paper.text(
            frame.right, y + 3, f"{each.label}: {each.value}", Ink(size=1.3, bold=True, align="right")
        )
    return y


def _stacked(setting: Setting, frame: Frame) -> float:
    """Each label over its amount, side by side."""
    figures = _figures(setting)
    width = frame.width / len(figures)
    if any(setting.paper.length(each.label, SMALL) > width - 4 for each in figures):
        return _right_boxed(setting, frame)
    for place, each in enumerate(figures):
        setting.paper.text(frame.x + place * width, frame.y, each.label, SMALL)
        setting.paper.text(frame.x + place * width, frame.y + setting.paper.leading, each.value, Ink(bold=each.strong))
    return frame.y + 2.4 * setting.paper.leading


def _sentence(setting: Setting, frame: Frame) -> float:
    return setting.paper.paragraph(
        frame.x, frame.y, frame.width, "; ".join(f"{each.label} {each.value}" for each in _figures(setting)) + "."
    )


def _grid(setting: Setting, frame: Frame) -> float:
    side = _side(setting, frame, left=False)
    columns = [Column(heading="", width=side.width - 80), Column(heading="", width=80, align="right")]
    return setting.paper.table(side.x, side.y, columns, [[each.label, each.value] for each in _figures(setting)], _GRID)


def _reversed(setting: Setting, frame: Frame) -> float:
    """The total first and large, what it is made of below."""
    figures = _figures(setting)
    y = frame.y
    for each in [each for each in figures if each.strong]:
        y = setting.paper.text(frame.right, y, f"{each.label}  {each.value}", Ink(size=1.5, bold=True, align="right"))
    return _block(
        setting,
        _side(setting, Frame(x=frame.x, y=y + 3, width=frame.width), left=False),
        [each for each in figures if not each.strong],
    )


_TOTALS: Final[dict[str, Callable[[Setting, Frame], float]]] = {
    "right": _right,
    "right_boxed": _right_boxed,
    "left": _left,
    "bottom_table": _bottom_table,
    "tax_table": _tax_table,
    "spread": _spread,
    "stacked": _stacked,
    "lines_full": _lines_full,
    "sentence": _sentence,
    "grid": _grid,
    "reversed": _reversed,
}
