"""A RIDE, the printed representation of an Ecuadorian electronic invoice, with its clave de acceso as bars."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from sources import mail
from sources.amounts import amounts
from sources.codes import bars
from sources.companies import CARPENTER_EC, HARDWARE_EC
from sources.paper import Sheet
from sources.sri import Voucher, authorised, factura

if TYPE_CHECKING:
    from sources.amounts import Amounts

_EDGES: Final = (18, 40, 130, 158, 192)


def ride() -> bytes:
    """A factura of 15 % and 0 % IVA."""
    voucher = Voucher(kind="01", issuer=HARDWARE_EC, number=("001", "002", "000004630"), issued=date(2026, 3, 11))
    return printed(voucher, _saw())


def mailed() -> bytes:
    """The mail by which an issuer sends a factura: as XML, authorised, and as RIDE."""
    voucher = Voucher(kind="01", issuer=HARDWARE_EC, number=("001", "002", "000004655"), issued=date(2026, 3, 16))
    name = f"factura-{voucher.printed_number}"
    attached = {
        f"{name}.xml": authorised(voucher, factura(voucher, _saw(), CARPENTER_EC)),
        f"{name}.pdf": printed(voucher, _saw()),
    }
    return mail.message(f"Factura electrónica {voucher.printed_number}", attached)


def _saw() -> Amounts:
    return amounts(
        [
            ("SIE-18", "Sierra circular 1800 W", "1", "142.30", "15"),
            ("DIS-T", "Disco de corte para madera", "4", "8.75", "15"),
            ("GUIA", "Guía impresa de seguridad", "2", "6.00", "0"),
        ]
    )


def printed(voucher: Voucher, money: Amounts) -> bytes:
    """The RIDE of a factura."""
    sheet = Sheet(f"Factura {voucher.printed_number}")
    sheet.text((18, 28), HARDWARE_EC.name.upper(), 12, bold=True)
    sheet.text((18, 36), f"Dirección matriz: {HARDWARE_EC.street}, {HARDWARE_EC.town}", 8)
    sheet.text((18, 41), "OBLIGADO A LLEVAR CONTABILIDAD: SI", 8)
    _voucher_box(sheet, voucher)
    _buyer_box(sheet, voucher)
    _amounts(sheet, money)
    sheet.text((18, 250), "Forma de pago: OTROS CON UTILIZACION DEL SISTEMA FINANCIERO   Plazo: 30 dias", 8)
    return sheet.finish()


def _voucher_box(sheet: Sheet, voucher: Voucher) -> None:
    left = 106.0
    sheet.box((left - 4, 18), (92, 70))
    sheet.text((left, 25), f"R.U.C.: {voucher.issuer.tax_id}", 10, bold=True)
    sheet.text((left, 31), "FACTURA", 12, bold=True)
    sheet.text((left, 37), f"No. {voucher.printed_number}", 10)
    sheet.text((left, 43), "NÚMERO DE AUTORIZACIÓN", 8, bold=True)
    sheet.text((left, 47), voucher.key, 7.5)
    sheet.text((left, 52), f"FECHA Y HORA DE AUTORIZACIÓN: {voucher.issued:%d/%m/%Y} 10:15:42", 7.5)
    sheet.text((left, 57), "AMBIENTE: PRODUCCIÓN", 8)
    sheet.text((left, 62), "EMISIÓN: NORMAL", 8)
    sheet.text((left, 67), "CLAVE DE ACCESO", 8, bold=True)
    sheet.picture((left - 2, 69), (88, 12), bars(voucher.key))
    sheet.text((left + 4, 85), voucher.key, 7)


def _buyer_box(sheet: Sheet, voucher: Voucher) -> None:
    sheet.box((18, 94), (174, 18))
    sheet.text((21, 100), f"Razón Social / Nombres y Apellidos: {CARPENTER_EC.name}", 8)
    sheet.text((21, 105), f"Identificación: {CARPENTER_EC.tax_id}", 8)
    sheet.text((21, 110), f"Fecha Emisión: {voucher.issued:%d/%m/%Y}", 8)
    sheet.text((110, 110), f"Dirección: {CARPENTER_EC.street}", 8)


def _amounts(sheet: Sheet, money: Amounts) -> None:
    top = 122.0
    sheet.row(top, ("Cod.", "Descripción", "Cant.", "Precio Unitario", "Precio Total"), _EDGES, bold=True)
    sheet.rule(top + 2)
    for line in money.lines:
        top += 6
        cells = (line.code, line.text, f"{line.quantity:.2f}", f"{line.price:.2f}", str(line.net))
        sheet.row(top, cells, _EDGES)
    sheet.rule(top + 3)
    bases = {str(row.rate): row.base for row in money.rows}
    totals = (
        ("SUBTOTAL 15%", bases["15"]),
        ("SUBTOTAL 0%", bases["0"]),
        ("SUBTOTAL SIN IMPUESTOS", money.net),
        ("TOTAL DESCUENTO", money.net - money.net),
        ("IVA 15%", money.tax),
        ("PROPINA", money.net - money.net),
        ("VALOR TOTAL", money.gross),
    )
    for label, amount in totals:
        top += 6
        sheet.text((112, top + 4), label, 8)
        sheet.right((192, top + 4), f"{amount:.2f}", 8)
