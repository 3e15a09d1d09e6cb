"""The clave de acceso, 49 digits that name an electronic document (SRI, ficha técnica de comprobantes electrónicos)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.modules.imports.domain.canonical import DocumentType
from app.modules.imports.domain.country import FiscalCode

LENGTH: Final = 49
DOC_TYPES: Final = {
    "01": DocumentType.INVOICE,
    "03": DocumentType.PURCHASE_SETTLEMENT,
    "04": DocumentType.CREDIT_NOTE,
    "05": DocumentType.DEBIT_NOTE,
    "06": DocumentType.DELIVERY_NOTE,
    "07": DocumentType.WITHHOLDING,
}
_ENVIRONMENTS: Final = {"1": "test", "2": "production"}
_PARTS: Final = re.compile(
    r"(?P<day>[0-9]{2})(?P<month>[0-9]{2})(?P<year>[0-9]{4})(?P<kind>[0-9]{2})(?P<ruc>[0-9]{13})(?P<environment>[12])"
    r"(?P<establishment>[0-9]{3})(?P<point>[0-9]{3})(?P<sequence>[0-9]{9})[0-9]{8}[0-9][0-9]"
)
_WEIGHTS: Final = (2, 3, 4, 5, 6, 7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clave:
    """What a clave de acceso states. ``ruc`` is the issuer's."""

    text: str
    issue_date: date
    doc_type: DocumentType
    ruc: str
    environment: str
    number: str


def read_clave(text: str) -> Clave | None:
    """The clave, when the check digit holds and every part is possible."""
    digits = re.sub(r"\s", "", text)
    match = _PARTS.fullmatch(digits)
    if match is None or match["kind"] not in DOC_TYPES or check_digit(digits[:-1]) != digits[-1]:
        return None
    try:
        issued = date(int(match["year"]), int(match["month"]), int(match["day"]))
    except ValueError:
        return None
    return Clave(
        text=digits,
        issue_date=issued,
        doc_type=DOC_TYPES[match["kind"]],
        ruc=match["ruc"],
        environment=_ENVIRONMENTS[match["environment"]],
        number=f"{match['establishment']}-{match['point']}-{match['sequence']}",
    )


def check_digit(digits: str) -> str:
    """Modulo 11 with the weights 2 to 7 from the right; 11 is written 0 and 10 is written 1."""
    total = sum(int(digit) * _WEIGHTS[place % 6] for place, digit in enumerate(reversed(digits)))
    check = 11 - total % 11
    return {11: "0", 10: "1"}.get(check, str(check))


def read_code(text: str) -> FiscalCode | None:
    """A clave de acceso as a fiscal code. In a liquidación de compra the issuer is the buyer."""
    clave = read_clave(text)
    if clave is None:
        return None
    issuer = "buyer" if clave.doc_type is DocumentType.PURCHASE_SETTLEMENT else "supplier"
    return FiscalCode(
        name="clave_de_acceso",
        fields={
            "access_key": clave.text,
            "issue_date": clave.issue_date.isoformat(),
            "doc_type": clave.doc_type.value,
            f"{issuer}.tax_id": clave.ruc,
            "invoice_number": clave.number,
            "environment": clave.environment,
        },
    )
