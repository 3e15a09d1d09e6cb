"""Finds the numbers that name documents: the invoice's own, the one it corrects, an authorization."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from app.modules.imports.fields.folding import fold, squash
from app.modules.imports.fields.layout import CELL_GAP
from app.modules.imports.fields.numbering import Reference, stands_alone, values_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.modules.imports.fields.labelling import Label, Labels
    from app.modules.imports.fields.layout import Row, Sheet

_ECUADOR = re.compile(r"(?<!\d)\d{3}\s?-\s?\d{3}\s?-\s?\d{9}(?!\d)|(?<!\d)\d{15}(?!\d)")
_CORRECTING = re.compile(
    r"(?:rectifica|rectifiquem|afecta|zuzentzen|anula|corrige|modifica|sustituye|substitueix|corrects|cancels|replaces)$"
)
_SENTENCE = 5
_STRONG, _TITLED, _MARKED = 6.0, 4.0, 2.0
_TITLE_ROWS = 3
_TELLING = 4
_MISREAD = re.compile(r"(?<!\d)0(?!\d)|[^\W\d_]{6}|[a-z]{3}")
"""A zero with no digit beside it, as OCR reads the letter O of a series; a word, where it lost the space beside one."""


def find_number(sheet: Sheet, labels: Labels, taken: frozenset[str]) -> Reference | None:
    """The document's own number: the best-labelled value; ``taken`` holds what is known to be something else."""
    candidates = list(_candidates(sheet, labels, taken))
    counts = squash(sheet.text)
    rated = [
        (each.score + (0.7 if _is_mentioned(counts, squash(each.value)) else 0.0), -each.row.number, each)
        for each in candidates
    ]
    return max(rated, key=lambda each: each[:2], default=(0, 0, None))[2]


def _is_mentioned(everything: str, key: str) -> bool:
    """Again somewhere in the text; a digit or two are part of anything."""
    return len(key) > 2 and everything.count(key) > 1  # noqa: PLR2004


def is_announced(sheet: Sheet, labels: Labels, taken: frozenset[str], found: Reference) -> bool:
    """A label of its own stands beside it; or one stands over it, and nothing else on the pages could be the number."""
    if not is_whole(sheet, found) or (sheet.source == "ocr" and not found.telling):
        return False  # where the own number was not read, whatever else is numbered seems to be the only one
    others = {squash(each.value) for each in _candidates(sheet, labels, taken) if each.score > _MARKED}
    sole = others == {squash(found.value)} and found.score > _TITLED - 1 and len(squash(found.value)) > 1
    if found.telling:
        return sole or found.score > _TITLED
    return sole and len(squash(found.value)) >= _TELLING and stands_alone(found.row, found.tokens, labels)


def is_whole(sheet: Sheet, found: Reference) -> bool:
    """Whether OCR, where it was one, seems to have put no space into the number, lost none beside it and read no letter
    of it as a zero: such slips it is as sure of as of anything.
    """
    if sheet.source != "ocr":
        return True
    last = found.tokens[-1]
    after = next((token for token in found.row.tokens if token.start > last.start), None)
    goes_on = (
        after is not None
        and after.text.strip(".,;:)").isdigit()
        and after.box.left - last.box.right < CELL_GAP * last.height
    )
    return not goes_on and _MISREAD.search(found.value) is None


def is_repeated(sheet: Sheet, found: Reference) -> bool:
    """Whether the same number stands as a word of its own on another row; short ones may be anything."""
    key = squash(found.value)
    rows = {row.number for row in sheet.rows for token in row.tokens if squash(token.text) == key}
    return len(key) >= _TELLING and len(rows | {found.row.number}) > 1


def find_corrected(sheet: Sheet, labels: Labels, own: str | None) -> Reference | None:
    """The number of the document that this one corrects."""
    told = (label for label in labels.of("title") if corrects(label.row, label.start))
    for label in (*labels.of("corrected"), *told):
        for found in values_of(sheet, labels, label):
            if squash(found.value) != squash(own or ""):
                return found
    return None


def corrects(row: Row, start: int) -> bool:
    """Whether a sentence before this place says that another document is corrected: ``rectifica nuestra factura …``."""
    words = fold(row.text[:start]).split()[-_SENTENCE:]
    return any(_CORRECTING.match(word) for word in words)


def find_authorization(sheet: Sheet, labels: Labels) -> Reference | None:
    """A number of authorization of ten digits and more."""
    for label in labels.of("authorization"):
        for found in values_of(sheet, labels, label):
            if len(found.value) >= 10 and found.value.isdigit():  # noqa: PLR2004 [the SRI's are of 10, 37 or 49 digits]
                return found
    return None


def _candidates(sheet: Sheet, labels: Labels, taken: frozenset[str]) -> Iterator[Reference]:
    for label in labels.all:
        weight = _weight(label, labels)
        if weight is None:
            continue
        named = "mark" not in label.roles or _is_under_title(sheet, labels, label)
        for found in values_of(sheet, labels, label):
            if squash(found.value) not in taken:
                score = weight + found.score + _early(sheet, label)
                reached = label.reaches(found.box, sheet.slope)
                telling = found.telling and reached and (named or weight > _STRONG - 2)
                yield replace(found, score=score, telling=telling)


def _weight(label: Label, labels: Labels) -> float | None:
    """How surely a label announces the document's own number; None when it does not."""
    before = _label_before(label, labels)
    preceded = before is not None and bool(before.roles & {"corrected", "other_number", "buyer", "tax_id"})
    if preceded or "corrected" in label.roles or corrects(label.row, label.start):
        return None
    if "number" in label.roles:
        return _STRONG
    if "title" in label.roles:
        return _TITLED
    if "mark" in label.roles:
        if before is not None and before.roles & {"title", "number"}:
            return _STRONG - 1
        return _STRONG - 2 if _in_heading(label, labels) or _begins_cell(label) else _MARKED
    return None


def _is_under_title(sheet: Sheet, labels: Labels, label: Label) -> bool:
    """In the block of the heading, as ``FACTURA`` over ``Núm. 12``; a reference is often the other party's."""
    rows = sheet.rows[max(0, label.row.number - _TITLE_ROWS) : label.row.number + 1]
    titles = (other for row in rows if row.page == label.row.page for other in labels.in_row(row))
    return label.key != "ref" and any("title" in other.roles for other in titles)


def _begins_cell(label: Label) -> bool:
    return any(cell.tokens[0] is label.tokens[0] for cell in label.row.cells()) and len(label.key) > 1


def _in_heading(label: Label, labels: Labels) -> bool:
    """``Número | Serie | Fecha``: the head of a table of the document's own data."""
    return not any(char.isdigit() for char in label.row.text) and any(
        other.roles & {"date", "issue_date", "series", "due_date"} for other in labels.in_row(label.row)
    )


def _label_before(label: Label, labels: Labels) -> Label | None:
    """The label that stands directly before, so that both are one: ``Bestellung Nr.``, ``Abono Factura:``."""
    before = [each for each in labels.in_row(label.row) if each.end <= label.start]
    if not before:
        return None
    between = [
        token for token in label.row.tokens if before[-1].end <= token.start < label.start and token.text.strip(":.-")
    ]
    gap = label.box.left - before[-1].box.right
    return before[-1] if not between and gap < CELL_GAP * label.row.height else None


def _early(sheet: Sheet, label: Label) -> float:
    size = label.tokens[0].height / max(sheet.rows[0].height, 1.0)
    return -0.8 * label.row.number / max(len(sheet.rows), 1) + (0.3 if size > 1 else 0.0)


def ecuadorian_numbers(row: Row) -> Iterator[str]:
    """Numbers of the form establishment-point-sequence."""
    for match in _ECUADOR.finditer(row.text):
        digits = re.sub(r"\D", "", match.group())
        yield f"{digits[:3]}-{digits[3:6]}-{digits[6:]}"
