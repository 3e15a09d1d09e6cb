from __future__ import annotations

from decimal import Decimal

import pytest

from app.modules.imports.domain.canonical import DocumentType
from app.modules.imports.mapping.model import from_json, to_json
from app.modules.imports.mapping.rows import read_row
from app.modules.imports.mapping.suggestions import suggest

HEADER = ["Nº Factura", "Fecha", "Proveedor", "NIF", "Base", "IVA", "Total"]
SAMPLE = [
    ["F1", "13/01/2024", "Acme", "B12345674", "1.000,00", "210,00", "1.210,00"],
    ["F2", "02/02/2024", "Beta", "B12345674", "10,00", "2,10", "12,10"],
]


def test_headings_shapes_and_arithmetic_suggest_the_whole_mapping() -> None:
    found = suggest(HEADER, SAMPLE)
    assert found is not None
    assert found.target is DocumentType.INVOICE
    assert (found.decimal_mark, found.date_order) == (",", "dmy")
    assert {path: c.column for path, c in found.columns.items()} == {
        "invoice_number": "Nº Factura",
        "issue_date": "Fecha",
        "supplier.name": "Proveedor",
        "supplier.tax_id": "NIF",
        "totals.net": "Base",
        "totals.tax": "IVA",
        "totals.gross": "Total",
    }
    assert found.columns["totals.tax"].reason == "arithmetic"


def test_a_confirmed_suggestion_reads_the_rows_it_was_made_from() -> None:
    found = suggest(HEADER, SAMPLE)
    assert found is not None
    mapping = from_json(to_json(found.to_mapping()))
    document = read_row(dict(zip(HEADER, SAMPLE[0], strict=True)), mapping)
    assert (document.totals.gross, document.invoice_number) == (Decimal("1210.00"), "F1")


def test_columns_without_telling_headings_are_found_by_their_arithmetic() -> None:
    found = suggest(["doc", "a", "b", "c"], [["x", "100,00", "21,00", "121,00"], ["y", "10,00", "2,10", "12,10"]])
    assert found is not None
    assert {path: c.column for path, c in found.columns.items() if c.reason == "arithmetic"} == {
        "totals.net": "a",
        "totals.tax": "b",
        "totals.gross": "c",
    }


@pytest.mark.parametrize(
    ("header", "row", "target"),
    [
        (["Date", "Vendor", "Category", "Amount"], ["2024-01-13", "Acme", "Travel", "1.50"], DocumentType.EXPENSE),
        (["SKU", "Nombre", "PVP", "Stock"], ["A1", "Tuerca", "1.20", "100"], DocumentType.PRODUCT),
        (
            ["Fecha", "Concepto", "Cargo", "Abono", "Saldo"],
            ["13/01/2024", "x", "1,00", "", "9,00"],
            DocumentType.BANK_MOVEMENT,
        ),
        (
            ["Nº retención", "RUC", "Código retención", "Base imponible", "Valor retenido"],
            ["001-001-1", "1790012345001", "312", "100.00", "1.75"],
            DocumentType.WITHHOLDING,
        ),
    ],
)
def test_the_target_follows_from_the_columns(header: list[str], row: list[str], target: DocumentType) -> None:
    found = suggest(header, [row])
    assert found is not None
    assert found.target is target


def test_what_the_sample_does_not_prove_is_left_open() -> None:
    found = suggest(["Fecha", "Proveedor", "Importe"], [["03/04/2024", "Acme", "1.234"]])
    assert found is not None
    assert (found.decimal_mark, found.date_order) == (None, None)
    iso = suggest(["Fecha", "Proveedor", "Importe"], [["2024-04-03", "Acme", "1,20"]])
    assert iso is not None
    assert (iso.decimal_mark, iso.date_order) == (",", None)


def test_a_heading_that_its_cells_contradict_is_not_believed() -> None:
    found = suggest(["Fecha", "Total", "Nº factura"], [["azul", "rojo", "F1"], ["verde", "gris", "F2"]])
    assert found is None or not {"issue_date", "totals.gross"} & found.columns.keys()


def test_a_table_of_nothing_known_gets_no_suggestion() -> None:
    assert suggest(["a", "b"], [["x", "y"]]) is None
    assert suggest([], []) is None


def test_a_mark_that_some_cells_are_written_against_is_not_declared() -> None:
    found = suggest(["SKU", "Precio", "Coste"], [["A", "1.234,56", "0.00"], ["B", "2,50", "1,00"]])
    assert found is not None
    assert found.decimal_mark is None


@pytest.mark.parametrize("extra", ["Fee", "Shipping", "Gastos de envío", "Comisión"])
def test_what_is_added_to_a_sum_is_no_tax_of_it(extra: str) -> None:
    found = suggest(["Ref", "Net", extra, "Gross"], [["x", "95.00", "5.00", "100.00"], ["y", "19.00", "1.00", "20.00"]])
    assert found is None or "totals.tax" not in found.columns


def test_a_heading_that_shares_one_word_of_three_is_no_suggestion() -> None:
    header = ["Invoice no", "Invoice date", "Supplier", "Total", "Refunded amount", "Nº orden"]
    found = suggest(header, [["F1", "2024-01-13", "Acme", "121.00", "3.00", "7"]])
    assert found is not None
    assert not {"Refunded amount", "Nº orden"} & {column.column for column in found.columns.values()}


def test_a_suggestion_is_of_the_kind_that_the_headings_state() -> None:
    header = ["fecha", "proveedor", "concepto", "monto", "referencia"]
    found = suggest(header, [["2024-01-15", "A", "Servicios", "1000.00", "REF1"]])
    assert found is not None
    assert (found.target, found.columns["supplier.name"].column) == (DocumentType.EXPENSE, "proveedor")


CLAVE = "0104202601179128754100120010120207411732227568117"


@pytest.mark.parametrize(
    ("day", "order"), [("01/04/2026", "dmy"), ("04/01/2026", "mdy"), ("02/03/2026", None), ("04/04/2026", None)]
)
def test_a_clave_de_acceso_says_which_part_of_a_date_is_its_day(day: str, order: str | None) -> None:
    header = ["RUC_EMISOR", "SERIE_COMPROBANTE", "CLAVE_ACCESO", "FECHA_EMISION", "IMPORTE_TOTAL"]
    rows = [["1791287541001", "001-012-020741173", CLAVE, day, "43.13"]]
    found = suggest(header, rows)
    assert found is not None
    assert found.date_order == order
