"""Lays the words of pages out as rows of tokens, in reading order, and splits rows into cells at wide gaps."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

from app.modules.imports.domain.canonical import Box
from app.modules.imports.fields.folding import squash
from app.modules.imports.fields.labels import LABELS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from app.modules.imports.domain.page import Page, Word

CELL_GAP = 0.95
"""A gap wider than this share of the text height separates two cells."""
_OTHER_TYPE = 1.4
_WIDE_TYPE = 0.75
"""Glyphs as wide as this share of their height: the double width of till printers, whose spaces are as wide."""
_WIDE_SPACE = 1.5
"""Times the width of such a glyph."""
_WORD = 3
"""Fewer letters before a stroke are an abbreviation, such as ``A/A``."""
_BARS = 2
_UPRIGHT = 1.5
_SAME_ROW = 0.5
"""Centres closer than this share of the smaller height stand on one row."""
_LONG_LINE = 5
"""Times its height."""
_NEARLY_ALL = 0.9
_LINES_TO_TELL = 3
_UNKNOWN_SLOPE = 0.05
"""Of a picture with too few lines to tell: three degrees. Nine of ten flattened photographs have less than one."""
_PERCENT_FIRST = re.compile(r"^%(\d{1,2}(?:[.,]\d{1,2})?)$")
"""``%21``, as Basque writes it."""
_GLUED = re.compile(
    r"(?<=[^\d\W]):(?=[^/\s:])|(?<=[).]):(?=\S)|(?:(?<=^[nN])|(?<=^[nN][oOrR]))[º°.]+:?(?=\w*\d)"
    r"|(?<=\d[.,]\d\d)(?=[^\W\d_]{3,}$)|(?<=^s/)(?=\d)|(?<=[^\W\d_]\.)(?=\d{1,2}(?:[.,]\d{1,2})?%$)",
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word in its place: ``start`` is its offset in the row's text."""

    text: str
    box: Box
    confidence: float
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @property
    def height(self) -> float:
        return self.box.bottom - self.box.top


@dataclass(frozen=True, slots=True)
class Row:
    """The tokens that stand on one line across the whole width of a page."""

    number: int
    page: int
    tokens: tuple[Token, ...]
    text: str
    box: Box

    @property
    def height(self) -> float:
        return median(token.height for token in self.tokens)

    def span(self, start: int, end: int) -> tuple[Token, ...]:
        """The tokens that the characters from ``start`` to ``end`` of the row's text touch."""
        return tuple(token for token in self.tokens if token.start < end and token.end > start)

    def cells(self) -> tuple[Cell, ...]:
        """The row split where the gap is too wide for a space."""
        groups: list[list[Token]] = []
        for token in self.tokens:
            if groups and token.box.left - groups[-1][-1].box.right <= _space_between(groups[-1][-1], token):
                groups[-1].append(token)
            else:
                groups.append([token])
        return tuple(Cell(row=self, tokens=tuple(group)) for group in groups)


def _space_between(one: Token, other: Token) -> float:
    """The widest gap within a cell; type of another size hardly belongs to it, and a heading beside it never does."""
    smaller, larger = sorted((one.height, other.height))
    if larger >= _OTHER_TYPE * smaller:
        return CELL_GAP * smaller / 2
    glyph = min((token.box.right - token.box.left) / len(token.text) for token in (one, other))
    return max(CELL_GAP * larger, _WIDE_SPACE * glyph) if glyph > _WIDE_TYPE * larger else CELL_GAP * larger


@dataclass(frozen=True)  # without slots: its box is asked for a hundred times and worked out once
class Cell:
    """Neighbouring tokens of a row with nothing but spaces between them."""

    row: Row
    tokens: tuple[Token, ...]

    @property
    def text(self) -> str:
        return " ".join(token.text for token in self.tokens)

    @cached_property
    def box(self) -> Box:
        return around(token.box for token in self.tokens)

    @cached_property
    def height(self) -> float:
        return median(token.height for token in self.tokens)


@dataclass(frozen=True, slots=True)
class Sheet:
    """All rows of a document from top to bottom, pages one after another."""

    rows: tuple[Row, ...]
    cells: tuple[Cell, ...]
    pages: tuple[Page, ...]
    source: str
    slope: float = 0.0
    """By how much the rows of a picture fall or rise, as a share of the way across."""

    def page_rows(self, number: int) -> Iterator[Row]:
        return (row for row in self.rows if row.page == number)

    @property
    def text(self) -> str:
        return "\n".join(row.text for row in self.rows)


def around(boxes: Iterable[Box]) -> Box:
    """The smallest box that holds all of them."""
    every = list(boxes)
    if len(every) == 1:
        return every[0]
    return Box(
        min(box.left for box in every),
        min(box.top for box in every),
        max(box.right for box in every),
        max(box.bottom for box in every),
    )


def overlap(one: Box, other: Box) -> float:
    """How far two boxes overlap horizontally; negative is the gap between them."""
    return min(one.right, other.right) - max(one.left, other.left)


def lay_out(pages: Sequence[Page]) -> Sheet:
    """Rows and cells of all pages; a page without words adds none."""
    rows: list[Row] = []
    for page in pages:
        words = _distinct(piece for word in page.words for piece in _unglued(word))
        level, upright = _upright(words)
        for group in (*_grouped(level), *upright):
            rows.append(_row(len(rows), page.number, _unboxed(group)))
    cells = tuple(cell for row in rows for cell in row.cells())
    source = "ocr" if any(page.source == "ocr" for page in pages) else "text"
    slope = _slope(cells) if source == "ocr" else 0.0
    return Sheet(rows=tuple(rows), cells=cells, pages=tuple(pages), source=source, slope=slope)


def _slope(cells: Iterable[Cell]) -> float:
    """That of nearly the steepest line, since a page seen at an angle is not equally steep everywhere."""
    slopes = sorted(abs(_fall(cell)) for cell in cells if cell.box.right - cell.box.left > _LONG_LINE * cell.height)
    return slopes[int(_NEARLY_ALL * (len(slopes) - 1))] if len(slopes) >= _LINES_TO_TELL else _UNKNOWN_SLOPE


def _fall(cell: Cell) -> float:
    first, last = cell.tokens[0].box, cell.tokens[-1].box
    across = (last.left + last.right - first.left - first.right) / 2
    return (last.top + last.bottom - first.top - first.bottom) / 2 / across if across > 0 else 0.0


def _unglued(word: Word) -> Iterator[Word]:
    """``Total:12,50`` and ``593.45RENTA`` are two words that lost their space; times and addresses keep their colon."""
    cuts = [match.end() for match in _GLUED.finditer(word.text)] or _between_tongues(word.text)
    edges = [0, *cuts, len(word.text)]
    width = (word.box.right - word.box.left) / max(len(word.text), 1)
    for start, end in pairwise(edges):
        text = _PERCENT_FIRST.sub(r"\1%", word.text[start:end].strip())
        if text:
            box = Box(word.box.left + start * width, word.box.top, word.box.left + end * width, word.box.bottom)
            yield replace(word, text=text, box=box)


def _upright(words: Iterable[Word]) -> tuple[list[Word], list[list[Word]]]:
    """Words set level, and the lines that run up or down a margin: each of these is a row at the end of its page."""
    level: list[Word] = []
    lines: defaultdict[int, list[Word]] = defaultdict(list)
    known = list(words)
    tall = {word.line for word in known if word.line is not None and _is_upright(word)}
    for word in known:
        if word.line in tall and word.line is not None:
            lines[word.line].append(word)
        else:
            level.append(word)
    return level, list(lines.values())


def _is_upright(word: Word) -> bool:
    """Far taller than wide, although it has several letters."""
    box = word.box
    return len(word.text) > _WORD and box.bottom - box.top > _UPRIGHT * (box.right - box.left)


def _unboxed(group: list[Word]) -> list[Word]:
    """Without the bars with which a program that knows no lines draws a frame."""
    if len(group) > _BARS and group[0].text == group[-1].text == "|":
        return [word for word in group if word.text != "|"] or group
    return group


def _between_tongues(text: str) -> list[int]:
    """``Factura/Invoice``: where a stroke divides two labels that say the same in two languages."""
    one, stroke, other = text.partition("/")
    same = LABELS.get(squash(one), frozenset()) & LABELS.get(squash(other), frozenset())
    apart = same and len(one) >= _WORD and squash(text) not in LABELS
    return [len(one) + len(stroke)] if apart else []


def _distinct(words: Iterable[Word]) -> list[Word]:
    """Bold type is sometimes the same word printed twice, a hair apart."""
    seen: set[tuple[str, int, int]] = set()
    kept = []
    for word in words:
        place = (word.text, round(word.box.left / 2), round(word.box.top / 2))
        if place not in seen:
            seen.add(place)
            kept.append(word)
    return kept


def _grouped(words: list[Word]) -> list[list[Word]]:
    """Chains words from left to right, so that a page a little out of level still reads in rows."""
    if not words:
        return []
    pitch = max(median(word.box.bottom - word.box.top for word in words), 1.0)
    chains: list[list[Word]] = []
    ends: defaultdict[int, list[int]] = defaultdict(list)
    for word in sorted(words, key=lambda each: (each.box.left, each.box.top)):
        bucket = int(_centre(word) / pitch)
        near = [index for step in (-1, 0, 1) for index in ends[bucket + step]]
        fitting = [index for index in near if _continues(chains[index][-1], word)]
        if fitting:
            best = min(fitting, key=lambda index: abs(_centre(chains[index][-1]) - _centre(word)))
            ends[int(_centre(chains[best][-1]) / pitch)].remove(best)
            chains[best].append(word)
        else:
            best = len(chains)
            chains.append([word])
        ends[bucket].append(best)
    return sorted(chains, key=lambda chain: (sum(map(_centre, chain)) / len(chain), chain[0].box.left))


def _continues(last: Word, word: Word) -> bool:
    smaller = min(last.box.bottom - last.box.top, word.box.bottom - word.box.top)
    overlapping = last.box.right - word.box.left > max(smaller, 1.0)
    return not overlapping and abs(_centre(last) - _centre(word)) <= _SAME_ROW * smaller


def _centre(word: Word) -> float:
    return (word.box.top + word.box.bottom) / 2


def _row(number: int, page: int, words: Sequence[Word]) -> Row:
    tokens = []
    start = 0
    for word in words:
        tokens.append(Token(word.text, word.box, word.confidence, start))
        start += len(word.text) + 1
    return Row(number, page, tuple(tokens), " ".join(word.text for word in words), around(word.box for word in words))
