"""The invented people and companies of the samples. None exists; every check digit is right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sources.check_digits import cif, iban, nif, ruc_of_company, ruc_of_person

BANK: Final = "9999"
"""A bank code given to nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """Somebody who sells or buys."""

    name: str
    tax_id: str
    street: str
    post_code: str
    town: str
    province: str
    iban: str = ""


WORKSHOP: Final = Company(
    name="Talleres Brisa Norte, S.L.",
    tax_id=cif("B", 31415),
    street="Calle del Faro, 12",
    post_code="39001",
    town="Santander",
    province="Cantabria",
    iban=iban(BANK, "0101", "0000314159"),
)
"""Who buys in Spain: the tenant of the demonstration."""
DESIGNER: Final = Company(
    name="Nuria Vega Solano",
    tax_id=nif(12345),
    street="Plaza de la Encina, 4",
    post_code="37001",
    town="Salamanca",
    province="Salamanca",
    iban=iban(BANK, "0202", "0000271828"),
)
WATER: Final = Company(
    name="Aguas y Filtros Montenegro, S.A.",
    tax_id=cif("A", 57721),
    street="Avenida de la Fuente, 88",
    post_code="26001",
    town="Logroño",
    province="La Rioja",
    iban=iban(BANK, "0303", "0000577215"),
)
PAPER: Final = Company(
    name="Papelera del Estuario, S.L.",
    tax_id=cif("B", 16180),
    street="Polígono La Marisma, nave 7",
    post_code="48001",
    town="Bilbao",
    province="Bizkaia",
    iban=iban(BANK, "0404", "0000161803"),
)
GREENGROCER: Final = Company(
    name="Huerta Valdelirio, S.L.",
    tax_id=cif("B", 14142),
    street="Camino de los Olmos, 3",
    post_code="50001",
    town="Zaragoza",
    province="Zaragoza",
    iban=iban(BANK, "0505", "0000141421"),
)
ELECTRICIAN: Final = Company(
    name="Darío Montalbán Crespo",
    tax_id=nif(67890),
    street="Calle Hilanderas, 21",
    post_code="24001",
    town="León",
    province="León",
    iban=iban(BANK, "0606", "0000173205"),
)
CAFETERIA: Final = Company(
    name="Cafetería La Rosaleda, S.L.",
    tax_id=cif("B", 22360),
    street="Paseo de los Tilos, 9",
    post_code="39002",
    town="Santander",
    province="Cantabria",
)
HARDWARE_EC: Final = Company(
    name="Ferretería Cumbre Nevada S.A.",
    tax_id=ruc_of_company("179999903"),
    street="Av. de los Arupos N12-34",
    post_code="170101",
    town="Quito",
    province="Pichincha",
)
IMPORTER_EC: Final = Company(
    name="Importadora Sierra Azul Cía. Ltda.",
    tax_id=ruc_of_company("019999902"),
    street="Calle de los Capulíes 5-67",
    post_code="010101",
    town="Cuenca",
    province="Azuay",
)
CARPENTER_EC: Final = Company(
    name="Rosa Elena Quimbita Laso",
    tax_id=ruc_of_person("170000003"),
    street="Pasaje Los Nogales S8-90",
    post_code="170102",
    town="Quito",
    province="Pichincha",
)
