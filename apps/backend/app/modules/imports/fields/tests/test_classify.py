"""What a document is, and when the classifier rather abstains."""

from __future__ import annotations

import pytest

from app.modules.imports.domain.canonical import DocumentType
from app.modules.imports.fields.classify import classify_pages
from app.modules.imports.fields.tests.printing import flush, lines, page, row

_KINDS = [
    (DocumentType.INVOICE, "F A C T U R A\nNº 12\nBase imponible 100,00\nIVA 21% 21,00\nTotal 121,00"),
    (DocumentType.SIMPLIFIED_INVOICE, "FACTURA SIMPLIFICADA\nT-1\nTotal 5,00\nEfectivo 5,00"),
    (DocumentType.RECEIPT, "RECIBO\nRecibí de Luis Paz la cantidad de\nTotal 50,00"),
    (DocumentType.CREDIT_NOTE, "NOTA DE CRÉDITO\nNo. 001-001-000000123\nTotal 12.00"),
    (DocumentType.CREDIT_NOTE, "Gutschrift Nr. 55\nGesamtbetrag 20,00"),
    (DocumentType.CORRECTIVE_INVOICE, "FACTURA RECTIFICATIVA\nNº R1\nBase -100,00\nIVA 21% -21,00\nTotal -121,00"),
    (DocumentType.DEBIT_NOTE, "NOTA DE DÉBITO\nNo. 001-001-000000123\nValor total 12.00"),
    (DocumentType.PURCHASE_SETTLEMENT, "LIQUIDACIÓN DE COMPRA DE BIENES Y PRESTACIÓN DE SERVICIOS\nValor total 12.00"),
    (DocumentType.WITHHOLDING, "COMPROBANTE DE RETENCIÓN\n100.00 RENTA 303 10 10.00\nTotal retenido 10.00"),
    (DocumentType.DELIVERY_NOTE, "ALBARÁN Nº 221\nFecha: 02/03/2025\nCemento 40 3,20 128,00\nTotal 128,00"),
    (DocumentType.DELIVERY_NOTE, "Áridos Sanz, S.L.\nALBARÁN DE ENTREGA\nNº 221\nCemento gris 40 sacos\nFirma"),
    (DocumentType.DELIVERY_NOTE, "NOTA DE ENTREGA 118\nTubo PVC 12\nRecibí conforme"),
    (DocumentType.PROFORMA, "PRESUPUESTO\nNº 31\nPintar fachada 1.200,00\nIVA 21% 252,00\nTotal 1.452,00"),
    (DocumentType.PROFORMA, "FACTURA PROFORMA Nº 31\nPintar fachada 1.200,00\nTotal 1.200,00"),
    (DocumentType.BANK_STATEMENT, "EXTRACTO DE CUENTA\n01/02/2025 Saldo 1.000,00\nTotal 950,00"),
]
_OTHER_PAPERS = [
    "CONTRATO DE ARRENDAMIENTO\nEn Madrid, a 3 de mayo de 2025\nuna renta mensual de 750,00 euros contra factura.",
    "CONTRATO DE SUMINISTRO\nNº contrato 2025/33\nImporte anual 1.200,00\nIVA 21% 252,00\nTotal 1.452,00",
    "RECIBO DE SALARIOS\nTotal devengado 1.800,00\nTotal a deducir 300,00\nLíquido total a percibir 1.500,00",
    "PEDIDO DE COMPRA Nº 4411\nTornillos 100 0,12 12,00\nBase imponible 12,00\nIVA 21% 2,52\nTotal 14,52",
    "AVISO DE PAGO\nF-2025/118 15/01/2025 121,00\nTotal pendiente 121,00 €",
]
_NOTHING = [
    "Curriculum vitae\n2019 - 2024 Responsable de facturas y proveedores",
    "Estimado cliente:\nLe recordamos que la factura 2025/33 por 120,00 euros sigue pendiente.\nAtentamente",
    "Estimado cliente:\nLe enviamos firmado el albarán 221 que nos pidió el pasado lunes por teléfono.\nAtentamente",
    "Menú del día\nEnsalada 6,50\nPaella 9,00\nFlan 3,00",
]


@pytest.mark.parametrize(("kind", "text"), _KINDS)
def test_the_heading_names_the_document(kind: DocumentType, text: str) -> None:
    found = classify_pages([lines(text)])
    assert found.doc_type is kind
    assert found.confidence > 0.5
    assert ": " in found.reason


@pytest.mark.parametrize("text", _NOTHING)
def test_what_no_heading_names_is_other_with_low_confidence(text: str) -> None:
    found = classify_pages([lines(text)])
    assert found.doc_type is DocumentType.OTHER
    assert found.confidence <= 0.5


def test_no_pages_are_nothing() -> None:
    assert classify_pages([]).confidence == 0


@pytest.mark.parametrize("text", _OTHER_PAPERS)
def test_a_paper_of_another_kind_is_other_whatever_it_adds_up(text: str) -> None:
    found = classify_pages([lines(text)])
    assert found.doc_type is DocumentType.OTHER
    assert found.reason.startswith("other_paper: ")


def test_an_order_that_a_till_calls_a_receipt_stays_one() -> None:
    text = "BLUE RIVER COFFEE\nOrder 118\nReceipt\nLatte 4.75\nTotal 4.75\nCash 5.00\nChange 0.25"
    assert classify_pages([lines(text)]).doc_type is DocumentType.RECEIPT


def test_an_invoice_that_quotes_an_order_stays_an_invoice() -> None:
    text = "FACTURA Nº 12\nPedido de compra 4411\nBase imponible 100,00\nIVA 21% 21,00\nTotal 121,00"
    assert classify_pages([lines(text)]).doc_type is DocumentType.INVOICE


@pytest.mark.parametrize(("size", "kind"), [(16.0, DocumentType.DELIVERY_NOTE), (10.0, DocumentType.INVOICE)])
def test_a_delivery_with_its_number_is_a_heading_only_in_large_print(size: float, kind: DocumentType) -> None:
    priced = page(
        row(40, (50, "Suministros Ribera, S.L."), (350, "Su factura y nuestro CIF B39000005")),
        row(70, (50, "ALBARÁN 25F04442"), size=size),
        row(100, (50, "Fecha: 02/03/2025")),
        row(120, (50, "Factura nº: F-118")),
        *(flush(140 + 15 * n, (120, f"Cemento {n}"), (300, "40"), (400, "3,20"), (520, "128,00")) for n in range(6)),
        flush(260, (400, "Base imponible"), (520, "768,00")),
        flush(275, (400, "IVA 21%"), (520, "161,28")),
        flush(290, (400, "Total"), (520, "929,28")),
    )
    assert classify_pages([priced]).doc_type is kind


def test_deliveries_in_large_print_further_down_are_groups_of_lines() -> None:
    first = page(
        row(40, (50, "Suministros Ribera, S.L.")),
        row(70, (50, "FACTURA F-118")),
        *(flush(100 + 15 * n, (120, f"Cemento {n}"), (300, "40"), (400, "3,20"), (520, "128,00")) for n in range(8)),
        row(240, (50, "ALBARÁN 25F04442"), size=16.0),
    )
    last = page(
        row(40, (50, "ALBARÁN 25F04443"), size=16.0),
        flush(260, (400, "Base imponible"), (520, "1.024,00")),
        flush(275, (400, "IVA 21%"), (520, "215,04")),
        flush(290, (400, "Total"), (520, "1.239,04")),
        number=2,
    )
    assert classify_pages([first, last]).doc_type is DocumentType.INVOICE
