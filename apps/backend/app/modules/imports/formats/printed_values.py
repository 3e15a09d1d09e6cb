"""Values as structured sources print them: strict, or None. A value is never guessed from a malformed one."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

_DECIMAL = re.compile(r"[+-]?(?:\d{1,30}(?:\.\d{0,30})?|\.\d{1,30})")
_DOUBLE = re.compile(r"([^eE]+)[eE]([+-]?[0-9]{1,2})")
_LARGEST_EXPONENT = 30
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:Z|[+-]\d{2}:\d{2}|[T ][\d:.,]+(?:Z|[+-]\d{2}:?\d{2})?)?")
_DAY_FIRST = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})\d{0,6}")
_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{10,30}")


def decimal_value(text: str) -> Decimal | None:
    """xsd:decimal: a point for the fraction, no grouping, no exponent."""
    return Decimal(text) if _DECIMAL.fullmatch(text) and text.isascii() else None


def double_value(text: str) -> Decimal | None:
    """xsd:double: xsd:decimal, or one with an exponent (``1.0E7``). Not what is no number (``INF``, ``NaN``)."""
    found = _DOUBLE.fullmatch(text)
    if found is None or decimal_value(found[1]) is None or abs(int(found[2])) > _LARGEST_EXPONENT:
        return decimal_value(text)
    return Decimal(f"{Decimal(text):f}")


def iso_date(text: str) -> date | None:
    """xsd:date or xsd:dateTime; the time and the zone are dropped."""
    match = _ISO.fullmatch(text)
    return _date(*match.groups()) if match else None


def day_first_date(text: str) -> date | None:
    """``31/12/2026``; ISO too, as some issuers write it against their own standard."""
    match = _DAY_FIRST.fullmatch(text)
    return _date(*reversed(match.groups())) if match else iso_date(text)


def compact_date(text: str) -> date | None:
    """UN/CEFACT format 102 (``20261231``) and its longer relatives; ISO too."""
    match = _COMPACT.fullmatch(text)
    return _date(*match.groups()) if match else iso_date(text)


def tax_id_form(text: str | None) -> str | None:
    """Upper case without separators."""
    return re.sub(r"[^0-9A-Z]", "", text.upper()) or None if text else None


def iban_form(text: str | None) -> str | None:
    """An IBAN by its form, without separators; None for any other account number."""
    compact = re.sub(r"[\s\-.]", "", text.upper()) if text else ""
    return compact if _IBAN.fullmatch(compact) else None


def one_line(text: str | None) -> str | None:
    """Runs of white space (line breaks of a pretty-printed file) as one space."""
    return " ".join(text.split()) or None if text else None


def _date(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
