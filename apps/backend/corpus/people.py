"""Invents companies, freelancers and households of Spain, Ecuador and the neighbours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpus import tax_ids
from corpus.facts import Person
from corpus.wording import words_of

if TYPE_CHECKING:
    from corpus.chance import Chance

_WORDS = words_of("people")
_STREETS = _WORDS["streets"]
_CORES = _WORDS["cores"]
_FORENAMES, _SURNAMES = _WORDS["forenames"], _WORDS["surnames"]
_EC_STREETS = _WORDS["ec_streets"]
_FOREIGN = {
    "DE": ("Nordlicht Technik GmbH", "Hafenstraße 12", "20457", "Hamburg"),
    "PT": ("Serra Azul, Lda.", "Rua das Flores 8", "4050-262", "Porto"),
    "FR": ("Ateliers du Canal SARL", "14 rue du Port", "31000", "Toulouse"),
    "IT": ("Officine Ponte Vecchio S.r.l.", "Via Roma 3", "50123", "Firenze"),
}
_CANARIES = frozenset({"35010", "38003"})


def spanish_firm(chance: Chance, *, canaries: bool = False) -> Person:
    """A company; sometimes its sign over the door says something else than its name."""
    core = chance.choice(_CORES)
    name = f"{chance.choice(_WORDS['trades'])} {core}" if chance.likely(0.8) else core
    form = chance.choice(_WORDS["forms"])
    full = f"{name}, {form}" if chance.likely(0.5) else f"{name} {form}"
    brand = chance.choice((core, f"{core} {chance.randint(1980, 2015)}")) if chance.likely(0.2) else ""
    return _spaniard(
        chance, full.upper() if chance.likely(0.25) else full, tax_ids.spanish_company(chance), (brand, canaries)
    )


def spanish_freelancer(chance: Chance) -> Person:
    """A person with a NIF or a NIE."""
    name = f"{chance.choice(_FORENAMES)} {chance.choice(_SURNAMES)} {chance.choice(_SURNAMES)}"
    return _spaniard(chance, name, tax_ids.spanish_person(chance), ("", False))


def foreign_firm(chance: Chance) -> Person:
    """A customer elsewhere in the Union."""
    number = tax_ids.european(chance)
    name, street, postcode, town = _FOREIGN[number[:2]]
    return Person(
        name=name, tax_id=number, street=street, postcode=postcode, town=town, province="", country=number[:2]
    )


def ecuadorian_firm(chance: Chance) -> Person:
    """A company, or one in four times a person, with a RUC."""
    if chance.likely(0.25):
        name = f"{chance.choice(_SURNAMES)} {chance.choice(_SURNAMES)} {chance.choice(_FORENAMES)}".upper()
        return _ecuadorian(chance, name, tax_ids.ecuadorian_person(chance) + "001")
    name = f"{chance.choice(_WORDS['trades'])} {chance.choice(_CORES)} {chance.choice(_WORDS['ec_forms'])}"
    return _ecuadorian(chance, name.upper() if chance.likely(0.6) else name, tax_ids.ecuadorian_company(chance))


def ecuadorian_person(chance: Chance) -> Person:
    """Somebody who buys with a cédula."""
    name = f"{chance.choice(_FORENAMES)} {chance.choice(_SURNAMES)} {chance.choice(_SURNAMES)}"
    return _ecuadorian(chance, name.upper() if chance.likely(0.5) else name, tax_ids.ecuadorian_person(chance))


def _spaniard(chance: Chance, name: str, tax_id: str, more: tuple[str, bool]) -> Person:
    brand, canaries = more
    towns = [town.split(", ") for town in _WORDS["towns"]]
    postcode, town, province = chance.choice([town for town in towns if (town[0] in _CANARIES) == canaries])
    word = chance.choice(_CORES).split()[-1].casefold().translate(str.maketrans("áéíóúüñç", "aeiouunc"))
    return Person(
        name=name,
        tax_id=tax_id,
        street=chance.choice(_STREETS).format(chance.randint(1, 120)),
        postcode=postcode,
        town=town,
        province=province,
        brand=brand,
        phone=f"9{chance.digits(2)} {chance.digits(3)} {chance.digits(3)}",
        email=f"{chance.choice(('info', 'administracion', 'hola'))}@{word}.example",
    )


def _ecuadorian(chance: Chance, name: str, tax_id: str) -> Person:
    postcode, town, province = chance.choice(_WORDS["ec_towns"]).split(", ")
    street = chance.choice(_EC_STREETS).format(chance.randint(10, 90))
    return Person(
        name=name,
        tax_id=tax_id,
        street=street,
        postcode=postcode,
        town=town,
        province=province,
        country="EC",
        phone=f"0{chance.digits(8)}",
        email=f"facturacion{chance.randint(1, 99)}@correo.example",
    )
