from __future__ import annotations

from datetime import date
from decimal import Decimal

from app.modules.imports.mapping.tables import find_table, unique_names


def test_a_heading_below_a_preamble_is_found() -> None:
    rows = [
        ("Listado de compras",),
        (),
        ("Empresa:", "Inventada SL"),
        ("Fecha", "Nº factura", "Proveedor", "Total"),
        ("02/01/2024", "F1", "Acme", "12,00"),
    ]
    found = find_table(rows)
    assert found is not None
    assert (found.header_row, found.data_start) == (3, 4)
    assert found.header == ("Fecha", "Nº factura", "Proveedor", "Total")


def test_a_heading_of_two_rows_is_one_heading() -> None:
    rows = [("Fecha", "Importe", "Base"), ("factura", "total", "imponible"), (date(2024, 1, 2), Decimal(1), Decimal(1))]
    found = find_table(rows)
    assert found is not None
    assert found.header == ("Fecha factura", "Importe total", "Base imponible")
    assert found.data_start == 2


def test_a_table_without_headings_gets_names_by_place() -> None:
    found = find_table([("02/01/2024", "Luz", "-12,00"), ("03/01/2024", "Agua", "-1,00")])
    assert found is not None
    assert (found.header_row, found.header, found.data_start) == (None, ("column_1", "column_2", "column_3"), 0)


def test_unknown_headings_over_typed_cells_are_headings() -> None:
    found = find_table([("foo", "bar"), ("a", "1,00"), ("b", "2,00")])
    assert found is not None
    assert found.header == ("foo", "bar")


def test_an_empty_sheet_has_no_table() -> None:
    assert find_table([]) is None
    assert find_table([(None, None), ()]) is None


def test_names_are_unique_and_never_empty() -> None:
    assert unique_names(("Divisa", None, "Divisa", "Divisa 2", None)) == (
        "Divisa",
        "column_2",
        "Divisa 2",
        "Divisa 2 2",
    )
