from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from app.modules.imports.mapping.stored import row_reader
from app.modules.imports.mapping.table_documents import read_table_rows
from app.modules.imports.mapping.tests.bank_layouts import table
from app.modules.imports.mapping.whole_table import infer_table_mapping

if TYPE_CHECKING:
    from app.modules.imports.domain.canonical import CanonicalDocument

INVOICES = ("Fecha", "Nº factura", "Proveedor", "Base imponible", "Tipo IVA", "Cuota IVA", "Total")
PRODUCTS = ("SKU", "Producto", "PVP", "IVA")
WITHHELD = ("Nº retención", "Código retención", "Base imponible", "Porcentaje", "Valor retenido")
MULTIPLY = [{"name": "multiply", "arguments": ["100"]}]


def _read(header: tuple[str, ...], *rows: tuple[object, ...]) -> tuple[list[CanonicalDocument], dict[str, object]]:
    sheet = table([header], rows)
    mapping = infer_table_mapping(sheet)
    assert mapping is not None
    transforms = {path: rule["transforms"] for path, rule in mapping["columns"].items() if "transforms" in rule}
    read = row_reader(mapping)
    return [read(row) for _, row in read_table_rows(sheet)], transforms


def _invoice(net: object, rate: object, tax: object, gross: object) -> tuple[object, ...]:
    return ("2024-03-13", f"A-{gross}", "ACME", net, rate, tax, gross)


def test_cells_of_per_cent_become_per_cents_and_the_mapping_says_so() -> None:
    documents, transforms = _read(
        INVOICES,
        _invoice(Decimal(100), Decimal("0.21"), Decimal(21), Decimal(121)),
        _invoice(Decimal(100), Decimal("0.1"), Decimal(10), Decimal(110)),
        _invoice(Decimal(50), Decimal(0), Decimal(0), Decimal(50)),
    )
    assert [d.taxes[0].rate for d in documents] == [Decimal(21), Decimal(10), Decimal(0)]
    assert transforms == {"taxes.0.rate": MULTIPLY}
    assert documents[0].evidence["taxes.0.rate"].text == "0.21"


@pytest.mark.parametrize("rate", ["21", "21,00", "21 %"])
def test_rates_in_per_cent_stay(rate: str) -> None:
    documents, transforms = _read(INVOICES, _invoice("100,00", rate, "21,00", "121,00"))
    assert (documents[0].taxes[0].rate, transforms) == (Decimal(21), {})


def test_the_arithmetic_tells_half_a_per_cent_from_a_half() -> None:
    [half_per_cent], untouched = _read(WITHHELD, ("1", "312", "1000,00", "0,5", "5,00"))
    [half], multiplied = _read(WITHHELD, ("1", "725", "1000,00", "0,5", "500,00"))
    assert (half_per_cent.withholdings[0].rate, untouched) == (Decimal("0.5"), {})
    assert (half.withholdings[0].rate, multiplied) == (Decimal(50), {"withholdings.0.rate": MULTIPLY})


def test_all_of_a_tax_withheld_is_a_hundred_per_cent() -> None:
    documents, _ = _read(
        WITHHELD,
        ("1", "725", Decimal(100), Decimal("0.3"), Decimal(30)),
        ("2", "729", Decimal(100), Decimal(1), Decimal(100)),
    )
    assert [d.withholdings[0].rate for d in documents] == [Decimal(30), Decimal(100)]


def test_a_column_written_in_both_ways_is_read_cell_by_cell() -> None:
    documents, transforms = _read(
        INVOICES, _invoice("100,00", "0,21", "21,00", "121,00"), _invoice("100,00", "10", "10,00", "110,00")
    )
    assert [d.taxes[0].rate for d in documents] == [Decimal(21), Decimal(10)]
    assert transforms == {"taxes.0.rate": [{"name": "percent", "arguments": []}]}


def test_rates_of_products_are_told_from_the_tax_in_their_price() -> None:
    rates, _ = _read(
        PRODUCTS,
        ("A", "Tornillo", Decimal(10), Decimal("0.21")),
        ("B", "Pan", Decimal(1), Decimal("0.04")),
    )
    taxes, transforms = _read(PRODUCTS, ("A", "Tornillo", "1,00", "0,21"), ("B", "Tuerca", "0,50", "0,11"))
    assert [d.product.tax_rate for d in rates if d.product] == [Decimal(21), Decimal(4)]
    assert [d.product.tax_rate for d in taxes if d.product] == [Decimal("0.21"), Decimal("0.11")]
    assert transforms == {}
