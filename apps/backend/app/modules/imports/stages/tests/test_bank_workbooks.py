"""Exports of banks under the name .xls, whatever is in them: an old workbook, a page, a workbook in XML."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from xlsxwriter import Workbook

from app.modules.imports.formats import tests as formats_tests
from app.modules.imports.formats.tests.old_workbook import old_workbook
from app.modules.imports.stages.file_reading import documents

SAMPLES = Path(str(formats_tests.__file__)).parent / "samples"
ROWS: list[list[object]] = [
    ["Extracto de movimientos"],
    [],
    ["Fecha", "Concepto", "Importe", "Saldo"],
    [date(2026, 1, 5), "Compra café", -12.5, 87.5],
    [date(2026, 1, 31), "Nómina", 1000, 1087.5],
]


@pytest.mark.parametrize(
    ("content", "closing", "movements"),
    [
        (old_workbook(ROWS), Decimal("1087.5"), 2),
        ((SAMPLES / "html_table" / "movements-in-layout.xls").read_bytes(), Decimal("1000.00"), 3),
    ],
    ids=["biff8", "html"],
)
def test_a_bank_export_is_a_statement_that_adds_up(
    tmp_path: Path, content: bytes, closing: Decimal, movements: int
) -> None:
    path = tmp_path / "stored"
    path.write_bytes(content)
    [document] = documents(path, "movimientos.xls")
    assert document.statement is not None
    assert (document.statement.opening_balance, document.statement.closing_balance) == (Decimal(100), closing)
    assert len(document.statement.entries) == movements
    assert document.findings == ()


@pytest.mark.parametrize("margin", ["", ";" * 600], ids=["held", "walked twice"])
def test_a_bank_export_is_a_statement_however_wide_its_empty_margin(tmp_path: Path, margin: str) -> None:
    movements = [f"{day % 28 + 1:02}/01/2026;Café {day};1,00;{day},00{margin}" for day in range(1, 1_001)]
    path = tmp_path / "stored"
    path.write_text("\n".join([f"Fecha;Concepto;Importe;Saldo{margin}", *movements]), encoding="utf-8")
    [document] = documents(path, "movimientos.csv")
    assert document.statement is not None
    assert document.statement.closing_balance == Decimal("1000.00")
    assert len(document.statement.entries) == 1_000


def test_the_account_of_a_page_may_stand_in_a_table_of_its_own(tmp_path: Path) -> None:
    def table(*rows: str) -> str:
        cells = ("".join(f"<td>{cell}</td>" for cell in row.split("|")) for row in rows)
        return f"<table>{''.join(f'<tr>{row}</tr>' for row in cells)}</table>"

    account = table("Cuenta|ES91 2100 0418 4502 0005 1332", "Titular|TALLERES INVENTADOS SL")
    moved = table("Fecha|Concepto|Importe|Saldo", "13/01/2026|a|-5,00|95,00", "14/01/2026|b|-1,00|94,00")
    path = tmp_path / "stored"
    path.write_text(f"<html><body>{account}{moved}</body></html>", encoding="utf-8")
    [document] = documents(path, "movimientos.xls")
    assert document.statement is not None
    assert document.statement.account_iban == "ES9121000418450200051332"
    assert document.statement.holder == "TALLERES INVENTADOS SL"
    path.write_text(f"<html><body>{account}{moved}{moved}</body></html>", encoding="utf-8")
    assert [one.statement and one.statement.account_iban for one in documents(path, "movimientos.xls")] == [None, None]


def test_another_sheet_of_a_bank_workbook_is_told_and_one_of_notes_is_not(tmp_path: Path) -> None:
    path = tmp_path / "stored"
    with Workbook(str(path)) as book:
        sheets: dict[str, list[list[object]]] = {
            "Movimientos": ROWS,
            "Facturas": [
                ["Factura", "Fecha", "Proveedor", "NIF", "Total"],
                ["F-1", "05/01/2026", "Café del Norte", "B29423548", 12.5],
                ["F-2", "06/01/2026", "Café del Norte", "B29423548", 8.25],
            ],
            "Notas": [["Descargado el 31/01/2026"], ["Solo a título informativo"]],
        }
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for place, row in enumerate(rows):
                for column, cell in enumerate(row):
                    sheet.write(place, column, cell.isoformat() if isinstance(cell, date) else cell)
    statement, other = documents(path, "movimientos.xlsx")
    assert statement.statement is not None
    assert statement.statement.closing_balance == Decimal("1087.5")
    assert other.findings == ("other_table",)
    assert other.evidence["description"].path == "Facturas: rows 2 to 3"
