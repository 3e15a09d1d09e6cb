"""Amounts of an SRI voucher that sells, credits or debits something, and whether they agree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.modules.imports.domain.canonical import CanonicalDocument, Line, Tax, Totals
from app.modules.imports.formats import arithmetic
from app.modules.imports.formats.sri_codes import IVA_RATES, TAXES, Voucher
from app.modules.imports.formats.xml import Element, find, find_all, text_of

if TYPE_CHECKING:
    from decimal import Decimal

    from app.modules.imports.formats.xml_reading import XmlReading

_IVA: Final = "2"
_EXPORT_COSTS: Final = ("fleteInternacional", "seguroInternacional", "gastosAduaneros", "gastosTransporteOtros")


def currency(reading: XmlReading, info: Element) -> str | None:
    """``moneda`` is free text and optional; the country's currency has been the US dollar since 2000."""
    stated = reading.text(info, "moneda", "currency")
    if stated is None or stated.upper().startswith(("DOL", "DÓL", "US")):
        return "USD"
    code = stated.upper()
    return code if len(code) == 3 and code.isalpha() else None  # noqa: PLR2004  (ISO 4217)


def taxes(reading: XmlReading, info: Element, kind: Voucher) -> tuple[Tax, ...]:
    """One row a tax and rate."""
    rows = enumerate(reading.places.rows(info, kind.taxes))
    return tuple(_tax(reading, row, f"taxes.{i}") for i, row in rows)


def totals(reading: XmlReading, info: Element, rows: tuple[Tax, ...], kind: Voucher) -> Totals:
    """The SRI states no sum of the taxes: it is the sum of its rows."""
    if rows:
        reading.prove("totals.tax", find(info, kind.taxes.partition("/")[0]))
    return Totals(
        net=reading.amount(info, "totalSinImpuestos", "totals.net", required=True),
        tax=arithmetic.total(row.amount for row in rows),
        gross=reading.amount(info, kind.total, "totals.gross", required=True),
        discount=reading.amount(info, "totalDescuento", "totals.discount"),
        tip=reading.amount(info, "propina", "totals.tip"),
    )


def lines(reading: XmlReading, root: Element) -> tuple[Line, ...]:
    """The details; of a nota de débito, its reasons."""
    rows = enumerate(reading.places.rows(root, "detalles/detalle"))
    reasons = enumerate(reading.places.rows(root, "motivos/motivo"))
    details = tuple(_line(reading, row, f"lines.{i}") for i, row in rows)
    return details or tuple(_reason(reading, row, f"lines.{i}") for i, row in reasons)


def goods(reading: XmlReading, root: Element) -> tuple[Line, ...]:
    """What a guía de remisión carries, to all its destinations; it states no amounts."""
    rows = enumerate(reading.places.rows(root, "destinatarios/destinatario/detalles/detalle"))
    return tuple(
        Line(
            description=reading.text(row, "descripcion", f"lines.{i}.description"),
            code=reading.text(row, "codigoInterno", f"lines.{i}.code"),
            quantity=reading.amount(row, "cantidad", f"lines.{i}.quantity"),
        )
        for i, row in rows
    )


def compare(reading: XmlReading, info: Element, document: CanonicalDocument) -> None:
    """Notes ``lines_mismatch`` when the lines do not make their total, ``totals_mismatch`` when the totals disagree."""
    stated = document.totals
    further = find_all(info, "totalConImpuestos/totalImpuesto/descuentoAdicional")
    discounts = [-amount for row in further if (amount := reading.amount_of(row))]
    computed = arithmetic.moved(stated.net, None, stated.tax)
    summed = arithmetic.total(line.net_amount for line in document.lines)
    if not arithmetic.agree_with_some(summed, stated.net, [sum(discounts, arithmetic.ZERO)]):
        reading.note("lines_mismatch")
    agreed = arithmetic.agree_with_some(
        arithmetic.moved(computed, None, stated.tip), stated.gross, _extras(reading, info)
    ) and (bool(discounts) or all(_row_agrees(row) for row in document.taxes))
    if not agreed:
        reading.note("totals_mismatch")


def _row_agrees(row: Tax) -> bool:
    """ICE and IRBPNR also have amounts by unit, so only the IVA is base × rate."""
    return row.tax_code != TAXES[_IVA] or arithmetic.rate_agrees(row.base, row.rate, row.amount)


def _extras(reading: XmlReading, info: Element) -> list[Decimal]:
    """Amounts that issuers count into the total or show beside it."""
    costs = arithmetic.total(reading.amount(info, name) for name in _EXPORT_COSTS)
    paid_back = arithmetic.total(reading.amount(row, "valor") for row in find_all(info, "compensaciones/compensacion"))
    others = (row for around in info.iterancestors() for row in find_all(around, "otrosRubrosTerceros/rubro"))
    third = arithmetic.total(reading.amount(row, "total") for row in others)
    return [amount for amount in (costs, -paid_back if paid_back else None, third) if amount]


def _tax(reading: XmlReading, row: Element, field: str) -> Tax:
    code = reading.text(row, "codigo", required=True)
    return Tax(
        tax_code=TAXES.get(code or "", code),
        category=reading.text(row, "codigoPorcentaje", f"{field}.category"),
        rate=_rate(reading, row, f"{field}.rate"),
        base=reading.amount(row, "baseImponible", f"{field}.base", required=True),
        amount=reading.amount(row, "valor", f"{field}.amount", required=True),
    )


def _rate(reading: XmlReading, row: Element, field: str) -> Decimal | None:
    stated = reading.amount(row, "tarifa", field)
    if stated is not None or text_of(find(row, "codigo")) != _IVA:
        return stated
    return reading.formed(row, "codigoPorcentaje", IVA_RATES.get, field)


def _reason(reading: XmlReading, row: Element, field: str) -> Line:
    return Line(
        description=reading.text(row, "razon", f"{field}.description"),
        net_amount=reading.amount(row, "valor", f"{field}.net_amount", required=True),
    )


def _line(reading: XmlReading, row: Element, field: str) -> Line:
    rows = list(find_all(row, "impuestos/impuesto"))
    iva = next((tax for tax in rows if text_of(find(tax, "codigo")) == _IVA), None)
    code = reading.text(row, "codigoPrincipal", f"{field}.code")
    return Line(
        description=reading.text(row, "descripcion", f"{field}.description"),
        code=code or reading.text(row, "codigoInterno", f"{field}.code"),
        quantity=reading.amount(row, "cantidad", f"{field}.quantity"),
        unit_price=reading.amount(row, "precioUnitario", f"{field}.unit_price"),
        net_amount=reading.amount(row, "precioTotalSinImpuesto", f"{field}.net_amount", required=True),
        tax_rate=_rate(reading, iva, f"{field}.tax_rate") if iva is not None else None,
    )
