"""Whether a tax row's category and its rate say the same: UNTDID 5305 in EN 16931 (BR-S-05 …), Natura in FatturaPA."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from app.modules.imports.domain.finding import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.modules.imports.domain.canonical import CanonicalDocument, Tax
    from app.modules.imports.domain.country import Rule, RuleContext

_WITHOUT_TAX: Final = frozenset({"Z", "E", "AE", "K", "G", "O"})
_STANDARD: Final = "S"
_NATURES: Final = frozenset({f"N{number}" for number in range(1, 8)})
_SLIP: Final = Decimal("0.05")


def judge_categories(document: CanonicalDocument, _context: RuleContext) -> Iterator[Finding]:
    """A category without tax has the rate 0, the standard one has another."""
    for index, tax in enumerate(document.taxes):
        category = (tax.category or "").upper()
        if tax.rate is None:
            continue
        if tax.rate and (category in _WITHOUT_TAX or category[:2] in _NATURES):
            yield rate_against_code(tax, index, category, "0")
        elif not tax.rate and category == _STANDARD:
            yield rate_against_code(tax, index, category, "> 0")


def rate_against_code(tax: Tax, index: int, code: str, expected: str) -> Finding:
    """A note where the amount follows the printed rate; where it does not, the amount depends on who is right."""
    printed = f"{tax.rate:f}" if tax.rate is not None else ""
    return Finding(
        code="rate_against_code",
        severity=Severity.NOTE if _amount_follows(tax) else Severity.LOOK,
        field=f"taxes.{index}.rate",
        params={"rate": printed, "code": code, "expected": expected},
    )


def _amount_follows(tax: Tax) -> bool:
    """Whether the amount is the printed rate of its base; what is not stated contradicts nothing."""
    if tax.base is None or tax.amount is None or tax.rate is None:
        return True
    return abs(abs(tax.base * tax.rate / 100) - abs(tax.amount)) <= _SLIP


RULES: Final[tuple[Rule, ...]] = (judge_categories,)
