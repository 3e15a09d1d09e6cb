"""Codes of the SRI's electronic vouchers: kinds, taxes, VAT rates.

Ficha técnica de comprobantes electrónicos (esquema offline), tables 3, 6, 16, 17 and 19,
https://www.sri.gob.ec/facturacion-electronica.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from app.modules.imports.domain.canonical import DocumentType


@dataclass(frozen=True, slots=True, kw_only=True)
class Voucher:
    """How one kind of voucher names its parts."""

    doc_type: DocumentType
    info: str
    other: str
    """Ending of razonSocial…, identificacion… and direccion…: Comprador, Proveedor, SujetoRetenido."""
    row: str = ""
    """Path from the voucher to the part that names the other side, where that is not the info block."""
    total: str = "importeTotal"
    taxes: str = "totalConImpuestos/totalImpuesto"


VOUCHERS: Final = {
    "factura": Voucher(doc_type=DocumentType.INVOICE, info="infoFactura", other="Comprador"),
    "liquidacionCompra": Voucher(
        doc_type=DocumentType.PURCHASE_SETTLEMENT, info="infoLiquidacionCompra", other="Proveedor"
    ),
    "notaCredito": Voucher(
        doc_type=DocumentType.CREDIT_NOTE, info="infoNotaCredito", other="Comprador", total="valorModificacion"
    ),
    "notaDebito": Voucher(
        doc_type=DocumentType.DEBIT_NOTE,
        info="infoNotaDebito",
        other="Comprador",
        total="valorTotal",
        taxes="impuestos/impuesto",
    ),
    "comprobanteRetencion": Voucher(
        doc_type=DocumentType.WITHHOLDING, info="infoCompRetencion", other="SujetoRetenido"
    ),
    "guiaRemision": Voucher(
        doc_type=DocumentType.DELIVERY_NOTE,
        info="infoGuiaRemision",
        other="Destinatario",
        row="destinatarios/destinatario",
    ),
}
IVA: Final = "2"
TAXES: Final = {IVA: "IVA", "3": "ICE", "5": "IRBPNR"}
WITHHELD_TAXES: Final = {"1": "RENTA", "2": "IVA", "6": "ISD"}
IVA_RATES: Final = {
    "0": Decimal(0),
    "2": Decimal(12),
    "3": Decimal(14),
    "4": Decimal(15),
    "5": Decimal(5),
    "6": Decimal(0),
    "7": Decimal(0),
    "10": Decimal(13),
}
"""By codigoPorcentaje. 8 (differentiated) has no rate of its own: it is stated beside it."""
FOREIGN_IDS: Final = frozenset({"06", "08"})
"""Kinds of identification (table 6) that are no cédula or RUC, whatever they look like: passport, another country's."""
ENVIRONMENTS: Final = {"1": "test", "2": "production"}
