"""Invoices of several rows: joined where their printed totals prove it, asked about where nothing does."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.modules.imports.domain.canonical import CanonicalDocument, Proof
from app.modules.imports.domain.canonical_json import from_json, to_json
from app.modules.imports.mapping.rows import RowError
from app.modules.imports.mapping.stored import row_reader
from app.modules.imports.mapping.table_documents import read_table_rows
from app.modules.imports.mapping.whole_table import infer_table_mapping
from app.modules.imports.ports import Table

HEAD = "Fecha;Factura;Proveedor;NIF;Concepto"
FIRST = "13/01/2025;A-1;ACME SL;B12345674"
WHOLE = "14/01/2025;A-2;ACME SL;B12345674;Llave"


def _table(*lines: str) -> Table:
    rows = [tuple(cell or None for cell in line.split(";")) for line in lines]
    return Table(name="a.csv", rows=lambda: iter(rows))


def _read(*lines: str) -> list[CanonicalDocument]:
    table = _table(*lines)
    mapping = infer_table_mapping(table)
    assert mapping is not None
    read = row_reader(mapping)
    return [read(row) for _, row in read_table_rows(table)]


def _totals(document: CanonicalDocument) -> tuple[Decimal | None, ...]:
    totals = document.totals
    return totals.net, totals.tax, totals.gross


def _sums(*numbers: int) -> tuple[Decimal | None, ...]:
    return tuple(map(Decimal, numbers))


PROVED = {
    "each line with its tax, the total of the invoice again and again": (
        f"{HEAD};Base;Cuota IVA;Total factura",
        f"{FIRST};Tornillos;50,00;10,50;84,70",
        f"{FIRST};Tuercas;20,00;4,20;84,70",
        f"{WHOLE};100,00;21,00;121,00",
    ),
    "the tax of the invoice again and again": (
        f"{HEAD};Base;Cuota IVA;Total factura",
        f"{FIRST};Tornillos;50,00;14,70;84,70",
        f"{FIRST};Tuercas;20,00;14,70;84,70",
        f"{WHOLE};100,00;21,00;121,00",
    ),
    "lines beside all totals": (
        f"{HEAD};Importe línea;Base imponible;IVA;Total factura",
        f"{FIRST};Tornillos;50,00;70,00;14,70;84,70",
        f"{FIRST};Tuercas;20,00;70,00;14,70;84,70",
        f"{WHOLE};100,00;100,00;21,00;121,00",
    ),
    "totals in the last row only": (
        f"{HEAD};Importe línea;Base imponible;IVA;Total factura",
        f"{FIRST};Tornillos;50,00;;;",
        f"{FIRST};Tuercas;20,00;70,00;14,70;84,70",
        f"{WHOLE};100,00;100,00;21,00;121,00",
    ),
}


@pytest.mark.parametrize("case", PROVED)
def test_lines_that_lead_to_the_printed_total_are_one_invoice(case: str) -> None:
    first, whole = _read(*PROVED[case])
    assert _totals(first) == (Decimal("70.00"), Decimal("14.70"), Decimal("84.70"))
    assert [(line.description, line.net_amount) for line in first.lines] == [
        ("Tornillos", Decimal(50)),
        ("Tuercas", Decimal(20)),
    ]
    assert (whole.invoice_number, whole.lines, _totals(whole)[2]) == ("A-2", (), Decimal("121.00"))
    assert from_json(to_json(first)).lines == first.lines


def test_a_sum_of_lines_says_how_it_is_printed() -> None:
    document = _read(*PROVED["each line with its tax, the total of the invoice again and again"])[0]
    net = document.evidence["totals.net"]
    assert (net.path, net.text, net.proofs[-1]) == ("Base", "50,00 + 20,00", Proof.ARITHMETIC)
    assert document.evidence["totals.gross"].text == "84,70"


def test_two_equal_lines_are_two() -> None:
    rows = (f"{FIRST};Mesa;100,00;21,00;15,00;212,00", f"{FIRST};Silla;100,00;21,00;15,00;212,00")
    (document,) = _read(f"{HEAD};Base;IVA;IRPF;Total factura", *rows)
    totals = document.totals
    assert (totals.net, totals.tax, totals.withholding, totals.payable) == _sums(200, 42, 30, 212)


def test_rows_of_different_rates_are_one_invoice_with_its_rates_on_the_lines() -> None:
    rows = (f"{FIRST};Libro;100,00;4;4,00;159,00", f"{FIRST};Mesa;50,00;10;5,00;159,00")
    (document,) = _read(f"{HEAD};Base;Tipo IVA;Cuota;Total factura", *rows)
    assert _totals(document) == _sums(150, 9, 159)
    assert [line.tax_rate for line in document.lines] == [Decimal(4), Decimal(10)]


@pytest.mark.parametrize("rates", [("21", "10"), ("21 %", "10%"), ("0,21", "0,10")])
def test_the_rate_of_each_line_proves_the_total_too_and_no_tax_is_made_of_it(rates: tuple[str, str]) -> None:
    rows = (f"{FIRST};Mesa;33,33;{rates[0]};95,34", f"{FIRST};Libro;50,01;{rates[1]};95,34")
    (document,) = _read(f"{HEAD};Base;% IVA;Total factura", *rows)
    assert _totals(document) == (Decimal("83.34"), None, Decimal("95.34"))
    assert infer_table_mapping(_table(f"{HEAD};Base;% IVA;Total factura", *(row[:-1] + "5" for row in rows))) is None


def test_goods_are_read_with_code_quantity_and_price() -> None:
    head = f"{HEAD};Cantidad;Precio;Base;IVA;Total factura"
    rows = (f"{FIRST};Tuerca;4;5,00;20,00;4,20;36,30", f"{FIRST};Perno;2;5,00;10,00;2,10;36,30")
    (document,) = _read(head, *rows)
    assert [(line.quantity, line.unit_price) for line in document.lines] == [_sums(4, 5), _sums(2, 5)]


@pytest.mark.parametrize(
    "rows",
    [
        (f"{FIRST};Mesa;100,00;21,00;121,00", f"{FIRST};Silla;100,00;21,00;121,00"),
        (f"{FIRST};Mesa;100,00;21,00;121,00", f"{FIRST};Silla;50,00;10,50;60,50"),
        (f"{FIRST};Mesa;100,00;21,00;181,50", f"{FIRST};Silla;49,00;10,50;181,50"),
        (
            f"{FIRST};Mesa;100,00;21,00;181,50",
            f"{WHOLE};100,00;21,00;121,00",
            f"{FIRST};Silla;50,00;10,50;181,50",
        ),
        (
            f"{FIRST};Mesa;100,00;21,00;181,50",
            f"{FIRST};Silla;50,00;10,50;181,50",
            f"{WHOLE};100,00;21,00;121,00",
            f"{WHOLE} inglesa;100,00;21,00;121,00",
        ),
    ],
    ids=["equal totals", "totals of lines", "a cent off", "not below each other", "one of two invoices"],
)
def test_what_nothing_proves_is_asked_about(rows: tuple[str, ...]) -> None:
    assert infer_table_mapping(_table(f"{HEAD};Base;IVA;Total factura", *rows)) is None


def test_an_invoice_far_down_that_does_not_add_up_waits_for_a_person() -> None:
    single = (f"14/01/2025;B-{i};ACME SL;B12345674;Llave;100,00;21,00;121,00" for i in range(600))
    table = _table(
        f"{HEAD};Base;IVA;Total factura",
        *PROVED["each line with its tax, the total of the invoice again and again"][1:3],
        *single,
        f"{WHOLE};100,00;21,00;181,50",
        f"{WHOLE} inglesa;49,00;10,50;181,50",
    )
    mapping = infer_table_mapping(table)
    assert mapping is not None
    *_, last = (row for _, row in read_table_rows(table))
    with pytest.raises(RowError, match="lines_unproven"):
        row_reader(mapping)(last)


def test_an_invoice_on_the_edge_of_what_is_looked_at_is_joined_as_the_others() -> None:
    line = "15/01/2025;C-{0};ACME SL;B12345674;Llave {1};100,00;21,00;242,00"
    found = _read(f"{HEAD};Base;IVA;Total factura", *(line.format(n // 2, n % 2) for n in range(600)))
    assert {len(document.lines) for document in found} == {2}
    assert len(found) == 300


def test_lines_that_begin_far_down_wait_for_a_person_unless_a_mapping_was_declared() -> None:
    single = (f"14/01/2025;B-{i};ACME SL;B12345674;Llave;100,00;21,00;121,00" for i in range(600))
    lines = (f"{FIRST};Mesa;100,00;21,00;121,00", f"{FIRST};Silla;50,00;10,50;60,50")
    table = _table(f"{HEAD};Base;IVA;Total factura", *single, *lines, lines[1].replace("A-1", "A-2"))
    mapping = infer_table_mapping(table)
    rows = [row for _, row in read_table_rows(table)][-3:]
    for row in rows[:2]:
        with pytest.raises(RowError, match="lines_unproven"):
            row_reader(mapping)(row)
        declared = {"target": "expense", "columns": {"totals.gross": "Total factura", "description": "Concepto"}}
        assert row_reader(declared)(row).lines == ()
    assert row_reader(mapping)(rows[2]).invoice_number == "A-2"


def test_where_the_file_goes_on_is_behind_the_last_line_of_an_invoice() -> None:
    table = _table(*PROVED["lines beside all totals"])
    found = list(read_table_rows(table))
    assert [place for place, _ in found] == [3, 4]
    assert list(read_table_rows(table, 3)) == found[1:]
