from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from app.modules.imports.mapping.cells import printed
from app.modules.imports.mapping.numbers import number_parser
from app.modules.imports.mapping.stored import row_reader
from app.modules.imports.mapping.table_documents import _named, jsonable, read_table_rows
from app.modules.imports.mapping.tables import filled
from app.modules.imports.mapping.whole_table import infer_table_mapping
from app.modules.imports.ports import Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.modules.imports.mapping.numbers import Mark

HEADING = ("Código", "Nombre", "Precio")


def _table(*rows: tuple[object, ...]) -> Table:
    return Table(name="Hoja1", rows=lambda: iter(rows))


def _read(*rows: tuple[object, ...]) -> list[dict[str, object]]:
    return [row for _, row in read_table_rows(_table(*rows))]


def test_rows_are_ready_for_json() -> None:
    rows = _read(("Código", "Fecha", "Precio", "Activo"), ("A1", date(2024, 1, 2), Decimal("1.50"), True))
    assert rows == [{"Código": "A1", "Fecha": "2024-01-02", "Precio": 1.5, "Activo": True}]
    assert json.loads(json.dumps(rows)) == rows


def test_totals_repeated_headings_blank_rows_and_closing_notes_are_no_data() -> None:
    rows = _read(
        HEADING,
        ("A1", "Tuerca", "1,00"),
        (None, "  ", ""),
        HEADING,
        ("A2", "Perno", "2,00"),
        ("Total", None, "3,00"),
        ("Precios sin IVA", None, None),
    )
    assert [row["Código"] for row in rows] == ["A1", "A2"]


def test_sums_under_most_columns_of_a_book_are_no_data() -> None:
    heading = ("Fecha", "Número", "Proveedor", "Base", "Descuento", "IVA", "Retención", "Total")
    row = ("13/01/2026", "1", "ACME", "1.000,00", "0,00", "210,00", "150,00", "1.060,00")
    sums = ("TOTAL", None, None, *row[3:])
    assert _read(heading, row, sums) == _read(heading, row)
    assert len(_read(heading, row, ("Total", "2", "Total Energies", *row[3:]))) == 2


def test_a_product_called_total_is_data() -> None:
    rows = _read(HEADING, ("A1", "Total protein", "1,00"), ("Total protein bar", "Barrita", "2,00"))
    assert len(rows) == 2


def test_a_sparse_row_between_others_is_data() -> None:
    rows = _read(HEADING, ("A1", "Tuerca", "1,00"), ("A2", None, None), ("A3", "Perno", "2,00"))
    assert [row["Código"] for row in rows] == ["A1", "A2", "A3"]


def test_a_cell_beyond_the_headings_is_kept() -> None:
    assert _read(HEADING, ("A1", "Tuerca", "1,00", "sobra")) == [
        {"Código": "A1", "Nombre": "Tuerca", "Precio": "1,00", "column_4": "sobra"}
    ]


def test_a_long_table_is_streamed() -> None:
    def rows() -> Iterator[tuple[object, ...]]:
        yield HEADING
        number = 0
        while True:
            yield (f"A{number}", "Tuerca", Decimal(number))
            number += 1

    found = list(islice(read_table_rows(Table(name="x", rows=rows)), 5_000))
    assert found[-1] == (5_001, {"Código": "A4999", "Nombre": "Tuerca", "Precio": "4999"})


def test_a_sheet_without_a_table_gives_no_rows() -> None:
    assert _read((None,), ()) == []


_TEXTS = st.sampled_from(["", " ", "\t", "Total", "Suma", "A1", "Código", "Café"]) | st.text(max_size=5)
_CELLS = st.none() | st.booleans() | st.dates() | st.datetimes() | st.decimals() | _TEXTS


@given(st.lists(_CELLS, max_size=6).map(tuple))
def test_a_row_comes_out_as_its_cells_do_one_by_one(row: tuple[object, ...]) -> None:
    expected = {name: jsonable(cell) for name, cell in zip(HEADING, row, strict=False)}
    expected |= {f"column_{place}": jsonable(cell) for place, cell in enumerate(row[3:], 4) if cell not in (None, "")}
    assert _named(HEADING, row) == expected


@given(st.lists(_CELLS, max_size=6).map(tuple))
def test_a_cell_is_filled_that_holds_more_than_blanks(row: tuple[object, ...]) -> None:
    assert filled(row) == sum(1 for cell in row if cell is not None and str(cell).strip())


@given(st.decimals(-(10**11), 10**11, places=4).map(lambda n: n.normalize()), st.sampled_from([None, ",", "."]))
def test_a_number_of_the_sheet_is_itself_under_whatever_mark_the_texts_have(number: Decimal, mark: Mark | None) -> None:
    stored = json.loads(json.dumps(jsonable(number)))
    assert number_parser(mark)(stored) == number
    assert printed(stored) == printed(number)


def test_numbers_beside_texts_do_not_take_their_mark() -> None:
    sheet = _table(("SKU", "Producto", "Coste", "PVP"), ("A", "Tornillo", Decimal("1.125"), "12,50"))
    mapping = infer_table_mapping(sheet)
    assert mapping is not None
    assert mapping["decimal_mark"] == ","
    product = row_reader(mapping)(next(row for _, row in read_table_rows(sheet))).product
    assert product is not None
    assert (product.cost, product.unit_price) == (Decimal("1.125"), Decimal("12.50"))


@given(st.decimals())
def test_a_number_is_printed_without_exponent(number: Decimal) -> None:
    assert printed(number) == format(number, "f")


_CELLS = st.none() | st.sampled_from(["", "A1", "Total", "Código"]) | st.decimals(0, 9, places=2)
_SHEETS = st.lists(st.tuples(_CELLS, _CELLS, _CELLS) | st.tuples(st.just("nota"), st.none(), st.none()), max_size=200)


@given(_SHEETS)
def test_whoever_goes_on_behind_a_row_reads_what_follows_it(below: list[tuple[object, ...]]) -> None:
    table = _table(HEADING, ("A0", "Tuerca", "1,00"), *below)
    found = list(read_table_rows(table))
    for number, (place, _) in enumerate(found, 1):
        if place is not None:
            assert list(read_table_rows(table, place)) == found[number:]
