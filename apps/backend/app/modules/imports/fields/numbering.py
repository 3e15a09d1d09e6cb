"""Reads values that may number a document: beside a label, in its phrase, or under it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.modules.imports.fields.folding import fold, squash
from app.modules.imports.fields.layout import around, overlap

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from app.modules.imports.domain.canonical import Box
    from app.modules.imports.fields.labelling import Label, Labels
    from app.modules.imports.fields.layout import Row, Sheet, Token

_VALUE = re.compile(r"#?(?=[A-Z/\-._]*\d)[A-Z0-9][A-Z0-9/\-._\\]*", re.IGNORECASE)
_FILLER = re.compile(r"^(?:n|no|nº|n°|nr|num|numero|number|n\.o|#|:|-|\.|nro|de|la|y|serie|del|der)\W*$")
_PIECE = re.compile(r"\d|^[A-Z]{1,4}\W?$")
"""What may follow a lone slash or dash of a number; a word may not."""
_SERIES = re.compile(r"^[A-Z]{1,5}[-/.]?$")
_DATE = re.compile(
    r"^\d{1,2}[/.\-]\d{1,2}[/.\-]\d{2,4}$"
    r"|^\d{4}[/.\-]\d{1,2}[/.\-]\d{1,2}$|^\d{1,2}:\d{2}(?::\d{2})?$|^\d{1,2}[-/. ]?[a-z]{3,4}[-/. ]?\d{2,4}$"
)
_MONEY = re.compile(r"^-?\d{1,3}(?:[.,]\d{3})*[.,]\d{2}$|^-?\d+[.,]\d{2}(?:€|eur)?$|%$")
_BELOW_ROWS = 3
_PHRASE = 6
_NEAR, _FAR = 25, 60
"""Text heights between a label and its value: with other words between them, and with nothing but space."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A document's number as printed."""

    value: str
    row: Row
    tokens: tuple[Token, ...]
    score: float
    telling: bool = True
    """Whether its label says whose number it is: a bare ``Nº`` away from the heading may count anything."""

    @property
    def box(self) -> Box:
        return around(token.box for token in self.tokens)


def values_of(sheet: Sheet, labels: Labels, label: Label) -> Iterator[Reference]:
    """The value beside the label, else the one under it."""
    beside = _beside(sheet, label, labels) or _in_phrase(label, labels)
    if beside is not None:
        yield beside
        return
    yield from _below(sheet, labels, label)


def _in_phrase(label: Label, labels: Labels) -> Reference | None:
    """``Factura de derechos arancelarios 12/2026``: a heading that says what it is for. Never a proof, since the last
    of its words may as well be the label of another number.
    """
    if "title" not in label.roles:
        return None
    tokens = label.row.tokens
    start = tokens.index(label.tokens[-1]) + 1
    stops = {token.start for other in labels.in_row(label.row) if _stops(other) for token in other.tokens}
    for index in range(start, min(start + _PHRASE, len(tokens))):
        token = tokens[index]
        value = _value_at(tokens, index)
        if value is not None and index - start > 1:
            return Reference(value[0], label.row, value[1], -2.0, telling=False)
        if token.start in stops or not token.text.islower() or (index == start and token.text not in {"de", "por"}):
            return None
    return None


def _beside(sheet: Sheet, label: Label, labels: Labels) -> Reference | None:
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
        if value is not None and is_under_corrected(sheet, labels, label.row, value[1]):
            gap_from = token.box.right
            continue
        if value is not None:
            telling = "mark" not in label.roles or not _goes_on(label.row, value[1])
            far = 0.5 if token.box.left - label.tokens[-1].box.right > 8 * token.height else 0.0
            return Reference(
                value[0], label.row, value[1], (1.0 if label.exact else 0.5) - far - (not telling) * 3.0, telling
            )
        if token.start not in passable and not _FILLER.match(fold(token.text)) and token.text.strip(":.-/#()"):
            return None
    return None


def _goes_on(row: Row, tokens: Sequence[Token]) -> bool:
    """``Núm. 2 - Poda de seto``: a dash and words follow in its cell, so it counts items."""
    cell = next(cell for cell in row.cells() if tokens[-1] in cell.tokens)
    after = cell.tokens[cell.tokens.index(tokens[-1]) + 1 :]
    return bool(after) and after[0].text in {"-", "–", "."} and any(token.text.isalpha() for token in after)


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
        and _PIECE.search(tokens[end + 1 if tokens[end].text in {"/", "-"} else end].text)
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
            if value is not None and "title" in label.roles and not stands_alone(row, value[1]):
                continue
            if value is not None and not _headed_nearer(sheet, labels, label, token):
                yield Reference(value[0], row, value[1], 0.0 if label.exact else -0.5)
                return


def stands_alone(row: Row, tokens: Sequence[Token], labels: Labels | None = None) -> bool:
    """Nothing else in its cell, or nothing but labels where they are given: the number of a house is no document's."""
    known = {token.start for label in (labels.in_row(row) if labels else ()) for token in label.tokens}
    cell = next(cell for cell in row.cells() if tokens[0] in cell.tokens)
    return all(token in tokens or token.start in known for token in cell.tokens)


def _headed_nearer(sheet: Sheet, labels: Labels, label: Label, token: Token) -> bool:
    """Another label stands between the label and the value."""
    for row in sheet.rows[label.row.number + 1 : label.row.number + _BELOW_ROWS]:
        if row.box.bottom <= token.box.top and any(overlap(other.box, token.box) > 0 for other in labels.in_row(row)):
            return True
    return False


def is_under_corrected(sheet: Sheet, labels: Labels, row: Row, tokens: Sequence[Token]) -> bool:
    """In the column of a table that tells of the document that this one corrects."""
    box = around(token.box for token in tokens)
    heads = (
        other
        for above in sheet.rows[max(0, row.number - _BELOW_ROWS) : row.number]
        if above.page == row.page and not any(map(str.isdigit, above.text))
        for other in labels.in_row(above)
    )
    return any("corrected" in head.roles and overlap(head.box, box) > 0 for head in heads)
