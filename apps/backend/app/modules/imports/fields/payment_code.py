"""Reads the payment QR codes of the European Payments Council (EPC069-12): payee, IBAN, amount and remittance."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from rapidfuzz import fuzz
from stdnum import iban as iban_number

from app.modules.imports.domain.canonical import Evidence, Proof
from app.modules.imports.fields.folding import squash

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.modules.imports.domain.canonical import CanonicalDocument
    from app.modules.imports.domain.page import Code, Page
    from app.modules.imports.fields.evidence import Ledger

_HEAD: Final = re.compile(r"BCD\n00[12]\n[1-8]\n(?:SCT|INST)\n")
_AMOUNT: Final = re.compile(r"EUR\d{1,9}(?:\.\d{1,2})?")
_LONGEST: Final = 400
"""Bytes of a payload are limited to 331; line ends may be two characters."""
_ALIKE: Final = 88
_TOTALS: Final = ("totals.payable", "totals.gross")
_SHORTEST_NUMBER: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentCode:
    """One credit transfer as its code states it. ``remittance`` is the reference or the text for the payee."""

    payee: str
    iban: str
    amount: Decimal | None
    remittance: str


def read_payment_code(text: str) -> PaymentCode | None:
    """None for anything else, such as a Swiss bill, and for a payload whose IBAN or amount does not hold."""
    text = re.sub(r"\r\n?", "\n", text.strip())
    if len(text) > _LONGEST or _HEAD.match(text) is None:
        return None
    _, _, _, _, _, payee, iban, amount, _, reference, remittance, *_ = [*text.split("\n"), *[""] * 8]
    iban = iban.replace(" ", "").upper()
    if not payee.strip() or not iban_number.is_valid(iban) or (amount and not _AMOUNT.fullmatch(amount)):
        return None
    value = Decimal(amount.removeprefix("EUR")).quantize(Decimal("0.01")) if amount else None
    return PaymentCode(
        payee=payee.strip(), iban=iban, amount=value or None, remittance=(reference or remittance).strip()
    )


def with_payment_code(document: CanonicalDocument, pages: Iterable[Page], ledger: Ledger) -> CanonicalDocument:
    """The document with what the first payment code of its pages states, and with the values that it confirms proven.

    The amount may be a part payment and the payee a bank that bought the debt: neither replaces what is printed.
    """
    found = ((page.number, code, read_payment_code(code.text)) for page in pages for code in page.codes)
    place, code, stated = next((each for each in found if each[2] is not None), (0, None, None))
    if code is None or stated is None:
        return document
    _confirm(document, stated, ledger)
    document = _with_account(document, stated, ledger, (place, code))
    if document.supplier.name is None:
        ledger.entries["supplier.name"] = _evidence(place, code, stated.payee)
        document = replace(document, supplier=replace(document.supplier, name=stated.payee))
    totals = document.totals
    if stated.amount is not None and totals.gross is None and totals.payable is None:
        ledger.entries["totals.payable"] = _evidence(place, code, f"EUR{stated.amount}")
        document = replace(document, totals=replace(totals, payable=stated.amount))
    return document


def _with_account(
    document: CanonicalDocument, stated: PaymentCode, ledger: Ledger, at: tuple[int, Code]
) -> CanonicalDocument:
    """The code's account: no glyph of it can have been misread."""
    if document.iban == stated.iban:
        ledger.prove("iban", Proof.CHECK_DIGIT)
        ledger.prove("iban", Proof.CORROBORATED)
        return document
    ledger.entries["iban"] = _evidence(*at, stated.iban, Proof.CHECK_DIGIT)
    return replace(document, iban=stated.iban)


def _confirm(document: CanonicalDocument, stated: PaymentCode, ledger: Ledger) -> None:
    """What is printed and stated by the code was read at two independent places."""
    printed = {"totals.payable": document.totals.payable, "totals.gross": document.totals.gross}
    for path in _TOTALS:
        if stated.amount is not None and printed[path] == stated.amount:
            ledger.prove(path, Proof.CORROBORATED)
    if document.supplier.name and fuzz.ratio(squash(document.supplier.name), squash(stated.payee)) >= _ALIKE:
        ledger.prove("supplier.name", Proof.CORROBORATED)
    number = squash(document.invoice_number or "")
    if len(number) >= _SHORTEST_NUMBER and number in squash(stated.remittance):
        ledger.prove("invoice_number", Proof.CORROBORATED)


def _evidence(page: int, code: Code, text: str, *proofs: Proof) -> Evidence:
    return Evidence(source="code", page=page, box=code.box, text=text, proofs=proofs, confidence=1.0)
