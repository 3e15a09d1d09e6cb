"""Reads what machine-readable codes and claves on a page state; they are exact and anchor everything else."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING

from stdnum import iban as iban_number

from app.modules.imports import plugins
from app.modules.imports.fields.layout import around

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from app.modules.imports.domain.canonical import Box
    from app.modules.imports.fields.layout import Row, Sheet, Token

_CLAVE = 49
_LABELLED = 4
"""So many words may stand on the row of a clave's first half: its label."""
_IBAN_START = re.compile(r"[A-Z]{2}\d{2}")
_IBAN_TOKENS = 9


@dataclass(frozen=True, slots=True)
class Stated:
    """One value stated by a fiscal code."""

    value: str
    text: str
    page: int
    box: Box
    from_page_text: bool


@dataclass(frozen=True, slots=True)
class Account:
    """An IBAN; ``proven`` when its check digits hold, else it is only called one on the page."""

    value: str
    row: Row
    tokens: tuple[Token, ...]
    proven: bool = True

    @property
    def box(self) -> Box:
        return around(token.box for token in self.tokens)


def read_codes(sheet: Sheet) -> Mapping[str, Stated]:
    """Field path → what the codes of the document state for it; the first code that speaks for a field decides."""
    stated: dict[str, Stated] = {}
    for text, page, box, printed in _texts(sheet):
        for country in plugins.countries().values():
            for read in country.codes:
                code = read(text)
                for path, value in (code.fields if code else {}).items():
                    stated.setdefault(path, Stated(value, text, page, box, printed))
    return stated


def _texts(sheet: Sheet) -> Iterator[tuple[str, int, Box, bool]]:
    for page in sheet.pages:
        for code in page.codes:
            yield code.text, page.number, code.box, False
    for row, below in zip_longest(sheet.rows, sheet.rows[1:]):
        yield from _claves(row)
        yield from _broken_clave(row, below)
        yield from ((token.text, row.page, token.box, True) for token in row.tokens if _may_be_code(token.text))


def _may_be_code(text: str) -> bool:
    return text.startswith(("TBAI-", "http://", "https://"))


def _claves(row: Row) -> Iterator[tuple[str, int, Box, bool]]:
    """49 digits, also where spaces break them up."""
    for match in re.finditer(r"\d(?: ?\d){48,}", row.text):
        digits = match.group().replace(" ", "")
        if len(digits) == _CLAVE:
            yield digits, row.page, around(token.box for token in row.span(*match.span())), True


def _broken_clave(row: Row, below: Row | None) -> Iterator[tuple[str, int, Box, bool]]:
    """49 digits that a narrow column breaks over two rows with nothing else in them."""
    if below is None or below.page != row.page:
        return
    one, other = row.tokens[-1].text, below.tokens[0].text
    if (
        len(row.tokens) <= _LABELLED
        and len(below.tokens) == 1
        and len(one + other) == _CLAVE
        and (one + other).isdigit()
    ):
        yield one + other, row.page, around((row.tokens[-1].box, below.box)), True


def find_ibans(sheet: Sheet) -> tuple[Account, ...]:
    """IBANs in reading order, those whose check digits hold first."""
    found = [account for row in sheet.rows for account in _ibans(row)]
    return tuple(sorted(found, key=lambda account: not account.proven))


def _ibans(row: Row) -> Iterator[Account]:
    for index, token in enumerate(row.tokens):
        bare = re.sub(r"^IBAN\W*", "", token.text.upper())
        if _IBAN_START.match(bare):
            account = _iban_at(row, index, bare) or _labelled_iban(row, index, bare)
            if account is not None:
                yield account


def _labelled_iban(row: Row, index: int, text: str) -> Account | None:
    """A whole IBAN in one word after the word IBAN, although its check digits do not hold."""
    labelled = any("IBAN" in token.text.upper() for token in row.tokens[max(0, index - 2) : index + 1])
    whole = re.fullmatch(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", text) is not None
    return Account(text, row, row.tokens[index : index + 1], proven=False) if labelled and whole else None


def _iban_at(row: Row, index: int, text: str) -> Account | None:
    for count in range(1, _IBAN_TOKENS + 1):
        tokens = row.tokens[index : index + count]
        if len(tokens) < count:
            return None
        joined = re.sub(r"[^0-9A-Z]", "", text + "".join(token.text.upper() for token in tokens[1:]))
        if iban_number.is_valid(joined):
            return Account(joined, row, tokens)
    return None
