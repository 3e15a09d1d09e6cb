"""Amounts with a comma in files whose cells end at commas: half a number is one too, and must not be believed."""

from __future__ import annotations

import csv
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from app.modules.imports.domain.errors import Unreadable
from app.modules.imports.mapping.bank_sheet import read_bank_sheets
from app.modules.imports.mapping.table_documents import read_table_rows
from app.modules.imports.ports import Table

if TYPE_CHECKING:
    from collections.abc import Iterator


def _table(text: str, delimiter: str = ",") -> Table:
    def rows() -> Iterator[tuple[object, ...]]:
        return (tuple(cell or None for cell in row) for row in csv.reader(text.splitlines(), delimiter=delimiter))

    return Table(name="a.csv", rows=rows)


_MENDED = {
    "one amount": "Fecha,Concepto,Importe\n25/02/2024,Compra,-10,50\n26/02/2024,Nomina,1500,00\n",
    "below a title": "Movimientos\n\nFecha,Concepto,Importe\n25/02/2024,Compra,-10,50\n26/02/2024,Nomina,1.500,00\n\nFin\n",
    "a balance": "Fecha,Concepto,Importe,Saldo\n25/02/2024,Compra,-10,50,89,50\n26/02/2024,Nomina,1500,00,1589,50\n",
    "debit or credit": (
        "Fecha,Concepto,Debe,Haber,Saldo,Divisa\n"
        "25/02/2024,Compra,10,50,,89,50,EUR\n26/02/2024,Nomina,,1500,00,1589,50,EUR\n"
    ),
}
_CUT = (
    "Fecha,Concepto,Importe\n25/02/2024,Compra,-10,50\n26/02/2024,Nomina,1500,15\n",
    "Fecha,Concepto,Importe\n25/02/2024,Compra,-10,50\n",
    "Fecha,Concepto,Importe\n25/02/2024,Compra,-10,50\n26/02/2024,Nomina,1500,00\n27/02/2024,Bar,-9\n",
    "Fecha,Concepto,Importe\n25/02/2024,Compra,-10,50\n26/02/2024,Nomina,1500,00,\n",
    "Fecha,Concepto,Importe\n25/02/2024,Compra,-10,50\n26/02/2024,Nomina,1500,00\n27/02/2024,Cargo 1.5,9,00\n",
    "Fecha,Concepto,Importe\n25/02/2024,Compra,-10\n26/02/2024,Nomina,1.500,00\n",
    "Date,Text,Amount\n2024-02-25,Shop,-10.50\n2024-02-26,Rent,-1,500.00\n",
)


@pytest.mark.parametrize("text", _MENDED.values(), ids=_MENDED)
def test_amounts_are_put_together_where_every_row_tells_how(text: str) -> None:
    [sheet] = read_bank_sheets(_table(text))
    assert sheet.statement is not None
    assert [str(entry.amount) for entry in sheet.statement.entries] == ["-10.50", "1500.00"]
    assert sheet.statement.closing_balance in (None, Decimal("1589.50"))


def test_rows_of_a_table_are_put_together_and_the_file_goes_on_at_the_same_row() -> None:
    table = _table("SKU,Nombre,Precio,Stock\nA1,Tornillo,3,25,7\nA2,Tuerca,4,05,9\n")
    found = list(read_table_rows(table))
    assert [row["Precio"] for _, row in found] == ["3,25", "4,05"]
    assert list(read_table_rows(table, 2)) == found[1:]


def test_a_column_without_heading_is_no_part_of_a_price() -> None:
    with pytest.raises(Unreadable, match="numbers_cut: row 2 "):
        list(read_table_rows(_table("SKU,Nombre,Precio\nA1,Tornillo,3,25\nA2,Tuerca,4,12\n")))


@pytest.mark.parametrize("text", _CUT)
def test_a_statement_is_refused(text: str) -> None:
    with pytest.raises(Unreadable, match=r"numbers_cut: row [234] "):
        read_bank_sheets(_table(text))


def test_rows_of_a_table_are_refused_where_the_first_is_cut() -> None:
    rows = read_table_rows(_table("SKU,Nombre,Precio\nA1,Tornillo,10\nA2,Tuerca,3,25\n"))
    assert next(rows)[1] == {"SKU": "A1", "Nombre": "Tornillo", "Precio": "10"}
    with pytest.raises(Unreadable, match="numbers_cut: row 3 "):
        next(rows)


@pytest.mark.parametrize(
    ("delimiter", "text"),
    [
        (",", "Fecha,Concepto,Importe\n25/02/2024,Compra,-10.50,a note\n26/02/2024,Nomina,1500.00\n"),
        (",", 'Fecha,Concepto,Importe\n25/02/2024,Compra,"-10,50",,\n26/02/2024,Nomina,"1500,00",,\n'),
        (";", "Fecha;Concepto;Importe\n25/02/2024;Compra;-10,50;1,25\n26/02/2024;Nomina;1500,00;0,00\n"),
    ],
    ids=["something else beyond the headings", "quoted, and blanks beyond", "semicolons"],
)
def test_whole_numbers_are_read(delimiter: str, text: str) -> None:
    [sheet] = read_bank_sheets(_table(text, delimiter))
    assert sheet.statement is not None
    assert [str(entry.amount) for entry in sheet.statement.entries] == ["-10.50", "1500.00"]
    assert len(list(read_table_rows(_table(text, delimiter)))) == 2


def test_a_column_without_heading_is_none_of_a_number_where_the_balance_proves_the_amounts() -> None:
    text = "Fecha,Concepto,Importe,Saldo\n25/02/2024,Compra,-10,90,12\n26/02/2024,Compra,-9,81,34\n"
    [sheet] = read_bank_sheets(_table(text))
    assert sheet.statement is not None
    assert [int(entry.amount) for entry in sheet.statement.entries if entry.amount] == [-10, -9]
