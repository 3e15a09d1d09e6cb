"""Parties of an SRI voucher: who issues it, and whom it is for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.modules.imports.domain.canonical import Party
from app.modules.imports.formats.printed_values import tax_id_form
from app.modules.imports.formats.sri_codes import FOREIGN_IDS

if TYPE_CHECKING:
    from app.modules.imports.formats.xml import Element
    from app.modules.imports.formats.xml_reading import XmlReading


def issuer(reading: XmlReading, root: Element, field: str) -> Party:
    """The taxpayer of infoTributaria."""
    name = reading.text(root, "infoTributaria/razonSocial", f"{field}.name", required=True)
    trade = reading.text(root, "infoTributaria/nombreComercial")
    return Party(
        name=name,
        tax_id=tax_id_form(reading.text(root, "infoTributaria/ruc", f"{field}.tax_id", required=True)),
        alt_names=(trade,) if trade and trade != name else (),
        country="EC",
        address=reading.text(root, "infoTributaria/dirMatriz"),
    )


def other_party(reading: XmlReading, info: Element, role: str, field: str) -> Party:
    """The Comprador, Proveedor, … of the voucher. May be foreign, so no country is assumed."""
    kind = reading.text(info, f"tipoIdentificacion{role}")
    return Party(
        name=reading.text(info, f"razonSocial{role}", f"{field}.name"),
        tax_id=tax_id_form(reading.text(info, f"identificacion{role}", f"{field}.tax_id")),
        tax_id_type="foreign" if kind in FOREIGN_IDS else None,
        address=reading.text(info, f"direccion{role}") or reading.text(info, f"dir{role}"),
    )
