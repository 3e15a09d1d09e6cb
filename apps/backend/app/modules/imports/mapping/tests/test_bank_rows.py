from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import pytest

from app.modules.imports.domain.canonical import Proof
from app.modules.imports.mapping.model import from_json
from app.modules.imports.mapping.rows import RowError, compile_mapping
from app.modules.imports.mapping.table_documents import read_table_rows
from app.modules.imports.mapping.tests.bank_layouts import DAYS, IBAN, LAYOUTS, NUMBERS, PREAMBLES, invent, table
from app.modules.imports.mapping.whole_table import infer_table_mapping

if TYPE_CHECKING:
    from decimal import Decimal

    from app.modules.imports.domain.canonical import CanonicalDocument
    from app.modules.imports.ports import Table

MARKED = ("FECHA", "CONCEPTO", "TIPO", "DOCUMENTO", "MONTO", "SALDO")


def _documents(sheet: Table) -> list[CanonicalDocument]:
    mapping = infer_table_mapping(sheet)
    assert mapping is not None
    read = compile_mapping(from_json(mapping))
    return [read(row) for _, row in read_table_rows(sheet)]


def _amounts(sheet: Table) -> list[Decimal | None]:
    return [d.statement.entries[0].amount for d in _documents(sheet) if d.statement is not None]


def _rule(sheet: Table, path: str) -> dict[str, object] | None:
    mapping = infer_table_mapping(sheet)
    assert mapping is not None
    found: dict[str, object] | None = mapping["columns"].get(path)
    return found


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_rows_of_a_layout_are_the_movements_that_its_statement_has(layout: str) -> None:
    chosen = LAYOUTS[layout]
    for seed, (number, day) in enumerate(product(NUMBERS, DAYS)):
        preamble = list(PREAMBLES)[seed % len(PREAMBLES)]
        _, moved = invent(seed)
        rows = [chosen.row(m, NUMBERS[number], DAYS[day]) for m in moved]
        documents = _documents(table(PREAMBLES[preamble], [chosen.header], rows))
        entries = [d.statement.entries[0] for d in documents if d.statement is not None]
        where = (layout, number, day, preamble)
        assert [e.amount for e in entries] == [m.amount for m in moved], where
        assert [e.booking_date for e in entries] == [m.day for m in moved], where
        assert [e.description for e in entries] == [m.text for m in moved], where


def test_account_and_currency_above_the_table_are_those_of_every_row() -> None:
    chosen = LAYOUTS["sides en"]
    rows = [chosen.row(m, NUMBERS["1,234.56"], DAYS["iso"]) for m in invent(1)[1]]
    for document in _documents(table(PREAMBLES["en"], [chosen.header], rows)):
        assert document.statement is not None
        assert (document.statement.account_iban, document.currency) == (IBAN, "EUR")
        assert document.evidence["currency"].source == "cell"
        assert Proof.PERSON not in document.evidence["account_iban"].proofs


def test_a_blank_beside_marks_of_money_out_only_is_money_in() -> None:
    rows = [("01/03/2024", "x", "D", "1", "4.50", ""), ("13/03/2024", "y", "", "2", "5.50", "")]
    sheet = table([MARKED], rows)
    assert [str(amount) for amount in _amounts(sheet)] == ["-4.50", "5.50"]
    assert _rule(sheet, "entry.sign") == {
        "columns": ["TIPO"],
        "transforms": [{"name": "default", "arguments": ["C"]}],
    }


@pytest.mark.parametrize("mark", ["", "?"])
def test_a_row_whose_mark_says_nothing_is_no_guess(mark: str) -> None:
    mapping = infer_table_mapping(
        table([MARKED], [("01/03/2024", "x", "D", "1", "4.50", ""), ("13/03/2024", "y", "C", "2", "5.50", "")])
    )
    assert mapping is not None
    row = dict(zip(MARKED, ("14/03/2024", "z", mark, "3", "6.50", ""), strict=True))
    with pytest.raises(RowError) as caught:
        compile_mapping(from_json(mapping))(row)
    assert caught.value.code == "unknown_sign"


def test_marks_that_the_balance_contradicts_are_left_aside() -> None:
    header = ("Fecha", "Concepto", "Tipo", "Importe", "Saldo")
    rows = [
        ("13/03/2024", "a", "D", "-4.50", "95.50"),
        ("14/03/2024", "b", "D", "2.25", "97.75"),
        ("15/03/2024", "c", "C", "5.00", "102.75"),
    ]
    sheet = table([header], rows)
    assert _rule(sheet, "entry.sign") is None
    assert [str(amount) for amount in _amounts(sheet)] == ["-4.50", "2.25", "5.00"]


def test_amounts_whose_sign_only_the_balance_tells_are_not_read_row_by_row() -> None:
    rows = [
        ("13/03/2024", "a", "10.00", "100.00"),
        ("14/03/2024", "b", "4.50", "95.50"),
        ("15/03/2024", "c", "2.25", "97.75"),
    ]
    assert infer_table_mapping(table([("Fecha", "Concepto", "Importe", "Saldo")], rows)) is None


def test_a_table_without_headings_is_named_by_its_balance() -> None:
    rows = [
        (f"{day}/03/2024", f"Recibo {day}", "-1,50", f"{100 - day * 1.5:.2f}".replace(".", ",")) for day in (13, 14)
    ]
    rows.append(("15/03/2024", "Abono", "3,00", "82,00"))
    assert [str(amount) for amount in _amounts(table(rows))] == ["-1.50", "-1.50", "3.00"]


def test_columns_that_the_first_rows_leave_empty_are_known_by_their_headings() -> None:
    header = ("Fecha", "Concepto", "Cargos", "Abonos", "Saldo", "Referencia", "Categoría")
    sheet = table([header], [(f"{day}/03/2024", "", "1,50", "", f"{day},50", "", "") for day in (15, 14, 13)])
    mapping = infer_table_mapping(sheet)
    assert mapping is not None
    row = dict(zip(header, ("16/03/2024", "Nómina", "", "5,00", "20,50", "R-1", "Sueldo"), strict=True))
    document = compile_mapping(from_json(mapping))(row)
    assert document.statement is not None
    entry = document.statement.entries[0]
    assert (str(entry.amount), entry.description, entry.reference) == ("5.00", "Nómina", "R-1")
    assert document.category == "Sueldo"


def test_a_row_that_was_never_booked_is_no_movement() -> None:
    header = ("Completed Date", "Description", "Amount", "State", "Balance")
    rows = [
        ("2024-03-13", "Bar", "-1.50", "COMPLETED", "98.50"),
        ("2024-03-14", "Hotel", "-80.00", "REVERTED", ""),
        ("2024-03-15", "Café", "-2.50", "COMPLETED", "96.00"),
    ]
    mapping = infer_table_mapping(table([header], rows))
    assert mapping is not None
    read = compile_mapping(from_json(mapping))
    assert read(dict(zip(header, rows[0], strict=True))).statement is not None
    with pytest.raises(RowError) as caught:
        read(dict(zip(header, rows[1], strict=True)))
    assert caught.value.code == "never_booked"


def test_numbers_that_mark_debits_and_credits_stand_in_the_mapping_as_what_they_mean() -> None:
    header = ("Fecha", "Concepto", "D/H", "Importe", "Saldo")
    rows = [
        ("13/03/2024", "a", "1", "4,50", "95,50"),
        ("14/03/2024", "b", "2", "2,25", "97,75"),
        ("15/03/2024", "c", "1", "5,00", "92,75"),
    ]
    assert [str(amount) for amount in _amounts(table([header], rows))] == ["-4.50", "2.25", "-5.00"]


def test_sums_that_nothing_gives_a_sign_are_asked_of_a_person() -> None:
    rows = [("13/03/2024", "Luz", "4,50"), ("14/03/2024", "Abono", "2,25"), ("15/03/2024", "Bar", "1,00")]
    assert infer_table_mapping(table([("Fecha", "Concepto", "Importe")], rows)) is None


@pytest.mark.parametrize("place", [2, 3])
def test_marks_are_found_under_no_heading_too(place: int) -> None:
    def with_mark(row: list[object], mark: object) -> tuple[object, ...]:
        return (*row[:place], mark, *row[place:])

    header = with_mark(["Fecha", "Concepto", "Importe"], None)
    rows = [with_mark(["13/03/2024", "a", "4,50"], "D"), with_mark(["14/03/2024", "b", "2,25"], "H")]
    assert [str(amount) for amount in _amounts(table([header], rows))] == ["-4.50", "2.25"]


@pytest.mark.parametrize("label", ["Saldo anterior", "Saldo final", "Subtotal 13/03/2024"])
def test_a_row_that_names_a_balance_or_a_total_is_no_movement(label: str) -> None:
    header = ("Fecha", "Concepto", "Importe", "Saldo")
    rows = [("13/03/2024", "Luz", "-4,50", "95,50"), ("14/03/2024", "TOTAL ENERGIES", "-2,00", "93,50")]
    mapping = infer_table_mapping(table([header], rows))
    assert mapping is not None
    read = compile_mapping(from_json(mapping))
    assert all(read(dict(zip(header, row, strict=True))).statement for row in rows)
    with pytest.raises(RowError) as caught:
        read(dict(zip(header, ("15/03/2024", label, "93,50", ""), strict=True)))
    assert caught.value.code == "no_movement"
