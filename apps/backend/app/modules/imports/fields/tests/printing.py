"""Prints invented documents as pages of words, laid out at positions as a printer would."""

from __future__ import annotations

from app.modules.imports.domain.canonical import Box
from app.modules.imports.domain.page import Page, Word

_ADVANCE = 0.5
"""Width of a letter as a share of its height."""


def row(top: float, *cells: tuple[float, str], size: float = 10.0) -> list[Word]:
    """Words of cells that begin at the x positions given."""
    words = []
    for left, text in cells:
        at = left
        for piece in text.split():
            width = len(piece) * size * _ADVANCE
            words.append(Word(piece, Box(at, top, at + width, top + size)))
            at += width + size * 0.3
    return words


def flush(top: float, *cells: tuple[float, str], size: float = 10.0) -> list[Word]:
    """Words of cells that end at the x positions given, as columns of figures do."""
    words: list[Word] = []
    for right, text in cells:
        pieces = text.split()
        width = sum(len(piece) for piece in pieces) * size * _ADVANCE + (len(pieces) - 1) * size * 0.3
        words += row(top, (right - width, text), size=size)
    return words


def page(*rows: list[Word], width: float = 595.0, height: float = 842.0, number: int = 1, source: str = "text") -> Page:
    return Page(number=number, width=width, height=height, words=tuple(w for each in rows for w in each), source=source)


def lines(text: str, *, left: float = 50.0, top: float = 40.0, pitch: float = 14.0, letter: float = 5.0) -> Page:
    """A page from text as a typewriter sets it: the column of a character is its place."""
    words = []
    for number, line in enumerate(text.strip("\n").split("\n")):
        start = 0
        for piece in line.split(" "):
            if piece:
                at = left + start * letter
                box = Box(at, top + number * pitch, at + len(piece) * letter, top + number * pitch + 10.0)
                words.append(Word(piece, box))
            start += len(piece) + 1
    widest = max(len(line) for line in text.split("\n"))
    return Page(
        number=1, width=max(595.0, 2 * left + widest * letter), height=842.0, words=tuple(words),
    )  # fmt: skip
