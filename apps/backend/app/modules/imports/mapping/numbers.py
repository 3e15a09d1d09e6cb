"""Reads amounts as people and banks print them, exactly, and refuses what two readers could read in two ways."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Final, Literal

from app.modules.imports.mapping.problem import ValueProblem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Mark = Literal[",", "."]

_LONGEST: Final = 64
_MOST_DIGITS: Final = 30
_CURRENCY: Final = r"(?:US\$|R\$|S/\.?|[€$£¥]|EUROS?|EUR|USD|GBP|CHF|MXN|COP|PEN|BRL|JPY)"
_NEGATIVE_MARKS: Final = frozenset({"DR", "DB", "D", "DEBE"})
_DRESS: Final = re.compile(
    rf"""(?:{_CURRENCY}\s*(?=\())? (?P<open>\()?\s* (?P<sign>[-+−–])?\s* {_CURRENCY}?\s* (?P<sign2>[-+−–])?\s*
    (?P<body>[0-9.,'’\u00a0\u2009\u202f\ ]*[0-9][.,]?)
    \s*(?P<tail>[-+−–])?\s* (?:{_CURRENCY}|%)?\s* (?P<tail2>[-+−–])? (?P<close>\))? (?:(?<=\))\s*{_CURRENCY})?
    (?:\s*(?P<mark>DR|DB|CR|DEBE|HABER|D|C|H))?""",
    re.VERBOSE | re.IGNORECASE,
)
_SPACED: Final = re.compile(r"[0-9]{1,3}(?:([ \u00a0\u2009\u202f'’])[0-9]{3})(?:\1[0-9]{3})*(?:[.,][0-9]*)?")
_SPACES: Final = re.compile(r"[ \u00a0\u2009\u202f'’]")
_PLAIN: Final = re.compile(r"[0-9]+")
_BOTH: Final = re.compile(r"[0-9]{1,3}([.,])[0-9]{3}(?:\1[0-9]{3})*(?!\1)[.,][0-9]*")
_GROUPED: Final = re.compile(r"[0-9]{1,3}(?:([.,])[0-9]{3})(?:\1[0-9]{3})+")
_ONE: Final = re.compile(r"([0-9]*)([.,])([0-9]*)")
_CLEAR: Final = re.compile(r"[0-9]{1,12}(?:[.,][0-9]{1,2})?")
"""What can be read in one way only: a mark before one or two digits is no grouping mark."""
_FAST: Final[dict[Mark, re.Pattern[str]]] = {
    ",": re.compile(r"-?[0-9]{1,12}(?:,[0-9]{1,6})?|-?[0-9]{1,3}(?:\.[0-9]{3}){1,4}(?:,[0-9]{1,6})?"),
    ".": re.compile(r"-?[0-9]{1,12}(?:\.[0-9]{1,6})?|-?[0-9]{1,3}(?:,[0-9]{3}){1,4}(?:\.[0-9]{1,6})?"),
}


def parse_number(value: object, mark: Mark | None = None) -> Decimal:
    """The number that ``value`` states. ``mark`` is the declared decimal mark and decides only what is ambiguous.

    Raises ValueProblem: ``bad_number``, ``ambiguous_number`` (``1.234`` with no mark declared) or
    ``number_against_mark`` (``1,234.56`` where a comma is declared).
    """
    if isinstance(value, str):
        if _CLEAR.fullmatch(value):
            return Decimal(value.replace(",", "."))
        sign, body = _undress(value)
        number = Decimal(_plain(body, mark))
        return -number if sign else number
    return _typed(value)


def number_parser(mark: Mark | None) -> Callable[[object], Decimal]:
    """``parse_number`` with the mark bound; the usual spellings take a short way."""
    if mark is None:
        return parse_number
    fast, grouping = _FAST[mark].fullmatch, "." if mark == "," else ","

    def parse(value: object) -> Decimal:
        if isinstance(value, str) and fast(value):
            return Decimal(value.replace(grouping, "").replace(mark, "."))
        return parse_number(value, mark)

    return parse


def looks_numeric(value: object) -> bool:
    """Whether the value can be read as a number under one mark or the other."""
    if isinstance(value, str):
        try:
            parse_number(value)
        except ValueProblem as problem:
            return problem.code == "ambiguous_number"
        return True
    return isinstance(value, (Decimal, int)) and not isinstance(value, bool)


def deduce_mark(values: Iterable[object]) -> Mark | None:
    """The decimal mark that a whole column shows; None where it shows none, or both."""
    seen: set[Mark] = set()
    for value in values:
        found = _shown_mark(value) if isinstance(value, str) else None
        if found:
            seen.add(found)
    return seen.pop() if len(seen) == 1 else None


def _shown_mark(text: str) -> Mark | None:
    try:
        _, body = _undress(text)
        _plain(body, None)
    except ValueProblem:
        return None
    last: Mark = "," if body.rfind(",") > body.rfind(".") else "."
    if last not in body:
        return None
    if _GROUPED.fullmatch(body):
        return "," if last == "." else "."
    return last


def _undress(text: str) -> tuple[bool, str]:
    text = text.strip().removeprefix("'")  # a spreadsheet's mark of text
    if len(text) > _LONGEST:
        raise ValueProblem("bad_number", "longer than a number can be")
    found = _DRESS.fullmatch(text)
    if not found or bool(found["open"]) != bool(found["close"]):
        raise ValueProblem("bad_number", "not a number")
    signs = [s for s in (found["sign"], found["sign2"], found["tail"], found["tail2"]) if s]
    if len(signs) > 1:
        raise ValueProblem("bad_number", "more than one sign")
    negative = (
        bool(found["open"]) or bool(signs and signs[0] != "+") or (found["mark"] or "").upper() in _NEGATIVE_MARKS
    )
    return negative, _ungroup_spaces(found["body"].strip())


def _ungroup_spaces(body: str) -> str:
    if not _SPACES.search(body):
        return body
    if not _SPACED.fullmatch(body):
        raise ValueProblem("bad_number", "spaces do not stand between thousands")
    return _SPACES.sub("", body)


def _plain(body: str, mark: Mark | None) -> str:
    if sum(c.isdigit() for c in body) > _MOST_DIGITS:
        raise ValueProblem("bad_number", "more digits than an amount can have")
    if _PLAIN.fullmatch(body):
        return body
    if both := _BOTH.fullmatch(body):
        if mark is not None and both[1] == mark:
            raise ValueProblem("number_against_mark", f"the declared decimal mark is {mark!r}")
        return body.replace(both[1], "").replace(",", ".")
    if grouped := _GROUPED.fullmatch(body):
        return body.replace(grouped[1], "")
    return _one_separator(body, mark)


def _one_separator(body: str, mark: Mark | None) -> str:
    one = _ONE.fullmatch(body)
    if not one or not (one[1] or one[3]):
        raise ValueProblem("bad_number", "separators do not stand where a number has them")
    whole, separator, rest = one.groups()
    could_group = len(rest) == 3 and 1 <= len(whole) <= 3 and whole.strip("0")  # noqa: PLR2004 (thousands)
    if not could_group or separator == mark:
        return f"{whole or '0'}.{rest}" if rest else whole
    if mark is None:
        raise ValueProblem("ambiguous_number", "declare the decimal mark of the table")
    return whole + rest


def _typed(value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, (Decimal, int, float)):
        raise ValueProblem("bad_number", "not a number")
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if not number.is_finite() or abs(number.adjusted()) > _MOST_DIGITS:
        raise ValueProblem("bad_number", "not a finite number of usual size")
    return number
