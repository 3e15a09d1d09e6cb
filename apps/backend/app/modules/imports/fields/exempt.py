"""Finds bases that bear no tax: called exempt, or on a row of their own with a rate or a tax of zero."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from app.modules.imports.fields.money import Money

_EXEMPT = ("exent", "noobjeto", "nosujet", "exempt", "steuerfrei")


def find_exempt(cents: Sequence[Money], money: Sequence[Money]) -> Iterator[Money]:
    """Bases without tax: labelled so, or standing on a row of their own with a rate or a tax of zero."""
    by_row: dict[int, list[Money]] = {}
    for each in money:
        by_row.setdefault(each.amount.row.number, []).append(each)
    for each in cents:
        row = by_row[each.amount.row.number]
        labelled = each.strength("net") >= 1 and _named_exempt(each)
        tabled = (
            (each.strength("net") > 0 or _on_zero_rate(each, row))
            and any(_is_zero_tax(other) for other in row)
            and not any(_is_tax(other) for other in row if other is not each)
        )
        if each.value and (labelled or tabled):
            yield each


def _on_zero_rate(each: Money, row: Sequence[Money]) -> bool:
    """``IVA 0% s/ 1.266,83   0,00``: the one amount on a row with a rate of zero and a tax of zero."""
    zero_rate = any(other.amount.percent and not other.value for other in row)
    zero_tax = any(other.amount.cents and not other.value for other in row)
    return (
        zero_rate
        and zero_tax
        and sum(other.amount.cents and bool(other.value) for other in row) == 1
        and bool(each.value)
    )


def _named_exempt(each: Money) -> bool:
    return each.rate == 0 or any(word in each.label for word in _EXEMPT)


def _is_zero_tax(each: Money) -> bool:
    return not each.value and (each.amount.percent or each.strength("tax", "rate") > 0)


def _is_tax(each: Money) -> bool:
    return bool(each.value) and each.amount.cents and each.strength("tax") > 0 and not each.strength("net")
