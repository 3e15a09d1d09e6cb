"""Gives every amount of a sheet the roles that the labels beside and above it announce."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from app.modules.imports.fields.layout import overlap
from app.modules.imports.fields.prose import carried_label

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from app.modules.imports.domain.canonical import Box
    from app.modules.imports.fields.amounts import Amount
    from app.modules.imports.fields.labelling import Label, Labels
    from app.modules.imports.fields.layout import Row, Sheet

AMOUNT_ROLES = frozenset(
    {
        "gross",
        "payable",
        "total",
        "net",
        "tax",
        "surcharge",
        "withholding",
        "discount",
        "tip",
        "prepaid",
        "ice",
        "opening",
        "closing",
        "passed_on",
        "rounding",
        "quantity_total",
        "rate",
        "said",
    },
)
_PERCENT = re.compile(r"(\d{1,2}(?:[.,]\d{1,2})?)\s?%")
_BESIDE = 1.0
_BESIDE_OTHERS = 0.5
_ABOVE = 0.8
_FAR_WORDS = 3
_HEADINGS = 3
_LONGEST_HEADING = 4
_COLUMN_REACH = 45.0
"""How many text heights below its heading a column may still go on."""


@dataclass(frozen=True, slots=True)
class Money:
    """An amount with the roles that labels give it, and how strongly (0 to 1)."""

    amount: Amount
    roles: Mapping[str, float]
    label: str = ""
    rate: Decimal | None = None
    """The percentage inside its label, as in ``IVA 21 %``."""

    @property
    def value(self) -> Decimal:
        return self.amount.value

    def strength(self, *roles: str) -> float:
        if not self.roles:
            return 0.0
        return max(self.roles.get(role, 0.0) for role in roles)


def find_money(sheet: Sheet, amounts: Sequence[Amount], labels: Labels) -> tuple[Money, ...]:
    """Every amount with its roles, in reading order."""
    by_row: dict[int, list[Amount]] = {}
    for amount in amounts:
        by_row.setdefault(amount.row.number, []).append(amount)
    headings = _Headings(sheet, _unanswered(by_row, labels))
    return tuple(
        _with_roles(amount, by_row[amount.row.number], labels.in_row(amount.row), headings)
        if (carried := _carried(sheet, labels, by_row, amount)) is None
        else Money(amount, dict.fromkeys(carried.roles & AMOUNT_ROLES, _BESIDE), carried.key)
        for amount in amounts
    )


def _carried(sheet: Sheet, labels: Labels, by_row: Mapping[int, list[Amount]], amount: Amount) -> Label | None:
    """The label of an amount that a sentence has on its next line."""
    if amount.percent or amount is not by_row[amount.row.number][0]:
        return None
    label = carried_label(sheet, labels, amount)
    answered = label is not None and any(each.tokens[0].start >= label.end for each in by_row.get(label.row.number, ()))
    return label if label is not None and label.roles & AMOUNT_ROLES and not answered else None


def _unanswered(by_row: Mapping[int, list[Amount]], labels: Labels) -> list[Label]:
    """Labels without an amount of their own beside them: only these can head a column."""
    answered: set[tuple[int, int]] = set()
    for row, amounts in by_row.items():
        for amount in amounts:
            beside = None if amount.percent else _beside(amount, amounts, labels.by_row.get(row, ()))
            if beside is not None:
                answered.add((row, beside[0].start))
    known = (label for label in labels.all if label.roles & AMOUNT_ROLES)
    return [label for label in known if (label.row.number, label.start) not in answered]


def _with_roles(amount: Amount, neighbours: list[Amount], labels: Sequence[Label], headings: _Headings) -> Money:
    roles: dict[str, float] = {}
    name = ""
    rate = None
    beside = _beside(amount, neighbours, labels)
    if beside is not None:
        label, strength = beside
        roles.update(dict.fromkeys(label.roles & AMOUNT_ROLES, strength))
        name = label.key
        rate = _rate_between(label, amount, neighbours)
    above = headings.over(amount)
    if above is not None:
        for role in above.roles & AMOUNT_ROLES:
            roles[role] = max(roles.get(role, 0.0), _ABOVE)
        name = name or above.key
        rate = rate if rate is not None else _rate_in_heading(above)
    return Money(amount, roles, name, rate)


def _beside(amount: Amount, neighbours: list[Amount], labels: Sequence[Label]) -> tuple[Label, float] | None:
    """The closest label to the left on the same row."""
    start = amount.tokens[0].start
    left = [label for label in labels if label.end <= start and label.roles & AMOUNT_ROLES]
    if not left:
        return None
    label = left[-1]
    others = [each for each in neighbours if label.end <= each.tokens[0].start < start and not each.percent]
    words = [token for token in amount.row.tokens if label.end <= token.start < start and token.text.isalpha()]
    if sum(len(word.text) > len("de") for word in words) > _FAR_WORDS:
        return None
    return label, _BESIDE_OTHERS if others else _BESIDE


def _rate_in_heading(label: Label) -> Decimal | None:
    """The percentage beside a heading's words, as in ``Cuota IVA 21 %`` over the tax."""
    cell = next((each for each in label.row.cells() if label.tokens[0] in each.tokens), None)
    found = _PERCENT.findall(cell.text) if cell is not None else []
    return Decimal(found[0].replace(",", ".")) if len(found) == 1 else None


def _rate_between(label: Label, amount: Amount, neighbours: list[Amount]) -> Decimal | None:
    end = amount.tokens[0].start
    percents = [each.value for each in neighbours if each.percent and label.start - 8 <= each.tokens[0].start < end]
    return percents[-1] if percents else None


class _Headings:
    """Column headings of a sheet, asked for the one over an amount."""

    def __init__(self, sheet: Sheet, labels: Iterable[Label]) -> None:
        self._sheet = sheet
        self._by_page: dict[int, list[Label]] = {}
        self._columns: dict[tuple[int, int], tuple[float, float] | None] = {}
        self._boxes: dict[tuple[int, int], Box] = {}
        for label in labels:
            self._by_page.setdefault(label.row.page, []).append(label)

    def over(self, amount: Amount) -> Label | None:
        box, row = amount.box, amount.row
        reach = box.top - _COLUMN_REACH * row.height
        above = [
            label
            for label in self._by_page.get(row.page, ())
            if label.row.number < row.number and label.row.box.top >= reach and self._heads(label, box, row.height)
        ]
        if not above:
            return None
        label = max(above, key=lambda each: (each.row.number, overlap(self._box(each), box)))
        return None if self._blocked(label, amount) else label

    def _heads(self, label: Label, box: Box, height: float) -> bool:
        """Over the amount: by overlap or a common right edge, in a row of headings also by the column's bounds."""
        bounds = self._bounds(label)
        if bounds is not None and bounds[0] <= (box.left + box.right) / 2 <= bounds[1]:
            return True
        head = self._box(label)
        return overlap(head, box) > 0 or abs(head.right - box.right) < height

    def _box(self, label: Label) -> Box:
        key = (label.row.number, label.start)
        if key not in self._boxes:
            self._boxes[key] = heading_box(label)
        return self._boxes[key]

    def _bounds(self, label: Label) -> tuple[float, float] | None:
        """From midway to the cell before to midway to the cell after; None where the row is no row of headings."""
        key = (label.row.number, label.start)
        if key not in self._columns:
            self._columns[key] = _column(label)
        return self._columns[key]

    def _blocked(self, label: Label, amount: Amount) -> bool:
        """Words between heading and amount mean that the column ended before."""
        box = amount.box
        between = self._sheet.rows[label.row.number + 1 : amount.row.number]
        return any(
            overlap(token.box, box) > 0 and sum(char.isalpha() for char in token.text) > len("eur")
            for row in between
            for token in row.tokens
        )


def heading_box(label: Label) -> Box:
    """The whole heading that a label begins: ``Total línea`` for the label ``Total``."""
    cell = next((each for each in label.row.cells() if label.tokens[0] is each.tokens[0]), None)
    if cell is None or len(cell.tokens) > _LONGEST_HEADING or any(char.isdigit() for char in cell.text):
        return label.box
    return cell.box


def _column(label: Label) -> tuple[float, float] | None:
    cells = label.row.cells()
    place = next((index for index, cell in enumerate(cells) if label.tokens[0] in cell.tokens), 0)
    if len(cells) < _HEADINGS or (
        any(char.isdigit() for char in cells[place].text.replace("%", "")) and not _mostly_words(label.row)
    ):
        return None
    left = (cells[place - 1].box.right + cells[place].box.left) / 2 if place else 0.0
    right = (cells[place].box.right + cells[place + 1].box.left) / 2 if place + 1 < len(cells) else float("inf")
    return left, right


def _mostly_words(row: Row) -> bool:
    return sum(token.text[:1].isalpha() for token in row.tokens) * 2 > len(row.tokens)


def printed_rates(money: Iterable[Money], lawful: frozenset[Decimal]) -> frozenset[Decimal]:
    """Percentages on the page: with their sign, or lawful ones under a heading that announces a rate."""
    return frozenset(_rates(money, lawful))


def _rates(money: Iterable[Money], lawful: frozenset[Decimal]) -> Iterator[Decimal]:
    for each in money:
        small = Decimal(0) < each.value < Decimal(36)
        headed = each.value in lawful and each.strength("rate", "tax", "surcharge", "withholding") > 0
        if small and (each.amount.percent or headed):
            yield Decimal(f"{each.value.normalize():f}")
