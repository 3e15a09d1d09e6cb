"""Spanish paper: three invoices of different layouts and a delivery note."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from sources.amounts import amounts
from sources.codes import qr, verifactu_address
from sources.companies import ELECTRICIAN, GREENGROCER, PAPER, WORKSHOP
from sources.paper import Sheet, comma, euros, grouped

if TYPE_CHECKING:
    from sources.amounts import Amounts
    from sources.companies import Company

_GREENGROCER_EDGES: Final = (18, 38, 128, 152, 166, 192)
_ELECTRICIAN_EDGES: Final = (20, 120, 150, 190)


def with_verifactu_qr() -> bytes:
    """A text layer, two rates of IVA, an IBAN and the QR of a verifiable system."""
    issued, number = date(2026, 2, 19), "HV26/00482"
    money = amounts(
        [
            ("NAR", "Naranja de mesa, caja 10 kg", "8", "11.40", "10"),
            ("TOM", "Tomate de rama, caja 6 kg", "5", "9.80", "10"),
            ("CES", "Cesta de regalo con transporte", "3", "27.50", "21"),
        ]
    )
    sheet = Sheet(f"Factura {number}")
    sheet.text((18, 24), GREENGROCER.name, 15, bold=True)
    sheet.block((18, 32), _address(GREENGROCER)[1:])
    sheet.text((108, 24), "FACTURA", 15, bold=True)
    sheet.text((108, 33), f"Nº factura: {number}")
    sheet.text((108, 38), f"Fecha de expedición: {issued:%d/%m/%Y}")
    sheet.text((108, 43), "Vencimiento: 21/03/2026")
    address = verifactu_address(GREENGROCER.tax_id, number, issued, money.gross)
    sheet.text((160, 17), "QR tributario:", 7)
    sheet.picture((158, 18), (35, 35), qr(address))
    sheet.text((160, 56), "VERI*FACTU", 7, bold=True)
    sheet.box((18, 60), (100, 28))
    sheet.block((21, 66), ["Cliente", *_address(WORKSHOP)])
    top = _greengrocer_lines(sheet, money)
    _greengrocer_totals(sheet, money, top + 8)
    sheet.text((18, 250), f"Forma de pago: transferencia a {grouped(GREENGROCER.iban)}")
    return sheet.finish()


def _greengrocer_lines(sheet: Sheet, money: Amounts) -> float:
    top = 102.0
    sheet.row(top, ("Código", "Descripción", "Cantidad", "Precio", "IVA", "Importe"), _GREENGROCER_EDGES, bold=True)
    sheet.rule(top + 2)
    for line in money.lines:
        top += 7
        cells = (line.code, line.text, comma(line.quantity), comma(line.price), f"{line.rate} %", comma(line.net))
        sheet.row(top, cells, _GREENGROCER_EDGES)
    sheet.rule(top + 3)
    return top


def _greengrocer_totals(sheet: Sheet, money: Amounts, top: float) -> None:
    edges = (110, 140, 165, 192)
    sheet.row(top, ("Tipo IVA", "Base imponible", "Cuota IVA", ""), edges, bold=True)
    for row in money.rows:
        top += 6
        sheet.row(top, (f"{row.rate} %", comma(row.base), comma(row.amount), ""), edges)
    sheet.rule(top + 3, left=100)
    for label, amount in (("Total base imponible", money.net), ("Total IVA", money.tax)):
        top += 8
        sheet.right((165, top), label)
        sheet.right((192, top), euros(amount))
    sheet.right((165, top + 10), "TOTAL FACTURA", 12, bold=True)
    sheet.right((192, top + 10), euros(money.gross), 12, bold=True)


def with_irpf() -> bytes:
    """A self-employed electrician's invoice from a word processor: 21 % IVA, 15 % IRPF."""
    money = amounts(
        [
            ("", "Revisión de cuadro eléctrico de la nave", "1", "180.00", "21"),
            ("", "Sustitución de luminarias (unidad)", "6", "32.50", "21"),
            ("", "Desplazamiento", "1", "25.00", "21"),
        ],
        held_rate="15",
    )
    sheet = Sheet("Factura 14/2026", font="Vera")
    sheet.text((20, 28), "Factura", 20, bold=True)
    sheet.text((20, 38), "Número: 14/2026")
    sheet.text((20, 43), "Fecha: 3 de marzo de 2026")
    sheet.block((20, 56), ["Emisor", *_address(ELECTRICIAN)])
    sheet.block((112, 56), ["Facturar a", *_address(WORKSHOP)])
    top = 96.0
    sheet.row(top, ("Concepto", "Unidades", "Precio", "Total"), _ELECTRICIAN_EDGES, bold=True)
    sheet.rule(top + 2, left=20, right=190)
    for line in money.lines:
        top += 8
        sheet.row(top, (line.text, str(line.quantity), euros(line.price), euros(line.net)), _ELECTRICIAN_EDGES)
    sheet.rule(top + 4, left=20, right=190)
    totals = (
        ("Base imponible", money.net),
        ("IVA 21 %", money.tax),
        ("Retención IRPF 15 %", -money.held),
    )
    for label, amount in totals:
        top += 9
        sheet.text((112, top), label)
        sheet.right((190, top), euros(amount))
    sheet.text((112, top + 11), "Total a pagar", 11, bold=True)
    sheet.right((190, top + 11), euros(money.payable), 11, bold=True)
    sheet.text((20, 236), "Pago a 15 días por transferencia, indicando la factura 14/2026:")
    sheet.text((20, 241), f"IBAN {grouped(ELECTRICIAN.iban)}")
    return sheet.finish()


def to_be_scanned() -> bytes:
    """A stationer's invoice in large type; its picture becomes the scan."""
    money = amounts(
        [
            ("", "Archivador palanca A4", "12", "3.75", "21"),
            ("", "Tóner negro alto rendimiento", "2", "68.90", "21"),
            ("", "Sobres acolchados, paquete", "4", "5.20", "21"),
        ]
    )
    sheet = Sheet("Factura PE/2026/0298", font="Vera")
    sheet.text((20, 26), PAPER.name, 14, bold=True)
    sheet.block((20, 34), _address(PAPER)[1:], size=10, leading=5.5)
    sheet.box((120, 20), (70, 26))
    sheet.text((124, 28), "FACTURA", 12, bold=True)
    sheet.text((124, 35), "Número: PE/2026/0298", 10)
    sheet.text((124, 41), "Fecha: 24/02/2026", 10)
    sheet.block((20, 66), ["Cliente:", *_address(WORKSHOP)], size=10, leading=5.5)
    edges = (20, 130, 158, 190)
    top = 108.0
    sheet.row(top, ("Artículo", "Cantidad", "Precio", "Importe"), edges, bold=True)
    sheet.rule(top + 3, left=20, right=190)
    for line in money.lines:
        top += 9
        sheet.row(top, (line.text, str(line.quantity), comma(line.price), comma(line.net)), edges)
    sheet.rule(top + 5, left=20, right=190)
    for label, amount in (("Base imponible", money.net), ("IVA 21%", money.tax)):
        top += 12
        sheet.right((158, top), label, 10)
        sheet.right((190, top), comma(amount), 10)
    sheet.right((158, top + 13), "TOTAL EUR", 12, bold=True)
    sheet.right((190, top + 13), comma(money.gross), 12, bold=True)
    sheet.rule(234, left=20, right=190)
    sheet.text((20, 242), "Resguardo de pago", 10, bold=True)
    sheet.text((20, 249), "Factura: PE/2026/0298", 10)
    sheet.text((90, 249), "Fecha factura: 24/02/2026", 10)
    sheet.text((20, 256), f"IBAN: {grouped(PAPER.iban)}", 10)
    return sheet.finish()


def delivery_note() -> bytes:
    """What came with the goods: no amounts, no invoice."""
    sheet = Sheet("Albarán A-26-0911")
    sheet.text((18, 24), GREENGROCER.name, 13, bold=True)
    sheet.block((18, 31), _address(GREENGROCER)[1:])
    sheet.text((118, 24), "ALBARÁN DE ENTREGA", 13, bold=True)
    sheet.text((118, 32), "Albarán nº: A-26-0911")
    sheet.text((118, 37), "Fecha: 17/02/2026")
    sheet.block((18, 58), ["Entregar a", *_address(WORKSHOP)])
    edges = (18, 38, 150, 190)
    sheet.row(96, ("Código", "Descripción", "Bultos", "Unidades"), edges, bold=True)
    sheet.rule(98)
    for place, row in enumerate(
        (("NAR", "Naranja de mesa, caja 10 kg", "8", "8"), ("TOM", "Tomate de rama", "5", "5"))
    ):
        sheet.row(104 + 7 * place, row, edges)
    sheet.text((18, 150), "Mercancía recibida conforme (firma y sello):")
    sheet.text((18, 200), "Este documento no es una factura.")
    return sheet.finish()


def _address(company: Company) -> list[str]:
    return [
        company.name,
        f"NIF: {company.tax_id}",
        company.street,
        f"{company.post_code} {company.town} ({company.province})",
    ]
