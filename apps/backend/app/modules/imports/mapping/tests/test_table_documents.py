from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING

from app.modules.imports.mapping.table_documents import read_table_rows
from app.modules.imports.ports import Table

if TYPE_CHECKING:
    from collections.abc import Iterator

HEADING = ("Código", "Nombre", "Precio")


def _table(*rows: tuple[object, ...]) -> Table:
    return Table(name="Hoja1", rows=lambda: iter(rows))


def _read(*rows: tuple[object, ...]) -> list[dict[str, object]]:
    found = list(read_table_rows(_table(*rows)))
    assert [position for position, _ in found] == list(range(len(found)))
    return [row for _, row in found]


def test_rows_are_ready_for_json() -> None:
    rows = _read(("Código", "Fecha", "Precio", "Activo"), ("A1", date(2024, 1, 2), Decimal("1.50"), True))
    assert rows == [{"Código": "A1", "Fecha": "2024-01-02", "Precio": "1.50", "Activo": True}]
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
    assert found[-1] == (4_999, {"Código": "A4999", "Nombre": "Tuerca", "Precio": "4999"})


def test_a_sheet_without_a_table_gives_no_rows() -> None:
    assert _read((None,), ()) == []
