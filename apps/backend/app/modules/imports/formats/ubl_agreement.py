"""Whether the lines of a UBL invoice agree with their prices and the VAT breakdown, and the amounts on a currency."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from app.modules.imports.formats.arithmetic import moved, total
from app.modules.imports.formats.ubl_amounts import QUANTITIES, added, is_summed, line_rows, monetary_total, profile_of
from app.modules.imports.formats.vat_breakdown import LineVat, Stated, note_disagreements
from app.modules.imports.formats.xml import find, find_all, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.modules.imports.domain.canonical import CanonicalDocument, Line
    from app.modules.imports.formats.xml import Element
    from app.modules.imports.formats.xml_reading import XmlReading

_SUB_LINES: Final = ("SubInvoiceLine", "SubCreditNoteLine", "SubDebitNoteLine")


def compare_lines(reading: XmlReading, root: Element, document: CanonicalDocument) -> None:
    """Notes what ``note_disagreements`` finds."""
    every = line_rows(reading, root)
    rows = [(row, line) for row, line in zip(every, document.lines, strict=True) if is_summed(row)]
    stated = Stated(
        lines=[_vat(reading, row, line) for row, line in rows],
        beside=[_beside(reading, row) for row in find_all(root, "AllowanceCharge")],
        priced=(_before_allowances(reading, row, line) for row, line in rows if _is_price_times_quantity(row)),
        amounts=_amounts(root, every),
        profile=profile_of(root),
    )
    note_disagreements(reading, document, stated)


def _vat(reading: XmlReading, row: Element, line: Line) -> LineVat:
    """The category of the line; none where a profile other than EN 16931 states several taxes of it."""
    categories = list(find_all(row, "Item/ClassifiedTaxCategory"))
    if len(categories) != 1:
        return LineVat(category=None, rate=None, net=line.net_amount)
    rate = reading.amount(categories[0], "Percent")
    return LineVat(category=reading.text(categories[0], "ID"), rate=rate, net=line.net_amount)


def _beside(reading: XmlReading, row: Element) -> LineVat:
    rate = reading.amount(row, "TaxCategory/Percent")
    return LineVat(category=reading.text(row, "TaxCategory/ID"), rate=rate, net=added(reading, row))


def _before_allowances(reading: XmlReading, row: Element, line: Line) -> Line:
    """The line with the amount that its quantity and price have to make (Peppol R120)."""
    beside = total(added(reading, change) for change in find_all(row, "AllowanceCharge"))
    return line if beside is None else replace(line, net_amount=moved(line.net_amount, beside, None))


def _is_price_times_quantity(row: Element) -> bool:
    """Whether the price of a line is its own, and for the unit that is counted."""
    if any(find(row, name) is not None for name in _SUB_LINES):
        return False
    quantities = [*(find(row, name) for name in QUANTITIES), find(row, "Price/BaseQuantity")]
    return len({quantity.get("unitCode") for quantity in quantities if quantity is not None} - {None}) <= 1


def _amounts(root: Element, rows: list[Element]) -> Iterator[Element]:
    totals = monetary_total(root)
    yield from (amount for amount in (totals if totals is not None else ()) if text_of(amount))
    for row in rows:
        yield from find_all(row, "LineExtensionAmount")
        yield from find_all(row, "Price/PriceAmount")
