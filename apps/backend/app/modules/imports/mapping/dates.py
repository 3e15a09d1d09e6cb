"""Reads dates as tables print them (es, ca, pt, en) and refuses those whose day and month could be swapped."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final, Literal

from app.modules.imports.mapping.problem import ValueProblem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Order = Literal["dmy", "mdy", "ymd"]

_LONGEST: Final = 48
_FIRST_YEAR: Final = 1900
_LAST_YEAR: Final = 2199
_CENTURY_TURN: Final = 70
_SERIAL_EPOCH: Final = date(1899, 12, 30)
_SERIALS: Final = range(20_000, 80_000)
_COMPACT_NUMBERS: Final = range(19_000_101, 21_991_232)
_TIME: Final = (
    r"(?:(?:\s*,\s*|\s+|T)[0-9]{1,2}[:.h][0-9]{2}(?:[:.][0-9]{2}(?:[.,][0-9]{1,9})?)?"
    r"(?:\s*[ap]\.?\s?m\.?)?\s*(?:Z|UTC|[+-][0-9]{2}:?[0-9]{2})?)?"
)
_ISO: Final = re.compile(rf"([0-9]{{4}})[-/.]([0-9]{{1,2}})[-/.]([0-9]{{1,2}}){_TIME}", re.IGNORECASE)
_COMPACT: Final = re.compile(r"([12][0-9]{3})([01][0-9])([0-3][0-9])(?:[0-9]{6})?")
_PARTS: Final = re.compile(
    rf"([0-9]{{1,2}})\s?([-/. ])\s?([0-9]{{1,2}})\s?\2\s?([0-9]{{4}}|[0-9]{{2}}){_TIME}", re.IGNORECASE
)
_DAY_NAMED: Final = re.compile(
    r"([0-9]{1,2})(?:\s+de\s+|\s+d'|[-/. ]\s?|\s*)([a-z]{3,12})\.?"
    rf"(?:\s+(?:de|del)\s+|,?\s+|[-/.])([0-9]{{4}}|[0-9]{{2}}){_TIME}",
    re.IGNORECASE,
)
_MONTH_NAMED: Final = re.compile(
    rf"([a-z]{{3,12}})\.?[\s-]([0-9]{{1,2}})(?:st|nd|rd|th)?(?:,\s*|\s+|-)([0-9]{{4}}){_TIME}", re.IGNORECASE
)
_WEEKDAY: Final = re.compile(
    r"(?:mon|tue|wed|thu|fri|sat|sun|lun|mar|mie|jue|vie|sab|dom)[a-z]*\.?,?\s+", re.IGNORECASE
)
"""Three of its letters are also a month's (``mar``): it is taken away only where the text is no date with it."""
_MONTH_STEMS: Final = (
    ("ene", "jan", "gen"),
    ("feb", "fev"),
    ("mar",),
    ("abr", "apr"),
    ("may", "mai", "maig"),
    ("jun",),
    ("jul",),
    ("ago", "aug"),
    ("sep", "set"),
    ("oct", "out"),
    ("nov",),
    ("dic", "dec", "dez", "des"),
)
_MONTHS: Final = {stem: number for number, stems in enumerate(_MONTH_STEMS, 1) for stem in stems}
_PLACES: Final[dict[Order, tuple[int, int, int]]] = {"dmy": (2, 1, 0), "mdy": (2, 0, 1), "ymd": (0, 1, 2)}


def parse_date(value: object, order: Order | None = None) -> date:
    """The date that ``value`` states; the declared ``order`` decides what stands between separators.

    Raises ValueProblem: ``bad_date``, or ``ambiguous_date`` (``03/04/2024`` with no order declared).
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, str):
        return _parse_text(value.strip(), order)
    return _from_serial(value)


def date_parser(order: Order | None) -> Callable[[object], date]:
    """``parse_date`` with the order bound."""

    def parse(value: object) -> date:
        return parse_date(value, order)

    return parse


def looks_dated(value: object) -> bool:
    """Whether the value is a date under one order or another. A bare number is not."""
    if isinstance(value, date):
        return True
    if not isinstance(value, str) or not any(c.isdigit() for c in value):
        return False
    try:
        parse_date(value)
    except ValueProblem as problem:
        return problem.code == "ambiguous_date"
    return True


def deduce_order(values: Iterable[object]) -> Order | None:
    """The order that a whole column shows by days over 12; None where it shows none, or contradicts itself."""
    seen: set[Order] = set()
    for value in values:
        found = _shown_order(value) if isinstance(value, str) else None
        if found:
            seen.add(found)
    return seen.pop() if len(seen) == 1 else None


def _shown_order(text: str) -> Order | None:
    if len(text) > _LONGEST:
        return None
    weekday = _WEEKDAY.match(text := text.strip())
    parts = _PARTS.fullmatch(text, weekday.end() if weekday else 0)
    if not parts:
        return None
    numbers = parts[1], parts[3], parts[4]
    by_day, by_month = _ordered(numbers, "dmy"), _ordered(numbers, "mdy")
    if by_day and not by_month:
        return "dmy"
    return "mdy" if by_month and not by_day else None


def _parse_text(text: str, order: Order | None) -> date:
    if len(text) > _LONGEST:
        raise ValueProblem("bad_date", "longer than a date can be")
    if iso := _ISO.fullmatch(text) or _COMPACT.fullmatch(text):
        return _checked(_build(int(iso[1]), int(iso[2]), int(iso[3])))
    if parts := _PARTS.fullmatch(text):
        return _by_order((parts[1], parts[3], parts[4]), order)
    bare = _unaccented(text)
    named = _named(bare)
    if named is None and (weekday := _WEEKDAY.match(bare)):
        return _parse_text(bare[weekday.end() :], order)
    return _checked(named)


def _by_order(numbers: tuple[str, str, str], order: Order | None) -> date:
    if order is not None:
        return _checked(_ordered(numbers, order))
    found = {d for d in (_ordered(numbers, "dmy"), _ordered(numbers, "mdy")) if d}
    if len(found) > 1:
        raise ValueProblem("ambiguous_date", "declare the order of day and month of the table")
    return _checked(found.pop() if found else None)


def _ordered(numbers: tuple[str, str, str], order: Order) -> date | None:
    if order == "ymd" and len(numbers[2]) > 2:  # noqa: PLR2004 (four digits are the year, wherever they stand)
        return None
    year, month, day = (numbers[place] for place in _PLACES[order])
    return _build(_full_year(year), int(month), int(day))


def _full_year(text: str) -> int:
    year = int(text)
    if len(text) > 2:  # noqa: PLR2004
        return year
    return year + (1900 if year >= _CENTURY_TURN else 2000)


def _named(text: str) -> date | None:
    if found := _DAY_NAMED.fullmatch(text):
        day, month, year = found.groups()
    elif found := _MONTH_NAMED.fullmatch(text):
        month, day, year = found.groups()
    else:
        return None
    number = _MONTHS.get(month[:3].lower())
    return _build(_full_year(year), number, int(day)) if number else None


def _from_serial(value: object) -> date:
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool) and Decimal(value).is_finite():
        number = int(value)
        if number in _SERIALS:
            return _SERIAL_EPOCH + timedelta(days=number)
        if number in _COMPACT_NUMBERS:
            return _parse_text(str(number), None)
    raise ValueProblem("bad_date", "not a date")


def _build(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _checked(found: date | None) -> date:
    if found is None or not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        raise ValueProblem("bad_date", "not a date of the calendar in the declared order")
    return found


def _unaccented(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
