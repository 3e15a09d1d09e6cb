"""Chooses the dates of issue, of the supply and of payment of a document among the dates on its pages."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.modules.imports.fields.folding import squash
from app.modules.imports.fields.layout import overlap
from app.modules.imports.fields.numbering import is_under_corrected
from app.modules.imports.fields.references import corrects
from app.modules.imports.fields.title_words import INVOICE_STEMS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from app.modules.imports.fields.dates import DateFound
    from app.modules.imports.fields.labelling import Label, Labels
    from app.modules.imports.fields.layout import Sheet

_ROLES = frozenset({"issue_date", "date", "due_date", "operation_date", "other_date"})
_OTHERS = frozenset({"corrected", "other_number", "buyer", "withholding", "payable", "prepaid"})
_WEIGHT = {
    "issue_date": 6.0,
    "date": 3.0,
    "date_article": 1.5,
    "due_date": -6.0,
    "operation_date": -5.0,
    "other_date": -5.0,
}
_FAR_WORDS = 3
_ROWS_ABOVE = 3
_TIME = re.compile(r"(?:[01]?\d|2[0-3])[:.h][0-5]\d(?::[0-5]\d)?h?")
_DATELINE = re.compile(r"[^\W\d]{3,}(?: [^\W\d]+){0,3},(?: a| el)?")
"""The town over a letter, to which its day belongs: ``Sevilla, 3 de marzo``."""
_FIRST_YEAR, _LAST_YEAR = 1995, 2079


@dataclass(frozen=True, slots=True)
class Dates:
    """The dates that the document states of itself; ``agreed`` when the issue date is printed at two places."""

    issued: DateFound | None = None
    due: DateFound | None = None
    operated: DateFound | None = None
    agreed: bool = False
    labelled: bool = False


def choose_dates(sheet: Sheet, found: Sequence[DateFound], labels: Labels) -> Dates:
    """The best-labelled date is the issue date; other dates only where exactly one is announced."""
    plausible = [each for each in found if _FIRST_YEAR <= each.value.year <= _LAST_YEAR]
    roles = [_role(sheet, each, plausible, labels) for each in plausible]
    counts = Counter(each.value for each in plausible)
    rated = [
        (_WEIGHT.get(role or "", 0.0) - 2.0 * rank / len(plausible) + 0.4 * (counts[each.value] > 1), -rank, each, role)
        for rank, (each, role) in enumerate(zip(plausible, roles, strict=True))
    ]
    best = max(rated, key=lambda entry: entry[:2], default=None)
    issued = best[2] if best is not None and best[0] > _WEIGHT["other_date"] - 1 else None
    return Dates(
        issued=issued,
        due=_announced("due_date", plausible, roles),
        operated=_announced("operation_date", plausible, roles),
        agreed=issued is not None and counts[issued.value] > 1,
        labelled=best is not None
        and (
            (best[3] in {"issue_date", "date"} and _is_in_reach(sheet, best[2], labels))
            or (best[3] == "date_article" and _is_led(best[2], labels))
            or _is_only(best[2], plausible, (sheet, labels))
            or (best[3] is None and _is_before_due(best[2], plausible, roles))
        ),
    )


def _is_in_reach(sheet: Sheet, each: DateFound, labels: Labels) -> bool:
    label = _beside(each, labels)
    return label is None or label.reaches(each.box, sheet.slope)


def _is_led(each: DateFound, labels: Labels) -> bool:
    """The mere ``de`` or ``a`` before it follows the document's number or a town, and not a word that nobody knows:
    ``Pago antes de`` is a label of its own.
    """
    cell = next((cell for cell in each.row.cells() if each.tokens[0] in cell.tokens), None)
    before = cell.tokens[: cell.tokens.index(each.tokens[0])] if cell is not None else ()
    named = any(label.roles & {"title", "number"} for label in _in_cell(each, labels))
    named = named or any(stem in squash(token.text) for token in before for stem in INVOICE_STEMS)
    return named or len(before) <= 1 or _DATELINE.fullmatch(" ".join(token.text for token in before)) is not None


def _is_only(each: DateFound, everything: Sequence[DateFound], page: tuple[Sheet, Labels]) -> bool:
    """The one date of the document, beside its title, its number or the time of day, or alone on a row next to them:
    it can be nothing else.
    """
    sheet, labels = page
    rows = [each.row]
    if len(each.row.tokens) == len(each.tokens):
        rows = [row for row in sheet.rows[max(0, each.row.number - 1) :][:3] if row.page == each.row.page]
    titled = any(label.roles & {"title", "number"} for row in rows for label in labels.in_row(row))
    titled = titled or any(label.roles & {"title", "number"} for label in _column_over(each, sheet, labels))
    timed = any(_TIME.fullmatch(token.text) for token in each.row.tokens)
    return len({other.value for other in everything}) == 1 and (titled or timed)


def _column_over(each: DateFound, sheet: Sheet, labels: Labels) -> list[Label]:
    """Labels over a date that stands alone in its cell: title, number and day are often one block."""
    alone = any(cell.tokens == each.tokens for cell in each.row.cells())
    rows = sheet.rows[max(0, each.row.number - _ROWS_ABOVE) : each.row.number] if alone else ()
    known = (label for row in rows if row.page == each.row.page for label in labels.in_row(row))
    return [label for label in known if overlap(label.box, each.box) > 0]


def _is_before_due(each: DateFound, everything: Sequence[DateFound], roles: Sequence[str | None]) -> bool:
    """Of the only two dates, in one row or over one another, the later one is announced as due: the other one is that
    of issue.
    """
    due = {other.value for other, role in zip(everything, roles, strict=True) if role == "due_date"}
    beside = any(_is_next(each, other) and role == "due_date" for other, role in zip(everything, roles, strict=True))
    only = len(due) == 1 and {other.value for other in everything} == due | {each.value}
    return beside and only and each.value <= min(due)


def _is_next(each: DateFound, other: DateFound) -> bool:
    under = other.row.page == each.row.page and other.row.number == each.row.number + 1
    return other.row is each.row or (under and overlap(other.box, each.box) > 0)


def _announced(wanted: str, found: Sequence[DateFound], roles: Sequence[str | None]) -> DateFound | None:
    announced = [each for each, role in zip(found, roles, strict=True) if role == wanted]
    values: set[date] = {each.value for each in announced}
    return announced[0] if len(values) == 1 else None


def _role(sheet: Sheet, each: DateFound, everything: Sequence[DateFound], labels: Labels) -> str | None:
    if corrects(each.row, each.tokens[0].start) or any(
        "corrected" in label.roles or corrects(label.row, label.start) for label in _before(each, labels)
    ):
        return "other_date"
    if is_under_corrected(sheet, labels, each.row, each.tokens):
        return "other_date"
    label = _beside(each, labels)
    if label is None:
        label = _above(sheet, each, everything, labels)
    if label is None:
        return "date" if _DATELINE.fullmatch(_around(each)) else None
    told = label.roles | _joined(label, labels)
    order = ("issue_date", "due_date", "operation_date", "other_date", "date", "date_article")
    return next((role for role in order if role in told), "other_date")


def _around(each: DateFound) -> str:
    """What its cell says before the date; nothing where something follows."""
    cell = next((cell for cell in each.row.cells() if each.tokens[0] in cell.tokens), None)
    if cell is None or cell.tokens[-1] is not each.tokens[-1]:
        return ""
    return " ".join(token.text for token in cell.tokens[: cell.tokens.index(each.tokens[0])])


def _joined(label: Label, labels: Labels) -> frozenset[str]:
    """What else the date is: ``Invoice date / Delivery date 30 July``."""
    before = [each for each in labels.in_row(label.row) if each.end <= label.start]
    joined = bool(before) and label.row.text[: label.start].rstrip().endswith("/")
    between = label.row.text[before[-1].end : label.start] if joined else ""
    return before[-1].roles if joined and not between.strip(" /") else frozenset()


def _before(each: DateFound, labels: Labels) -> list[Label]:
    """Labels earlier on the same cell's row that name a document."""
    return [label for label in _in_cell(each, labels) if label.roles & {"corrected", "title"}]


def _in_cell(each: DateFound, labels: Labels) -> list[Label]:
    """The labels before the date in its cell."""
    cell = next((cell for cell in each.row.cells() if each.tokens[0] in cell.tokens), None)
    first = cell.tokens[0].start if cell is not None else each.tokens[0].start
    return [label for label in labels.in_row(each.row) if first <= label.start < each.tokens[0].start]


def _beside(each: DateFound, labels: Labels) -> Label | None:
    """The closest label to the left, with no more than a few words between."""
    start = each.tokens[0].start
    known = _ROLES | _OTHERS | {"date_article"}
    left = [label for label in labels.in_row(each.row) if label.start < start and label.roles & known]
    article: Label | None = None
    for label in reversed(left):
        words = [token for token in each.row.tokens if label.end <= token.start < start and token.text.isalpha()]
        if len(words) > _FAR_WORDS:
            return article
        if label.roles & _ROLES or (label.roles & _OTHERS and not _own_column(label, each)):
            return label
        if article is None and not words:
            article = label
    return article


def _own_column(label: Label, each: DateFound) -> bool:
    """A label far to the left on the row heads its own value, not this date."""
    return each.tokens[0].box.left - label.tokens[-1].box.right > 3 * each.row.height


def _above(sheet: Sheet, each: DateFound, everything: Sequence[DateFound], labels: Labels) -> Label | None:
    """The heading over the date, in a table of one row or a block of label over value."""
    box = each.box
    for row in reversed(sheet.rows[max(0, each.row.number - _ROWS_ABOVE) : each.row.number]):
        if row.page != each.row.page or box.top - row.box.bottom > 3 * each.row.height:
            return None
        over = [label for label in labels.in_row(row) if label.roles & _ROLES and overlap(label.box, box) > 0]
        if over:
            answered = any(
                other.row is row and overlap(other.box, box) > -box.right
                for other in everything
                if _after(other, over[-1])
            )
            return None if answered else max(over, key=lambda label: overlap(label.box, box))
    return None


def _after(other: DateFound, label: Label) -> bool:
    """The label already has a date beside it."""
    return other.row is label.row and 0 <= other.tokens[0].start - label.end <= len(" : el ")
