from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import product
from typing import TYPE_CHECKING

import pytest

from app.modules.imports.domain.canonical import DocumentType, Proof
from app.modules.imports.domain.canonical_json import from_json, to_json
from app.modules.imports.mapping.bank_sheet import read_bank_sheets
from app.modules.imports.mapping.tests.bank_layouts import (
    DAYS,
    FOOTERS,
    IBAN,
    LAYOUTS,
    NUMBERS,
    PREAMBLES,
    european,
    invent,
    table,
)

if TYPE_CHECKING:
    from app.modules.imports.domain.canonical import CanonicalDocument, Statement

HEADER = ("Fecha", "Concepto", "Importe", "Saldo")


def _read(*rows: tuple[object, ...]) -> tuple[CanonicalDocument, Statement]:
    (document,) = read_bank_sheets(table(rows))
    assert document.statement is not None
    return document, document.statement


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_layout_is_read_in_every_writing_of_numbers_and_dates(layout: str) -> None:
    chosen = LAYOUTS[layout]
    surroundings = list(product(PREAMBLES, FOOTERS, (True, False)))
    for seed, (number, day) in enumerate(product(NUMBERS, DAYS)):
        preamble, footer, rising = surroundings[seed % len(surroundings)]
        opening, moved = invent(seed)
        in_file = moved if rising else moved[::-1]
        rows = [chosen.row(m, NUMBERS[number], DAYS[day]) for m in in_file]
        documents = read_bank_sheets(table(PREAMBLES[preamble], [chosen.header], rows, FOOTERS[footer]))
        where = (layout, number, day, preamble, footer, rising)
        assert len(documents) == 1, where
        document = documents[0]
        assert document.statement is not None, where
        statement = document.statement
        assert [e.amount for e in statement.entries] == [m.amount for m in in_file], where
        assert [e.booking_date for e in statement.entries] == [m.day for m in in_file], where
        assert [e.description for e in statement.entries] == [m.text for m in in_file], where
        assert (statement.opening_balance, statement.closing_balance) == (opening, moved[-1].balance), where
        assert document.findings == (), where
        if preamble in ("es", "en"):
            assert (statement.account_iban, document.currency) == (IBAN, "EUR"), where
        if preamble == "ec":
            assert (statement.account_number, statement.holder) == ("2201234567", "COMERCIAL INVENTADA S.A."), where


def test_a_statement_survives_its_json_and_every_amount_is_proved_by_the_balance() -> None:
    document, _ = _read(HEADER, ("13/01/2024", "Luz", "-5,00", "95,00"), ("14/01/2024", "Agua", "-1,00", "94,00"))
    assert document.doc_type is DocumentType.BANK_STATEMENT
    assert document.evidence["transactions.0.amount"].proofs == (Proof.STRUCTURED, Proof.ARITHMETIC)
    assert document.evidence["transactions.0.amount"].path == "row 2"
    assert document.evidence["closing_balance"].path == "Saldo"
    assert from_json(to_json(document)) == document


def test_a_balance_that_does_not_follow_is_a_finding_and_stays_as_printed() -> None:
    document, statement = _read(
        HEADER,
        ("13/01/2024", "a", "10,00", "110,00"),
        ("14/01/2024", "b", "-5,00", "105,00"),
        ("15/01/2024", "c", "-5,00", "90,00"),
    )
    assert document.findings == ("balance_mismatch",)
    assert (statement.opening_balance, statement.closing_balance) == (Decimal("100.00"), Decimal("90.00"))
    assert document.evidence["transactions.0.amount"].proofs == (Proof.STRUCTURED,)


def test_dates_that_only_run_forward_with_the_month_first_are_read_so() -> None:
    _, statement = _read(
        HEADER, ("1/5/2024", "a", "1.00", "2.00"), ("1/9/2024", "b", "1.00", "3.00"), ("2/3/2024", "c", "1.00", "4.00")
    )
    assert [e.booking_date for e in statement.entries] == [date(2024, 1, 5), date(2024, 1, 9), date(2024, 2, 3)]


def test_dates_that_run_forward_either_way_are_a_finding() -> None:
    document, statement = _read(HEADER, ("03/04/2024", "a", "1,00", "2,00"), ("05/04/2024", "b", "1,00", "3,00"))
    assert document.findings == ("ambiguous_dates",)
    assert statement.entries[0].booking_date == date(2024, 4, 3)


def test_a_date_in_the_preamble_settles_the_order() -> None:
    document, statement = _read(
        ("Desde", "01/04/2024", "Hasta", "30/04/2024"), HEADER, ("03/04/2024", "a", "-1,00", "2,00")
    )
    assert document.findings == ()
    assert (statement.period_start, statement.period_end) == (date(2024, 4, 1), date(2024, 4, 30))
    assert statement.entries[0].booking_date == date(2024, 4, 3)


def test_arithmetic_tells_thousands_from_decimals() -> None:
    document, statement = _read(
        HEADER,
        ("13/01/2024", "a", "1.000", "2.000"),
        ("14/01/2024", "b", "-1.500", "500"),
        ("15/01/2024", "c", "2.000", "2.500"),
    )
    assert document.findings == ()
    assert statement.closing_balance == Decimal(2500)


def test_a_date_that_is_none_is_a_finding_and_loses_no_movement() -> None:
    document, statement = _read(
        HEADER,
        ("13/01/2024", "a", "10,00", "110,00"),
        ("31/02/2024", "b", "-5,00", "105,00"),
        ("15/01/2024", "c", "-5,00", "100,00"),
    )
    assert document.findings == ("bad_date",)
    assert [e.booking_date for e in statement.entries] == [date(2024, 1, 13), None, date(2024, 1, 15)]


def test_rows_of_opening_balance_and_totals_are_no_movements_and_a_blank_date_is_the_one_above() -> None:
    document, statement = _read(
        ("Cuenta corriente 2100-0418-45-0200051332",),
        ("Fecha", "Detalle", "Debe", "Haber", "Saldo"),
        (None, "Saldo anterior", None, None, "1.000,00"),
        ("13/01/2024", "Luz", "50,00", None, "950,00"),
        (None, "Agua", "20,00", None, "930,00"),
        ("15/01/2024", "Cobro", None, "100,00", "1.030,00"),
        (None, "TOTALES", "70,00", "100,00", None),
    )
    assert [(e.booking_date, e.amount) for e in statement.entries] == [
        (date(2024, 1, 13), Decimal("-50.00")),
        (date(2024, 1, 13), Decimal("-20.00")),
        (date(2024, 1, 15), Decimal("100.00")),
    ]
    assert (statement.opening_balance, statement.account_iban) == (Decimal("1000.00"), IBAN)
    assert document.findings == ()


def test_amounts_without_signs_take_them_from_the_balance_and_the_oldest_is_told_to_be_a_guess() -> None:
    document, statement = _read(
        HEADER,
        ("13/01/2024", "a", "10,00", "110,00"),
        ("14/01/2024", "b", "5,00", "105,00"),
        ("15/01/2024", "c", "1,00", "106,00"),
    )
    assert [str(e.amount) for e in statement.entries] == ["10.00", "-5.00", "1.00"]
    assert document.findings == ("unsigned_amounts",)


def test_headings_of_two_rows_are_read_together() -> None:
    _, statement = _read(
        ("Fecha", "Fecha", "Concepto", "Importe", "Saldo"),
        ("operación", "valor", None, "EUR", "EUR"),
        ("13/01/2024", "14/01/2024", "Luz", "-50,00", "950,00"),
    )
    assert statement.entries[0].value_date == date(2024, 1, 14)


def test_a_table_without_headings_is_read_when_its_balance_proves_the_columns() -> None:
    opening, moved = invent(7)
    rows = [(m.day.isoformat(), m.text, european(m.balance), european(m.amount)) for m in moved]
    document, statement = _read(*rows)
    assert [e.amount for e in statement.entries] == [m.amount for m in moved]
    assert statement.opening_balance == opening
    assert document.findings == ()


def test_what_the_bank_only_holds_back_is_not_in_the_statement() -> None:
    _, statement = _read(
        HEADER,
        ("13/01/2024", "Luz", "-5,00", "95,00"),
        ("Movimientos retenidos",),
        HEADER,
        ("17/01/2024", "Hotel", "-1,00", None),
    )
    assert [e.description for e in statement.entries] == ["Luz"]


def test_balances_around_a_table_without_a_balance_column_are_checked_against_the_movements() -> None:
    rows = (("Saldo inicial", "1.000,00"), ("Saldo final", "995,00"), HEADER[:3])
    document, statement = _read(*rows, ("13/01/2024", "Luz", "-5,00"))
    assert (statement.opening_balance, statement.closing_balance, document.findings) == (
        Decimal(1000),
        Decimal(995),
        (),
    )
    document, _ = _read(*rows, ("13/01/2024", "Luz", "-6,00"))
    assert document.findings == ("balance_mismatch",)


def test_rows_in_several_currencies_leave_the_currency_open() -> None:
    header = ("Date", "Label", "Currency", "Amount")
    document, _ = _read(header, ("12/15/2024", "a", "USD", "-33.50"), ("12/16/2024", "b", "EUR", "1,525.00"))
    assert (document.currency, document.findings) == (None, ("mixed_currencies",))


@pytest.mark.parametrize(
    "rows",
    [
        [
            ("Fecha", "Nº factura", "Proveedor", "Base", "IVA", "Total"),
            ("13/01/2024", "F1", "A", "100,00", "21,00", "121,00"),
        ],
        [("Fecha", "Concepto", "Proveedor", "Importe"), ("13/01/2024", "Gasoil", "A", "100,00")],
        [("Fecha", "Concepto", "Base imponible", "Total"), ("13/01/2024", "Gasoil", "100,00", "121,00")],
        [("Código", "Nombre", "Precio", "Stock"), ("A1", "Tuerca", "1,20", "100")],
        [("Fecha de alta", "Nombre", "Importe"), ("13/01/2024", "Ana", "100,00")],
        [HEADER],
        [("solo", "texto")],
        [],
    ],
)
def test_another_table_is_no_bank_statement(rows: list[tuple[object, ...]]) -> None:
    assert read_bank_sheets(table(rows)) == ()
