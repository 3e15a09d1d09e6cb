from __future__ import annotations

import pytest

from app.modules.imports.mapping.tests.bank_layouts import table
from app.modules.imports.mapping.whole_table import infer_table_mapping

RECEIVED = ("Fecha", "Nº factura", "Proveedor", "Base", "Cuota IVA", "Total")


def _row(number: str, net: str, tax: str, gross: str, day: str = "13/01/2024") -> tuple[str, ...]:
    return day, number, "ACME", net, tax, gross


def test_a_list_of_received_invoices_says_enough() -> None:
    mapping = infer_table_mapping(table([RECEIVED], [_row("1", "100,00", "21,00", "121,00")]))
    assert mapping is not None
    assert mapping["target"] == "invoice"


@pytest.mark.parametrize(
    "header",
    [
        ("Fecha", "Nº factura", "Cliente", "NIF", "Total"),
        ("Vencimiento", "Nº factura", "Proveedor", "NIF", "Total"),
        ("Fecha", "Nº factura", "Concepto", "Forma de pago", "Total"),
    ],
)
def test_a_list_that_names_no_issuer_or_no_day_of_issue_asks_for_a_mapping(header: tuple[str, ...]) -> None:
    assert infer_table_mapping(table([header], [("13/01/2024", "F1", "x", "B12345674", "121,00")])) is None


def test_rows_that_are_parts_of_one_invoice_are_not_read_as_invoices() -> None:
    parts = [_row("1", "100,00", "21,00", "121,00"), _row("1", "50,00", "5,00", "55,00")]
    assert infer_table_mapping(table([RECEIVED], parts)) is None


@pytest.mark.parametrize(
    "other", [_row("1", "50,00", "5,00", "55,00", "14/02/2025"), _row("1", "100,00", "21,00", "121,00")]
)
def test_a_number_of_another_day_and_a_row_that_stands_twice_are_no_parts(other: tuple[str, ...]) -> None:
    assert infer_table_mapping(table([RECEIVED], [_row("1", "100,00", "21,00", "121,00"), other])) is not None


def test_a_first_row_that_is_shorter_than_the_heading_hides_no_column() -> None:
    rows = [("13/01/2024", "1", "ACME"), _row("2", "100,00", "21,00", "121,00")]
    mapping = infer_table_mapping(table([RECEIVED], rows))
    assert mapping is not None
    assert mapping["columns"]["totals.gross"] == {"columns": ["Total"]}
