"""What a bank writes above (or below) the movements: account, holder, currency, period, balances."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Final, TypeVar

from app.modules.imports.mapping.bank_labels import CLOSING, OPENING
from app.modules.imports.mapping.cells import printed
from app.modules.imports.mapping.dates import looks_dated
from app.modules.imports.mapping.numbers import looks_numeric
from app.modules.imports.mapping.vocabulary import fold_header

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    Row = tuple[object, ...]

_T = TypeVar("_T")

_IBAN: Final = re.compile(r"(?<![A-Z0-9])[A-Z]{2}[0-9]{2}(?:[ -]?[A-Z0-9]{4}){2,7}(?:[ -]?[A-Z0-9]{1,3})?(?![A-Z0-9])")
_SPANISH_CODE: Final = re.compile(
    r"(?<![0-9])(?<![A-Z]{2}[0-9]{2}[ -])([0-9]{4})[ -]?([0-9]{4})[ -]?([0-9]{2})[ -]?"
    r"([0-9]{2}[ -]?[0-9]{4}[ -]?[0-9]{4})(?![0-9])"
)
"""The account code within an IBAN says nothing once the IBAN's own check digits fail."""
_CODE_WEIGHTS: Final = (1, 2, 4, 8, 5, 10, 9, 7, 3, 6)
_DATE_IN_TEXT: Final = re.compile(r"[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{2,4}")
_CURRENCY_NAMES: Final = {
    "€": "EUR",
    "EUROS": "EUR",
    "EURO": "EUR",
    "US$": "USD",
    "$": "USD",
    "R$": "BRL",
    "DOLARES": "USD",
    "DÓLARES": "USD",
}
_CURRENCY_WORD: Final = re.compile(r"(?<![A-Z])(EUR|USD|GBP|CHF|EUROS?|D[OÓ]LARES)(?![A-Z])|€|US\$|R\$|(?<![A-Z])\$")
_ACCOUNT: Final = re.compile(
    r"\b(cuenta|cta|account|compte|conta|iban|ccc|producto)\b|^num (cuenta|cta|account)", re.IGNORECASE
)
_NOT_ACCOUNT: Final = re.compile(r"\b(saldo|balance|tipo|type|movimientos|fecha|extracto|titular|holder|name)\b")
_HOLDER: Final = re.compile(
    r"^(titular|titulares|titular cuenta|holder|account holder|cliente|nombre|nombre cliente|customer|customer name"
    r"|account name|razon social|nombre titular|beneficiario|empresa|account owner|name|nombre razon social)$"
)
_CURRENCY: Final = re.compile(r"\b(moneda|divisa|currency|moeda)\b")
_CURRENCY_CODE: Final = re.compile(r"\s*([A-Z]{3})\s*")
_BALANCE: Final = re.compile(r"\b(saldo|balance)\b")
_FROM: Final = re.compile(
    r"^(desde|from|fecha desde|fecha inicial|fecha inicio|(\w+ )?start fecha|from fecha|fecha from|period start)$"
)
_TO: Final = re.compile(r"^(hasta|to|fecha hasta|fecha final|fecha fin|(\w+ )?end fecha|to fecha|fecha to|period end)$")
_PERIOD: Final = re.compile(r"\b(periodo|period|rango|intervalo|movimientos desde|extracto)\b")
_SPAN: Final = re.compile(r"\s*(desde|from|del|entre)\b", re.IGNORECASE)
_ACCOUNT_NUMBER: Final = re.compile(r"(?:[A-Z]{2}(?=[0-9]{10}))?[0-9]{6,30}")
_LONGEST_LABEL: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Preamble:
    """What was found, dates and balances still as printed: their order and mark are the table's to prove."""

    iban: str | None = None
    account_number: str | None = None
    holder: str | None = None
    currency: str | None = None
    opening: object = None
    closing: object = None
    period_start: str | None = None
    period_end: str | None = None
    dates: tuple[str, ...] = ()
    """Every date printed around the table."""


def read_preamble(rows: Sequence[Row]) -> Preamble:
    """Reads the rows around a table."""
    cells = [cell for row in rows for cell in row if cell not in (None, "")]
    pairs = list(_labelled(rows))
    start, end = _period(pairs)
    return Preamble(
        iban=next(filter(None, map(find_iban, cells)), None),
        account_number=_account(pairs),
        holder=_first(pairs, _HOLDER, _as_name),
        currency=_first(pairs, _CURRENCY, _as_currency)
        or _lone_currency(cells)
        or _first(pairs, _BALANCE, find_currency),
        opening=_first(pairs, OPENING, _as_sum),
        closing=_first(pairs, CLOSING, _as_sum),
        period_start=start,
        period_end=end,
        dates=tuple(found for cell in cells if isinstance(cell, str) for found in _DATE_IN_TEXT.findall(cell)),
    )


def complete_preamble(own: Preamble, rows: Sequence[Row]) -> Preamble:
    """What a table says of its account, and what it leaves open as other rows say it. Balances stay its own."""
    other = read_preamble(rows)
    names_account = own.iban or own.account_number
    return replace(
        own,
        iban=own.iban if names_account else other.iban,
        account_number=own.account_number if names_account else other.account_number,
        holder=own.holder or other.holder,
        currency=own.currency or other.currency,
    )


def find_iban(cell: object) -> str | None:
    """The IBAN in a cell, its check digits proved; a Spanish account code whose control digits hold gives one too."""
    text = printed(cell).upper()
    for found in _IBAN.findall(text):
        iban = re.sub(r"[ -]", "", found)
        # A word after the number may look like its last group.
        for candidate in (iban, iban[:24], iban[:22]):
            if _holds_mod_97(candidate):
                return candidate
    code = _SPANISH_CODE.search(text)
    return _iban_of_code(*(re.sub(r"[ -]", "", part) for part in code.groups())) if code else None


def find_currency(cell: object) -> str | None:
    """The ISO code of the one currency that a text names."""
    found = {_CURRENCY_NAMES.get(m[0], m[0]) for m in _CURRENCY_WORD.finditer(printed(cell).upper())}
    return found.pop() if len(found) == 1 else None


def _as_currency(value: object) -> str | None:
    """The currency, whichever it is: that it is one the label beside it says."""
    code = _CURRENCY_CODE.fullmatch(printed(value))
    return find_currency(value) or (code[1] if code else None)


def _lone_currency(cells: Iterable[object]) -> str | None:
    """The currency that stands in a cell of its own, beside the account or its balance."""
    alone = (cell.strip(" :") for cell in cells if isinstance(cell, str))
    found = {find_currency(text) for text in alone if _CURRENCY_WORD.fullmatch(text.upper())}
    return found.pop() if len(found) == 1 else None


def _labelled(rows: Iterable[Row]) -> Iterator[tuple[str, object]]:
    for row in rows:
        cells = [cell for cell in row if cell not in (None, "")]
        for place, cell in enumerate(cells):
            if not isinstance(cell, str):
                continue
            label, colon, rest = cell.partition(":")
            if colon and rest.strip() and len(label) <= _LONGEST_LABEL:
                yield fold_header(label), rest.strip()
            elif len(cell) <= _LONGEST_LABEL and place + 1 < len(cells):
                yield fold_header(label), cells[place + 1]
            yield from _runs_on(cell)


def _runs_on(cell: str) -> Iterator[tuple[str, object]]:
    """A label and its number in one cell with nothing between: ``Cuenta 2201234567``."""
    found = re.match(r"\s*([^0-9]{3,60}?)[\s.]*([0-9][0-9 .\-]{5,40})\s*$", cell)
    if found and ":" not in cell:
        yield fold_header(found[1]), found[2]


def _first(
    pairs: Sequence[tuple[str, object]], label: re.Pattern[str], read: Callable[[object], _T | None]
) -> _T | None:
    return next((found for name, value in pairs if label.search(name) and (found := read(value)) is not None), None)


def _account(pairs: Sequence[tuple[str, object]]) -> str | None:
    for label, value in pairs:
        if _ACCOUNT.search(label) and not _NOT_ACCOUNT.search(label):
            bare = re.sub(r"[ .\-]", "", printed(value).upper())
            number = _ACCOUNT_NUMBER.match(bare)
            if number:
                return number[0]
    return None


def _period(pairs: Sequence[tuple[str, object]]) -> tuple[str | None, str | None]:
    start, end = (_first(pairs, label, _as_date) for label in (_FROM, _TO))
    for label, value in pairs:
        text = printed(value)
        within = _DATE_IN_TEXT.findall(text) if _PERIOD.search(label) or _SPAN.match(text) else []
        if len(within) == 2:  # noqa: PLR2004  (from and to)
            return start or within[0], end or within[1]
    return start, end


def _as_name(value: object) -> str | None:
    text = printed(value).strip()
    return text if sum(c.isalpha() for c in text) >= 3 and len(text) <= 200 else None  # noqa: PLR2004


def _as_sum(value: object) -> object:
    return value if isinstance(value, Decimal) or (isinstance(value, str) and looks_numeric(value)) else None


def _as_date(value: object) -> str | None:
    text = printed(value).strip()
    return text if looks_dated(text) else None


def _holds_mod_97(iban: str) -> bool:
    return 15 <= len(iban) <= 34 and int("".join(str(int(c, 36)) for c in iban[4:] + iban[:4])) % 97 == 1  # noqa: PLR2004


def _iban_of_code(bank: str, branch: str, control: str, account: str) -> str | None:
    if control != _control("00" + bank + branch) + _control(account):
        return None
    code = bank + branch + control + account
    return f"ES{98 - int(code + '142800') % 97:02d}{code}"


def _control(digits: str) -> str:
    rest = 11 - sum(weight * int(digit) for weight, digit in zip(_CODE_WEIGHTS, digits, strict=True)) % 11
    return str({10: 1, 11: 0}.get(rest, rest))
