from __future__ import annotations

from decimal import Decimal

import pytest

from app.modules.imports.domain.canonical import CanonicalDocument, DocumentType
from app.modules.imports.mapping.document_kinds import read_kind
from app.modules.imports.mapping.rows import RowError, read_row
from app.modules.imports.mapping.stored import row_reader
from app.modules.imports.mapping.table_documents import read_table_rows
from app.modules.imports.mapping.tests.bank_layouts import table
from app.modules.imports.mapping.whole_table import infer_table_mapping

VOUCHERS = (
    "RUC_EMISOR",
    "RAZON_SOCIAL_EMISOR",
    "TIPO_COMPROBANTE",
    "SERIE_COMPROBANTE",
    "FECHA_EMISION",
    "IDENTIFICACION_RECEPTOR",
    "VALOR_SIN_IMPUESTOS",
    "IVA",
    "IMPORTE_TOTAL",
    "NUMERO_DOCUMENTO_MODIFICADO",
)


def _voucher(kind: str, modified: str = "") -> tuple[str, ...]:
    number, buyer = "001-001-000000123", "1791234567001"
    return "1790012345001", "ACME S.A.", kind, number, "13/03/2024", buyer, "100.00", "15.00", "115.00", modified


def _read(header: tuple[str, ...], *rows: tuple[str, ...]) -> list[CanonicalDocument]:
    sheet = table([header], rows)
    read = row_reader(infer_table_mapping(sheet))
    return [read(row) for _, row in read_table_rows(sheet)]


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("Factura", DocumentType.INVOICE),
        ("FRA.", DocumentType.INVOICE),
        ("Factura simplificada", DocumentType.SIMPLIFIED_INVOICE),
        ("Ticket", DocumentType.RECEIPT),
        ("Notas de Crédito", DocumentType.CREDIT_NOTE),
        ("N/C", DocumentType.CREDIT_NOTE),
        ("Credit note", DocumentType.CREDIT_NOTE),
        ("credit_note", DocumentType.CREDIT_NOTE),
        ("Factura rectificativa", DocumentType.CORRECTIVE_INVOICE),
        ("R4", DocumentType.CORRECTIVE_INVOICE),
        ("04", DocumentType.CREDIT_NOTE),
        ("04 - Nota de crédito", DocumentType.CREDIT_NOTE),
        ("Liquidación de compra de bienes y prestación de servicios", DocumentType.PURCHASE_SETTLEMENT),
        ("Comprobante de Retención", DocumentType.WITHHOLDING),
        ("Presupuesto", DocumentType.PROFORMA),
        ("Albarán", DocumentType.DELIVERY_NOTE),
        ("Purchase order", DocumentType.OTHER),
        ("RUC", None),
        ("", None),
        (None, None),
    ],
)
def test_a_word_names_a_kind_of_document(word: object, kind: DocumentType | None) -> None:
    assert read_kind(word) is kind


def test_each_voucher_of_a_list_is_what_its_row_says() -> None:
    invoice, note, withheld = _read(
        VOUCHERS,
        _voucher("Factura"),
        _voucher("Notas de Crédito", modified="001-001-000000122"),
        _voucher("Comprobante de Retención"),
    )
    assert [d.doc_type for d in (invoice, note, withheld)] == [
        DocumentType.INVOICE,
        DocumentType.CREDIT_NOTE,
        DocumentType.WITHHOLDING,
    ]
    assert (invoice.invoice_number, invoice.supplier.name) == ("001-001-000000123", "ACME S.A.")
    assert (invoice.totals.net, invoice.buyer.tax_id) == (Decimal("100.00"), "1791234567001")
    assert (invoice.corrected_invoice_number, note.corrected_invoice_number) == (None, "001-001-000000122")


def test_a_word_that_names_no_kind_sends_its_row_to_a_person() -> None:
    header = ("Fecha", "Tipo documento", "Nº factura", "Total")
    mapping = infer_table_mapping(table([header], [("13/03/2024", "Factura", "1", "121,00")]))
    with pytest.raises(RowError) as caught:
        row_reader(mapping)(dict(zip(header, ("13/03/2024", "Papel azul", "2", "121,00"), strict=True)))
    assert (caught.value.code, caught.value.field) == ("unknown_document_type", "doc_type")


def test_the_words_name_the_column_where_its_heading_does_not() -> None:
    documents = _read(
        ("Fecha", "Tipo", "Nº factura", "Proveedor", "Total"),
        ("13/03/2024", "Factura", "1", "ACME", "121,00"),
        ("14/03/2024", "Abono", "2", "ACME", "12,10"),
    )
    assert [d.doc_type for d in documents] == [DocumentType.INVOICE, DocumentType.CREDIT_NOTE]


def test_a_column_of_identity_papers_says_nothing_of_the_rows() -> None:
    header = ("Fecha", "Tipo documento", "Proveedor", "Nº factura", "Total")
    for word in ("RUC", "Otro"):
        mapping = infer_table_mapping(table([header], [("13/03/2024", word, "ACME", "1", "121,00")]))
        assert mapping is not None
        assert "doc_type" not in mapping["columns"]
    row = dict(zip(header, ("13/03/2024", "RUC", "ACME", "1", "1,00"), strict=True))
    assert read_row(row).doc_type is DocumentType.INVOICE


def test_a_mere_no_is_no_kind_of_document() -> None:
    """``N/D`` is a debit note; what a heading abbreviates with the same letters is not."""
    assert [read_kind(word) for word in ("N/D", "n.d.", "N. D.")] == [DocumentType.DEBIT_NOTE] * 3
    header = ("Fecha", "Nº factura", "Proveedor", "Pagada", "Total")
    mapping = infer_table_mapping(table([header], [("13/03/2024", "1", "ACME", "no", "121,00")] * 2))
    assert mapping is not None
    assert "doc_type" not in mapping["columns"]


@pytest.mark.parametrize("status", ["Anulada", "ANULADO", "Borrador", "Voided", "Cancelled"])
def test_what_was_annulled_or_is_a_draft_is_told_and_what_waits_to_be_paid_is_read(status: str) -> None:
    header = ("Fecha", "Nº factura", "Proveedor", "Total", "Estado")
    due, void = ("13/03/2024", "1", "ACME", "121,00", "Pendiente"), ("14/03/2024", "2", "ACME", "12,10", status)
    sheet = table([header], [due, void])
    read = row_reader(infer_table_mapping(sheet))
    first, second = (row for _, row in read_table_rows(sheet))
    assert read(first).invoice_number == "1"
    with pytest.raises(RowError) as caught:
        read(second)
    assert (caught.value.code, caught.value.field) == ("never_issued", "status")


def test_in_a_list_of_expenses_an_invoice_is_an_expense_and_a_credit_note_is_not() -> None:
    header = ("Fecha gasto", "Tipo documento", "Proveedor", "Total")
    documents = _read(
        header, ("13/03/2024", "Factura", "ACME", "121,00"), ("14/03/2024", "Nota de crédito", "ACME", "12,10")
    )
    assert [d.doc_type for d in documents] == [DocumentType.EXPENSE, DocumentType.CREDIT_NOTE]
