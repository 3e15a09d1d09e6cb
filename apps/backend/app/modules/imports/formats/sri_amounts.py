"""Amounts of an SRI voucher that sells, credits or debits something, and whether they agree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.modules.imports.domain.canonical import CanonicalDocument, Line, Tax, Totals
from app.modules.imports.formats import arithmetic, sri_tax_rows
from app.modules.imports.formats.line_amounts import line_agrees
from app.modules.imports.formats.sri_tax_rows import LineTaxes, iva_row, stated_rate, summary_row
from app.modules.imports.formats.xml import Element, find, find_all

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from app.modules.imports.formats.sri_codes import Voucher
    from app.modules.imports.formats.xml_reading import XmlReading

_EXPORT_COSTS: Final = ("fleteInternacional", "seguroInternacional", "gastosAduaneros", "gastosTransporteOtros")

_WITHHELD: Final = ("valorRetIva", "valorRetRenta")


def currency(reading: XmlReading, info: Element) -> str | None:
    """``moneda`` is free text and optional; the country's currency has been the US dollar since 2000."""
    stated = reading.text(info, "moneda", "currency")
    code = (stated or "$").upper().replace(".", "").strip()
    if code.startswith(("DOL", "DÓL", "US", "$")):
        return "USD"
    if code.startswith(("EUR", "€")):
        return "EUR"
    return code if len(code) == 3 and code.isalpha() else None  # noqa: PLR2004  (ISO 4217)


def taxes(
    reading: XmlReading, info: Element, kind: Voucher, by_line: Mapping[str | None, LineTaxes]
) -> tuple[Tax, ...]:
    """One row a tax and rate."""
    rows = enumerate(reading.places.rows(info, kind.taxes))
    return tuple(summary_row(reading, row, f"taxes.{i}", by_line) for i, row in rows)


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


def compare(
    reading: XmlReading,
    at: tuple[Element, Element],
    document: CanonicalDocument,
    kind: Voucher,
    by_line: Mapping[str | None, LineTaxes],
) -> None:
    """Notes ``lines_mismatch`` when the lines do not make their total, ``totals_mismatch`` when the totals disagree,
    ``bases_mismatch`` and ``line_taxes_mismatch`` when the taxes are of something else than what was sold,
    ``line_amount_mismatch`` when a line is not its quantity times its price, and ``payments_mismatch`` when the forms
    of payment do not make the total.
    """
    (root, info), stated = at, document.totals
    off = _stated_in_rows(reading, info, kind, "descuentoAdicional")
    summed = arithmetic.total(line.net_amount for line in document.lines)
    if not arithmetic.agree_with_some(summed, stated.net, [-off]):
        reading.note("lines_mismatch")
    computed = arithmetic.moved(arithmetic.moved(stated.net, None, stated.tax), None, stated.tip)
    agreed = arithmetic.agree_with_some(computed, stated.gross, _extras(reading, info, kind)) and (
        bool(off) or all(sri_tax_rows.row_agrees(row, by_line) for row in document.taxes)
    )
    if not agreed:
        reading.note("totals_mismatch")
    if not sri_tax_rows.bases_agree(document.taxes, stated.net, off, by_line):
        reading.note("bases_mismatch")
    if not sri_tax_rows.lines_agree(document.taxes, by_line, off) or not sri_tax_rows.further_agree(info, root, kind):
        reading.note("line_taxes_mismatch")
    if not _payments_agree(reading, info, kind, stated):
        reading.note("payments_mismatch")
    details = zip(find_all(root, "detalles/detalle"), document.lines, strict=False)
    if not all(_line_agrees(reading, row, line) for row, line in details):
        reading.note("line_amount_mismatch")


def _line_agrees(reading: XmlReading, row: Element, line: Line) -> bool:
    """Some issuers state the price with the discount taken off and the discount beside it."""
    return line_agrees(line) or line_agrees(line, moved=-(reading.amount(row, "descuento") or arithmetic.ZERO))


def _extras(reading: XmlReading, info: Element, kind: Voucher) -> list[Decimal]:
    """Amounts that issuers count into the total or show beside it."""
    costs = arithmetic.total(reading.amount(info, name) for name in _EXPORT_COSTS)
    paid_back = arithmetic.total(reading.amount(row, "valor") for row in find_all(info, "compensaciones/compensacion"))
    returned = _stated_in_rows(reading, info, kind, "valorDevolucionIva")
    others = (row for around in info.iterancestors() for row in find_all(around, "otrosRubrosTerceros/rubro"))
    third = arithmetic.total(reading.amount(row, "total") for row in others)
    # Sellers of fuel and of newspapers collect withholdings on the sales to come, and the total has them (ficha
    # técnica, anexo 3, factura 1.1.0); a discount of the whole factura is in its taxes, and there not in its net.
    ahead = (row for around in info.iterancestors() for row in find_all(around, "retenciones/retencion"))
    collected = arithmetic.total(reading.amount(row, "valor") for row in ahead)
    off = _stated_in_rows(reading, info, kind, "descuentoAdicional")
    extras = (costs, -paid_back if paid_back else None, -returned, third, collected, -off)
    return [amount for amount in extras if amount]


def _payments_agree(reading: XmlReading, info: Element, kind: Voucher, stated: Totals) -> bool:
    """Whether the forms of payment (pagos) make the total; what is withheld or given back at once need not be paid."""
    paid = arithmetic.total(reading.amount(row, "total") for row in find_all(info, "pagos/pago"))
    withheld = [reading.amount(info, name) for name in _WITHHELD]
    less = [-amount for amount in withheld if amount]
    return not paid or arithmetic.agree_with_some(stated.gross, paid, [*less, *_extras(reading, info, kind)])


def _stated_in_rows(reading: XmlReading, info: Element, kind: Voucher, name: str) -> Decimal:
    amounts = (reading.amount_of(row) for row in find_all(info, f"{kind.taxes}/{name}"))
    return arithmetic.total(amounts) or arithmetic.ZERO


def _reason(reading: XmlReading, row: Element, field: str) -> Line:
    return Line(
        description=reading.text(row, "razon", f"{field}.description"),
        net_amount=reading.amount(row, "valor", f"{field}.net_amount", required=True),
    )


def _line(reading: XmlReading, row: Element, field: str) -> Line:
    iva = iva_row(row)
    code = reading.text(row, "codigoPrincipal", f"{field}.code")
    return Line(
        description=reading.text(row, "descripcion", f"{field}.description"),
        code=code or reading.text(row, "codigoInterno", f"{field}.code"),
        quantity=reading.amount(row, "cantidad", f"{field}.quantity"),
        unit_price=reading.amount(row, "precioUnitario", f"{field}.unit_price"),
        net_amount=reading.amount(row, "precioTotalSinImpuesto", f"{field}.net_amount", required=True),
        tax_rate=stated_rate(reading, iva, f"{field}.tax_rate") if iva is not None else None,
    )
