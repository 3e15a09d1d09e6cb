"""Tables come from anywhere: whatever stands in them, they are read, split and looked at without a fault."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from app.modules.imports.domain.canonical import CanonicalDocument
from app.modules.imports.domain.canonical_json import from_json, to_json
from app.modules.imports.mapping.bank_sheet import read_bank_sheets
from app.modules.imports.mapping.rows import RowError, read_row
from app.modules.imports.mapping.suggestions import suggest
from app.modules.imports.mapping.table_documents import read_table_rows
from app.modules.imports.mapping.tests.bank_layouts import table

HEADINGS = st.sampled_from(
    [
        "Fecha",
        "F. Valor",
        "Concepto",
        "Importe",
        "Debe",
        "Haber",
        "Saldo",
        "Divisa",
        "Tipo",
        "IBAN",
        "Nº factura",
        "",
        "x",
    ]
)
CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from(
        ["13/01/2024", "03/04/2024", "1.234,56", "-5,00", "1.234", "D", "C", "Total", "Saldo inicial", "€"]
    ),
    st.text(max_size=12),
    st.decimals(allow_nan=False, allow_infinity=False),
    st.dates(),
    st.datetimes(),
)
ROWS = st.lists(st.lists(CELLS, max_size=8).map(tuple), max_size=12)


@settings(max_examples=300)
@given(ROWS, st.lists(HEADINGS, max_size=8), ROWS)
def test_any_table_is_a_statement_or_none_and_its_json_is_whole(
    above: list[tuple[object, ...]], header: list[str], below: list[tuple[object, ...]]
) -> None:
    for document in read_bank_sheets(table(above, [tuple(header)], below)):
        assert from_json(json.loads(json.dumps(to_json(document)))) == document


@settings(max_examples=150)
@given(st.lists(HEADINGS, max_size=8), ROWS)
def test_any_table_is_split_into_rows_that_are_documents_or_told_why_not(
    header: list[str], below: list[tuple[object, ...]]
) -> None:
    for _, row in read_table_rows(table([tuple(header)], below)):
        assert json.loads(json.dumps(row)) == row
        with suppress(RowError):
            assert isinstance(read_row(row), CanonicalDocument)


@settings(max_examples=150)
@given(st.lists(HEADINGS, max_size=8), ROWS)
def test_any_sample_gets_a_suggestion_of_its_own_columns_or_none(
    header: list[str], below: list[tuple[object, ...]]
) -> None:
    found = suggest(header, below)
    if found is not None:
        assert {column.column for column in found.columns.values()} <= set(header)


def test_dates_of_cells_are_dates() -> None:
    moment = datetime.combine(date(2024, 1, 13), datetime.min.time())
    (document,) = read_bank_sheets(table([("Fecha", "Concepto", "Importe")], [(moment, "Luz", Decimal(-5))]))
    assert document.statement is not None
    assert document.statement.entries[0].booking_date == date(2024, 1, 13)
