"""The fields of a SWIFT statement message: how they are told apart, and what fields 60, 61 and 62 say."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from app.modules.imports.domain.errors import Unreadable
from app.modules.imports.formats.bank_statement import join_text, read_amount

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

_TAG = re.compile(r"[\x00-\x20\ufeff]*(?:\{.*\{4:)?:(\d\d[A-Z]?|NS):")
_END = re.compile(r"(?:-(?:\}.*|X+|\x03)?|\{1:F.*)\s*")
"""The end of a message, or the head of the next one where the bank forgot to end the one before."""
_BALANCE = re.compile(r"\s*(R?[CD])\s*(\d{6})\s*([A-Z]{3})\s*([\d.,]{1,30})\s*")
_CURRENCY = re.compile(r"\d*([A-Z]{3})")
_MOVEMENT = re.compile(
    r"\s*(?P<value>\d{6})(?P<entry>\d{4}|\s{4})?\s*(?P<mark>R[CD]|E?[CD])(?P<funds>[A-Z])?\s*(?P<amount>[\d.,]{1,30})"
    r"\s*(?:[NFS][A-Z0-9]{3})?(?P<rest>.*)"
)
_GAP = re.compile(r"\s{2,}")
_CENTURY = 80
_FEBRUARY = 2
_LAST_DAY_OF_30_360 = 30


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its tag without colons, its lines, and the number of its first line in the file."""

    tag: str
    lines: tuple[str, ...]
    line: int

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


@dataclass(frozen=True, slots=True)
class Balance:
    """Field 60 or 62; owed to the bank is negative."""

    amount: Decimal
    currency: str
    on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """Field 61; money out is negative. ``stated`` is its first line."""

    line: int
    stated: str
    amount: Decimal
    valued_on: date | None
    booked_on: date | None
    bad_date: bool
    reference: str | None
    bank_reference: str | None
    details: str | None


def split_messages(text: str) -> list[list[Field]]:
    """The fields of each message. A message begins with field 20, or with field 60 when the one before is closed."""
    messages: list[list[Field]] = []
    closed = False
    for part in _split_fields(text):
        opens = part.tag == "20" or (closed and part.tag.startswith("60"))
        if opens:
            messages.append([])
            closed = False
        if messages:
            messages[-1].append(part)
        closed = closed or part.tag.startswith("62")
    return messages


def read_balance(part: Field) -> Balance:
    """Fields 60 and 62: mark, date, currency, amount."""
    found = _BALANCE.fullmatch(part.lines[0])
    amount = read_amount(found.group(4)) if found else None
    if found is None or amount is None:
        raise Unreadable("corrupt", f"line {part.line}: field {part.tag} is no balance")
    negative = found.group(1) in ("D", "RC") and amount
    return Balance(-amount if negative else amount, found.group(3), _date(found.group(2)))


def read_currency(part: Field) -> str | None:
    """The currency of fields 34F and 90 of MT942, which has no opening balance to state one."""
    found = _CURRENCY.match(part.lines[0])
    return found.group(1) if found else None


def read_movement(part: Field) -> Movement:
    """Field 61. The credit of a reversal takes money out, that of a debit brings it back."""
    found = _MOVEMENT.fullmatch(part.lines[0])
    amount = read_amount(found["amount"]) if found else None
    if found is None or amount is None:
        raise Unreadable("corrupt", f"line {part.line}: field 61 is no movement")
    valued_on = _date(found["value"])
    customer, _, bank = found["rest"].partition("//")
    _, _, counterparty = _GAP.sub("\0", customer.strip()).partition("\0")
    return Movement(
        line=part.line,
        stated=part.lines[0].strip(),
        amount=-amount if found["mark"] in ("D", "RC", "ED") and amount else amount,
        valued_on=valued_on,
        booked_on=_entry_date(found["entry"], valued_on),
        bad_date=valued_on is None,
        reference=join_text(customer),
        bank_reference=join_text(bank),
        details=join_text(counterparty.replace("\0", " "), *part.lines[1:]),
    )


def _split_fields(text: str) -> Iterator[Field]:
    if "@@:" in text:  # FinTS transports line ends so
        text = text.replace("@@", "\n")
    tag, lines, first = None, [""], 0
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text), start=1):
        found = _TAG.match(line)
        if tag is not None and (found or _END.fullmatch(line)):
            yield Field(tag, tuple(lines), first)
            tag = None
        if found:
            tag, lines, first = found.group(1), [line[found.end() :]], number
        elif tag is not None:
            lines.append(line)
    if tag is not None:
        yield Field(tag, tuple(lines), first)


def _date(digits: str) -> date | None:
    year = int(digits[:2])
    return _day(year + (2000 if year < _CENTURY else 1900), int(digits[2:4]), int(digits[4:6]))


def _entry_date(digits: str | None, valued_on: date | None) -> date | None:
    """Month and day in the year that brings them nearest to the value date: both sides of New Year occur."""
    if valued_on is None or not digits or not digits.isdigit():
        return None
    years = (valued_on.year - 1, valued_on.year, valued_on.year + 1)
    days = [_day(year, int(digits[:2]), int(digits[2:])) for year in years]
    return min((day for day in days if day), key=lambda day: abs(day - valued_on), default=None)


def _day(year: int, month: int, day: int) -> date | None:
    if month == _FEBRUARY and day <= _LAST_DAY_OF_30_360:  # banks that count 30 days a month print 30 February
        day = min(day, calendar.monthrange(year, month)[1])
    try:
        return date(year, month, day)
    except ValueError:
        return None
