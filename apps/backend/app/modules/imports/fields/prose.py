"""Carries a label over the end of a line: in a sentence an amount may begin the row after its label."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from app.modules.imports.fields.amounts import Amount
    from app.modules.imports.fields.labelling import Label, Labels
    from app.modules.imports.fields.layout import Row, Sheet

_WORDS: Final = 5
"""Fewer in a row make no line of a sentence."""
_BETWEEN: Final = 3
_CLOSE: Final = 1.2


def carried_label(sheet: Sheet, labels: Labels, amount: Amount) -> Label | None:
    """The last label of the row above, where only small words stand between it and an amount that begins its row."""
    row = amount.row
    above = sheet.rows[row.number - 1] if row.number else row
    if not row.number or not _is_line(above) or not _goes_on(above, row):
        return None
    known = labels.in_row(above)
    label = known[-1] if known else None
    if label is None:
        return None
    between = [token.text for token in above.tokens if token.start >= label.end]
    between += [token.text for token in row.tokens if token.end <= amount.tokens[0].start]
    small = all(text.isalpha() and text.islower() for text in between)
    return label if small and len(between) <= _BETWEEN and not label.tokens[-1].text.endswith((".", ":")) else None


def _is_line(row: Row) -> bool:
    """Mostly words, and more small ones than capitals: part of a sentence and no row of headings."""
    words = [token.text for token in row.tokens if token.text.strip(",.;:()").isalpha()]
    return len(words) >= _WORDS and sum(word.islower() for word in words) * 2 > len(words)


def _goes_on(above: Row, row: Row) -> bool:
    """The next line of the same paragraph."""
    close = row.box.top - above.box.bottom < _CLOSE * row.height
    aligned = abs(row.box.left - above.box.left) < 2 * row.height
    return row.page == above.page and close and aligned and len(row.tokens) > 1
