"""Quicken Interchange Format: bank, cash and credit card accounts as lines that begin with a letter.

Neither currency nor the order of day and month is part of the format; the order follows from the dates of the file,
and where they leave it open, day first is taken and ``ambiguous_date`` is reported.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO, Final

from app.modules.imports.domain.canonical import BankEntry, Statement
from app.modules.imports.domain.errors import Unreadable, Unsupported
from app.modules.imports.formats.bank_statement import BAD_DATE, Trail, is_iban, join_text, make_document, read_amount
from app.modules.imports.formats.code_page import decode_text
from app.modules.imports.formats.printed_values import iban_form
from app.modules.imports.formats.qif_dates import DateOrder, find_order, read_day
from app.modules.imports.ports import Documents

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from decimal import Decimal

    from app.modules.imports.domain.canonical import CanonicalDocument
    from app.modules.imports.ports import Probe

AMBIGUOUS_DATE = "ambiguous_date"

_FIRST_LINE = re.compile(rb"(?i)(?:\xef\xbb\xbf)?\s*(?:#[^\r\n]*[\r\n]\s*)*!(?:Type:|Account|Option:|Clear:)")
_TYPES = frozenset(["bank", "cash", "ccard", "oth a", "oth l"])
_OPENING = frozenset(["opening balance", "saldo inicial", "balance inicial"])


@dataclass(frozen=True, slots=True)
class _Record:
    line: int
    values: dict[str, str]


@dataclass(slots=True)
class _Section:
    """What stands between one header line and the next."""

    header: str
    records: list[_Record] = field(default_factory=list)


class QifReader:
    """Reads each account of a file as a statement of its own."""

    name = "qif"
    gives = Documents

    def score(self, probe: Probe) -> int:
        return 95 if _FIRST_LINE.match(probe.head) else 0

    def read(self, file: BinaryIO, probe: Probe) -> Documents:  # noqa: ARG002  (the lines say all there is)
        sections = _sections(decode_text(file.read(), dos=True))
        accounts = list(_accounts(sections))
        if not accounts:
            raise Unsupported("no_document", "there is no bank, cash or credit card account in the file")
        order = find_order(record.values["D"] for _, each in accounts for record in each if "D" in record.values)
        return Documents(tuple(_document(name, records, order) for name, records in accounts))


READER: Final = QifReader()


def _sections(text: str) -> list[_Section]:
    sections: list[_Section] = []
    values: dict[str, str] = {}
    first = 0
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text), start=1):
        if line.startswith("!"):
            values = {}
            sections.append(_Section(line[1:].strip().lower()))
        elif line.startswith("^"):
            values = {}
        elif sections and line.strip():
            if not values:
                first = number
                sections[-1].records.append(_Record(first, values))
            values.setdefault(line[0], line[1:].strip())
    return sections


def _accounts(sections: Sequence[_Section]) -> Iterator[tuple[str | None, list[_Record]]]:
    """Name and records of each account. A name stands before the section it is for."""
    name = None
    for section in sections:
        kind = section.header.removeprefix("type:").strip()
        if section.header == "account":
            name = section.records[-1].values.get("N") if section.records else None
        elif section.header.startswith("type:") and kind in _TYPES:
            yield name, [record for record in section.records if not record.values.keys().isdisjoint("TU")]


def _document(name: str | None, records: Sequence[_Record], order: DateOrder) -> CanonicalDocument:
    trail = Trail("record", findings=[] if order.certain else [AMBIGUOUS_DATE])
    opening, movements = _opening(records, trail)
    iban = iban_form(name)
    statement = Statement(
        account_iban=iban if iban and is_iban(iban) else None,
        account_number=join_text(name) if name and any(c.isdigit() for c in name) else None,
        opening_balance=opening,
        entries=tuple(_entry(record, at, order, trail) for at, record in enumerate(movements)),
    )
    if statement.account_iban:
        trail.note("account_iban", "!Account, N", name)
    return make_document(statement, trail, name="qif", currency=None)


def _opening(records: Sequence[_Record], trail: Trail) -> tuple[Decimal | None, Sequence[_Record]]:
    """The first record may be no movement but what the account began with: it then names the account as category."""
    if records:
        first = records[0].values
        if first.get("P", "").lower() in _OPENING and first.get("L", "[").startswith("["):
            trail.note("opening_balance", f"line {records[0].line}", _printed(records[0]))
            return _amount(records[0]), records[1:]
    return None, records


def _entry(record: _Record, at: int, order: DateOrder, trail: Trail) -> BankEntry:
    values = record.values
    trail.note(f"transactions.{at}.amount", f"line {record.line}", _printed(record))
    day = read_day(values.get("D", ""), order)
    if day is None and values.get("D"):
        trail.find(BAD_DATE)
    return BankEntry(
        booking_date=day,
        amount=_amount(record),
        description=join_text(values.get("P"), values.get("M")),
        document_number=join_text(values.get("N")),
    )


def _printed(record: _Record) -> str:
    return record.values.get("T") or record.values.get("U") or ""


def _amount(record: _Record) -> Decimal:
    amount = read_amount(_printed(record), may_group=True)
    if amount is None:
        raise Unreadable("bad_value", f"the record from line {record.line} has no amount")
    return amount
