"""Reads numbers off a sheet by the decimal mark that the document as a whole uses."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from app.modules.imports.fields.folding import fold
from app.modules.imports.fields.layout import around

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from app.modules.imports.domain.canonical import Box
    from app.modules.imports.fields.layout import Row, Sheet, Token

CURRENCY_SIGNS = {
    "€": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR", "$": "USD", "us$": "USD", "usd": "USD",
    "£": "GBP", "gbp": "GBP",
    "rm": "MYR", "myr": "MYR", "chf": "CHF", "mxn": "MXN", "cop": "COP", "pen": "PEN",
}  # fmt: skip
_SIGN = r"(?:€|us\$|\$|£|eur(?:os?)?|usd|gbp|rm|chf)"
_DIGITS = r"\d{1,3}(?:[.,' \u00a0]\d{3})+(?!\d)(?:[.,]\d{1,4})?|\d+(?:[.,]\d{1,6})?|[.,]\d{2}"
_NUMBER = re.compile(
    rf"(?P<open>\()?(?P<minus>-\s?)?(?P<before>{_SIGN}\s?)?(?P<minus2>-\s?)?(?P<digits>{_DIGITS})(?P<after_minus>-(?!\w))?"
    rf"(?:(?P<percent>\s?%)|(?P<after>\s?{_SIGN}(?!\w)))?",
)
_SPLIT_DECIMALS = re.compile(r"(?<=\d)([.,]) (\d{2})(?![\d.,])")
_MISREAD = str.maketrans({"o": "0", "l": "1", "i": "1", "|": "1", "s": "5", "b": "8"})
_MISREAD_AMOUNT = re.compile(r"(?:(?<!\w)|(?<=\brm))[\dolis|b]{1,7}[.,][\dolis|b]{2}(?!\w)")
_ONE_MARK = re.compile(r"\d{1,3}(?:\.\d{3})+\.\d{2}|\d{1,3}(?:,\d{3})+,\d{2}")
"""``17.529.40``: OCR took one mark for the other."""
_CENTS = 2


@dataclass(frozen=True, slots=True)
class Amount:
    """A number as printed. ``cents`` is true when exactly two decimals are printed, as money has."""

    value: Decimal
    text: str
    row: Row
    tokens: tuple[Token, ...]
    decimals: int
    percent: bool
    currency: str | None

    @property
    def box(self) -> Box:
        return around(token.box for token in self.tokens)

    @property
    def cents(self) -> bool:
        return self.decimals == _CENTS and not self.percent

    @property
    def confidence(self) -> float:
        return min(token.confidence for token in self.tokens)


def find_amounts(sheet: Sheet) -> tuple[Amount, ...]:
    """All numbers of a sheet in reading order."""
    texts = [_readable(row.text, ocr=sheet.source == "ocr") for row in sheet.rows]
    comma = _decimal_comma(texts)
    return tuple(
        amount for row, text in zip(sheet.rows, texts, strict=True) for amount in _amounts_of(row, text, comma=comma)
    )


def _readable(text: str, *, ocr: bool) -> str:
    """The row's text, same length, with what OCR mistakes for digits put right inside amounts."""
    folded = "".join(_same_length(char) for char in text)
    if not ocr:
        return folded
    return _MISREAD_AMOUNT.sub(_as_digits, _SPLIT_DECIMALS.sub(r"\1\2 ", folded))


def _same_length(char: str) -> str:
    folded = fold(char)
    return folded if len(folded) == 1 else char


def _as_digits(match: re.Match[str]) -> str:
    text = match.group()
    return text.translate(_MISREAD) if sum(char.isdigit() for char in text) * 2 >= len(text) - 1 else text


def _decimal_comma(texts: Iterable[str]) -> bool:
    """Whether the document writes a decimal comma: numbers that cannot be read otherwise decide."""
    comma = point = 0
    for text in texts:
        comma += len(re.findall(r"(?<![\d.,])\d{1,3}(?:\.\d{3})*,\d{2}(?![\d.,])", text))
        comma += 2 * len(re.findall(r"\d\.\d{3},\d", text))
        point += len(re.findall(r"(?<![\d.,/])\d{1,3}(?:,\d{3})*\.\d{2}(?![\d.,/])", text))
        point += 2 * len(re.findall(r"\d,\d{3}\.\d", text))
    return comma >= point


def _amounts_of(row: Row, text: str, *, comma: bool) -> Iterator[Amount]:
    for match in _NUMBER.finditer(text):
        start, end = match.span()
        if _inside_a_word(text, start, end) or _too_wide(row, match):
            yield from _pieces(row, match, comma=comma)
            continue
        amount = _amount(row, match, comma=comma)
        if amount is not None:
            yield amount


def _pieces(row: Row, match: re.Match[str], *, comma: bool) -> Iterator[Amount]:
    """Numbers that only a thousands space seemed to join, read one by one."""
    if " " not in match["digits"]:
        return
    tokens = row.span(*match.span("digits"))
    for token in tokens:
        end = len(match.string) if token is tokens[-1] else token.end  # its sign follows the last one
        piece = _NUMBER.match(match.string, token.start, end)
        whole = piece is not None and piece.end() >= token.end
        amount = _amount(row, piece, comma=comma) if piece is not None and whole else None
        if amount is not None:
            yield amount


def _inside_a_word(text: str, start: int, end: int) -> bool:
    before, after = text[start - 1 : start], text[end : end + 1]
    dated = after in {"/", "-", ".", ",", ":"} and text[end + 1 : end + 2].isdigit()
    follows = before in {"/", "-", ".", ",", ":", "#", "_"} and text[start - 2 : start - 1].isalnum()
    return before.isalnum() or (after.isalnum() and after != "x") or after in {"/", "_"} or dated or follows


def _too_wide(row: Row, match: re.Match[str]) -> bool:
    """A thousands space is narrow, at most as wide as a digit; two columns are not one number."""
    tokens = row.span(*match.span("digits"))
    return any(right.box.left - left.box.right > _space_after(left) for left, right in pairwise(tokens))


def _space_after(token: Token) -> float:
    """The widest gap that is still a space: typewriter faces have wide ones."""
    return max(0.5 * token.height, 1.2 * (token.box.right - token.box.left) / len(token.text))


def _amount(row: Row, match: re.Match[str], *, comma: bool) -> Amount | None:
    read = read_number(match["digits"], comma=comma)
    if read is None:
        return None
    value, decimals = read
    negative = _negative(match, decimals)
    start, end = match.span()
    sign = (match["before"] or match["after"] or "").strip()
    return Amount(
        value=-value if negative and value else value,
        text=row.text[start:end].strip(" ("),
        row=row,
        tokens=row.span(start, end),
        decimals=decimals,
        percent=match["percent"] is not None,
        currency=CURRENCY_SIGNS.get(sign),
    )


def _negative(match: re.Match[str], decimals: int) -> bool:
    """A minus before or after, or brackets around money; a loose dash before a whole number is only a dash."""
    if match["minus"] or match["minus2"]:
        return bool(decimals) or not (match["minus"] or match["minus2"]).endswith(" ")
    bracketed = bool(match["open"]) and match.string[match.end() :][:1] == ")"
    return bool(match["after_minus"]) or (bracketed and decimals == _CENTS and match["percent"] is None)


def read_number(digits: str, *, comma: bool) -> tuple[Decimal, int] | None:
    """The value and its number of decimals. ``31.24`` is decimal whatever the convention; ``1.234`` follows it."""
    text = re.sub(r"[ '\u00a0]", "", digits)
    marks = re.findall(r"[.,]", text)
    if not marks:
        return Decimal(text), 0
    last = marks[-1]
    tail = len(text) - text.rindex(last) - 1
    grouped = tail == len("000") and (len(marks) > 1 or last != ("," if comma else "."))
    misread = _ONE_MARK.fullmatch(text) is not None
    if len(set(marks)) == 1 and not misread and (len(marks) > 1 or (grouped and not text.startswith("0"))):
        return (Decimal(re.sub(r"[.,]", "", text)), 0) if tail == len("000") else None
    whole, _, fraction = text.rpartition(last)
    return Decimal(f"{re.sub(r'[.,]', '', whole) or '0'}.{fraction}"), len(fraction)
