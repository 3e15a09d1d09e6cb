"""What the columns of a bank's export may mean: signs, amounts, accounts, texts; and what the balance decides."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from app.modules.imports.mapping.bank_sheet import read_bank_sheets
from app.modules.imports.mapping.bank_signs import code_signs, sign_of
from app.modules.imports.mapping.tests.bank_layouts import IBAN, table

if TYPE_CHECKING:
    from app.modules.imports.domain.canonical import CanonicalDocument

BALANCED = ("Fecha", "Concepto", "Importe", "Saldo")
OTHER_IBAN = "ES7921000813610123456789"


def _read_all(*rows: tuple[object, ...]) -> tuple[CanonicalDocument, ...]:
    return read_bank_sheets(table(rows))


def _amounts(*rows: tuple[object, ...]) -> tuple[list[str], tuple[str, ...]]:
    (document,) = _read_all(*rows)
    assert document.statement is not None
    return [str(entry.amount) for entry in document.statement.entries], document.findings


def _texts(*rows: tuple[object, ...]) -> list[str | None]:
    (document,) = _read_all(*rows)
    assert document.statement is not None
    return [entry.description for entry in document.statement.entries]


@pytest.mark.parametrize(
    ("word", "sign"),
    [
        ("CRE", 1), ("DEB", -1), ("Hab.", 1), ("N/D", -1), ("DEP", 1), ("Deudor", -1), ("Acreedor", 1), ("CHQ", None),
        ("co", None), ("", None), (Decimal(1), None),
    ],
)  # fmt: skip
def test_a_word_says_a_side_by_itself_or_by_its_beginning(word: object, sign: int | None) -> None:
    assert sign_of(word) == sign


def test_numbers_are_signs_where_both_are_used() -> None:
    assert code_signs(["1", "2", "1"]) == {"1": -1, "2": 1}
    assert code_signs([Decimal(-1), Decimal(1)]) == {"-1": -1, "1": 1}
    assert code_signs(["1", "1"]) is None
    assert code_signs(["1", "2", "3"]) is None


@pytest.mark.parametrize(
    ("heading", "out", "into"),
    [("Tipo", "DEB", "CRE"), ("Naturaleza", "Deudor", "Acreedor"), ("Signo", "1", "2"), ("D/H", "D", None)],
)
def test_a_column_of_signs_is_read_in_the_words_of_the_bank(heading: str, out: str, into: str | None) -> None:
    header = ("Fecha", "Concepto", heading, "Importe")
    rows = (("13/01/2024", "Venta", into, "500,00"), ("14/01/2024", "Luz", out, "20,00"))
    assert _amounts(header, *rows) == (["500.00", "-20.00"], ())


def test_one_word_in_every_row_is_a_sign_where_the_heading_says_so() -> None:
    header = ("Fecha", "Concepto", "Tipo movimiento", "Importe")
    rows = (("13/01/2024", "Luz", "Cargo", "500,00"), ("14/01/2024", "Agua", "Cargo", "20,00"))
    assert _amounts(header, *rows) == (["-500.00", "-20.00"], ())


def test_an_unknown_word_among_signs_is_told() -> None:
    header = ("Fecha", "Concepto", "Tipo", "Importe")
    rows = (
        ("13/01/2024", "a", "N/C", "5,00"),
        ("14/01/2024", "b", "N/D", "1,00"),
        ("15/01/2024", "c", "CHQ", "2,00"),
    )
    assert _amounts(header, *rows) == (["5.00", "-1.00", "2.00"], ("unsigned_amounts",))


def test_a_balance_settles_the_sign_of_an_unknown_word() -> None:
    header = ("Fecha", "Concepto", "Tipo", "Importe", "Saldo")
    rows = (
        ("13/01/2024", "a", "N/C", "5,00", "105,00"),
        ("14/01/2024", "b", "N/D", "1,00", "104,00"),
        ("15/01/2024", "c", "CHQ", "2,00", "102,00"),
    )
    assert _amounts(header, *rows)[0] == ["5.00", "-1.00", "-2.00"]


def test_amounts_with_neither_signs_nor_balances_are_told() -> None:
    rows = (("13/01/2024", "a", "5,00"), ("14/01/2024", "b", "1,00"))
    assert _amounts(BALANCED[:3], *rows)[1] == ("unsigned_amounts",)
    assert _amounts(BALANCED[:3], ("13/01/2024", "a", "+5,00"))[1] == ()


def test_the_amount_is_the_column_that_the_balance_follows() -> None:
    header = ("Fecha", "Concepto", "Importe", "Moneda", "Importe EUR", "Saldo")
    rows = (
        ("13/01/2024", "a", "540,00", "EUR", "500,00", "1500,00"),
        ("14/01/2024", "b", "-21,00", "EUR", "-20,00", "1480,00"),
        ("15/01/2024", "c", "-1,00", "EUR", "-2,00", "1478,00"),
    )
    assert _amounts(header, *rows) == (["500.00", "-20.00", "-2.00"], ())


def test_a_fee_beside_the_amount_is_taken_off_where_the_balance_says_so() -> None:
    header = ("Completed Date", "Description", "Amount", "Fee", "Balance")
    rows = (("2024-01-13", "a", "-10.00", "0.00", "90.00"), ("2024-01-14", "b", "-50.00", "1.00", "39.00"))
    assert _amounts(header, *rows) == (["-10.00", "-51.00"], ())


def test_what_no_balance_says_of_the_oldest_movement_two_columns_say_together() -> None:
    header = ("Date completed", "Description", "Amount", "Total amount", "Fee", "Balance")
    rows = (
        ("2024-01-13", "a", "-100.00", "-100.20", "0.20", "899.80"),
        ("2024-01-14", "b", "50.00", "50.00", "0.00", "949.80"),
    )
    assert _amounts(header, *rows) == (["-100.20", "50.00"], ())


def test_a_fee_of_the_oldest_movement_alone_is_told() -> None:
    header = ("Completed Date", "Description", "Amount", "Fee", "Balance")
    rows = (("2024-01-13", "a", "-100.00", "2.00", "98.00"), ("2024-01-14", "b", "-10.00", "0.00", "88.00"))
    assert _amounts(header, *rows) == (["-100.00", "-10.00"], ("oldest_amount_open",))


def test_of_amounts_in_several_currencies_the_one_of_the_account_is_taken() -> None:
    header = ("Fecha", "Concepto", "Importe", "Moneda", "Importe EUR", "Saldo")
    rows = (
        ("13/01/2024", "a", "540,00", "USD", "500,00", "1500,00"),
        ("14/01/2024", "b", "-20,00", "EUR", "-20,00", "1480,00"),
    )
    (document,) = _read_all(header, *rows)
    assert document.statement is not None
    assert (document.currency, document.findings) == ("EUR", ())
    assert document.statement.opening_balance == Decimal("1000.00")


def test_a_ledger_has_money_in_on_its_debit_side() -> None:
    header = ("Fecha", "Concepto", "Debe", "Haber", "Saldo")
    rows = (("13/01/2024", "a", "5,00", None, "105,00"), ("14/01/2024", "b", None, "1,00", "104,00"))
    assert _amounts(header, *rows) == (["5.00", "-1.00"], ())


def test_no_balance_turns_what_the_headings_say_of_the_way_of_the_money() -> None:
    header = ("Date", "Description", "Withdrawal", "Deposit", "Balance")
    rows = (("31/07/2024", "a", None, "1,00", "2,00"), ("30/07/2024", "b", "2,00", None, "3,00"))
    assert _amounts(header, *rows) == (["1.00", "-2.00"], ("balance_mismatch",))


def test_a_balance_that_never_changes_proves_no_column() -> None:
    header = ("Fecha", "Concepto", "Importe", "Comisión", "Saldo")
    rows = (("13/01/2024", "a", "-5,00", "0,00", "105,00"), ("14/01/2024", "b", "-1,00", "0,00", "105,00"))
    assert _amounts(header, *rows) == (["-5.00", "-1.00"], ("balance_mismatch",))


def test_a_wallet_moves_its_net() -> None:
    header = ("Date", "Type", "Currency", "Gross", "Fee", "Net", "Transaction ID", "Balance")
    rows = (
        ("14/01/2024", "Payment", "EUR", "121,00", "-4,45", "116,55", "1AB", "616,55"),
        ("15/01/2024", "Withdrawal", "EUR", "-500,00", "0,00", "-500,00", "1AC", "116,55"),
    )
    assert _amounts(header, *rows) == (["116.55", "-500.00"], ())
    without = tuple((*row[:-1],) for row in rows)
    assert _amounts(header[:-1], *without)[0] == ["116.55", "-500.00"]


def test_headings_of_a_summary_give_way_to_those_that_the_balance_proves() -> None:
    rows = (
        ("Fecha corte", "Saldo anterior", "Débitos", "Créditos", "Saldo actual"),
        ("31/01/2024", "1000,00", "1210,00", "500,00", "290,00"),
        (),
        ("Fecha", "Detalle", "Débito", "Crédito", "Saldo"),
        ("13/01/2024", "a", None, "500,00", "1500,00"),
        ("14/01/2024", "b", "1200,00", None, "300,00"),
        ("15/01/2024", "c", "10,00", None, "290,00"),
    )
    assert _amounts(*rows) == (["500.00", "-1200.00", "-10.00"], ())


def test_accounts_below_each_other_are_statements_of_their_own() -> None:
    header = BALANCED[:3]
    first, second = _read_all(
        ("Cuenta: 2201234567",), header, ("13/01/2024", "a", "5,00"), ("14/01/2024", "b", "-1,00"),
        (),
        ("Cuenta: 2207654321",), ("Moneda: USD",), header, ("13/01/2024", "c", "-7,00"),
    )  # fmt: skip
    assert first.statement is not None
    assert second.statement is not None
    assert (first.statement.account_number, len(first.statement.entries)) == ("2201234567", 2)
    assert (second.statement.account_number, second.currency) == ("2207654321", "USD")
    assert second.evidence["transactions.0.amount"].path == "row 9"


def test_headings_that_come_again_on_the_next_page_begin_no_statement() -> None:
    page = (("Cuenta: 2201234567",), BALANCED)
    rows = (("13/01/2024", "a", "-5,00", "95,00"), ("14/01/2024", "b", "-1,00", "94,00"))
    assert _amounts(*page, rows[0], (), *page, rows[1]) == (["-5.00", "-1.00"], ())


def test_accounts_that_a_column_names_are_statements_of_their_own() -> None:
    documents = _read_all(
        ("Cuenta", *BALANCED),
        (IBAN, "13/01/2024", "a", "500,00", "1500,00"),
        (OTHER_IBAN, "13/01/2024", "b", "50,00", "150,00"),
        (IBAN, "14/01/2024", "c", "-1200,00", "300,00"),
        (OTHER_IBAN, "14/01/2024", "d", "-20,00", "130,00"),
    )
    statements = [document.statement for document in documents if document.statement]
    assert [s.account_iban for s in statements] == [IBAN, OTHER_IBAN]
    assert [s.closing_balance for s in statements] == [Decimal(300), Decimal(130)]
    assert {document.findings for document in documents} == {()}


def test_a_number_is_no_currency() -> None:
    (document,) = _read_all((*BALANCED, "Divisa"), ("13/01/2024", "a", "-10", "50", "100"))
    assert document.currency is None


def test_a_column_that_names_a_category_names_no_account() -> None:
    (document,) = _read_all(
        ("Date", "Description", "Account", "Deposit", "Withdrawal"),
        ("31/01/2024", "Acme Inc.", "Miscellaneous", None, "1100,00"),
    )
    assert document.statement is not None
    assert document.statement.account_number is None


def test_accounts_of_others_beside_one_running_balance_split_nothing() -> None:
    rows = ((IBAN, "13/01/2024", "a", "-5,00", "95,00"), (OTHER_IBAN, "14/01/2024", "b", "-1,00", "94,00"))
    assert _amounts(("IBAN", *BALANCED), *rows)[0] == ["-5.00", "-1.00"]


def test_pockets_with_balances_of_their_own_are_statements_of_their_own() -> None:
    documents = _read_all(
        ("Product", "Date", "Description", "Amount", "Fee", "Balance"),
        ("Current", "2024-01-13", "a", "-10.00", "0.00", "90.00"),
        ("Savings", "2024-01-14", "b", "1.00", "0.00", "501.00"),
        ("Current", "2024-01-15", "c", "-50.00", "1.00", "39.00"),
    )
    assert [len(d.statement.entries) for d in documents if d.statement] == [2, 1]
    assert documents[0].statement is not None
    assert documents[0].statement.entries[1].amount == Decimal("-51.00")
    assert {document.findings for document in documents} == {()}


def test_texts_of_several_columns_and_of_rows_below_are_joined() -> None:
    header = ("Fecha", "Concepto", "Movimiento", "Importe", "Divisa", "Saldo", "Observaciones")
    assert _texts(
        header,
        ("13/01/2024", "Transferencia", "ACME SL", "500,00", "EUR", "1500,00", "ninguna"),
        (None, "factura 7", None, None, None, None, None),
        ("14/01/2024", "Adeudo", "ENDESA", "-20,00", "EUR", "1480,00", "ninguna"),
    ) == ["Transferencia ACME SL factura 7", "Adeudo ENDESA"]
