"""Cash books and lists of what was spent have the columns of a bank's export, and are no movements of an account."""

from __future__ import annotations

import pytest

from app.modules.imports.domain.canonical import CanonicalDocument, DocumentType
from app.modules.imports.domain.canonical_json import from_json, to_json
from app.modules.imports.domain.corrections import corrected
from app.modules.imports.mapping.bank_rows import look_for_bank_rows
from app.modules.imports.mapping.bank_sheet import read_bank_sheets
from app.modules.imports.mapping.headings import infer_mapping
from app.modules.imports.mapping.whole_table import infer_table_mapping
from app.modules.imports.ports import Table

IN_OUT = """\
Fecha;Concepto;Entrada;Salida;Saldo
03/01/2025;Venta mostrador;250,00;;350,00
14/01/2025;Compra papel;;20,00;330,00
15/01/2025;Gasolina furgoneta;;45,00;285,00"""
PLAIN = """\
Fecha;Concepto;Importe;Saldo
03/01/2025;Ventas del día;250,00;350,00
14/01/2025;Pan y leche;-20,00;330,00
15/01/2025;Gasolina;-45,00;285,00"""
SHARED = """\
Fecha;Concepto;Pagado por;Importe;Para quién
03/01/2025;Cena;Ana;60,00;Todos
14/01/2025;Taxi;Luis;12,00;Ana"""
CASH = {
    "columns of a cash book": ("enero.csv", IN_OUT),
    "income and expenses": ("enero.csv", IN_OUT.replace("Entrada;Salida", "Ingresos;Egresos")),
    "a title": ("enero.csv", f"Libro de caja\nTienda del centro\n\n{PLAIN}"),
    "the name of the file": ("caja_chica_2025.csv", PLAIN),
    "the name of the sheet": ("Caja", PLAIN),
    "a title over debit and credit": ("enero.csv", f"CAJA CHICA\n{IN_OUT.replace('Entrada;Salida', 'Debe;Haber')}"),
    "words of a cash book beside each sum": (
        "enero.csv",
        "Fecha;Concepto;Tipo;Importe\n03/01/2025;Venta;Ingreso;250,00\n14/01/2025;Papel;Gasto;20,00",
    ),
    "sums without signs or balance": (
        "enero.csv",
        "Fecha;Concepto;Importe\n03/01/2025;Cena;60,00\n14/01/2025;Taxi;12,00",
    ),
    "how customers paid": (
        "enero.csv",
        IN_OUT.replace("Concepto", "Forma de pago;Concepto")
        .replace(";Venta", ";Tarjeta;Venta")
        .replace(";Compra", ";Visa;Compra")
        .replace(";Gasolina", ";Efectivo;Gasolina"),
    ),
    "the account of a cash box in the books": ("enero.csv", f"Cuenta: 5700001 Caja tienda\n{PLAIN}"),
}
BANK = {
    "nothing but the columns": ("enero.csv", PLAIN),
    "texts that banks write": (
        "enero.csv",
        IN_OUT.replace("Venta mostrador", "Transferencia de ACME").replace("Compra papel", "Comisión mantenimiento"),
    ),
    "an IBAN under the title of a cash book": ("caja.csv", f"Caja\nIBAN;ES91 2100 0418 4502 0005 1332\n{PLAIN}"),
    "an account": ("enero.csv", f"Cuenta: 2201234567\n{IN_OUT}"),
    "the title of a bank": ("enero.csv", f"Banco Inventado\n{IN_OUT}"),
    "a cooperative": ("enero.csv", f"Cooperativa de Ahorro y Crédito Inventada\n{IN_OUT}"),
    "the name of the file": ("extracto_enero.csv", IN_OUT),
    "a savings bank": ("enero.csv", f"Caja Rural Inventada\n{PLAIN}"),
    "value dates": (
        "enero.csv",
        "Fecha;Fecha valor;Concepto;Entrada;Salida\n13/01/2025;14/01/2025;Bar;;9,00\n15/01/2025;15/01/2025;Venta;8,00;",
    ),
    "less than nothing": (
        "enero.csv",
        IN_OUT.replace("350,00", "20,00").replace("330,00", "0,00").replace("285", "-45"),
    ),
}


def _table(name: str, text: str) -> Table:
    rows = [tuple(cell or None for cell in line.split(";")) for line in text.splitlines()]
    return Table(name=name, rows=lambda: iter(rows))


def _read(name: str, text: str) -> CanonicalDocument:
    (document,) = read_bank_sheets(_table(name, text))
    return document


@pytest.mark.parametrize("case", CASH)
def test_what_nothing_says_to_be_a_banks_waits_for_a_person(case: str) -> None:
    document = _read(*CASH[case])
    assert document.doc_type is DocumentType.OTHER
    assert "cash_book_suspected" in document.findings


@pytest.mark.parametrize("case", BANK)
def test_a_banks_export_is_asked_nothing(case: str) -> None:
    document = _read(*BANK[case])
    assert document.doc_type is DocumentType.BANK_STATEMENT
    assert "cash_book_suspected" not in document.findings


def test_a_person_who_says_that_it_is_a_banks_gets_all_of_the_statement() -> None:
    document = from_json(corrected(to_json(_read("enero.csv", IN_OUT)), {"doc_type": "bank_statement"}))
    assert document.doc_type is DocumentType.BANK_STATEMENT
    assert document.statement == _read("extracto.csv", IN_OUT).statement


def test_rows_of_a_long_cash_book_are_no_movements_either() -> None:
    rows = [tuple(cell or None for cell in line.split(";")) for line in IN_OUT.splitlines()]
    found, bank = look_for_bank_rows(rows, "enero.csv"), look_for_bank_rows(rows, "extracto.csv")
    assert found is not None
    assert found.mapping is None
    assert bank is not None
    assert bank.mapping is not None
    assert infer_mapping(("Fecha", "Concepto", "Entrada", "Salida", "Saldo")) is None
    mapping = infer_mapping(("Fecha", "Concepto", "IBAN", "Entrada", "Salida", "Saldo"))
    assert mapping is not None
    assert mapping.target is DocumentType.BANK_MOVEMENT


@pytest.mark.parametrize(
    "text",
    [
        SHARED,
        "Title;Paid by;Amount;Currency;Date;Impacted to Ana\nCena;Ana;60,00;EUR;13/01/2025;30,00",
        "Date;Description;Category;Cost;Currency;Ana;Luis\n2025-01-03;Cena;Food;60.00;EUR;30.00;-30.00",
    ],
)
def test_what_a_group_spent_is_asked_about(text: str) -> None:
    table = _table("viaje.csv", text)
    assert read_bank_sheets(table) == ()
    assert infer_table_mapping(table) is None


def test_what_somebody_paid_for_the_firm_is_an_expense() -> None:
    table = _table(
        "enero.csv", "Fecha;Concepto;Importe;Pagado por\n13/01/2025;Taxi;50,00;Ana\n14/01/2025;Comida;60,00;Eva"
    )
    assert read_bank_sheets(table) == ()
    mapping = infer_table_mapping(table)
    assert mapping is not None
    assert mapping["target"] == "expense"
