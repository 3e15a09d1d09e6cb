"""Finds the numbers that name documents: the invoice's own, the one it corrects, an authorization."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.modules.imports.fields.folding import fold, squash
from app.modules.imports.fields.layout import CELL_GAP, around, overlap

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from app.modules.imports.domain.canonical import Box
    from app.modules.imports.fields.labelling import Label, Labels
    from app.modules.imports.fields.layout import Row, Sheet, Token

_VALUE = re.compile(r"#?(?=[A-Z/\-._]*\d)[A-Z0-9][A-Z0-9/\-._\\]*", re.IGNORECASE)
_FILLER = re.compile(r"^(?:n|no|nº|n°|nr|num|numero|number|n\.o|#|:|-|\.|nro|de|la|y|serie|del|der)\W*$")
_SERIES = re.compile(r"^[A-Z]{1,5}[-/.]?$")
_DATE = re.compile(
    r"^\d{1,2}[/.\-]\d{1,2}[/.\-]\d{2,4}$"
    r"|^\d{4}[/.\-]\d{1,2}[/.\-]\d{1,2}$|^\d{1,2}:\d{2}(?::\d{2})?$|^\d{1,2}[-/. ]?[a-z]{3,4}[-/. ]?\d{2,4}$"
)
_MONEY = re.compile(r"^-?\d{1,3}(?:[.,]\d{3})*[.,]\d{2}$|^-?\d+[.,]\d{2}(?:€|eur)?$|%$")
_ECUADOR = re.compile(r"(?<!\d)\d{3}\s?-\s?\d{3}\s?-\s?\d{9}(?!\d)|(?<!\d)\d{15}(?!\d)")
_CORRECTING = re.compile(
    r"(?:rectifica|rectifiquem|zuzentzen|anula|corrige|modifica|sustituye|substitueix|corrects|cancels|replaces)$"
)
_SENTENCE = 5
_STRONG, _TITLED, _MARKED = 6.0, 4.0, 2.0
_BELOW_ROWS = 3
_NEAR, _FAR = 25, 60
"""Text heights between a label and its value: with other words between them, and with nothing but space."""
_TELLING = 4


@dataclass(frozen=True, slots=True)
class Reference:
    """A document's number as printed."""

    value: str
    row: Row
    tokens: tuple[Token, ...]
    score: float

    @property
    def box(self) -> Box:
        return around(token.box for token in self.tokens)


def find_number(sheet: Sheet, labels: Labels, taken: frozenset[str]) -> Reference | None:
    """The document's own number: the best-labelled value; ``taken`` holds what is known to be something else."""
    candidates = list(_candidates(sheet, labels, taken))
    counts = squash(sheet.text)
    rated = [
        (each.score + (0.7 if counts.count(squash(each.value)) > 1 else 0.0), -each.row.number, each)
        for each in candidates
    ]
    return max(rated, key=lambda each: each[:2], default=(0, 0, None))[2]


def is_announced(sheet: Sheet, labels: Labels, taken: frozenset[str], found: Reference) -> bool:
    """A label of its own stands beside it; or one stands over it, and nothing else on the pages could be the number."""
    others = {squash(each.value) for each in _candidates(sheet, labels, taken) if each.score > _MARKED}
    sole = others == {squash(found.value)} and found.score > _TITLED - 1 and len(squash(found.value)) > 1
    return sole or found.score > _TITLED


def is_repeated(sheet: Sheet, found: Reference) -> bool:
    """Whether the same number stands as a word of its own on another row; short ones may be anything."""
    key = squash(found.value)
    rows = {row.number for row in sheet.rows for token in row.tokens if squash(token.text) == key}
    return len(key) >= _TELLING and len(rows | {found.row.number}) > 1


def find_corrected(sheet: Sheet, labels: Labels, own: str | None) -> Reference | None:
    """The number of the document that this one corrects."""
    told = (label for label in labels.of("title") if corrects(label.row, label.start))
    for label in (*labels.of("corrected"), *told):
        for found in _values(sheet, labels, label):
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
        for found in _values(sheet, labels, label):
            if len(found.value) >= 10 and found.value.isdigit():  # noqa: PLR2004 [the SRI's are of 10, 37 or 49 digits]
                return found
    return None


def _candidates(sheet: Sheet, labels: Labels, taken: frozenset[str]) -> Iterator[Reference]:
    for label in labels.all:
        weight = _weight(label, labels)
        if weight is None:
            continue
        yield from (
            Reference(found.value, found.row, found.tokens, weight + found.score + _early(sheet, label))
            for found in _values(sheet, labels, label)
            if squash(found.value) not in taken
        )


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


def _values(sheet: Sheet, labels: Labels, label: Label) -> Iterator[Reference]:
    beside = _beside(label, labels)
    if beside is not None:
        yield beside
        return
    yield from _below(sheet, labels, label)


def _beside(label: Label, labels: Labels) -> Reference | None:
    """The first value after the label, with at most filler words and one label of the same kind between."""
    position = label.row.tokens.index(label.tokens[-1]) + 1
    others = labels.in_row(label.row)
    stops = {other.tokens[0].start for other in others if _stops(other)}
    passable = {token.start for other in others if _passes(label, other) for token in other.tokens}
    gap_from = label.tokens[-1].box.right
    for index in range(position, min(position + 7, len(label.row.tokens))):
        token = label.row.tokens[index]
        reach = _FAR if index == position or not _words_between(label, token) else _NEAR
        if token.start in stops or token.box.left - gap_from > reach * token.height:
            return None
        value = _value_at(label.row.tokens, index)
        if value is not None:
            far = 0.5 if token.box.left - label.tokens[-1].box.right > 8 * token.height else 0.0
            return Reference(value[0], label.row, value[1], (1.0 if label.exact else 0.5) - far)
        if token.start not in passable and not _FILLER.match(fold(token.text)) and token.text.strip(":.-/#()"):
            return None
    return None


def _words_between(label: Label, token: Token) -> bool:
    return any(
        label.end <= other.start < token.start and any(char.isalnum() for char in other.text)
        for other in label.row.tokens
    )


def _passes(label: Label, other: Label) -> bool:
    """``Factura serie A nº 12``: what may stand between a label and its value; a mere heading bears less."""
    return bool(other.roles & {"mark", "series", "number"}) if "title" in label.roles else not _stops(other)


def _stops(label: Label) -> bool:
    return not label.roles & {"number", "title", "mark", "corrected", "series", "date_article"} or bool(
        label.roles & {"due_date", "issue_date", "tax_id"},
    )


def _value_at(tokens: Sequence[Token], index: int) -> tuple[str, tuple[Token, ...]] | None:
    """The value that begins here; a series of capitals before it belongs to it."""
    token = tokens[index]
    if token.text.endswith(":"):  # it announces something itself
        return None
    text = token.text.strip(":,;()[]").lstrip("#")
    following = tokens[index + 1] if index + 1 < len(tokens) else None
    close = following is not None and following.box.left - token.box.right < 0.8 * token.height
    if _SERIES.match(text) and following is not None and close and _is_value(following.text):
        return f"{text} {following.text.strip(':,;()')}", tuple(tokens[index : index + 2])
    if not _is_value(text):
        return None
    return _extended(tokens, index, text)


def _extended(tokens: Sequence[Token], index: int, text: str) -> tuple[str, tuple[Token, ...]]:
    """``2024 / 0329``: pieces around a lone slash or dash are one number."""
    end = index + 1
    while (
        end + 1 < len(tokens)
        and (tokens[end].text in {"/", "-"} or text[-1:] in {"/", "-"})
        and tokens[end].box.left - tokens[end - 1].box.right < tokens[end].height
    ):
        piece = tokens[end].text
        if piece in {"/", "-"}:
            text += piece + tokens[end + 1].text
            end += 2
        else:
            text += piece
            end += 1
    return text.rstrip(".-/"), tuple(tokens[index:end])


def _is_value(text: str) -> bool:
    bare = text.strip(":,;()[]").rstrip(".")
    if not _VALUE.fullmatch(bare) or len(squash(bare)) < 1:
        return False
    folded = fold(bare)
    return not _DATE.match(folded) and not _MONEY.search(folded)


def _below(sheet: Sheet, labels: Labels, label: Label) -> Iterator[Reference]:
    """The first row under the label that has a value in its column."""
    box = label.box
    for row in sheet.rows[label.row.number + 1 : label.row.number + 1 + _BELOW_ROWS]:
        if row.page != label.row.page or row.box.top - box.bottom > 3.5 * label.row.height:
            return
        labelled = {token.start for other in labels.in_row(row) for token in other.tokens}
        for index, token in enumerate(row.tokens):
            if token.start in labelled or overlap(token.box, box) <= -0.3 * token.height:
                continue
            value = _value_at(row.tokens, index)
            if value is not None and "title" in label.roles and not _stands_alone(row, value[1]):
                continue
            if value is not None and not _headed_nearer(sheet, labels, label, token):
                yield Reference(value[0], row, value[1], 0.0 if label.exact else -0.5)
                return


def _stands_alone(row: Row, tokens: Sequence[Token]) -> bool:
    """Nothing else in its cell: the number of a house is no document's number."""
    return any(cell.tokens == tuple(tokens) for cell in row.cells())


def _headed_nearer(sheet: Sheet, labels: Labels, label: Label, token: Token) -> bool:
    """Another label stands between the label and the value."""
    for row in sheet.rows[label.row.number + 1 : label.row.number + _BELOW_ROWS]:
        if row.box.bottom <= token.box.top and any(overlap(other.box, token.box) > 0 for other in labels.in_row(row)):
            return True
    return False


def ecuadorian_numbers(row: Row) -> Iterator[str]:
    """Numbers of the form establishment-point-sequence."""
    for match in _ECUADOR.finditer(row.text):
        digits = re.sub(r"\D", "", match.group())
        yield f"{digits[:3]}-{digits[3:6]}-{digits[6:]}"
