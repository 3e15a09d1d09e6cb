"""SWIFT bank statements: MT940 and its intraday sister MT942, one statement a message, in the dialects of many banks.

SWIFT Standards MT category 9, MT940 Customer Statement Message: fields 20, 25, 28C, 60a, 61, 86, 62a.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO, Final

from app.modules.imports.domain.canonical import BankEntry, Statement
from app.modules.imports.domain.errors import Unreadable
from app.modules.imports.formats.bank_statement import (
    BAD_DATE,
    TRUNCATED,
    Trail,
    is_iban,
    join_text,
    make_document,
)
from app.modules.imports.formats.code_page import decode_text
from app.modules.imports.formats.mt940_fields import (
    Balance,
    Field,
    Movement,
    read_balance,
    read_currency,
    read_movement,
    split_messages,
)
from app.modules.imports.formats.mt940_text import describe
from app.modules.imports.formats.printed_values import iban_form
from app.modules.imports.ports import Documents

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.modules.imports.domain.canonical import CanonicalDocument
    from app.modules.imports.ports import Probe

_SIGNS = tuple(
    re.compile(rb"(?:^|[^0-9A-Za-z]):" + tag + rb":") for tag in (rb"20", rb"25[A-Z]?", rb"6[012][FM]?|28C?|34F")
)
_OPENING, _CLOSING = ("60F", "60M", "60"), ("62F", "62M", "62")
_CURRENCY_SUFFIX = 3
_CURRENCY_APART = re.compile(r"\s[A-Z]{3}$")


@dataclass(slots=True)
class _Message:
    """What the fields of one message say, in their order."""

    trail: Trail
    reference: str | None = None
    account: str | None = None
    opening: Balance | None = None
    closing: Balance | None = None
    currency: str | None = None
    movements: list[Movement] = field(default_factory=list)
    texts: list[list[Field]] = field(default_factory=list)
    """Field 86 of each movement; some banks repeat it for each line."""


class Mt940Reader:
    """Reads every message of a file as a statement of its own."""

    name = "mt940"
    gives = Documents

    def score(self, probe: Probe) -> int:
        found = sum(1 for sign in _SIGNS if sign.search(probe.head))
        return {3: 96, 2: 40}.get(found, 0)

    def read(self, file: BinaryIO, probe: Probe) -> Documents:  # noqa: ARG002  (the fields say all there is)
        messages = split_messages(decode_text(file.read()))
        if not messages:
            raise Unreadable("corrupt", "there is no field 20")
        last = messages[-1][-1]
        read = [_read(fields, last) for fields in messages]
        any_closes = any(message.closing for message in read)
        return Documents(tuple(_document(message, any_closes=any_closes) for message in read))


READER: Final = Mt940Reader()


def _read(fields: Sequence[Field], last: Field) -> _Message:
    message = _Message(Trail("record"))
    for part in fields:
        try:
            _take(message, part)
        except Unreadable:
            if part is not last:
                raise
            message.trail.find(TRUNCATED)  # the file ends within this field
    return message


def _take(message: _Message, part: Field) -> None:
    match part.tag:
        case "20":
            message.reference = join_text(part.text)
        case "25" | "25P" if not message.movements:  # later ones are other fields under a wrong tag
            message.account = join_text(part.text)
        case "61":
            message.movements.append(read_movement(part))
            message.texts.append([])
        case "86" if message.texts and message.closing is None:
            message.texts[-1].append(part)
        case "34F" | "90D" | "90C":
            message.currency = message.currency or read_currency(part)
        case tag if tag in _OPENING and message.opening is None:
            message.opening = _balance(message, part, "opening_balance")
        case tag if tag in _CLOSING:
            message.closing = _balance(message, part, "closing_balance")


def _balance(message: _Message, part: Field, name: str) -> Balance:
    balance = read_balance(part)
    message.trail.note(name, f":{part.tag}: in line {part.line}", part.lines[0])
    return balance


def _document(message: _Message, *, any_closes: bool) -> CanonicalDocument:
    opening, closing, trail = message.opening, message.closing, message.trail
    if closing is None and (opening or any_closes):
        trail.find(TRUNCATED)
    if any(movement.bad_date for movement in message.movements):
        trail.find(BAD_DATE)
    iban = _iban(message.account)
    if iban:
        trail.note("account_iban", ":25:", message.account)
    stated = opening or closing
    statement = Statement(
        account_iban=iban,
        account_number=message.account,
        statement_id=message.reference,
        period_start=opening.on if opening else None,
        period_end=closing.on if closing else None,
        opening_balance=opening.amount if opening else None,
        closing_balance=closing.amount if closing else None,
        entries=tuple(_entry(message, index) for index in range(len(message.movements))),
    )
    return make_document(statement, trail, name="mt940", currency=stated.currency if stated else message.currency)


def _entry(message: _Message, index: int) -> BankEntry:
    movement = message.movements[index]
    said = describe(message.texts[index])
    message.trail.note(f"transactions.{index}.amount", f":61: in line {movement.line}", movement.stated)
    return BankEntry(
        booking_date=movement.booked_on,
        value_date=movement.valued_on,
        amount=movement.amount,
        description=said.description or movement.details,
        reference=movement.reference,
        reference2=said.end_to_end or movement.bank_reference,
    )


def _iban(account: str | None) -> str | None:
    """The account as an IBAN; banks put the currency behind it, or bank code and slash before it."""
    stated = iban_form(account)
    if account is None or (stated and is_iban(stated)):
        return stated
    for candidate in (iban_form(account[:-_CURRENCY_SUFFIX]), iban_form(account.rpartition("/")[2])):
        if candidate and is_iban(candidate):
            return candidate
    return iban_form(_CURRENCY_APART.sub("", account))
