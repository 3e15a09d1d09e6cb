"""What all readers of bank statements share: how a balance proves itself, and where a movement is found again."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from stdnum import iban as iban_rules

from app.modules.imports.domain.canonical import CanonicalDocument, DocumentType, Evidence, Proof

if TYPE_CHECKING:
    from collections.abc import Collection

    from app.modules.imports.domain.canonical import Statement

BALANCE_MISMATCH = "balance_mismatch"
TRUNCATED = "truncated_statement"
BAD_DATE = "bad_date"
TOLERANCE = Decimal("0.005")

_AMOUNT = re.compile(r"([+-]?)\s*((?:\d[\d.,' ]*|[.,]\d+))")
_GROUPED = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")
_MAX_DIGITS = 20


@dataclass(slots=True)
class Trail:
    """Evidence and findings, gathered while a statement is read. Paths are those of the public JSON."""

    source: str
    evidence: dict[str, Evidence] = field(default_factory=dict)
    findings: list[str] = field(default_factory=list)
    unbooked: set[int] = field(default_factory=set)
    """Positions of entries that are only announced and so are in no balance yet."""

    def note(self, field_path: str, path: str, text: str | None) -> None:
        self.evidence[field_path] = Evidence(source=self.source, path=path, text=text, proofs=(Proof.STRUCTURED,))

    def find(self, code: str) -> None:
        if code not in self.findings:
            self.findings.append(code)


def make_document(
    statement: Statement, trail: Trail, *, name: str, currency: str | None, country: str | None = None
) -> CanonicalDocument:
    """The document of a statement; reports a closing balance that opening balance and movements do not reach."""
    closes = adds_up(statement, trail.unbooked)
    if closes is False:
        trail.find(BALANCE_MISMATCH)
    for path, proof in (("opening_balance", closes), ("closing_balance", closes), ("account_iban", _checks(statement))):
        if proof and path in trail.evidence:
            trail.evidence[path] = _proved(trail.evidence[path], _PROOFS[path])
    return CanonicalDocument(
        doc_type=DocumentType.BANK_STATEMENT,
        country=country,
        currency=currency,
        statement=statement,
        format=name,
        evidence=trail.evidence,
        findings=tuple(trail.findings),
    )


def adds_up(statement: Statement, unbooked: Collection[int] = ()) -> bool | None:
    """Whether opening balance and movements give the closing balance; None where a balance is not stated."""
    if statement.opening_balance is None or statement.closing_balance is None:
        return None
    amounts = [entry.amount for entry in statement.entries if entry.amount is not None]
    announced = sum((statement.entries[at].amount or Decimal(0) for at in unbooked), Decimal(0))
    rest = statement.opening_balance + sum(amounts, Decimal(0)) - statement.closing_balance
    return abs(rest) <= TOLERANCE or (bool(unbooked) and abs(rest - announced) <= TOLERANCE)


def is_iban(text: str) -> bool:
    """Whether country, length and check digits are those of an IBAN."""
    return bool(iban_rules.is_valid(text))


def read_amount(text: str, *, may_group: bool = False) -> Decimal | None:
    """A decimal written with comma or point; the last of the two marks is the decimal one. None for anything else.

    ``may_group`` says that the format allows thousands to be grouped, so that ``1,234`` has no decimals.
    """
    found = _AMOUNT.fullmatch(text.strip())
    if found is None:
        return None
    sign, digits = found.groups()
    digits = digits.replace("'", "").replace(" ", "")
    if sum(c.isdigit() for c in digits) > _MAX_DIGITS or not digits.isascii():
        return None
    mark = max(digits.rfind(","), digits.rfind("."))
    if mark < 0:
        return Decimal(sign + digits)
    if digits.count(digits[mark]) > 1 or (may_group and _GROUPED.fullmatch(digits)):  # a repeated mark can only group
        return Decimal(sign + re.sub(r"[.,]", "", digits))
    whole, cents = re.sub(r"[.,]", "", digits[:mark]), digits[mark + 1 :]
    return Decimal(f"{sign}{whole or '0'}.{cents}" if cents else f"{sign}{whole or '0'}")


def join_text(*parts: str | None) -> str | None:
    """The parts as one line with single spaces; None when nothing is left."""
    return " ".join(" ".join(part.split()) for part in parts if part and not part.isspace()) or None


_PROOFS = {
    "opening_balance": Proof.ARITHMETIC,
    "closing_balance": Proof.ARITHMETIC,
    "account_iban": Proof.CHECK_DIGIT,
}


def _checks(statement: Statement) -> bool:
    return statement.account_iban is not None and is_iban(statement.account_iban)


def _proved(evidence: Evidence, proof: Proof) -> Evidence:
    return Evidence(source=evidence.source, path=evidence.path, text=evidence.text, proofs=(*evidence.proofs, proof))
