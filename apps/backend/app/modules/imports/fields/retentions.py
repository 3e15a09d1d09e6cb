"""Reads the rows of an Ecuadorian comprobante de retención: each proves itself, base × percentage = amount withheld."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from app.modules.imports.domain.canonical import Withholding
from app.modules.imports.fields.folding import fold
from app.modules.imports.fields.references import ecuadorian_numbers
from app.modules.imports.fields.taxrows import CENT, share

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from app.modules.imports.fields.labelling import Labels
    from app.modules.imports.fields.layout import Row, Sheet
    from app.modules.imports.fields.money import Money

_HUNDRED = Decimal(100)
_TAXES = (("renta", "RENTA"), ("iva", "IVA"), ("isd", "ISD"))
_CODE_DIGITS = 4


def find_retentions(
    sheet: Sheet, money: Sequence[Money], labels: Labels
) -> tuple[tuple[Withholding, ...], Money | None]:
    """The rows withheld and the printed total they sum up to."""
    by_row: dict[int, list[Money]] = {}
    for each in money:
        by_row.setdefault(each.amount.row.number, []).append(each)
    found = {row.number: each for row in sheet.rows for each in _row(row, by_row.get(row.number, ()))}
    rows = tuple(found.values())
    total = sum((row.amount or Decimal(0) for row in rows), Decimal(0))
    below = [each for each in money if each.amount.row.number not in found]
    return rows, _total(below, total, labels) or _total(money, total, labels)


def _row(row: Row, money: Sequence[Money]) -> Iterator[Withholding]:
    """A row is one when three of its numbers are base, percentage and their product."""
    found = _triple(money)
    if found is not None:
        base, rate, amount = found
        tokens = [fold(token.text) for token in row.tokens]
        number = next(ecuadorian_numbers(row), None)
        yield Withholding(
            tax_code=next((code for word, code in _TAXES if word in tokens), None),
            withholding_code=_code(row, (base, rate, amount)),
            rate=rate.value,
            base=base.value,
            amount=amount.value,
            document_number=number.replace("-", "") if number else None,
        )


def _triple(money: Sequence[Money]) -> tuple[Money, Money, Money] | None:
    cents = [each for each in money if each.amount.cents]
    for amount in reversed(cents):
        for base in cents:
            if base is amount or abs(base.value) < abs(amount.value):
                continue
            for rate in money:
                fits = rate is not base and rate is not amount and Decimal(0) < rate.value <= _HUNDRED
                if fits and abs(share(base.value, rate.value) - amount.value) <= CENT:
                    return base, rate, amount
    return None


def _code(row: Row, used: tuple[Money, Money, Money]) -> str | None:
    """The code of the withholding: the short bare number or code that is none of the three."""
    taken = {token.start for each in used for token in each.amount.tokens}
    for token in reversed(row.tokens):
        bare = token.text.strip("()")
        if token.start not in taken and bare[:1].isdigit() and bare.isalnum() and len(bare) <= _CODE_DIGITS:
            return bare
    return None


def _total(money: Sequence[Money], value: Decimal, labels: Labels) -> Money | None:
    """The printed sum of the rows; failing that, what is labelled as the total withheld."""
    summed = [
        each for each in money if each.value == value and value and each.strength("withholding", "total", "gross") > 0
    ]
    if summed:
        return max(summed, key=lambda each: each.amount.row.number)
    last = max((label.row.number for label in labels.of("withholding")), default=-1)
    labelled = [each for each in money if each.amount.row.number == last and each.amount.cents]
    return labelled[-1] if labelled else None
