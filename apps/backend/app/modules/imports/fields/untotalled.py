"""Tells an invoice in which no total was found from a paper that only speaks of invoices, for a person to see."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from app.modules.imports.fields.codes import find_ibans
from app.modules.imports.fields.dates import find_dates
from app.modules.imports.fields.dating import choose_dates
from app.modules.imports.fields.folding import fold, squash
from app.modules.imports.fields.references import find_number, is_announced
from app.modules.imports.fields.taxids import find_tax_ids
from app.modules.imports.fields.title_words import INVOICE_STEMS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from app.modules.imports.fields.labelling import Label, Labels
    from app.modules.imports.fields.layout import Sheet
    from app.modules.imports.fields.money import Money
    from app.modules.imports.fields.numbering import Reference

_DUNNING: Final = re.compile(
    r"\b(?:le|les|os|nos) (?:recordamos|constan?|reclamamos)\b|\brecordatorio\b|\b(?:sigue|siguen|consta|constan|esta|"
    r"estan|figura|figuran) (?:aun |todavia )?(?:pendientes?|impagad[oa]s?|sin pagar|vencid[oa]s?)\b|"
    r"\bimpagad[oa]s?\b|\bmoros[oa]s?\b|\badeuda|\boverdue\b|\breminder\b|\boutstanding invoices?\b|\bmahnung\b",
)
"""What is said of an invoice that was sent before."""
_NAMES: Final = (*INVOICE_STEMS, "fra")
_UNDER: Final = 3


def is_untotalled_invoice(sheet: Sheet, labels: Labels, money: Iterable[Money]) -> bool:
    """Amounts, a number that a label calls an invoice's, a date of issue and a tax id whose check digit holds."""
    ids = find_tax_ids(sheet, labels)
    if not any(each.proven for each in ids) or not any(_is_price(each) for each in money):
        return False
    taken = frozenset(map(squash, (*(each.value for each in ids), *(each.value for each in find_ibans(sheet)))))
    number = find_number(sheet, labels, taken)
    if number is None or not is_announced(sheet, labels, taken, number) or not _is_invoices(labels, number):
        return False
    dates = choose_dates(sheet, find_dates(sheet), labels)
    return dates.issued is not None and dates.labelled and _DUNNING.search(fold(sheet.text)) is None


def _is_price(each: Money) -> bool:
    return not each.amount.percent and bool(each.amount.cents or each.amount.currency)


def _is_invoices(labels: Labels, number: Reference) -> bool:
    """The label over or beside the number, at the beginning of its cell, names the invoice."""
    return any(any(name in label.key for name in _NAMES) for label in _heads(labels, number))


def _heads(labels: Labels, number: Reference) -> Iterator[Label]:
    for label in labels.all:
        near = label.row.page == number.row.page and 0 <= number.row.number - label.row.number <= _UNDER
        first = any(cell.tokens[0] is label.tokens[0] for cell in label.row.cells())
        if near and first and label.roles & {"number", "title"}:
            yield label
