"""Parties of a UBL invoice, by the business terms of EN 16931 (BT-27 to BT-63)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.modules.imports.domain.canonical import Party
from app.modules.imports.formats.party_ids import party_id
from app.modules.imports.formats.printed_values import one_line
from app.modules.imports.formats.territories import alpha2
from app.modules.imports.formats.xml import Element, find, find_all, text_of

if TYPE_CHECKING:
    from app.modules.imports.formats.xml_reading import XmlReading


_ADDRESSES = ("PostalAddress", "PhysicalLocation/Address", "PartyLegalEntity/RegistrationAddress")
"""Of EN 16931 (BG-5, BG-8), Colombia's and Peru's."""
_RUC = "6"
"""How Peru's SUNAT marks the tax number among the identifications of a party."""
_PERSON = ("FirstName", "MiddleName", "FamilyName")


def party(reading: XmlReading, at: Element | None, field: str) -> Party:
    """A cac:Party. Required of the supplier only: a simplified invoice may leave the buyer open."""
    if at is None:
        reading.note("schema_invalid")
        return Party()
    names = _names(at)
    for name, _ in names[:1]:
        reading.prove(f"{field}.name", name)
    tax_id, others = _tax_ids(reading, at, field)
    texts = [text for _, text in names]
    legal = texts[0] if texts else None
    address = next((place for path in _ADDRESSES if (place := find(at, path)) is not None), None)
    return Party(
        name=legal,
        tax_id=tax_id,
        alt_names=tuple(text for text in dict.fromkeys(texts) if text != legal),
        alt_tax_ids=tuple(number for number in dict.fromkeys(others) if number != tax_id),
        country=alpha2(reading.text(address, "Country/IdentificationCode")) if address is not None else None,
        address=_address(reading, address) if address is not None else None,
    )


def _names(at: Element) -> list[tuple[Element, str]]:
    """Legal name (BT-27) first, then trade names (BT-28); where there is none, a natural person's."""
    return (
        _printed(at, "PartyLegalEntity/RegistrationName", "PartyName/Name")
        or _printed(at, "PartyTaxScheme/RegistrationName")
        or _persons(at)
        or _printed(at, "Contact/Name")
    )


def _printed(at: Element, *paths: str) -> list[tuple[Element, str]]:
    found = (name for path in paths for name in find_all(at, path))
    return [(name, text) for name in found if (text := one_line(text_of(name)))]


def _persons(at: Element) -> list[tuple[Element, str]]:
    parts = [(person, [text_of(find(person, part)) for part in _PERSON]) for person in find_all(at, "Person")]
    return [(person, text) for person, texts in parts if (text := one_line(" ".join(filter(None, texts))))]


def _tax_ids(reading: XmlReading, at: Element, field: str) -> tuple[str | None, list[str]]:
    """The VAT number (BT-31, BT-48), else the national tax number (BT-32); registrations beside it."""
    schemes = [
        (_scheme(row), number)
        for row in find_all(at, "PartyTaxScheme")
        if (number := find(row, "CompanyID")) is not None
    ]
    schemes.sort(key=lambda row: row[0] != "VAT")
    schemes += [(_RUC, row) for row in find_all(at, "PartyIdentification/ID") if row.get("schemeID") == _RUC]
    others = [*find_all(at, "PartyLegalEntity/CompanyID"), *find_all(at, "PartyIdentification/ID")]
    numbers = [form for number in (*(n for _, n in schemes), *others) if (form := party_id(text_of(number)))]
    stated = next((number for _, number in schemes if party_id(text_of(number))), None)
    if stated is None:
        return None, numbers
    reading.prove(f"{field}.tax_id", stated)
    return party_id(text_of(stated)), numbers


def _scheme(row: Element) -> str:
    return (text_of(find(row, "TaxScheme/ID")) or "").upper()


def _address(reading: XmlReading, at: Element) -> str | None:
    parts = [reading.text(at, part) for part in ("StreetName", "AdditionalStreetName", "PostalZone", "CityName")]
    return ", ".join(part for part in parts if part) or None
