"""What each row below the headings of a bank's export is: a movement, a total, a note, or what nobody can read."""

from __future__ import annotations

import re
from enum import Enum, auto
from typing import TYPE_CHECKING, Final

from app.modules.imports.mapping.bank_labels import Label, begins_as_label, is_opening, read_label
from app.modules.imports.mapping.bank_statuses import is_unbooked
from app.modules.imports.mapping.conventions import read_date
from app.modules.imports.mapping.dates import looks_dated
from app.modules.imports.mapping.numbers import looks_numeric

if TYPE_CHECKING:
    from app.modules.imports.mapping.bank_columns import BankColumns

    Row = tuple[object, ...]

_BROKEN_DATE: Final = re.compile(r"\s*[0-9]{1,4}[-/. ][0-9A-Za-z]{1,10}[-/. ][0-9]{1,4}")
_UNBOOKED_TITLE: Final = re.compile(
    r"(movimientos|operaciones|transacciones|transactions|pagos)\s+(pendientes|retenid|por\s|pending|en curso)"
    r"|^pending\b",
    re.IGNORECASE,
)
_BLANK: Final = frozenset({"", "-", "--", "–", "—"})


class RowKind(Enum):
    """What a row is."""

    BLANK = auto()
    TITLE = auto()
    """One cell of text: of a section, or of what follows."""
    UNBOOKED_TITLE = auto()
    """A title over what the bank only holds back: none of it is in the balance."""
    TEXT = auto()
    """Nothing but words in the columns of descriptions: they go on with the movement above."""
    OPENING = auto()
    CLOSING = auto()
    TOTAL = auto()
    DATED = auto()
    """A movement."""
    UNDATED = auto()
    """A movement of the day above, or a line of a summary."""
    UNBOOKED = auto()
    """A movement that its status says never was one."""
    UNREAD = auto()
    """What looks like a movement, but its amount or its date cannot be read."""
    OTHER = auto()


_OF_LABEL: Final = {
    Label.OPENING: RowKind.OPENING,
    Label.CLOSING: RowKind.CLOSING,
    Label.TOTAL: RowKind.TOTAL,
    Label.BALANCE: RowKind.OTHER,
}


def cell(row: Row, place: int | None) -> object:
    """The cell, None when the row is shorter or there is no such column."""
    return row[place] if place is not None and place < len(row) else None


def kind_of(row: Row, columns: BankColumns) -> RowKind:
    """What the row is by itself; whether an undated one is a movement only its neighbours tell."""
    filled = [place for place, value in enumerate(row) if value not in (None, "")]
    if not filled:
        return RowKind.BLANK
    label = _label(row, columns)
    if label is not None:
        return _OF_LABEL[label]
    if len(filled) == 1 and isinstance(row[filled[0]], str):
        return _lone(row, filled[0], columns)
    if _moves_money(row, columns):
        return _moving(row, columns)
    if _is_unread(row, columns):
        return RowKind.UNREAD
    return RowKind.TEXT if set(filled) <= set(columns.descriptions) else RowKind.OTHER


def day_of(row: Row, columns: BankColumns) -> object:
    """The first of the row's dates that is not blank."""
    return next((day for place in columns.all_dates if (day := cell(row, place)) not in (None, "")), None)


def states_balance(row: Row, columns: BankColumns) -> bool:
    """Whether the row states the balance after it."""
    return any(is_sum(cell(row, place)) for place in columns.balances)


def has_text(row: Row, columns: BankColumns) -> bool:
    """Whether anything says what the row is."""
    texts = (cell(row, place) for place in columns.descriptions)
    return any(isinstance(text, str) and text.strip() for text in texts)


def is_sum(value: object) -> bool:
    """Whether the cell holds an amount."""
    return value is not None and looks_numeric(value)


def is_unbooked_title(row: Row) -> bool:
    """Whether the row is a title over what the bank only holds back."""
    filled = [value for value in row if value not in (None, "")]
    return len(filled) == 1 and isinstance(filled[0], str) and bool(_UNBOOKED_TITLE.search(filled[0]))


def _lone(row: Row, place: int, columns: BankColumns) -> RowKind:
    if is_unbooked_title(row):
        return RowKind.UNBOOKED_TITLE
    return RowKind.TEXT if place in columns.descriptions else RowKind.TITLE


def _moving(row: Row, columns: BankColumns) -> RowKind:
    unbooked = is_unbooked(cell(row, columns.status))
    day = day_of(row, columns)
    if day is None:
        is_line = has_text(row, columns) and not any(map(begins_as_label, row))
        if not is_line and not (has_text(row, columns) and states_balance(row, columns)):
            return RowKind.OTHER
        return RowKind.UNBOOKED if unbooked else RowKind.UNDATED
    if _may_be_date(day):
        return RowKind.UNBOOKED if unbooked else RowKind.DATED
    is_garbled = any(c.isdigit() for c in str(day)) and has_text(row, columns)
    return RowKind.UNREAD if is_garbled else RowKind.OTHER


def _label(row: Row, columns: BankColumns) -> Label | None:
    """The balance or total that the row states instead of a movement."""
    texts = [t for place in columns.descriptions if isinstance(t := cell(row, place), str) and t.strip()]
    labels = [read_label(text) for text in texts or _words(row)[:1]]
    if labels and None not in labels:
        return labels[0]
    announced = not _moves_money(row, columns) and any(is_opening(value) for value in row)
    return Label.OPENING if announced else None


def _words(row: Row) -> list[str]:
    return [c for c in row if isinstance(c, str) and c.strip() and not looks_numeric(c) and not looks_dated(c)]


def _moves_money(row: Row, columns: BankColumns) -> bool:
    return any(is_sum(cell(row, place)) for place in columns.moved)


def _is_unread(row: Row, columns: BankColumns) -> bool:
    """A day, a text, and something in the place of the amount that is none."""
    day = day_of(row, columns)
    printed = [str(value).strip() for place in columns.moved if (value := cell(row, place)) is not None]
    return (
        day is not None and _may_be_date(day) and has_text(row, columns) and any(text not in _BLANK for text in printed)
    )


def _may_be_date(value: object) -> bool:
    return read_date(value, "dmy") is not None or (isinstance(value, str) and bool(_BROKEN_DATE.match(value)))


def stated_balance(row: Row, columns: BankColumns) -> object:
    """The balance that a row of one states: in the column of balances, else in that of amounts."""
    return next((b for place in (*columns.balances, *columns.moved) if is_sum(b := cell(row, place))), None)
