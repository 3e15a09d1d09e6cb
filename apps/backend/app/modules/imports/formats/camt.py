"""ISO 20022 bank reports: camt.052 (intraday), camt.053 (statement) and camt.054 (notification), in every version.

https://www.iso20022.org/catalogue-messages, Bank-to-Customer Cash Management. One transaction an entry (``Ntry``):
the entry is what moves the balance, and the payments of a batch within it are not.
"""

from __future__ import annotations

import dataclasses
import re
from decimal import Decimal
from typing import TYPE_CHECKING, BinaryIO, Final

from app.modules.imports.domain.canonical import BankEntry, Statement
from app.modules.imports.domain.errors import Unreadable
from app.modules.imports.formats.bank_statement import Trail, adds_up, is_iban, join_text, make_document
from app.modules.imports.formats.camt_entry import describe, find_original, read_day, sign_of, unbooked_status
from app.modules.imports.formats.printed_values import decimal_value, iban_form
from app.modules.imports.formats.xml import Element, find, find_all, local_name, namespace, read_xml, text_of
from app.modules.imports.ports import Documents

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from datetime import date

    from app.modules.imports.domain.canonical import CanonicalDocument
    from app.modules.imports.ports import Probe

UNBOOKED = "unbooked_entries"

_NAMESPACE = re.compile(r"camt\.05[234]\.")
_MESSAGE = "BkToCstmr"
_MESSAGE_TAG = re.compile(rf"<(?:[\w.\-]+:)?{_MESSAGE}(?:Stmt|AcctRpt|DbtCdtNtfctn)[\s>]")
"""A business header (head.001) and the envelope of a channel may stand around the message."""
_REPORTS = ("{*}Stmt", "{*}Rpt", "{*}Ntfctn")
_OPENING, _CLOSING = ("OPBD", "PRCD"), ("CLBD",)
_ACCOUNT_NUMBERS = ("Othr/Id", "BBAN", "UPIC", "PrtryAcct/Id")


class CamtReader:
    """Reads every statement, report or notification of a message."""

    name = "camt"
    gives = Documents

    def score(self, probe: Probe) -> int:
        if probe.xml_root is None:
            return 0
        if _NAMESPACE.search(probe.xml_root[0]):
            return 100
        return 80 if _MESSAGE_TAG.search(probe.text or "") else 0

    def read(self, file: BinaryIO, probe: Probe) -> Documents:  # noqa: ARG002  (the message says all there is)
        parsed = read_xml(file)
        documents = [_document(report, at, parsed.findings) for at, report in enumerate(_reports(parsed.root), start=1)]
        if not documents:
            raise Unreadable("no_document", "there is no Stmt, Rpt or Ntfctn in the file")
        return Documents(tuple(documents))


READER: Final = CamtReader()


def _reports(root: Element) -> Iterator[Element]:
    for report in root.iter(*_REPORTS):
        parent = report.getparent()
        if parent is not None and local_name(parent).startswith(_MESSAGE):
            yield report


def _document(report: Element, position: int, findings: tuple[str, ...]) -> CanonicalDocument:
    trail, path = Trail("xml", findings=list(findings)), f"{local_name(report)}[{position}]"
    entries = tuple(_entries(report, path, trail))
    iban, number = _account(report, path, trail)
    statement = _with_signs_that_close(
        Statement(
            account_iban=iban,
            account_number=number,
            holder=join_text(text_of(find(report, "Acct/Ownr/Nm")) or text_of(find(report, "Acct/Nm"))),
            statement_id=join_text(text_of(find(report, "Id"))),
            period_start=_first_day(report, "FrToDt/FrDtTm", "FrToDt/FrDt"),
            period_end=_first_day(report, "FrToDt/ToDtTm", "FrToDt/ToDt"),
            opening_balance=_balance(report, _OPENING, trail, (path, "opening_balance")),
            closing_balance=_balance(report, _CLOSING, trail, (path, "closing_balance")),
            entries=entries,
        ),
        [at for at, entry in enumerate(find_all(report, "Ntry")) if text_of(find(entry, "RvslInd")) in ("true", "1")],
        trail.unbooked,
    )
    return make_document(statement, trail, name=_version(report), currency=_currency(report))


def _entries(report: Element, path: str, trail: Trail) -> Iterator[BankEntry]:
    for at, entry in enumerate(find_all(report, "Ntry")):
        printed = text_of(find(entry, "Amt"))
        amount, sign = decimal_value(printed or ""), sign_of(entry)
        if amount is None or sign is None:
            raise Unreadable("bad_value", f"{path}/Ntry[{at + 1}] has no amount or does not say debit or credit")
        trail.note(f"transactions.{at}.amount", f"{path}/Ntry[{at + 1}]/Amt", printed)
        status = unbooked_status(entry)
        if status is not None:
            trail.unbooked.add(at)
            trail.find(UNBOOKED)
        said = describe(entry)
        currency, original = find_original(entry)
        yield BankEntry(
            booking_date=read_day(find(entry, "BookgDt"), trail),
            value_date=read_day(find(entry, "ValDt"), trail),
            amount=sign * amount if amount else amount,
            description=said.description,
            reference=said.bank_reference,
            reference2=said.end_to_end,
            original_currency=currency,
            original_amount=original,
            status=status,
        )


def _with_signs_that_close(statement: Statement, reversals: Sequence[int], unbooked: Collection[int]) -> Statement:
    """The standard says that CdtDbtInd of a reversal is the reversal's own direction; some banks state that of the
    entry it reverses. The balances tell which it is; without their word the standard's holds.
    """
    if not reversals or adds_up(statement, unbooked) is not False:
        return statement
    entries = list(statement.entries)
    for at in reversals:
        entries[at] = dataclasses.replace(entries[at], amount=-(entries[at].amount or Decimal(0)))
    turned = dataclasses.replace(statement, entries=tuple(entries))
    return turned if adds_up(turned, unbooked) else statement


def _account(report: Element, path: str, trail: Trail) -> tuple[str | None, str | None]:
    account = find(report, "Acct/Id")
    if account is None:
        return None, None
    stated = text_of(find(account, "IBAN"))
    iban = iban_form(stated)
    number = next((join_text(text_of(found)) for way in _ACCOUNT_NUMBERS for found in find_all(account, way)), None)
    if iban is None and number is None:
        number = join_text(stated)
    if iban is None and number is not None:
        other = iban_form(number)
        iban = other if other and is_iban(other) else None
    if iban:
        trail.note("account_iban", f"{path}/Acct/Id", iban)
    return iban, number


def _balance(report: Element, codes: tuple[str, ...], trail: Trail, at: tuple[str, str]) -> Decimal | None:
    """The first balance of the first code that is there."""
    path, name = at
    for code in codes:
        for position, balance in enumerate(find_all(report, "Bal"), start=1):
            printed = text_of(find(balance, "Amt"))
            amount, sign = decimal_value(printed or ""), sign_of(balance)
            if find(balance, "CdtDbtInd") is None:  # as printed: were it a debit, the movements would not lead to it
                sign = 1
            if _code(balance) == code and amount is not None and sign is not None:
                trail.note(name, f"{path}/Bal[{position}]/Amt", printed)
                return sign * amount if amount else amount
    return None


def _code(balance: Element) -> str | None:
    ways = ("Tp/CdOrPrtry/Cd", "Tp/Cd", "Tp/CdOrPrtry/Prtry")
    return next((text_of(found) for way in ways for found in find_all(balance, way)), None)


def _currency(report: Element) -> str | None:
    """The account's; where it is not said, that of its balances, then that of its entries."""
    stated = text_of(find(report, "Acct/Ccy"))
    amounts = (find(report, way) for way in ("Bal/Amt", "Ntry/Amt"))
    return stated or next((str(a.get("Ccy")) for a in amounts if a is not None and a.get("Ccy")), None)


def _first_day(report: Element, *ways: str) -> date | None:
    return next((day for way in ways if (day := read_day(find(report, way)))), None)


def _version(report: Element) -> str:
    """``camt 053.001.08``, from the namespace."""
    found = re.search(r"camt\.(05[234](?:\.\d+)*)", namespace(report))
    return f"camt {found.group(1)}" if found else "camt"
