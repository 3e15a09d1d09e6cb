"""One entry (``Ntry``) of an ISO 20022 bank report: its direction, its days, its texts and references."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.modules.imports.formats.bank_statement import BAD_DATE, Trail, join_text
from app.modules.imports.formats.printed_values import decimal_value, iso_date
from app.modules.imports.formats.xml import Element, find, find_all, text_of

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

_SIGNS = {"CRDT": 1, "DBIT": -1}
_NOT_GIVEN = frozenset(["NOTPROVIDED", "NOT PROVIDED"])
_ORIGINALS = ("AmtDtls/InstdAmt/Amt", "AmtDtls/TxAmt/Amt", "Amt")
_PARTIES = {1: ("Dbtr/Nm", "Dbtr/Pty/Nm"), -1: ("Cdtr/Nm", "Cdtr/Pty/Nm")}


@dataclass(frozen=True, slots=True)
class Said:
    """Text and references of an entry."""

    description: str | None
    bank_reference: str | None
    end_to_end: str | None


def sign_of(element: Element) -> int | None:
    """1 for a credit to the account, -1 for a debit."""
    return _SIGNS.get(text_of(find(element, "CdtDbtInd")) or "")


def unbooked_status(entry: Element) -> str | None:
    """Any status but BOOK; it is a code of its own from version 6 on. An entry that does not say is booked."""
    status = text_of(find(entry, "Sts")) or text_of(find(entry, "Sts/Cd"))
    return None if status == "BOOK" else status


def read_day(element: Element | None, trail: Trail | None = None) -> date | None:
    """A day given as text, as ``Dt`` or as ``DtTm``; the day is the one printed, whatever the zone."""
    if element is None:
        return None
    printed = text_of(element) or text_of(find(element, "Dt")) or text_of(find(element, "DtTm"))
    day = iso_date(printed) if printed else None
    if printed and day is None and trail is not None:
        trail.find(BAD_DATE)
    return day


def describe(entry: Element) -> Said:
    """The remittance texts and the bank's own; only without either, what else tells what it was."""
    details = _details(entry)
    texts = [found.text for found in entry.iter("{*}Ustrd")]
    description = join_text(*texts, text_of(find(entry, "AddtlNtryInf"))) or _describe_otherwise(entry, details)
    references = [text_of(find(each, "Refs/EndToEndId")) for each in details]
    given = {reference for reference in references if reference and reference.upper() not in _NOT_GIVEN}
    return Said(
        description,
        join_text(text_of(find(entry, "AcctSvcrRef"))),
        join_text(given.pop()) if len(given) == 1 else None,
    )


def find_original(entry: Element) -> tuple[str | None, Decimal | None]:
    """Currency and amount as instructed, where the entry is one payment made in another currency."""
    details, amount = _details(entry), find(entry, "Amt")
    if len(details) > 1 or amount is None:
        return None, None
    for holder in (entry, *details):
        for way in _ORIGINALS:
            stated = find(holder, way)
            value = decimal_value(text_of(stated) or "")
            if stated is not None and value and stated.get("Ccy") != amount.get("Ccy"):
                return str(stated.get("Ccy")), value
    return None, None


def _details(entry: Element) -> list[Element]:
    return [*find_all(entry, "NtryDtls/TxDtls"), *find_all(entry, "TxDtls")]


def _describe_otherwise(entry: Element, details: list[Element]) -> str | None:
    """Texts of the payments, references the creditor gave, the other side's name, at last the bank's code."""
    ways = _PARTIES.get(sign_of(entry) or 0, ())
    told = [text_of(found) for each in details for found in find_all(each, "AddtlTxInf")]
    for way in ("CdtrRefInf/Ref", "AddtlRmtInf"):
        told += [text_of(found) for each in details for found in find_all(each, f"RmtInf/Strd/{way}")]
    names = [text_of(found) for each in details for way in ways for found in find_all(each, f"RltdPties/{way}")]
    return join_text(*dict.fromkeys(names + told))
