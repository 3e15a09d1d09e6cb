"""Finds the labels of a sheet: every run of words that announces a field, the longest reading first."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from rapidfuzz import fuzz, process

from app.modules.imports.fields.folding import squash
from app.modules.imports.fields.labels import LABELS
from app.modules.imports.fields.layout import CELL_GAP, around

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from app.modules.imports.domain.canonical import Box
    from app.modules.imports.fields.layout import Row, Sheet, Token

_LONGEST = 7
_WIDEST_GAP = 2.5
_FUZZY_FROM = 6
"""Shorter labels are never matched with a misread letter: too many words are one letter apart."""
_FUZZY_RATIO = 86
_SLACK = 0.4
"""Of a text height that a picture lying askew may drop on the way from a label to its value: rows are paired up to half
a height, and farther off a value may stand on the next row.
"""
_TRANSPARENT = re.compile(
    r"^[(\[]?\d{1,2}(?:[.,]\d{1,2})?\s?%[)\]:]?$|^[(\[]?(?:€|eur|euros?|us\$|\$|rm|usd)[)\]:]?$|^[%/&.:|*\-()+=]+$",
    re.IGNORECASE,
)


@dataclass(frozen=True)  # without slots, as cells are
class Label:
    """A label in its place; ``exact`` is false when a letter had to be forgiven."""

    roles: frozenset[str]
    key: str
    row: Row
    tokens: tuple[Token, ...]
    exact: bool

    @cached_property
    def box(self) -> Box:
        return around(token.box for token in self.tokens)

    @property
    def start(self) -> int:
        return self.tokens[0].start

    @property
    def end(self) -> int:
        return self.tokens[-1].end

    def reaches(self, box: Box, slope: float) -> bool:
        """Whether a value in the box is on the label's own row also where rows fall by ``slope``."""
        return (box.left - self.box.right) * slope <= _SLACK * self.row.height


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels of a sheet, by row."""

    all: tuple[Label, ...]
    by_row: dict[int, tuple[Label, ...]]

    def of(self, role: str) -> Iterator[Label]:
        return (label for label in self.all if role in label.roles)

    def with_sides_changed(self) -> Labels:
        """For a liquidación de compra, whose ``Proveedor`` is the other party and not the one who issues it."""
        by_row = {number: tuple(map(_other_side, labels)) for number, labels in self.by_row.items()}
        return Labels(tuple(label for labels in by_row.values() for label in labels), by_row)

    def in_row(self, row: Row) -> tuple[Label, ...]:
        return self.by_row.get(row.number, ())


def _other_side(label: Label) -> Label:
    return replace(label, roles=label.roles - {"supplier"} | {"buyer"}) if "supplier" in label.roles else label


def find_labels(sheet: Sheet) -> Labels:
    """Labels in reading order; where two readings overlap, the longer one stands."""
    fuzzy = sheet.source == "ocr"
    by_row = {row.number: tuple(_labels_of(row, fuzzy=fuzzy)) for row in sheet.rows}
    return Labels(tuple(label for labels in by_row.values() for label in labels), by_row)


def _labels_of(row: Row, *, fuzzy: bool) -> Iterator[Label]:
    index = 0
    while index < len(row.tokens):
        label = _longest_at(row, index, fuzzy=fuzzy)
        if label is None:
            index += 1
        else:
            yield label
            index += len(label.tokens)


def _longest_at(row: Row, index: int, *, fuzzy: bool) -> Label | None:
    """The longest label that begins with this token."""
    best: Label | None = None
    previous: Token | None = None
    if _TRANSPARENT.match(row.tokens[index].text):
        return None
    key = ""
    for length, token in enumerate(_run(row.tokens[index:]), 1):
        if (
            best is not None
            and previous is not None
            and _begins_another(row, index + length - 1, previous, fuzzy=fuzzy)
        ):
            break
        previous = token
        piece = _key_of(token)
        key += piece
        if not piece and length > 1:
            continue
        match = _look_up(key, fuzzy=fuzzy)
        if match is not None and (best is None or match[1] or not best.exact):
            best = Label(LABELS[match[0]], match[0], row, row.tokens[index : index + length], match[1])
    return best


def _begins_another(row: Row, index: int, previous: Token, *, fuzzy: bool) -> bool:
    """Headings of two columns side by side are two labels, although ``Importe IVA`` would be one as well."""
    token = row.tokens[index]
    if token.box.left - previous.box.right <= CELL_GAP * max(token.height, previous.height):
        return False
    return _look_up(_key_of(token), fuzzy=fuzzy) is not None


def _run(tokens: Sequence[Token]) -> Iterator[Token]:
    previous: Token | None = None
    for token in tokens[:_LONGEST]:
        if previous is not None and token.box.left - previous.box.right > _WIDEST_GAP * token.height:
            return
        yield token
        previous = token
        if token.text.endswith(":"):
            return


def _key_of(token: Token) -> str:
    if token.text == "#":
        return "#"
    return "" if _TRANSPARENT.match(token.text) else squash(re.sub(r"\d{1,2}(?:[.,]\d{1,2})?\s?%", "", token.text))


@lru_cache(maxsize=32768)
def _look_up(key: str, *, fuzzy: bool) -> tuple[str, bool] | None:
    """The known label that this is, and whether it is so to the letter."""
    if key in LABELS:
        return key, True
    if not fuzzy or len(key) < _FUZZY_FROM:
        return None
    near = [known for size in (-1, 0, 1) for known in _by_length()[len(key) + size]]
    found = process.extractOne(key, near, scorer=fuzz.ratio, score_cutoff=_FUZZY_RATIO)
    return (found[0], False) if found else None


@lru_cache(maxsize=1)
def _by_length() -> defaultdict[int, list[str]]:
    groups: defaultdict[int, list[str]] = defaultdict(list)
    for key in LABELS:
        if len(key) >= _FUZZY_FROM - 1:
            groups[len(key)].append(key)
    return groups
