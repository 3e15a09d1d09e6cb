"""Turns the glyphs of a PDF page into words and lines by where they stand, not by the order of drawing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING, Final

from app.modules.imports.domain.canonical import Box
from app.modules.imports.domain.page import Word

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from app.modules.imports.formats.pdf_glyphs import Frame, Glyph

# All in units of the font size.
_WORD_GAP: Final = 0.18
_INK_GAP: Final = 0.5
_OVERLAP: Final = 1.1  # the letters of a ligature share one box
_BASELINE: Final = 0.25
_LINE_GAP: Final = 1.6
_SAME_PLACE: Final = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """Glyphs drawn one after the other without a space."""

    text: str
    box: Box
    baseline: float
    size: float
    loose: bool
    after_space: bool

    def touches(self, following: _Run | Glyph) -> bool:
        """Whether the other goes on where this one ends."""
        size = max(self.size, following.size)
        gap = following.box.left - self.box.right
        widest = _WORD_GAP if self.loose and following.loose else _INK_GAP
        level = abs(following.baseline - self.baseline) < _BASELINE * size
        return level and -_OVERLAP * size < gap < widest * size

    def joined(self, following: _Run | Glyph) -> _Run:
        return replace(
            self,
            text=self.text + following.text,
            box=_union(self.box, following.box),
            size=max(self.size, following.size),
            loose=self.loose and following.loose,
        )


def read_words(glyphs: Iterable[Glyph], frame: Frame) -> tuple[Word, ...]:
    """Words in reading order with boxes in the frame given. Words of one ``line`` stand side by side on one baseline,
    with no gap between them that a column could hide in.
    """
    placed = list(glyphs)
    words: list[Word] = []
    for quarter in sorted({glyph.quarter for glyph in placed}, key=lambda quarter: (quarter - frame.quarters) % 4):
        own = frame.turned(quarter)
        turn = (frame.quarters - quarter) % 4
        upright = [glyph for glyph in placed if glyph.quarter == quarter and not glyph.skewed]
        aslant = [glyph for glyph in placed if glyph.quarter == quarter and glyph.skewed]
        for line in (*_lines(_runs(upright)), *_aslant_lines(aslant)):
            number = words[-1].line + 1 if words and words[-1].line is not None else 0
            words.extend(Word(run.text, turn_box(run.box, own.size, turn), line=number) for run in line)
    return tuple(words)


def turn_box(box: Box, size: tuple[float, float], quarters: int) -> Box:
    """The box after its page, of the width and height given, was turned clockwise."""
    width, height = size
    match quarters % 4:
        case 0:
            return box
        case 1:
            return Box(height - box.bottom, box.left, height - box.top, box.right)
        case 2:
            return Box(width - box.right, height - box.bottom, width - box.left, height - box.top)
        case _:
            return Box(box.top, width - box.right, box.bottom, width - box.left)


def _runs(glyphs: Sequence[Glyph]) -> list[_Run]:
    runs: list[_Run] = []
    after_space = True
    for glyph in glyphs:
        if not glyph.text:
            after_space = True
            continue
        if runs and not after_space and runs[-1].touches(glyph):
            runs[-1] = runs[-1].joined(glyph)
        else:
            runs.append(_started(glyph, after_space=after_space))
        after_space = False
    return runs


def _started(glyph: Glyph, *, after_space: bool) -> _Run:
    return _Run(
        text=glyph.text,
        box=glyph.box,
        baseline=glyph.baseline,
        size=glyph.size,
        loose=glyph.loose,
        after_space=after_space,
    )


def _lines(runs: Iterable[_Run]) -> Iterator[list[_Run]]:
    for row in _rows(runs):
        line: list[_Run] = []
        for word in _words(row):
            if line and word.box.left - line[-1].box.right > _LINE_GAP * max(word.size, line[-1].size):
                yield line
                line = []
            line.append(word)
        if line:
            yield line


def _rows(runs: Iterable[_Run]) -> Iterator[list[_Run]]:
    """Runs that share a baseline, rows from top to bottom, runs from left to right."""
    row: list[_Run] = []
    for run in sorted(runs, key=lambda run: run.baseline):
        if row and run.baseline - row[-1].baseline > _BASELINE * min(run.size, row[-1].size):
            yield sorted(row, key=lambda run: run.box.left)
            row = []
        row.append(run)
    yield sorted(row, key=lambda run: run.box.left)


def _words(row: Iterable[_Run]) -> list[_Run]:
    """Runs drawn piecemeal are put together; what was drawn twice (for boldness or a shadow) stands once."""
    words: list[_Run] = []
    for run in row:
        if any(_drawn_again(word, run) for word in words[-2:]):
            continue
        if words and not run.after_space and words[-1].touches(run):
            words[-1] = words[-1].joined(run)
        else:
            words.append(run)
    return words


def _drawn_again(word: _Run, run: _Run) -> bool:
    near = _SAME_PLACE * run.size
    same = abs(word.box.left - run.box.left) < near and abs(word.box.right - run.box.right) < near
    return same and word.text == run.text


def _aslant_lines(glyphs: Sequence[Glyph]) -> Iterator[list[_Run]]:
    """Slanted text has no row to stand in: its words are taken as they were drawn."""
    for printed, word in groupby(glyphs, key=lambda glyph: bool(glyph.text)):
        if printed:
            first, *rest = word
            run = _started(first, after_space=True)
            for glyph in rest:
                run = run.joined(glyph)
            yield [run]


def _union(one: Box, other: Box) -> Box:
    return Box(
        min(one.left, other.left),
        min(one.top, other.top),
        max(one.right, other.right),
        max(one.bottom, other.bottom),
    )
