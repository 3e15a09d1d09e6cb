"""Reads one cell as what its field holds: text, number, date, tax id, currency or IBAN."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from app.modules.imports.mapping.bank_signs import sign_of
from app.modules.imports.mapping.bank_statuses import is_unbooked
from app.modules.imports.mapping.dates import date_parser
from app.modules.imports.mapping.document_kinds import read_document_status, read_kind
from app.modules.imports.mapping.fields import NUMERIC, Kind
from app.modules.imports.mapping.numbers import number_parser
from app.modules.imports.mapping.problem import ValueProblem

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from app.modules.imports.mapping.dates import Order
    from app.modules.imports.mapping.numbers import Mark

_LONGEST_TEXT: Final = 10_000
_REMEMBERED: Final = 2_000
_LONGEST_REMEMBERED: Final = 40
_NOTHING: Final = frozenset({"", "-", "--", "–", "—", "n/a", "N/A", "#N/A", "null", "NULL", "None"})
_CODE_LENGTH: Final = 3
_CURRENCIES: Final[Mapping[str, str]] = {
    "€": "EUR",
    "EURO": "EUR",
    "EUROS": "EUR",
    "$": "USD",
    "US$": "USD",
    "U$S": "USD",
    "DOLAR": "USD",
    "DOLARES": "USD",
    "DÓLAR": "USD",
    "DÓLARES": "USD",
    "DOLLAR": "USD",
    "DOLLARS": "USD",
    "£": "GBP",
}


def cell_reader(kind: Kind, mark: Mark | None, order: Order | None) -> Callable[[object], object]:
    """The function that reads a cell of this kind; it answers None for an empty cell and raises ValueProblem."""
    if kind in NUMERIC:
        return _unless_nothing(number_parser(mark))
    if kind is Kind.DATE:
        return _remembered(_unless_nothing(date_parser(order)))
    return _remembered(_WORDS[kind]) if kind in _WORDS else read_text


def printed(value: object) -> str:
    """The cell as text, exactly as the table gives it."""
    if isinstance(value, str):
        return value
    if isinstance(value, float):
        text = repr(value)
        return format(Decimal(text), "f") if "e" in text else text
    if isinstance(value, Decimal):
        return printed_number(value)
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)


def printed_number(value: Decimal) -> str:
    """All digits, no exponent."""
    text = str(value)
    return format(value, "f") if "E" in text else text  # much dearer, and the same where there is no exponent


def read_text(value: object) -> str | None:
    """The text of a cell; a whole number keeps no decimals that only its storage has (``1234.0`` is a number 1234)."""
    if type(value) is str and len(value) <= _LONGEST_TEXT:
        return value.strip().replace("\x00", "") or None
    if isinstance(value, float):
        value = Decimal(repr(value))
    if isinstance(value, Decimal) and value.is_finite() and value == value.to_integral_value():
        value = value.quantize(Decimal(1)) if abs(value) < Decimal("1e20") else value
    text = printed(value).strip()
    if len(text) > _LONGEST_TEXT:
        raise ValueProblem("text_too_long", f"more than {_LONGEST_TEXT} characters")
    return text.replace("\x00", "") or None


def read_currency(value: object) -> str | None:
    """The ISO 4217 code of a cell. Raises ValueProblem ``bad_currency``."""
    text = (read_text(value) or "").upper()
    if not text:
        return None
    code = _CURRENCIES.get(text, text)
    if len(code) != _CODE_LENGTH or not (code.isascii() and code.isalpha()):
        raise ValueProblem("bad_currency", "three letters of ISO 4217")
    return code


def read_sign(value: object) -> int | None:
    """-1 for money out, 1 for money in. Raises ValueProblem ``unknown_sign``."""
    text = read_text(value)
    sign = sign_of(text) if text else None
    if text and sign is None:
        raise ValueProblem("unknown_sign", "neither a debit nor a credit")
    return sign


def read_status(value: object) -> None:
    """Nothing: a status only tells whether there is anything to read. Raises ValueProblem ``never_booked``."""
    if is_unbooked(value):
        raise ValueProblem("never_booked", "its status says that the account did not move")


def _compact(value: object) -> str | None:
    text = read_text(value)
    return ("".join(c for c in text if c.isalnum()).upper() or None) if text else None


def _remembered(read: Callable[[object], object]) -> Callable[[object], object]:
    """For what stands in many rows of a table: days, suppliers' tax ids, currencies."""
    remembered = lru_cache(_REMEMBERED)(read)

    def look_up(value: object) -> object:
        return remembered(value) if type(value) is str and len(value) <= _LONGEST_REMEMBERED else read(value)

    return look_up


def _unless_nothing(parse: Callable[[object], object]) -> Callable[[object], object]:
    def read(value: object) -> object:
        if value is None or (isinstance(value, str) and value.strip() in _NOTHING):
            return None
        return parse(value)

    return read


_WORDS: Final[Mapping[Kind, Callable[[object], object]]] = {
    Kind.TAX_ID: _compact,
    Kind.IBAN: _compact,
    Kind.CURRENCY: read_currency,
    Kind.SIGN: read_sign,
    Kind.STATUS: read_status,
    Kind.DOCUMENT_TYPE: read_kind,
    Kind.DOCUMENT_STATUS: read_document_status,
}
"""Kinds of few different cells: what one was read as is remembered for the rows to come."""
