"""Reading of Facturae, whose schema types quantities, prices and rates as xs:double: ``1.0E7`` is a number there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.modules.imports.formats import arithmetic
from app.modules.imports.formats.printed_values import double_value
from app.modules.imports.formats.xml import find, find_all
from app.modules.imports.formats.xml_reading import XmlReading

if TYPE_CHECKING:
    from decimal import Decimal

    from app.modules.imports.formats.xml import Element


class FacturaeReading(XmlReading):
    """One invoice being read."""

    def amount(self, at: Element, path: str, field: str = "", *, required: bool = False) -> Decimal | None:
        return self._value(find(at, path), double_value, field, required=required)

    def amount_of(self, element: Element, field: str = "") -> Decimal | None:
        return self._value(element, double_value, field, required=False)

    def amount_or_sum(self, at: Element, path: str, parts: str) -> Decimal | None:
        """A total that need not be stated: then the sum of its parts, if all of them can be read."""
        if find(at, path) is not None:
            return self.amount(at, path)
        amounts = [self.amount_of(part) for part in find_all(at, parts)]
        stated = [amount for amount in amounts if amount is not None]
        return arithmetic.total(stated) if len(stated) == len(amounts) else None
