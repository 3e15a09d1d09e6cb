"""Allowances and charges of a Cross Industry Invoice: of a line, or of all of them (BG-20, BG-21, BT-X-272)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.modules.imports.formats.arithmetic import ZERO, total
from app.modules.imports.formats.xml import Element, find_all, local_name

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from app.modules.imports.formats.xml_reading import XmlReading

_ALLOWANCE: Final = "SpecifiedTradeAllowanceCharge"
_FREIGHT: Final = "SpecifiedLogisticsServiceCharge"
_INDICATED: Final = frozenset(["true", "1"])


def changes(settlement: Element | None) -> list[Element]:
    """What a settlement takes off its amount and puts on it; freight is the document's alone, in EXTENDED."""
    return [] if settlement is None else [*find_all(settlement, _ALLOWANCE), *find_all(settlement, _FREIGHT)]


def added(reading: XmlReading, row: Element) -> Decimal:
    """What an allowance or a charge adds: allowances are below zero. Of freight only the charge is stated."""
    if local_name(row) == _FREIGHT:
        return reading.amount(row, "AppliedAmount") or ZERO
    amount = reading.amount(row, "ActualAmount") or ZERO
    return amount if reading.text(row, "ChargeIndicator/Indicator") in _INDICATED else -amount


def freight(reading: XmlReading, settlement: Element) -> Decimal:
    return _sum(reading, find_all(settlement, _FREIGHT))


def moved_by_rows(reading: XmlReading, settlement: Element) -> Decimal:
    """What all rows together put on the sum of the lines."""
    return _sum(reading, changes(settlement))


def _sum(reading: XmlReading, rows: Iterable[Element]) -> Decimal:
    return total(added(reading, row) for row in rows) or ZERO
