"""Whose a bare tax id or name is, where its heading does not say: the supplier's, unless the table speaks of customers.

A list of issued invoices has ``Cliente`` and ``NIF``, and the NIF is the customer's: the one who issued them all stands
nowhere in it, and is for a person to state.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from app.modules.imports.mapping.vocabulary import fold_header

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_WORDS: Final = {
    "tax_id": (
        "nif|cif|nif/cif|cif/nif|cif/dni|nif/dni|dni/nif|cifnif|nif iva|ruc|rut|nit|tax id|tax number|vat|vat number|"
        "vat id|identificación|identificación fiscal|id fiscal"
    ),
    "name": "razón social|nombre o razón social|nombre razón social|nombre|name",
}
_BARE: Final = {key: frozenset(map(fold_header, words.split("|"))) for key, words in _WORDS.items()}
_BESIDE_A_TAX_ID: Final = frozenset({"nombre", "name"})
"""Too common to be a party's name anywhere else."""
_OF_SALES: Final = re.compile(
    r"\b(\w*clientes?|customers?|clients?|buyer|comprador|destinatario|destinario|repercutid[oa]|ingreso|cobrad[oa])\b"
)
_OF_PURCHASES: Final = re.compile(
    r"\b(proveedor(es)?|acreedor|suppliers?|vendors?|seller|merchant|emisor|issuer|expedidor|soportad[oa]|gasto|deducible)\b"
)
_OF_EITHER: Final = re.compile(r"\b(terceros?|contraparte|partner|cliente proveedor)\b")
"""A list of both what was sold and what was bought: whose a number is, its rows say in some way of their own."""


def with_sides(matched: Mapping[str, str], columns: Sequence[str]) -> dict[str, str]:
    """Field path → column, with the bare tax id and name on the side that the table speaks of."""
    sided = dict(matched)
    for key, bare in _BARE.items():
        column = sided.get(f"supplier.{key}")
        if column is None or fold_header(column) not in bare or f"buyer.{key}" in sided:
            continue
        if _is_of_customer(column, sided, columns):
            sided[f"buyer.{key}"] = sided.pop(f"supplier.{key}")
        elif _is_of_either(columns):
            del sided[f"supplier.{key}"]
    for side in ("supplier", "buyer"):
        name = _name_beside(sided.get(f"{side}.tax_id"), sided, columns)
        if name is not None and f"{side}.name" not in sided:
            sided[f"{side}.name"] = name
    return sided


def _is_of_either(columns: Sequence[str]) -> bool:
    folded = [fold_header(heading) for heading in columns]
    said = [heading for heading in folded if not _OF_EITHER.search(heading)]
    return len(said) < len(folded) and not any(map(_OF_PURCHASES.search, said))


def _is_of_customer(column: str, matched: Mapping[str, str], columns: Sequence[str]) -> bool:
    supplier, buyer = matched.get("supplier.name"), matched.get("buyer.name")
    if supplier is None or not _OF_PURCHASES.search(fold_header(supplier)):
        folded = [fold_header(heading) for heading in columns]
        return any(map(_OF_SALES.search, folded)) and not any(map(_OF_PURCHASES.search, folded))
    return buyer is not None and _distance(column, buyer, columns) == 1 and _distance(column, supplier, columns) > 1


def _distance(one: str, other: str, columns: Sequence[str]) -> int:
    return abs(columns.index(one) - columns.index(other))


def _name_beside(tax_id: str | None, matched: Mapping[str, str], columns: Sequence[str]) -> str | None:
    if tax_id is None or fold_header(tax_id) not in _BARE["tax_id"]:
        return None
    beside = (name for name in columns if _distance(name, tax_id, columns) == 1 and name not in matched.values())
    return next((name for name in beside if fold_header(name) in _BESIDE_A_TAX_ID), None)
