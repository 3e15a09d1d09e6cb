"""Open Financial Exchange: OFX 1 (SGML, also as QFX) and OFX 2 (XML), bank and credit card statements.

https://financialdataexchange.org, OFX Banking Specification 2.3, section 11.
"""

from __future__ import annotations

import re
from datetime import date
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
    read_amount,
)
from app.modules.imports.formats.code_page import decode_text
from app.modules.imports.formats.ofx_markup import Aggregate, read_statements
from app.modules.imports.formats.printed_values import iban_form
from app.modules.imports.ports import Documents

if TYPE_CHECKING:
    from decimal import Decimal

    from app.modules.imports.domain.canonical import CanonicalDocument
    from app.modules.imports.ports import Probe

_HEADER = re.compile(rb"(?i)(?:\xef\xbb\xbf)?\s*(?:OFXHEADER\s*:|<\?OFX\s|<\?xml[^>]*>\s*<\?OFX\s|<OFX>)")
_BODY = re.compile(rb"(?i)<OFX>")
_SGML_CHARSET = re.compile(rb"(?i)CHARSET\s*:\s*([\w\-]+)")
_XML_ENCODING = re.compile(rb"(?i)<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([\w\-]+)")
_END = re.compile(r"(?i)</OFX\s*>")
_DAY = re.compile(r"([0-9]{4})-?([0-9]{2})-?([0-9]{2})")
_TAIL = 4096


class OfxReader:
    """Reads every bank and credit card account of a file as a statement of its own."""

    name = "ofx"
    gives = Documents

    def score(self, probe: Probe) -> int:
        if _HEADER.match(probe.head):
            return 97
        return 60 if _BODY.search(probe.head) else 0

    def read(self, file: BinaryIO, probe: Probe) -> Documents:
        text = decode_text(file.read(), declared=_declared(probe.head))
        read = list(read_statements(text))  # all of them first: each fills while the next are looked for
        found = [each for each in read if each.children or each.values]
        if not found:
            raise Unreadable("no_document", "there is no bank or credit card statement in the file")
        cut = _END.search(text, max(len(text) - _TAIL, 0)) is None
        name = "ofx 2" if "<?xml" in text[:200].lower() else "ofx 1"
        last = len(found) - 1
        return Documents(tuple(_document(each, name, cut=cut and at == last) for at, each in enumerate(found)))


READER: Final = OfxReader()


def _declared(head: bytes) -> str | None:
    """The code page that the header names; SGML headers give Windows pages and ISO 8859 parts by bare number."""
    found = _XML_ENCODING.search(head) or _SGML_CHARSET.search(head)
    if found is None:
        return None
    stated = found.group(1).decode("ascii", "replace").lower()
    if stated.isdigit():
        return f"cp{stated}"
    return f"iso-{stated}" if stated.startswith("8859") else stated


def _document(found: Aggregate, name: str, *, cut: bool) -> CanonicalDocument:
    trail = Trail("record", findings=[TRUNCATED] if cut else [])
    account = found.child("BANKACCTFROM", "CCACCTFROM")
    lists = [each for each in found.children if each.name == "BANKTRANLIST"]
    movements = [each for each in found.descendants() if each.name == "STMTTRN"]
    if cut and movements and "TRNAMT" not in movements[-1].values:
        movements.pop()
    number = join_text(account.values.get("ACCTID"))
    iban = iban_form(number)
    statement = Statement(
        account_iban=iban if iban and is_iban(iban) else None,
        account_number=number,
        bank_code=join_text(account.values.get("BANKID")),
        branch_code=join_text(account.values.get("BRANCHID")),
        period_start=_day(lists[0].values.get("DTSTART"), trail) if lists else None,
        period_end=_day(lists[-1].values.get("DTEND"), trail) if lists else None,
        closing_balance=_closing(found, trail),
        entries=tuple(_entry(each, at, trail) for at, each in enumerate(movements)),
    )
    if statement.account_iban:
        trail.note("account_iban", "ACCTID", number)
    return make_document(statement, trail, name=name, currency=_currency(found))


def _entry(found: Aggregate, at: int, trail: Trail) -> BankEntry:
    values = found.values
    amount = _amount(values.get("TRNAMT"))
    if amount is None:
        raise Unreadable("bad_value", f"transaction {at + 1} has no amount")
    trail.note(f"transactions.{at}.amount", f"STMTTRN[{at + 1}]/TRNAMT", values["TRNAMT"])
    return BankEntry(
        booking_date=_day(values.get("DTPOSTED"), trail),
        value_date=_day(values.get("DTAVAIL"), trail),
        amount=amount,
        description=join_text(values.get("NAME") or found.child("PAYEE").values.get("NAME"), values.get("MEMO")),
        reference=join_text(values.get("FITID")),
        reference2=join_text(values.get("REFNUM")),
        document_number=join_text(values.get("CHECKNUM") or values.get("CHKNUM")),  # some banks shorten it
    )


def _closing(found: Aggregate, trail: Trail) -> Decimal | None:
    printed = found.child("LEDGERBAL").values.get("BALAMT")
    amount = _amount(printed)
    if amount is not None:
        trail.note("closing_balance", "LEDGERBAL/BALAMT", printed)
    return amount


def _amount(printed: str | None) -> Decimal | None:
    return read_amount(printed) if printed else None


def _currency(found: Aggregate) -> str | None:
    stated = (found.values.get("CURDEF") or "").strip().upper()
    return stated or None


def _day(printed: str | None, trail: Trail) -> date | None:
    """``20130831165153.000[-8:PST]``: the day as the bank prints it, in the bank's own zone."""
    if not printed or not printed.strip("0 "):
        return None
    found = _DAY.match(printed.strip())
    try:
        if found is not None:
            return date(int(found.group(1)), int(found.group(2)), int(found.group(3)))
    except ValueError:
        pass
    trail.find(BAD_DATE)
    return None
