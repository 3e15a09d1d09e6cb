"""Two tables in one sheet: each row is read under its own headings, and none goes unseen."""

from __future__ import annotations

from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.modules.imports.domain.canonical import DocumentType
from app.modules.imports.mapping.bank_sheet import read_bank_sheets
from app.modules.imports.mapping.other_tables import ANOTHER_TABLE
from app.modules.imports.mapping.rows import RowError, read_row
from app.modules.imports.mapping.stored import row_reader
from app.modules.imports.mapping.table_documents import read_table_rows
from app.modules.imports.mapping.whole_table import infer_table_mapping
from app.modules.imports.ports import Table

RECEIVED = """\
Fecha;Número;Proveedor;NIF;Base;IVA;Total
15/01/2025;A-100;Suministros Norte SL;B12345674;100,00;21,00;121,00
17/01/2025;A-101;Papelería Ruiz;B12345674;50,00;10,50;60,50"""
ISSUED = """\
Fecha;Número;Cliente;NIF cliente;Base;IVA;Total
15/01/2025;E-1;Bar Pepe;12345678Z;300,00;63,00;363,00"""
MOVEMENTS = """\
Fecha;Concepto;Importe;Saldo
01/02/2025;Transferencia recibida;500,00;1500,00
03/02/2025;Recibo luz;-60,00;1440,00
14/02/2025;Compra tarjeta;-40,00;1400,00"""


def _table(text: str) -> Table:
    rows = [tuple(cell or None for cell in line.split(";")) if line else () for line in text.splitlines()]
    return Table(name="a.csv", rows=lambda: iter(rows))


def _read(text: str) -> list[str]:
    """The number of each invoice, or the code of what is wrong with its row."""
    table = _table(text)
    read = row_reader(infer_table_mapping(table))
    found = []
    for _, row in read_table_rows(table):
        try:
            document = read(row)
        except RowError as error:
            found.append(f"{error.code}, {error.problems[0].detail}")
        else:
            found.append(document.invoice_number or (document.product.name if document.product else None) or "")
    return found


@pytest.mark.parametrize("between", ["\n\n", "\n", "\nFacturas emitidas\n"])
def test_a_customer_of_the_next_table_is_no_supplier_of_the_first(between: str) -> None:
    last = 5 + between.count("\n") - 1
    told = f"other_table, row {last}, below the headings in row {last - 1}"
    assert _read(f"{RECEIVED}{between}{ISSUED}") == ["A-100", "A-101", told]


@pytest.mark.parametrize(
    "summary",
    [
        "Proveedor;Facturas;Total\nSuministros Norte SL;1;121,00\nPapelería Ruiz;1;60,50",
        "Tipo;Base imponible;Cuota\n21 %;150,00;31,50\n10 %;0,00;0,00",
        "Comercial;Zona;Comisión\nAna;Norte;120,00\nLuis;Sur;90,00",
    ],
)
def test_a_summary_beneath_is_told_row_by_row(summary: str) -> None:
    found = _read(f"{RECEIVED}\n\nResumen\n{summary}")
    assert found[:2] == ["A-100", "A-101"]
    assert [told.split(",")[0] for told in found[2:]] == ["other_table", "other_table"]


def test_words_that_fit_a_price_list_are_no_product_of_it() -> None:
    prices = "SKU;Nombre;Precio\nA1;Tornillo;1,20\nA2;Tuerca;0,50"
    found = _read(f"{prices}\n\nComercial;Zona;Comisión\nAna;Norte;120,00")
    assert found == ["Tornillo", "Tuerca", "other_table, row 6, below the headings in row 5"]


def test_a_small_table_above_is_told_and_the_large_one_is_read() -> None:
    found = _read(f"Albarán;Kilos;Precio\n77;10;3,00\n78;12;3,10\n\n{RECEIVED}")
    assert [told.split(",")[0] for told in found] == ["other_table", "other_table", "A-100", "A-101"]


def test_headings_that_come_again_are_of_the_same_table_however_they_are_written() -> None:
    again = RECEIVED.splitlines()[0].upper()
    assert _read(f"{RECEIVED}\n\n{again}\n20/02/2025;A-102;ACME;B12345674;1,00;0,21;1,21") == [
        "A-100",
        "A-101",
        "A-102",
    ]


def test_the_first_table_goes_on_where_its_headings_come_again() -> None:
    found = _read(f"{RECEIVED}\n\n{ISSUED}\n\n{RECEIVED}")
    assert [told.split(",")[0] for told in found] == ["A-100", "A-101", "other_table", "A-100", "A-101"]


@pytest.mark.parametrize(
    "text",
    [
        f"Libro registro\nEjercicio;Trimestre;NIF\n2025;1;B12345674\n\n{RECEIVED}",
        f"Emitido el;15/02/2025\nEmpresa;ACME SL\n\n{RECEIVED}\nTotal;;;;150,00;31,50;181,50\n\nFin del listado",
        f"{RECEIVED}\n\nDirección fiscal;Calle Mayor",
    ],
    ids=["what a report says of itself", "labels and sums", "words without values below"],
)
def test_what_stands_around_a_table_is_no_other_table(text: str) -> None:
    table = _table(text)
    assert not any(ANOTHER_TABLE in row for _, row in read_table_rows(table))
    assert _read(text)[:2] == ["A-100", "A-101"]


def test_groups_of_a_price_list_are_no_headings() -> None:
    prices = "SKU;Nombre;Precio\n\nHerramientas;Mano\nA1;Tornillo;1,20\n\nFijación;\nA2;Tuerca;0,50"
    assert not any(ANOTHER_TABLE in row for _, row in read_table_rows(_table(prices)))


def test_a_row_of_another_table_is_read_by_no_mapping_but_its_own_headings_may_decide() -> None:
    row = list(read_table_rows(_table(f"{RECEIVED}\n\n{RECEIVED.replace('Proveedor', 'Acreedor')}")))[2][1]
    assert ANOTHER_TABLE in row
    assert read_row(row).supplier.name == "Suministros Norte SL"
    with pytest.raises(RowError, match="other_table"):
        row_reader({"target": "invoice", "columns": {"invoice_number": "Número"}})(row)


def test_where_the_file_goes_on_is_said_only_within_the_first_table() -> None:
    table = _table(f"{RECEIVED}\n\n{ISSUED}\n\n{RECEIVED}")
    found = list(read_table_rows(table))
    assert [place for place, _ in found] == [2, 3, None, 9, 10]
    for number, (place, _) in enumerate(found, 1):
        if place is not None:
            assert list(islice(read_table_rows(table, place), None)) == found[number:]


def test_another_sheet_is_not_half_read_by_the_columns_that_it_shares() -> None:
    read = row_reader(infer_table_mapping(_table(RECEIVED)))
    with pytest.raises(RowError, match="other_table"):
        read(next(read_table_rows(_table(ISSUED)))[1])
    wider = (
        RECEIVED.replace("Total", "Observaciones;Total")
        .replace(";121,00", ";pagada;121,00")
        .replace(";60,50", ";;60,50")
    )
    assert read(next(read_table_rows(_table(wider)))[1]).invoice_number == "A-100"
    assert read({"Fecha": "15/01/2025", "Número": "A-100", "Base": "1,00"}).invoice_number == "A-100"


_HEADINGS = (
    "Fecha;Número;Proveedor;Base;IVA;Total",
    "SKU;Nombre;Precio;Stock",
    "Fecha;Cliente;Total",
    "Proveedor;Saldo pendiente",
    "Código retención;Base imponible;Valor retenido",
)


@given(
    st.permutations(_HEADINGS),
    st.lists(st.tuples(st.integers(2, 9), st.sampled_from(["", "\n", "\nResumen\n"])), min_size=1, max_size=5),
)
def test_no_row_of_any_table_is_lost_nor_read_as_another_tables(
    headings: list[str], tables: list[tuple[int, str]]
) -> None:
    blocks, data = [], 0
    for number, (heading, (count, gap)) in enumerate(zip(headings, tables, strict=False)):
        words = heading.split(";")
        rows = [";".join([f"{word} {number} {line}" for word in words[:-1]] + [f"{line},50"]) for line in range(count)]
        blocks.append("\n".join([heading, *rows]) + gap)
        data += count
    rows_read = [row for _, row in read_table_rows(_table("\n".join(blocks)))]
    found = [
        row for row in rows_read if sum(cell is not None for name, cell in row.items() if name != ANOTHER_TABLE) > 1
    ]
    assert len(found) == data
    assert len({frozenset(row) for row in found if ANOTHER_TABLE not in row}) == 1
    for row in found:
        assert all(str(cell).startswith((name, *"0123456789", "row ")) for name, cell in row.items())


def _statements(text: str) -> list[tuple[DocumentType, int, tuple[str, ...]]]:
    found = read_bank_sheets(_table(text))
    return [(d.doc_type, len(d.statement.entries) if d.statement else 0, d.findings) for d in found]


WHOLE = (DocumentType.BANK_STATEMENT, 3, ())
LEFT = (DocumentType.OTHER, 0, ("other_table",))


@pytest.mark.parametrize(
    "text",
    [
        f"{MOVEMENTS}\n\nFacturas pendientes\nFecha;Número;Proveedor;Total\n15/02/2025;F-9;Talleres Mar;88,00",
        f"Facturas\n{RECEIVED}\nMovimientos\n{MOVEMENTS}",
        f"{MOVEMENTS}\n\nMes;Ingresos;Gastos\nEnero;720,00;31,00\nFebrero;500,00;100,00",
    ],
)
def test_a_table_beside_movements_is_a_document_for_a_person(text: str) -> None:
    assert _statements(text) == [WHOLE, LEFT]


def test_rows_below_other_headings_are_no_movements_though_they_could_be_read_so() -> None:
    movements = "\n".join(line.rpartition(";")[0] for line in MOVEMENTS.splitlines())
    text = f"{movements}\n\nFecha;Factura;Importe\n15/02/2025;F-9;88,00\n16/02/2025;F-10;99,00"
    assert _statements(text) == [WHOLE, LEFT]
    assert read_bank_sheets(_table(text))[1].evidence["description"].path == "rows 7 to 8"


@pytest.mark.parametrize(
    "text",
    [
        f"{MOVEMENTS}\n\nSaldo inicial;Ingresos;Cargos;Saldo final\n1000,00;500,00;100,00;1400,00",
        f"Cuenta;Titular;Saldo\n2100 0418 45;ACME SL;1400,00\n\n{MOVEMENTS}",
        f"{MOVEMENTS}\n\nMovimientos pendientes\nFecha;Comercio;Importe\n16/02/2025;Bar;9,00",
        f"{MOVEMENTS}\nFecha;Concepto;Importe;Saldo\n15/02/2025;Cuota;-10,00;1390,00".replace("\n14/02", "\n\n14/02"),
    ],
    ids=["sums of the movements", "the account", "what is only held back", "headings that come again"],
)
def test_what_banks_print_around_movements_is_no_other_table(text: str) -> None:
    assert [kind for kind, _, _ in _statements(text)] == [DocumentType.BANK_STATEMENT]
