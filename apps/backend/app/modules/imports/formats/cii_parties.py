"""Parties of a Cross Industry Invoice, by the business terms of EN 16931 (BT-27 to BT-63)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.modules.imports.domain.canonical import Party
from app.modules.imports.formats.party_ids import party_id
from app.modules.imports.formats.printed_values import one_line
from app.modules.imports.formats.territories import alpha2
from app.modules.imports.formats.xml import Element, find, find_all, text_of

if TYPE_CHECKING:
    from app.modules.imports.formats.xml_reading import XmlReading


def party(reading: XmlReading, at: Element | None, field: str) -> Party:
    """A trade party."""
    if at is None:
        reading.note("schema_invalid")
        return Party()
    tax_id, others = _tax_ids(reading, at, field)
    name = reading.text(at, "Name", f"{field}.name")
    trade = one_line(text_of(find(at, "SpecifiedLegalOrganization/TradingBusinessName")))
    address = find(at, "PostalTradeAddress")
    return Party(
        name=name or trade,
        tax_id=tax_id,
        alt_names=(trade,) if trade and name and trade != name else (),
        alt_tax_ids=tuple(number for number in dict.fromkeys(others) if number != tax_id),
        country=alpha2(reading.text(address, "CountryID")) if address is not None else None,
        address=_address(reading, address) if address is not None else None,
    )


def _tax_ids(reading: XmlReading, at: Element, field: str) -> tuple[str | None, list[str]]:
    """The VAT number (scheme VA, BT-31), else the national tax number (FC, BT-32); registrations beside it."""
    stated = [number for number in find_all(at, "SpecifiedTaxRegistration/ID") if party_id(text_of(number))]
    stated.sort(key=lambda number: (number.get("schemeID") or "").upper() != "VA")
    others = [*find_all(at, "SpecifiedLegalOrganization/ID"), *find_all(at, "ID"), *find_all(at, "GlobalID")]
    numbers = [form for number in (*stated, *others) if (form := party_id(text_of(number)))]
    if not stated:
        return None, numbers
    reading.prove(f"{field}.tax_id", stated[0])
    return numbers[0], numbers


def _address(reading: XmlReading, at: Element) -> str | None:
    parts = [reading.text(at, part) for part in ("LineOne", "LineTwo", "PostcodeCode", "CityName")]
    return ", ".join(part for part in parts if part) or None
