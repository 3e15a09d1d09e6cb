"""Spanish bank statements: AEB Cuaderno 43, "Información normalizada de cuenta corriente".

https://www.aebanca.es (Normas y procedimientos bancarios, serie 43). Records of 80 characters: 11 account, 22 movement,
23 its text, 24 its original currency, 33 end of account, 88 end of file. The check digits of the account are not in the
record; they follow from bank, branch and account, and so does the IBAN.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, BinaryIO, Final

from app.modules.imports.domain.canonical import BankEntry, Statement
from app.modules.imports.domain.errors import Unreadable
from app.modules.imports.formats.bank_statement import (
    BAD_DATE,
    BALANCE_MISMATCH,
    TOLERANCE,
    TRUNCATED,
    Trail,
    join_text,
    make_document,
)
from app.modules.imports.formats.code_page import decode_text
from app.modules.imports.formats.iso_currency import alphabetic_code
from app.modules.imports.formats.spanish_account import iban_of
from app.modules.imports.ports import Documents

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from app.modules.imports.domain.canonical import CanonicalDocument
    from app.modules.imports.ports import Probe

NO_FINAL_RECORD: Final = "final_record_missing"
_WIDTH = 80
_CODES = frozenset(["00", "11", "22", "23", "24", "33", "88"])
_FIRST_RECORD = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:00[^\r\n]{0,78}[\r\n]+)?11\d{18}[\d ]{12}[012 ][\d ]{14}[\dA-Z ]{3}[^\r\n]{0,29}(.*)",
    re.DOTALL,
)
_SECOND_RECORD = re.compile(rb"[ \r\n]*(11|22|33|88)[\d ]")
_END_OF_AMOUNT, _END_OF_BALANCE = 42, 73
_COUNT_LIMIT = 100_000
"""Counts have five digits, and begin anew."""
_CENTURY = 80
_OWN_COUNT = 1
"""Banks disagree on whether record 88 counts itself."""


@dataclass(frozen=True, slots=True)
class _Record:
    number: int
    code: str
    text: str

    def at(self, first: int, last: int) -> str:
        """Columns as the specification counts them: from 1, inclusive."""
        return self.text[first - 1 : last].strip()


@dataclass(slots=True)
class _Account:
    header: _Record
    movements: list[list[_Record]]
    end: _Record | None = None
    complete: bool = True
    last_of_file: bool = True
    """False where the file breaks off after it: whether an account is missing, nothing says."""


class Norma43Reader:
    """Reads every account of a file as a statement of its own."""

    name = "norma43"
    gives = Documents

    def score(self, probe: Probe) -> int:
        first = _FIRST_RECORD.match(probe.head)
        if first is None:
            return 0
        return 98 if _SECOND_RECORD.match(first.group(1)) else 60

    def read(self, file: BinaryIO, probe: Probe) -> Documents:  # noqa: ARG002  (the records say all there is)
        records = list(_records(decode_text(file.read(), dos=True)))
        if records and records[-1].code == "22" and len(records[-1].text.rstrip()) < _END_OF_AMOUNT:
            records.pop()  # the file was cut within it; that there is no end of account tells so
        accounts = _group(records)
        return Documents(tuple(_document(account) for account in accounts))


READER: Final = Norma43Reader()


def _records(text: str) -> Iterator[_Record]:
    number = 0
    for line in re.split(r"[\r\n]+", text.replace("\x1a", "").replace("\0", " ")):
        for part in _cut(line):
            if part[:2] in _CODES:
                number += 1
                yield _Record(number, part[:2], part.ljust(_WIDTH))


def _cut(line: str) -> Iterator[str]:
    """A line is a record, unless line ends got lost on the way and records follow each other every 80 columns."""
    if line[:2] not in _CODES and line.lstrip()[:2] in _CODES:
        line = line.lstrip()
    start = 0
    while line[start + _WIDTH : start + _WIDTH + 2] in _CODES:
        yield line[start : start + _WIDTH]
        start += _WIDTH
    yield line[start : start + _WIDTH]


def _group(records: Sequence[_Record]) -> list[_Account]:
    accounts: list[_Account] = []
    counted = 0
    for record in records:
        if record.code == "00":  # tapes begin with it; it says nothing of any account
            continue
        counted += 1
        if record.code == "11":
            accounts.append(_Account(record, []))
        elif not accounts:
            raise Unreadable("corrupt", "a movement stands before the first account (record 11)")
        elif record.code == "88":
            accounts[-1].complete &= counted - 1 >= (_count(record.at(21, 26)) or 0) - _OWN_COUNT
            counted = 0
        else:
            _add(accounts[-1], record)
    if not accounts:
        raise Unreadable("corrupt", "there is no account (record 11)")
    accounts[-1].last_of_file = counted == 0
    return accounts


def _add(account: _Account, record: _Record) -> None:
    if record.code == "22" and not record.at(11, 80).strip("0 "):
        return  # some banks fill an account without movements with a record of zeros
    if record.code == "22":
        account.movements.append([record])
    elif record.code == "33" and len(record.text.rstrip()) >= _END_OF_BALANCE:
        account.end = record
    elif account.movements:
        account.movements[-1].append(record)


def _document(account: _Account) -> CanonicalDocument:
    head, trail = account.header, Trail("record")
    bank, branch, number = head.at(3, 6), head.at(7, 10), head.at(11, 20)
    statement = Statement(
        account_iban=iban_of(bank, branch, number),
        account_number=number or None,
        bank_code=bank or None,
        branch_code=branch or None,
        holder=join_text(head.at(52, 77)),
        period_start=_date(head.at(21, 26), trail),
        period_end=_date(head.at(27, 32), trail),
        opening_balance=_balance(head, 33, trail, "opening_balance"),
        closing_balance=_balance(account.end, 59, trail, "closing_balance") if account.end else None,
        entries=tuple(_entry(index, movement, trail) for index, movement in enumerate(account.movements)),
    )
    if statement.account_iban:
        trail.note("account_iban", f"record {head.number}, columns 3-20", head.at(3, 20))
    if account.end is None or not account.complete:
        trail.find(TRUNCATED)
    elif not account.last_of_file:
        trail.find(NO_FINAL_RECORD)
    if account.end is not None and not _counts_hold(account.end, statement.entries, account.movements):
        trail.find(BALANCE_MISMATCH)
    return make_document(statement, trail, name="norma43", currency=alphabetic_code(head.at(48, 50)), country="ES")


def _entry(index: int, records: Sequence[_Record], trail: Trail) -> BankEntry:
    main = records[0]
    amount = _signed(main, 28)
    if amount is None or (amount and main.at(28, 28) not in ("1", "2")):
        raise Unreadable("bad_value", f"record {main.number} has no amount or no mark of debit or credit")
    trail.note(f"transactions.{index}.amount", f"record {main.number}, columns 28-42", main.at(28, 42))
    currency, original = _original(records)
    return BankEntry(
        booking_date=_date(main.at(11, 16), trail),
        value_date=_date(main.at(17, 22), trail),
        amount=amount,
        description=join_text(*(r.at(*columns) for r in records if r.code == "23" for columns in ((5, 42), (43, 80)))),
        reference=_stated(main.at(53, 64)),
        reference2=_stated(main.at(65, 80)),
        document_number=_stated(main.at(43, 52)),
        common_concept=main.at(23, 24) or None,
        own_concept=main.at(25, 27) or None,
        original_currency=currency,
        original_amount=original,
    )


def _original(records: Sequence[_Record]) -> tuple[str | None, Decimal | None]:
    for record in records:
        if record.code == "24":
            amount = _cents(record.at(8, 21))
            return (alphabetic_code(record.at(5, 7)), amount) if amount is not None else (None, None)
    return None, None


def _balance(record: _Record, column: int, trail: Trail, field: str) -> Decimal | None:
    balance = _signed(record, column)
    if balance is not None:
        trail.note(field, f"record {record.number}, columns {column}-{column + 14}", record.at(column, column + 14))
    return balance


def _signed(record: _Record, column: int) -> Decimal | None:
    """An amount of 14 digits after its mark: 1 is a debit, 2 (or 0, in the balances of some banks) a credit."""
    cents = _cents(record.at(column + 1, column + 14))
    return -cents if cents and record.at(column, column) == "1" else cents


def _cents(digits: str) -> Decimal | None:
    count = _count(digits)
    return None if count is None else Decimal(count).scaleb(-2)


def _count(digits: str) -> int | None:
    return int(digits) if digits.isascii() and digits.isdigit() else None


def _stated(reference: str) -> str | None:
    return reference if reference.strip("0 ") else None


def _date(digits: str, trail: Trail) -> date | None:
    if not digits.strip("0 "):
        return None
    try:
        year = int(digits[:2])
        return date(year + (2000 if year < _CENTURY else 1900), int(digits[2:4]), int(digits[4:6]))
    except ValueError:
        trail.find(BAD_DATE)
        return None


def _counts_hold(end: _Record, entries: Sequence[BankEntry], movements: Sequence[Sequence[_Record]]) -> bool:
    """Record 33 states how many debits and credits there are and what they sum up to."""
    sides: tuple[tuple[str, int], ...] = (("1", 21), ("2", 40))
    for mark, column in sides:
        amounts = [
            abs(e.amount or Decimal(0)) for e, m in zip(entries, movements, strict=True) if m[0].at(28, 28) == mark
        ]
        count, total = _count(end.at(column, column + 4)), _cents(end.at(column + 5, column + 18))
        # An entry of zero is counted by some banks and not by others.
        counted = {len(amounts) % _COUNT_LIMIT, sum(1 for a in amounts if a) % _COUNT_LIMIT}
        if count is not None and count not in counted:
            return False
        if total is not None and abs(sum(amounts, Decimal(0)) - total) > TOLERANCE:
            return False
    return True
