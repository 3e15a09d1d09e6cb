"""What the readers of bank statements share."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.modules.imports.domain.canonical import BankEntry, Proof, Statement
from app.modules.imports.formats.bank_statement import Trail, adds_up, join_text, make_document, read_amount


def _statement(opening: str | None, closing: str | None, *amounts: str) -> Statement:
    return Statement(
        account_iban="ES9121000418450200051332",
        opening_balance=Decimal(opening) if opening else None,
        closing_balance=Decimal(closing) if closing else None,
        entries=tuple(BankEntry(amount=Decimal(a)) for a in amounts),
    )


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1234,56", "1234.56"),
        ("1.234,56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("-9,", "-9"),
        (",5", "0.5"),
        ("+12", "12"),
        ("1.234.567", "1234567"),
        ("1'234.50", "1234.50"),
        ("12,345", "12.345"),
        ("31.2", "31.2"),
    ],
)
def test_the_last_mark_of_an_amount_is_the_decimal_one(text: str, value: str) -> None:
    assert read_amount(text) == Decimal(value)


@pytest.mark.parametrize("text", ["", "-", "1e400", "NaN", "٣", "²", "12-3", "9" * 21, "1 EUR"])
def test_what_is_no_amount_is_not_guessed(text: str) -> None:
    assert read_amount(text) is None


@pytest.mark.parametrize(
    ("text", "value"), [("1,234", "1234"), ("1.234", "1234"), ("0.125", "0.125"), ("12,34", "12.34")]
)
def test_three_digits_after_one_mark_are_thousands_only_where_the_format_groups(text: str, value: str) -> None:
    assert read_amount(text, may_group=True) == Decimal(value)


def test_balances_that_movements_join_prove_each_other() -> None:
    trail = Trail("record")
    for path in ("opening_balance", "closing_balance", "account_iban"):
        trail.note(path, "record 1", "1")

    document = make_document(_statement("10", "7.5", "-2.5"), trail, name="x", currency="EUR")

    assert document.findings == ()
    assert document.evidence["closing_balance"].proofs == (Proof.STRUCTURED, Proof.ARITHMETIC)
    assert document.evidence["account_iban"].proofs == (Proof.STRUCTURED, Proof.CHECK_DIGIT)


def test_a_closing_balance_that_movements_do_not_reach_is_found_once() -> None:
    trail = Trail("record", findings=["balance_mismatch"])
    trail.note("closing_balance", "record 1", "1")

    document = make_document(_statement("10", "7.51", "-2.5"), trail, name="x", currency="EUR")

    assert document.findings == ("balance_mismatch",)
    assert document.evidence["closing_balance"].proofs == (Proof.STRUCTURED,)


@pytest.mark.parametrize(("opening", "closing"), [(None, "1"), ("1", None), (None, None)])
def test_without_both_balances_nothing_is_contradicted(opening: str | None, closing: str | None) -> None:
    assert adds_up(_statement(opening, closing, "5")) is None


def test_announced_movements_may_be_in_the_balance_or_not() -> None:
    assert adds_up(_statement("1", "3", "2", "4"), {1}) is True
    assert adds_up(_statement("1", "7", "2", "4"), {1}) is True
    assert adds_up(_statement("1", "5", "2", "4"), {1}) is False


def test_text_is_joined_with_single_spaces() -> None:
    assert join_text(" A \n B", None, "  ", "C") == "A B C"
    assert join_text(None, " ") is None
