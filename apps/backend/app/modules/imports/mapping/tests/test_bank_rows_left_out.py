"""Which rows of a bank's export are movements, and what is said of those that are none."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from app.modules.imports.domain.canonical import Proof
from app.modules.imports.mapping.bank_labels import Label, read_label
from app.modules.imports.mapping.bank_sheet import read_bank_sheets
from app.modules.imports.mapping.tests.bank_layouts import table

if TYPE_CHECKING:
    from app.modules.imports.domain.canonical import CanonicalDocument, Statement

PLAIN = ("Fecha", "Concepto", "Importe")
BALANCED = (*PLAIN, "Saldo")
SIDES = ("Fecha", "Concepto", "Debe", "Haber")


def _read(*rows: tuple[object, ...]) -> tuple[CanonicalDocument, Statement]:
    (document,) = read_bank_sheets(table(rows))
    assert document.statement is not None
    return document, document.statement


def _texts(statement: Statement) -> list[str | None]:
    return [entry.description for entry in statement.entries]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("TOTAL MOVIMIENTOS", Label.TOTAL),
        ("Total día", Label.TOTAL),
        ("Importe total", Label.TOTAL),
        ("Suma y sigue", Label.TOTAL),
        ("Total a 31/03/2024", Label.TOTAL),
        ("Saldo final", Label.CLOSING),
        ("Balance final", Label.CLOSING),
        ("SALDO ANTERIOR AL 01/03/2024", Label.OPENING),
        ("Saldo disponible", Label.BALANCE),
        ("TOTAL ENERGIES 4521", None),
        ("SUMA GESTION TRIBUTARIA", None),
        ("Traspaso saldo cuenta", None),
        ("Abono", None),
        ("", None),
        (Decimal(5), None),
    ],
)
def test_a_label_says_nothing_but_balances_and_totals(text: object, label: Label | None) -> None:
    assert read_label(text) is label


def test_lines_of_a_summary_below_balanced_movements_are_none_and_the_closing_balance_stays() -> None:
    document, statement = _read(
        BALANCED,
        ("13/01/2024", "Venta", "500,00", "1500,00"),
        ("14/01/2024", "Alquiler", "-1200,00", "300,00"),
        ("RESUMEN", None, None, None),
        (None, "(+) Créditos", "500,00", None),
        (None, "Número de débitos: 1", "1200,00", None),
        (None, "Saldo final", "300,00", None),
    )
    assert _texts(statement) == ["Venta", "Alquiler"]
    assert (statement.closing_balance, document.findings) == (Decimal("300.00"), ())


def test_a_blank_row_or_a_title_ends_the_day_for_rows_without_a_date() -> None:
    moved = (("13/01/2024", "Venta", "500,00"), (None, "Luz", "-20,00"))
    for between in ((None, None, None), ("RESUMEN", None, None)):
        _, statement = _read(PLAIN, *moved, between, (None, "Créditos", "500,00"))
        assert _texts(statement) == ["Venta", "Luz"]


def test_dated_totals_and_closing_rows_are_no_movements() -> None:
    document, statement = _read(
        PLAIN,
        ("01/01/2024", "Saldo anterior", "1.000,00"),
        ("13/01/2024", "Venta", "500,00"),
        ("13/01/2024", "Total día", "500,00"),
        ("14/01/2024", "TOTAL ENERGIES", "-1.200,00"),
        ("14/01/2024", "Total día", "-1.200,00"),
        ("31/01/2024", "Saldo final", "300,00"),
        (None, "Total", "-700,00"),
    )
    assert _texts(statement) == ["Venta", "TOTAL ENERGIES"]
    assert (statement.opening_balance, statement.closing_balance) == (Decimal(1000), Decimal(300))
    assert document.findings == ()


@pytest.mark.parametrize(("total", "findings"), [("500,00", ()), ("600,00", ("printed_total_differs",))])
def test_a_printed_total_that_no_movements_sum_up_to_is_a_finding(total: str, findings: tuple[str, ...]) -> None:
    document, _ = _read(
        SIDES,
        ("13/01/2024", "Venta", None, "500,00"),
        ("14/01/2024", "Alquiler", "1200,00", None),
        (None, "Totales", "1200,00", total),
    )
    assert document.findings == findings


def test_a_closing_balance_past_the_last_stated_one_is_not_proved() -> None:
    document, statement = _read(
        BALANCED,
        ("13/01/2024", "a", "10,00", "110,00"),
        ("14/01/2024", "b", "-5,00", "105,00"),
        ("15/01/2024", "c", "-1,00", None),
    )
    assert statement.closing_balance == Decimal("104.00")
    assert Proof.ARITHMETIC not in document.evidence["closing_balance"].proofs
    assert Proof.ARITHMETIC not in document.evidence["transactions.2.amount"].proofs
    assert Proof.ARITHMETIC in document.evidence["transactions.1.amount"].proofs


def test_what_was_never_booked_is_left_out_and_told() -> None:
    document, statement = _read(
        (*BALANCED, "Estado"),
        ("13/01/2024", "Venta", "500,00", "1500,00", "Contabilizado"),
        ("14/01/2024", "Alquiler", "-1200,00", "300,00", "Contabilizado"),
        ("15/01/2024", "Hotel", "-9,00", None, "Pendiente"),
        ("16/01/2024", "Taxi", "-8,00", None, "REVERTED"),
    )
    assert _texts(statement) == ["Venta", "Alquiler"]
    assert (statement.closing_balance, document.findings) == (Decimal(300), ("unbooked_left_out",))


def test_a_status_that_the_balance_contradicts_leaves_nothing_out() -> None:
    document, statement = _read(
        (*BALANCED, "Status"),
        ("13/01/2024", "a", "-10,00", "90,00", "Completed"),
        ("14/01/2024", "b", "-5,00", "85,00", "Pending"),
        ("15/01/2024", "c", "-5,00", "80,00", "Completed"),
    )
    assert (_texts(statement), document.findings) == (["a", "b", "c"], ())


def test_a_blank_date_is_the_other_one_of_the_row_before_that_of_the_row_above() -> None:
    _, statement = _read(
        ("Started Date", "Completed Date", "Description", "Amount"),
        ("2024-01-13", "2024-01-14", "a", "-1.00"),
        ("2024-01-20", None, "b", "-2.00"),
        ("2024-01-21", "2024-01-22", "c", "-3.00"),
    )
    assert [e.booking_date for e in statement.entries] == [date(2024, 1, day) for day in (14, 20, 22)]


def test_rows_whose_amount_or_date_cannot_be_read_are_told() -> None:
    document, statement = _read(
        PLAIN,
        ("13/01/2024", "Venta", "500,00"),
        ("14/01/2024", "Alquiler", "-1.200,00 EUR."),
        ("15/01/2024", "Luz", "-100,00"),
        ("16/01/2024", "Agua", "-50,00"),
        ("día 17", "Gas", "-50,00"),
    )
    assert (len(statement.entries), document.findings) == (3, ("rows_unread",))


def test_a_row_pushed_aside_by_a_separator_within_its_text_is_told() -> None:
    document, statement = _read(
        SIDES,
        ("13/01/2024", "Venta", None, "500,00"),
        ("14/01/2024", "Transferencia PEREZ", "JUAN", None, "20,00"),
        *((f"{day}/01/2024", "Luz", "100,00", None) for day in (15, 16, 17)),
    )
    assert (len(statement.entries), document.findings) == (4, ("rows_unread",))
