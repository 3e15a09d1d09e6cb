"""Finds dates on a sheet in the spellings and month names of the languages documents come in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from app.modules.imports.fields.folding import fold
from app.modules.imports.fields.layout import around

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.modules.imports.domain.canonical import Box
    from app.modules.imports.fields.layout import Row, Sheet, Token

_MONTHS = (
    "ene|enero|gen|gener|xaneiro|xan|jan|january|januar|janvier|janv|janeiro|gennaio|urtarrila|urtarril|jaenner",
    "feb|febrero|febrer|febreiro|february|februar|fevrier|fevr|fev|fevereiro|febbraio|otsaila|otsail",
    "mar|marzo|marc|march|maerz|marz|mars|marco|mrz|martxoa|martxo",
    "abr|abril|apr|april|avril|avr|aprile|apirila|apiril",
    "may|mayo|maig|maio|mai|maggio|mag|maiatza|maiatz",
    "jun|junio|juny|xuno|xunho|june|juni|juin|junho|giugno|giu|ekaina|ekain",
    "jul|julio|juliol|xullo|july|juli|juillet|juil|julho|luglio|lug|uztaila|uztail",
    "ago|agosto|agost|aug|august|aout|abuztua|abuztu",
    "sep|sept|septiembre|setiembre|setembre|setembro|september|septembre|settembre|set|iraila|irail",
    "oct|octubre|outubro|out|october|oktober|okt|octobre|ottobre|ott|urria|urri",
    "nov|noviembre|novembre|novembro|november|azaroa|azaro",
    "dic|diciembre|desembre|des|decembro|dec|december|dezember|dez|decembre|dezembro|dicembre|abendua|abendu",
)
_MONTH = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split("|")}
_STEM = "(?P<name>" + "|".join(sorted(_MONTH, key=len, reverse=True)) + ")"
_NAME = _STEM + r"(?![^\W\d])"
_MARK = r"\s?[./\-]\s?"
_NUMERIC = re.compile(
    rf"(?<![\d.,/\-])(?P<a>\d{{1,2}}){_MARK}(?P<b>\d{{1,2}}){_MARK}(?P<y>(?:19|20)\d{{2}}|\d{{2}}(?!\d))(?![/\-]\d)(?!\.\d)"
)
_ISO = re.compile(rf"(?<![\d.,/\-])(?P<y>(?:19|20)\d{{2}}){_MARK}(?P<b>\d{{1,2}}){_MARK}(?P<a>\d{{1,2}})(?!\d)")
_WORDED = re.compile(
    rf"(?<!\d)(?P<a>\d{{1,2}})(?:st|nd|rd|th|\.|o|er)?[\s\-/.]*(?:de\s|d'|of\s)?\s*{_NAME}[\s.,\-/']*(?:de\s|del\s|of\s)?\s*"
    r"(?P<y>(?:19|20)\d{2}|\d{2})(?!\d)",
)
_MONTH_FIRST = re.compile(
    rf"(?<![^\W\d]){_NAME}\.?\s?(?P<a>\d{{1,2}})(?:st|nd|rd|th)?,?\s?(?P<y>(?:19|20)\d{{2}})(?!\d)"
)
_YEAR_FIRST = re.compile(rf"(?P<y>20\d{{2}})(?:\(e\))?ko\s{_STEM}(?:a?ren)?\s(?P<a>\d{{1,2}})")
"""``2024ko uztailaren 21a``: in Basque the month is declined."""
_COMPACT = re.compile(r"(?<![\w.,/\-])(?P<y>20\d{2})(?P<b>0[1-9]|1[0-2])(?P<a>[0-3]\d)(?![\w.,/\-])")
_LOOSE = re.compile(r"(?<![\w.,/\-])(?P<a>[0-3]\d)[\s./\-]{0,2}(?P<b>[01]\d)[\s./\-]{0,2}(?P<y>20\d{2})(?!\d)")
"""Marks between day, month and year that OCR lost."""
_MISREAD_MONTH = re.compile(r"(?<![^\W_])0(?=ct|kt|tt|ut|tu)|(?<=(?<![^\W_])n)0(?=v)|(?<=(?<![^\W_])ag)0")
"""A zero for the letter O in the name of a month."""
_LAST_MONTH = 12


@dataclass(frozen=True, slots=True)
class DateFound:
    """A date as printed."""

    value: date
    text: str
    row: Row
    tokens: tuple[Token, ...]

    @property
    def box(self) -> Box:
        return around(token.box for token in self.tokens)

    @property
    def confidence(self) -> float:
        return min(token.confidence for token in self.tokens)


def find_dates(sheet: Sheet) -> tuple[DateFound, ...]:
    """All dates in reading order; day and month change places only where the document itself shows it."""
    ocr = sheet.source == "ocr"
    texts = [_MISREAD_MONTH.sub("o", _folded(row.text)) if ocr else _folded(row.text) for row in sheet.rows]
    month_first = _month_comes_first(texts)
    found = (
        each
        for row, text in zip(sheet.rows, texts, strict=True)
        for each in _dates_of(row, text, month_first=month_first, loose=ocr)
    )
    return tuple(found)


def _folded(text: str) -> str:
    return "".join(folded if len(folded := fold(char)) == 1 else char for char in text)


def _month_comes_first(texts: list[str]) -> bool:
    pairs = [(int(m["a"]), int(m["b"])) for text in texts for m in _NUMERIC.finditer(text)]
    return any(b > _LAST_MONTH >= a for a, b in pairs) and not any(a > _LAST_MONTH for a, b in pairs)


def _dates_of(row: Row, text: str, *, month_first: bool, loose: bool) -> Iterator[DateFound]:
    taken: list[tuple[int, int]] = []
    for pattern in (_ISO, _NUMERIC, _WORDED, _MONTH_FIRST, _YEAR_FIRST, _COMPACT, *((_LOOSE,) if loose else ())):
        for match in pattern.finditer(text):
            start, end = match.span()
            if any(start < other_end and other_start < end for other_start, other_end in taken):
                continue
            value = _value(match, swap=month_first and pattern is _NUMERIC)
            if value is not None:
                taken.append((start, end))
                yield DateFound(value, row.text[start:end], row, row.span(start, end))


def _value(match: re.Match[str], *, swap: bool) -> date | None:
    groups = match.groupdict()
    day = int(groups["a"])
    month = _MONTH[groups["name"]] if groups.get("name") else int(groups["b"])
    if swap:
        day, month = month, day
    year = int(groups["y"])
    try:
        return date(year if year > 99 else 2000 + year, month, day)  # noqa: PLR2004  [a year of two digits]
    except ValueError:
        return None
