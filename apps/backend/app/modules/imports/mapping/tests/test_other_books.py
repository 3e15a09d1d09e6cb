"""Tables of dates, texts and sums that are no bank's: nothing of them is a movement of an account."""

from __future__ import annotations

import pytest

from app.modules.imports.mapping.bank_sheet import read_bank_sheets
from app.modules.imports.mapping.tests.bank_layouts import table
from app.modules.imports.mapping.whole_table import infer_table_mapping

TABLES = [
    (
        ("Asiento", "Fecha", "Subcuenta", "Contrapartida", "Concepto", "DH", "Importe"),
        ("1", "13/01/2026", "4300001", "7000000", "Fra. 12", "D", "121,00"),
        ("1", "13/01/2026", "7000000", "4300001", "Fra. 12", "H", "121,00"),
    ),
    (
        ("Fecha", "Nº asiento", "Concepto", "Contrapartida", "Debe", "Haber", "Saldo"),
        ("13/01/2026", "1", "Cobro", "4300001", "121,00", "", "121,00"),
        ("14/01/2026", "2", "Pago", "4000001", "", "21,00", "100,00"),
    ),
    (
        ("Type", "Account Reference", "Nominal A/C Ref", "Date", "Details", "Net Amount"),
        ("SI", "ABS001", "4000", "13/01/2026", "Goods sold", "100.00"),
        ("PI", "SUP002", "5000", "14/01/2026", "Materials", "50.00"),
    ),
    (
        ("Fecha", "Empleado", "Tipo de gasto", "Kms", "Importe"),
        ("13/01/2026", "Ana", "Kilometraje", "120", "31,20"),
        ("14/01/2026", "Luis", "Dieta", "", "26,67"),
    ),
]


@pytest.mark.parametrize("rows", TABLES)
def test_a_ledger_and_a_sheet_of_expenses_are_no_statement(rows: tuple[tuple[object, ...], ...]) -> None:
    header, *below = rows
    assert read_bank_sheets(table([header], below)) == ()
    mapping = infer_table_mapping(table([header], below))
    assert (mapping["target"] if mapping else None) == ("expense" if "Empleado" in header else None)
