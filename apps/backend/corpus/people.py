"""Invents companies, freelancers and households of Spain, Ecuador and the neighbours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpus import tax_ids
from corpus.facts import Person

if TYPE_CHECKING:
    from corpus.chance import Chance

_TRADES = (
    "Talleres", "Panadería", "Carpintería", "Suministros", "Electricidad", "Fontanería", "Ferretería", "Papelería",
    "Construcciones", "Reformas", "Asesoría", "Viveros", "Imprenta", "Clínica Dental", "Autoescuela", "Hotel",
    "Restaurante", "Bodegas", "Lavandería", "Transportes", "Óptica", "Floristería", "Cristalería", "Informática",
    "Mensajería", "Pinturas", "Gestoría", "Estudio", "Grupo", "Distribuciones", "Comercial", "Industrias", "Academia",
)  # fmt: skip
_CORES = (
    "Valdehierro", "Peñalara", "Moncabril", "Iturmendi", "Rocafort", "Las Encinas", "Quintanar", "Bellavista",
    "Oribe", "del Turia", "Almazora", "Cabo Norte", "Ruiz y Solano", "Hnos. Zabala", "Ondarreta", "Nogueira", "Arrecife",
    "La Estrella", "Vallirana", "Sanabria", "Tres Ríos", "Montenegro", "Alcázar", "Miralles", "Güemes", "Ibáñez", "Tajuña",
    "Serrablo", "Anaga", "Puigcerver", "Río Miño", "Santa Olaya", "Camino Real", "Nexo", "Alba", "Vértice", "Umbral",
)  # fmt: skip
_FORMS = (
    "S.L.",
    "S.L.",
    "SL",
    "S.L.U.",
    "S.A.",
    "SA",
    "S.Coop.",
    "S.L.L.",
    "SLU",
    "C.B.",
    "S.L.P.",
    "SOCIEDAD LIMITADA",
)
_FORENAMES = (
    "Lucía",
    "Andrés",
    "Nerea",
    "Íñigo",
    "Marta",
    "Joan",
    "Begoña",
    "Raúl",
    "Uxía",
    "Óscar",
    "Elena",
    "Víctor",
)
_SURNAMES = (
    "Carrasco", "Ibarra", "Muñoz", "Peña", "Castaño", "Ferrer", "Lozano", "Arriaga", "Núñez", "Vidal", "Segura", "Otero",
    "Gallardo", "Echeverría", "Salcedo", "Montoya", "Bravo", "Cárdenas",
)  # fmt: skip
_STREETS = (
    "Calle Mayor, {}", "C/ del Olmo, {}", "Avda. de la Constitución, {}", "Plaza de España, {}", "Paseo del Prado {}",
    "Pol. Ind. Las Eras, nave {}", "Ctra. de Toledo, km {}", "Ronda Sur, {} - 2º B", "C/ Goya {}, bajo",
    "Camino Viejo s/n, parcela {}", "Travesía del Carmen, {}, 1º izda.", "Gran Vía, {}", "Rúa Nova, {}", "Carrer Nou, {}",
)  # fmt: skip
_TOWNS = (
    ("28013", "Madrid", "Madrid"), ("08402", "Granollers", "Barcelona"), ("46600", "Alzira", "Valencia"),
    ("41018", "Sevilla", "Sevilla"), ("48903", "Barakaldo", "Bizkaia"), ("36202", "Vigo", "Pontevedra"),
    ("38003", "Santa Cruz de Tenerife", "Santa Cruz de Tenerife"), ("35010", "Las Palmas de Gran Canaria", "Las Palmas"),
    ("50009", "Zaragoza", "Zaragoza"), ("07001", "Palma", "Illes Balears"), ("24402", "Ponferrada", "León"),
    ("30201", "Cartagena", "Murcia"), ("33206", "Gijón", "Asturias"), ("14900", "Lucena", "Córdoba"),
)  # fmt: skip
_EC_STREETS = (
    "Av. Amazonas N{}-12 y Naciones Unidas",
    "Calle Larga {} y Benigno Malo",
    "Malecón {} y Olmedo",
    "Av. Quito {}",
)
_EC_TOWNS = (("170150", "Quito", "Pichincha"), ("090313", "Guayaquil", "Guayas"), ("010101", "Cuenca", "Azuay"))
_EC_FORMS = ("S.A.", "CIA. LTDA.", "C.A.", "S.A.S.", "CÍA. LTDA.", "C. LTDA.")
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
    name = f"{chance.choice(_TRADES)} {core}" if chance.likely(0.8) else core
    form = chance.choice(_FORMS)
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
    name = f"{chance.choice(_TRADES)} {chance.choice(_CORES)} {chance.choice(_EC_FORMS)}"
    return _ecuadorian(chance, name.upper() if chance.likely(0.6) else name, tax_ids.ecuadorian_company(chance))


def ecuadorian_person(chance: Chance) -> Person:
    """Somebody who buys with a cédula."""
    name = f"{chance.choice(_FORENAMES)} {chance.choice(_SURNAMES)} {chance.choice(_SURNAMES)}"
    return _ecuadorian(chance, name.upper() if chance.likely(0.5) else name, tax_ids.ecuadorian_person(chance))


def _spaniard(chance: Chance, name: str, tax_id: str, more: tuple[str, bool]) -> Person:
    brand, canaries = more
    towns = [town for town in _TOWNS if (town[0] in _CANARIES) == canaries]
    postcode, town, province = chance.choice(towns)
    word = chance.choice(_CORES).split()[-1].casefold().translate(str.maketrans("áéíóúüñç", "aeiouunc"))
    return Person(
        name=name, tax_id=tax_id, street=chance.choice(_STREETS).format(chance.randint(1, 120)), postcode=postcode,
        town=town, province=province, brand=brand, phone=f"9{chance.digits(2)} {chance.digits(3)} {chance.digits(3)}",
        email=f"{chance.choice(('info', 'administracion', 'hola'))}@{word}.example",
    )  # fmt: skip


def _ecuadorian(chance: Chance, name: str, tax_id: str) -> Person:
    postcode, town, province = chance.choice(_EC_TOWNS)
    street = chance.choice(_EC_STREETS).format(chance.randint(10, 90))
    return Person(
        name=name, tax_id=tax_id, street=street, postcode=postcode, town=town, province=province, country="EC",
        phone=f"0{chance.digits(8)}", email=f"facturacion{chance.randint(1, 99)}@correo.example",
    )  # fmt: skip
