"""Rules of every country on sums: what a document states must agree with itself, as closely as suppliers round.

Printed figures stand; what is computed is compared, never written over them. A cent a line, five cents in all, is
rounding: EN 16931 (BR-CO-10 to -17) asks for less of sums and allows more of VAT; suppliers round per line or document.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from app.modules.imports.domain.canonical import DocumentType
from app.modules.imports.domain.finding import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from app.modules.imports.domain.canonical import CanonicalDocument, Tax
    from app.modules.imports.domain.country import Rule, RuleContext

_ZERO: Final = Decimal(0)
_CENT: Final = Decimal("0.01")
_ROUNDING: Final = Decimal("0.05")
_TAX_SLIP: Final = Decimal("0.02")
_TAX_ROUNDING: Final = Decimal(1)
"""EN 16931 BR-CO-17 as its schematron has it: VAT of a category may miss base × rate by one unit."""
_WHOLE_UNITS: Final = frozenset({"CLP", "HUF", "ISK", "JPY", "KRW", "PYG", "VND", "XAF", "XOF", "XPF"})
"""Currencies without a smaller coin: tax in them is rounded to whole units."""
_BY_UNIT: Final = frozenset({"ICE", "IRBPNR"})
"""Taxes of Ecuador whose tarifa may be US dollars a unit, bottle or litre, and the row does not say of how many."""
_SUMS: Final = {
    "gross": (("net", "tax", "gross"), ("totals_mismatch",)),
    "net": (("net",), ("totals_mismatch", "lines_mismatch")),
    "payable": (("payable",), ("totals_mismatch", "payable_mismatch")),
}
"""Of each total that a reader compares: the totals it looked at, and what it says when they disagree."""
_BALANCE_SLIP: Final = Decimal("0.005")


def judge_totals(document: CanonicalDocument, _context: RuleContext) -> Iterator[Finding]:
    """That net + tax (+ tip) = gross."""
    totals = document.totals
    if totals.net is None or totals.tax is None or totals.gross is None:
        return
    computed = totals.net + totals.tax + (totals.tip or _ZERO)
    if computed == totals.gross:
        return
    params = _params(computed, totals.gross)
    if abs(computed - totals.gross) <= _rounding(document):
        yield Finding(code="rounding_difference", severity=Severity.NOTE, field="totals.gross", params=params)
    elif not _compared_by_reader(document, "gross"):
        yield Finding(code="totals_mismatch", severity=Severity.BLOCKS, field="totals.gross", params=params)


def judge_stated_total(document: CanonicalDocument, _context: RuleContext) -> Iterator[Finding]:
    """A format's own invoice total is the gross, before or after withholding: writers differ, and either is right."""
    totals = document.totals
    stated, gross = totals.invoice_total_stated, totals.gross
    if stated is None or gross is None:
        return
    after = gross - (totals.withholding or _ZERO)
    if min(abs(gross - stated), abs(after - stated)) > _rounding(document):
        yield Finding(
            code="totals_mismatch",
            severity=Severity.BLOCKS,
            field="totals.invoice_total_stated",
            params=_params(after, stated),
        )


def judge_payable(document: CanonicalDocument, _context: RuleContext) -> Iterator[Finding]:
    """That gross − withholding − prepaid = payable; disbursements may come on top, so a look will do."""
    totals = document.totals
    if totals.gross is None or totals.payable is None or _compared_by_reader(document, "payable"):
        return
    computed = totals.gross - (totals.withholding or _ZERO) - (totals.prepaid or _ZERO)
    if abs(computed - totals.payable) > _rounding(document):
        params = _params(computed, totals.payable)
        yield Finding(code="payable_mismatch", severity=Severity.LOOK, field="totals.payable", params=params)


def judge_taxes(document: CanonicalDocument, _context: RuleContext) -> Iterator[Finding]:
    """That base × rate = amount in each row whose rate is a percentage, and the rows, each of them rounded, make the
    tax.
    """
    if not document.taxes:
        return
    in_whole_units = document.currency in _WHOLE_UNITS
    allowed = _TAX_ROUNDING if in_whole_units else min(_TAX_SLIP * max(len(document.lines), 1), _TAX_ROUNDING)
    for index, tax in enumerate(document.taxes):
        if tax.tax_code in _BY_UNIT:
            continue
        yield from _judge_share((tax.base, tax.rate, tax.amount), f"taxes.{index}.amount", allowed)
        yield from _judge_share(
            (tax.base, tax.surcharge_rate, tax.surcharge_amount), f"taxes.{index}.surcharge_amount", allowed
        )
    amounts = [_tax_amount(tax) for tax in document.taxes]
    allowed = max(_rounding(document), _CENT / 2 * len(amounts))
    yield from _judge_sum(amounts, document.totals.tax, "totals.tax", allowed)


def judge_withholdings(document: CanonicalDocument, _context: RuleContext) -> Iterator[Finding]:
    """The same of withholdings; their sum is all that a retención is about, so there it must hold."""
    if not document.withholdings:
        return
    for index, row in enumerate(document.withholdings):
        if _row_compared_by_reader(document, index):
            continue
        yield from _judge_share((row.base, row.rate, row.amount), f"withholdings.{index}.amount", _TAX_SLIP)
    amounts = [row.amount for row in document.withholdings]
    found = _judge_sum(amounts, document.totals.withholding, "totals.withholding", _ROUNDING)
    if document.doc_type is not DocumentType.WITHHOLDING:
        yield from found
        return
    for finding in found:
        yield Finding(code="totals_mismatch", severity=Severity.BLOCKS, field=finding.field, params=finding.params)


def judge_lines(document: CanonicalDocument, _context: RuleContext) -> Iterator[Finding]:
    """Σ lines = net, with or without the discount of the whole document."""
    net = document.totals.net
    if not document.lines or net is None or _compared_by_reader(document, "net"):
        return
    amounts = [line.net_amount for line in document.lines]
    stated = [amount for amount in amounts if amount is not None]
    if len(stated) < len(amounts):
        return
    computed, allowed = sum(stated, _ZERO), _rounding(document)
    if min(abs(computed - net), abs(computed - (document.totals.discount or _ZERO) - net)) > allowed:
        yield Finding(code="lines_mismatch", severity=Severity.LOOK, field="totals.net", params=_params(computed, net))


def judge_balance(document: CanonicalDocument, _context: RuleContext) -> Iterator[Finding]:
    """That opening + booked movements = closing."""
    statement = document.statement
    if statement is None or statement.opening_balance is None or statement.closing_balance is None:
        return
    booked = [entry.amount for entry in statement.entries if entry.status is None]
    announced = sum((entry.amount or _ZERO for entry in statement.entries if entry.status is not None), _ZERO)
    stated = [amount for amount in booked if amount is not None]
    computed = sum(stated, statement.opening_balance)
    # Some banks count what is only announced into their balance.
    off = min(abs(computed + counted - statement.closing_balance) for counted in (_ZERO, announced))
    if len(stated) == len(booked) and off > _BALANCE_SLIP:
        yield Finding(
            code="balance_mismatch",
            severity=Severity.BLOCKS,
            field="statement.closing_balance",
            params=_params(computed, statement.closing_balance),
        )


def _compared_by_reader(document: CanonicalDocument, total: str) -> bool:
    """XML states charges, rounding and groups of lines, which its reader counts in and which are in no field here.

    What a person entered was compared by nobody, whatever the reader had found.
    """
    looked_at, said = _SUMS[total]
    evidence = (document.evidence.get(f"totals.{name}") for name in looked_at)
    return all(each is not None and each.source == "xml" for each in evidence) and not set(said) & {*document.findings}


def _row_compared_by_reader(document: CanonicalDocument, index: int) -> bool:
    """A retención in XML says of which rows the percentage is only the outcome of a scale; its reader knows them."""
    amount = document.evidence.get(f"withholdings.{index}.amount")
    return document.doc_type is DocumentType.WITHHOLDING and amount is not None and amount.source == "xml"


def _judge_share(
    row: tuple[Decimal | None, Decimal | None, Decimal | None], field: str, allowed: Decimal
) -> Iterator[Finding]:
    base, rate, amount = row
    if base is None or rate is None or amount is None:
        return
    computed = base * rate / 100
    # The sign is free: in a credit note some writers turn only one of the two.
    if abs(abs(computed) - abs(amount)) > allowed:
        yield Finding(
            code="tax_mismatch",
            severity=Severity.LOOK,
            field=field,
            params=_params(computed, amount) | {"base": f"{base:f}", "rate": f"{rate:f}"},
        )


def _judge_sum(
    amounts: Iterable[Decimal | None], stated: Decimal | None, field: str, allowed: Decimal
) -> Iterator[Finding]:
    total = _ZERO
    for amount in amounts:
        if amount is None:
            return
        total += amount
    if stated is not None and abs(total - stated) > allowed:
        yield Finding(code="sum_mismatch", severity=Severity.LOOK, field=field, params=_params(total, stated))


def _tax_amount(tax: Tax) -> Decimal | None:
    return tax.amount if tax.amount is None else tax.amount + (tax.surcharge_amount or _ZERO)


def _rounding(document: CanonicalDocument) -> Decimal:
    return min(_CENT * max(len(document.lines), 1), _ROUNDING)


def _params(computed: Decimal, stated: Decimal) -> dict[str, str]:
    shown = computed.quantize(_CENT) if computed.adjusted() < 20 else computed  # noqa: PLR2004 [beyond it quantize fails]
    return {"computed": f"{shown:f}", "stated": f"{stated:f}", "difference": f"{stated - shown:f}"}


RULES: Final[tuple[Rule, ...]] = (
    judge_totals,
    judge_stated_total,
    judge_payable,
    judge_taxes,
    judge_withholdings,
    judge_lines,
    judge_balance,
)
