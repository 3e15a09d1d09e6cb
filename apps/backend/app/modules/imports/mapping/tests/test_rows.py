from __future__ import annotations

import pickle
import time
from datetime import date
from decimal import Decimal

import pytest

from app.modules.imports.domain.canonical import DocumentType, Proof
from app.modules.imports.domain.canonical_json import from_json as document_from_json
from app.modules.imports.domain.canonical_json import to_json
from app.modules.imports.mapping.model import from_json
from app.modules.imports.mapping.problem import ValueProblem
from app.modules.imports.mapping.rows import RowError, compile_mapping, read_row, row_reading
from app.tests.usual_machine import usual_seconds

INVOICE = from_json(
    {
        "target": "invoice",
        "decimal_mark": ",",
        "date_order": "dmy",
        "columns": {
            "invoice_number": {"column": "Nº", "required": True},
            "issue_date": "Fecha",
            "supplier.name": "Proveedor",
            "supplier.tax_id": "NIF",
            "totals.net": "Base",
            "totals.tax": "Cuota",
            "totals.gross": "Total",
            "taxes.0.rate": "Tipo",
            "taxes.0.base": "Base",
            "description": {"columns": ["Concepto", "Detalle"], "transforms": [["concat", " / "]]},
        },
        "defaults": {"currency": "EUR"},
    }
)
ROW = {
    "Nº": "F-1",
    "Fecha": "03/04/2024",
    "Proveedor": " Ferretería Inventada SL ",
    "NIF": "B-12345674",
    "Base": "1.234",
    "Cuota": "259,14",
    "Total": "1.493,14 €",
    "Tipo": "21%",
    "Concepto": "Tornillos",
    "Detalle": "M4",
}


def test_a_mapped_row_becomes_a_document_with_evidence_of_every_value() -> None:
    document = read_row(ROW, INVOICE)
    assert document.doc_type is DocumentType.INVOICE
    assert (document.invoice_number, document.issue_date) == ("F-1", date(2024, 4, 3))
    assert (document.supplier.name, document.supplier.tax_id) == ("Ferretería Inventada SL", "B12345674")
    assert (document.totals.net, document.totals.gross) == (Decimal(1234), Decimal("1493.14"))
    assert (document.taxes[0].rate, document.taxes[0].base) == (Decimal(21), Decimal(1234))
    assert document.description == "Tornillos / M4"
    seen = document.evidence["totals.gross"]
    assert (seen.source, seen.path, seen.text, seen.proofs) == ("cell", "Total", "1.493,14 €", (Proof.STRUCTURED,))
    assert document.currency == "EUR"
    assert document.evidence["currency"].proofs == (Proof.PERSON,)
    assert document_from_json(to_json(document)) == document


def test_all_that_is_wrong_with_a_row_is_told_at_once() -> None:
    with pytest.raises(RowError) as caught:
        read_row({**ROW, "Nº": "", "Fecha": "31/02/2024", "Total": "mucho"}, INVOICE)
    error = caught.value
    assert [(p.code, p.field, p.column) for p in error.problems] == [
        ("missing_value", "invoice_number", "Nº"),
        ("bad_date", "issue_date", "Fecha"),
        ("bad_number", "totals.gross", "Total"),
    ]
    assert (error.code, error.field) == ("missing_value", "invoice_number")
    assert "mucho" not in error.detail
    copy = pickle.loads(pickle.dumps(error))
    assert (copy.problems, copy.code, copy.detail) == (error.problems, error.code, error.detail)


def test_a_row_in_which_no_mapped_column_holds_anything_is_no_document() -> None:
    with pytest.raises(RowError, match="empty_row"):
        read_row({"Otra": "x"}, from_json({"target": "invoice", "columns": {"issue_date": "Fecha"}}))


def test_an_amount_that_can_be_read_in_two_ways_is_refused_without_a_declared_mark() -> None:
    mapping = from_json({"target": "expense", "columns": {"totals.gross": "Importe", "issue_date": "Fecha"}})
    with pytest.raises(RowError) as caught:
        read_row({"Importe": "1.234", "Fecha": "03/04/2024"}, mapping)
    assert [p.code for p in caught.value.problems] == ["ambiguous_number", "ambiguous_date"]


def test_a_transform_of_numbers_follows_the_mark_of_the_table() -> None:
    mapping = from_json(
        {
            "target": "expense",
            "decimal_mark": ",",
            "columns": {"totals.gross": {"column": "Importe", "transforms": ["negate"]}, "description": "C"},
        }
    )
    assert read_row({"Importe": "-1.234", "C": "x"}, mapping).totals.gross == Decimal(1234)


def test_typed_cells_of_json_are_read_like_printed_ones() -> None:
    document = read_row({"Nº": 17, "Total": 12.5, "Fecha": "2024-01-02"}, INVOICE)
    assert (document.invoice_number, document.totals.gross) == ("17", Decimal("12.5"))


@pytest.mark.parametrize(
    ("row", "target"),
    [
        ({"Nº factura": "F1", "Fecha": "2024-01-02", "Proveedor": "A", "Total": "1,00"}, DocumentType.INVOICE),
        ({"invoice_number": "F1", "totals.gross": "1.00"}, DocumentType.INVOICE),
        ({"InvoiceNumber": "F1", "Vendor": "A", "Total amount": "1.00"}, DocumentType.INVOICE),
        ({"Fecha": "2024-01-02", "Concepto": "x", "Categoría": "Dietas", "Importe": "1,00"}, DocumentType.EXPENSE),
        ({"Código": "A", "Nombre": "B", "PVP": "1,00", "Stock": "3"}, DocumentType.PRODUCT),
        ({"Fecha": "2024-01-02", "Concepto": "x", "Importe": "1,00", "Saldo": "2,00"}, DocumentType.BANK_MOVEMENT),
        ({"FECHA": "2024-01-02", "DETALLE": "x", "DÉBITO": "1,00", "CRÉDITO": ""}, DocumentType.BANK_MOVEMENT),
        (
            {"Nº retención": "1", "Código retención": "312", "Base imponible": "1,00", "Valor retenido": "0,01"},
            DocumentType.WITHHOLDING,
        ),
    ],
)
def test_without_a_mapping_the_headings_say_what_a_row_is(row: dict[str, object], target: DocumentType) -> None:
    assert read_row(row).doc_type is target


def test_an_invoice_that_states_what_is_withheld_is_no_withholding() -> None:
    row = {"Nº factura": "1", "Fecha": "2024-01-02", "Proveedor": "A", "Base": "100", "IVA": "21", "Retención": "15"}
    document = read_row({**row, "Total": "106"})
    assert (document.doc_type, document.totals.payable) == (DocumentType.INVOICE, Decimal(106))


@pytest.mark.parametrize(
    "row",
    [
        {"Fecha": "2024-01-02", "Cliente": "A", "Estado": "Pago aceptado", "Total": "45,90"},
        {"Name": "#1", "Created at": "2024-01-02", "Total": "9.00", "Billing name": "A", "Vendor": "B"},
        {"Fecha": "2024-01-02", "Pedido": "1", "Cliente": "A", "SKU": "X", "Artículo": "B", "Cantidad": "2"},
        {"Date": "2024-01-02", "Order ID": "1", "SKU": "X", "Description": "B", "Quantity": "2", "Price": "1.00"},
        {"Código": "01.01", "Resumen": "B", "Cantidad": "2", "Precio": "1,00", "Importe": "2,00"},
        {"Date received": "2024-01-02", "Product": "B", "Batch": "1", "Quantity": "2", "Purchase price": "1.00"},
        {"InvoiceNo": "1", "StockCode": "X", "Description": "B", "Quantity": "2", "UnitPrice": "1.00"},
    ],
)
def test_what_was_sold_is_no_expense_and_a_line_is_no_product(row: dict[str, object]) -> None:
    with pytest.raises(RowError, match="unmapped_row"):
        read_row(row)


def test_a_stock_may_be_called_quantity_and_have_a_value() -> None:
    row = {"Código": "A", "Artículo": "B", "Cantidad": "2", "PVP": "1,00", "Pedido mínimo": "10"}
    assert read_row(row).doc_type is DocumentType.PRODUCT
    assert read_row({**row, "Fecha caducidad": "2024-01-02", "Updated date": ""}).doc_type is DocumentType.PRODUCT
    stock = {"Código": "A", "Artículo": "B", "Existencias": "2", "Coste": "1,00", "Valor": "2,00"}
    assert read_row(stock).doc_type is DocumentType.PRODUCT


def test_a_row_that_only_names_a_group_of_products_is_none() -> None:
    row = {"Ref.": "TORNILLERÍA", "Descripción": "", "P.V.P.": "", "Stock": ""}
    with pytest.raises(RowError) as caught:
        read_row(row)
    assert (caught.value.code, caught.value.field) == ("no_product", None)


def test_the_telling_heading_goes_before_the_general_one() -> None:
    row = {"Fecha": "2024-02-01", "Fecha factura": "2024-01-02", "Nº": "7", "Número": "F1", "Proveedor": "A"}
    document = read_row({**row, "Importe": "100", "Total factura": "121"})
    assert (document.issue_date, document.invoice_number) == (date(2024, 1, 2), "F1")
    assert document.totals.gross == Decimal(121)
    shop = {"SKU": "A", "Name": "B", "Sale price": "", "Regular price": "19.90"}
    product = read_row(shop).product
    assert product is not None
    assert product.unit_price == Decimal("19.90")


def test_a_row_whose_headings_say_nothing_asks_for_a_mapping() -> None:
    with pytest.raises(RowError) as caught:
        read_row({"foo": "1", "bar": "2"})
    assert caught.value.code == "unmapped_row"


@pytest.mark.parametrize(
    "row",
    [
        {"Date": "2024-03-14", "Name": "Ana", "Type": "Payment", "Gross": "121,00", "Fee": "-4,45", "Net": "116,55"},
        {"id": "txn_1", "Type": "charge", "Amount": "121.00", "Net": "117.25", "Description": "Invoice 7"},
        {"Order date": "2024-03-14", "Subtotal": "100.00", "Tax": "21.00", "Total": "121.00", "Date": "2024-03-14"},
    ],
)
def test_several_sums_make_no_expense(row: dict[str, object]) -> None:
    with pytest.raises(RowError) as caught:
        read_row(row)
    assert caught.value.code == "unmapped_row"


def test_a_day_and_one_sum_are_an_expense() -> None:
    document = read_row({"Fecha": "2024-01-02", "Importe": "121,00"})
    assert (document.doc_type, document.totals.gross) == (DocumentType.EXPENSE, Decimal("121.00"))


def test_debit_and_credit_become_one_signed_amount() -> None:
    row = {"Fecha": "2024-01-02", "Concepto": "x", "Debe": "5,00", "Haber": "", "Saldo": "1,00"}
    document = read_row(row)
    assert document.statement is not None
    entry = document.statement.entries[0]
    assert (entry.amount, entry.balance, entry.booking_date) == (Decimal("-5.00"), Decimal("1.00"), date(2024, 1, 2))
    assert document.evidence["transactions.0.amount"].text == "5,00"
    with pytest.raises(RowError, match="debit_and_credit"):
        read_row({**row, "Haber": "7,00"})
    with pytest.raises(RowError, match="missing_value"):
        read_row({**row, "Debe": ""})


def test_a_product_keeps_price_cost_and_stock_apart() -> None:
    row = {"SKU": "A1", "Producto": "Tuerca", "Precio": "0,35", "Coste": "0,10", "Existencias": "500", "IVA": "21"}
    product = read_row(row).product
    assert product is not None
    assert (product.sku, product.unit_price, product.cost) == ("A1", Decimal("0.35"), Decimal("0.10"))
    assert (product.stock, product.tax_rate) == (Decimal(500), Decimal(21))


def test_defaults_and_transforms_of_a_request_are_laid_over_the_mapping() -> None:
    document = read_row(
        ROW, INVOICE, defaults={"category": "Material"}, transforms={"supplier.name": ["strip", "upper"]}
    )
    assert (document.category, document.supplier.name) == ("Material", "FERRETERÍA INVENTADA SL")
    read = row_reading(defaults={"currency": "USD"}, target=DocumentType.EXPENSE)
    assert read({"Total": "1.00", "Fecha": "2024-01-02"}).currency == "USD"


def test_a_request_that_transforms_what_is_not_mapped_is_refused() -> None:
    with pytest.raises(ValueProblem, match="mapping_unknown_field"):
        row_reading(INVOICE, transforms={"due_date": "strip"})


def test_thousands_of_rows_are_read_in_a_second() -> None:
    read = compile_mapping(INVOICE)
    start = time.process_time()
    for _ in range(5_000):
        read(ROW)
    assert usual_seconds(time.process_time() - start) < 1.0
