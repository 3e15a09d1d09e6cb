"""What must agree with itself, and how closely."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.modules.imports.countries.tests.documents import ECUADORIAN, SPANISH, findings, found, money, with_totals
from app.modules.imports.domain.canonical import (
    BankEntry,
    CanonicalDocument,
    DocumentType,
    Evidence,
    Line,
    Party,
    Statement,
    Tax,
    Totals,
    Withholding,
)
from app.modules.imports.domain.finding import Severity


@pytest.mark.parametrize(
    ("lines", "gross", "expected"),
    [
        (0, "242.00", {}),
        (1, "242.01", {"rounding_difference": Severity.NOTE}),
        (1, "242.02", {"totals_mismatch": Severity.BLOCKS}),
        (3, "241.97", {"rounding_difference": Severity.NOTE}),
        (3, "241.96", {"totals_mismatch": Severity.BLOCKS}),
        (90, "242.05", {"rounding_difference": Severity.NOTE}),
        (90, "242.06", {"totals_mismatch": Severity.BLOCKS}),
    ],
)
def test_net_and_tax_make_gross_within_a_cent_a_line(lines: int, gross: str, expected: dict[str, Severity]) -> None:
    document = replace(with_totals(SPANISH, gross=gross, payable=None), lines=(Line(),) * lines)
    assert found(document) == expected


def test_a_tip_is_part_of_the_gross() -> None:
    assert found(with_totals(ECUADORIAN, gross="25.00")) == {"totals_mismatch": Severity.BLOCKS}
    assert found(with_totals(ECUADORIAN, gross="25.00", tip="2.00")) == {}


def _compared_in_xml(document: CanonicalDocument, *said: str) -> CanonicalDocument:
    """The document as a reader leaves it that has compared the totals of its XML."""
    names = ("net", "tax", "gross", "payable")
    return replace(document, evidence={f"totals.{name}": Evidence(source="xml") for name in names}, findings=said)


def test_what_the_reader_counted_into_the_gross_is_not_missed_again() -> None:
    stamped = with_totals(SPANISH, gross="244.00", payable=None)
    assert found(stamped) == {"totals_mismatch": Severity.BLOCKS}
    assert found(_compared_in_xml(stamped)) == {}
    assert found(_compared_in_xml(stamped, "totals_mismatch")) == {"totals_mismatch": Severity.BLOCKS}


@pytest.mark.parametrize("entered", ["totals.net", "totals.tax", "totals.gross"])
def test_a_total_that_a_person_entered_is_compared_whatever_the_reader_found(entered: str) -> None:
    document = _compared_in_xml(with_totals(SPANISH, gross="244.00", payable=None))
    document = replace(document, evidence={**document.evidence, entered: Evidence(source="person")})
    assert found(document) == {"totals_mismatch": Severity.BLOCKS}


def test_the_difference_is_said_in_figures() -> None:
    (finding,) = findings(with_totals(SPANISH, gross="250.00", payable=None))
    assert finding.field == "totals.gross"
    assert finding.params == {"computed": "242.00", "stated": "250.00", "difference": "8.00"}


def test_a_credit_note_may_have_either_sign() -> None:
    negative = {"net": "-200.00", "tax": "-42.00", "gross": "-242.00", "payable": "-242.00"}
    credit = replace(SPANISH, doc_type=DocumentType.CREDIT_NOTE)
    assert found(with_totals(credit, **negative)) == {}
    assert found(credit) == {}


def test_a_row_of_which_only_one_sign_was_turned_still_agrees() -> None:
    row = Tax(rate=money("21"), base=money("200.00"), amount=money("-42.00"))
    document = replace(SPANISH, taxes=(row,), totals=Totals(gross=money("-242.00")), lines=())
    assert found(document) == {}


@pytest.mark.parametrize(("payable", "agrees"), [("212.00", True), ("242.00", False)])
def test_withholding_and_prepayments_leave_the_payable(payable: str, *, agrees: bool) -> None:
    document = with_totals(SPANISH, withholding="20.00", prepaid="10.00", payable=payable)
    assert found(document) == ({} if agrees else {"payable_mismatch": Severity.LOOK})


@pytest.mark.parametrize(("stated", "agrees"), [("242.00", True), ("212.00", True), ("99.99", False)])
def test_an_invoice_total_counts_before_or_after_withholding(stated: str, *, agrees: bool) -> None:
    document = with_totals(SPANISH, withholding="30.00", payable="212.00", invoice_total_stated=stated)
    assert found(document) == ({} if agrees else {"totals_mismatch": Severity.BLOCKS})


@pytest.mark.parametrize(
    ("amount", "lines", "agrees"),
    [("42.02", 1, True), ("42.03", 1, False), ("42.06", 3, True), ("42.07", 3, False), ("43.00", 500, True), ("43.01", 500, False)],
)  # fmt: skip
def test_base_times_rate_is_the_tax_within_two_cents_a_line(amount: str, lines: int, *, agrees: bool) -> None:
    row = Tax(rate=money("21"), base=money("200.00"), amount=money(amount))
    document = replace(SPANISH, totals=Totals(gross=money("242.00")), lines=(Line(),) * lines, taxes=(row,))
    assert found(document) == ({} if agrees else {"tax_mismatch": Severity.LOOK})


@pytest.mark.parametrize(
    ("currency", "amount", "agrees"), [("HUF", "42", True), ("HUF", "44", False), ("EUR", "42", False)]
)
def test_where_there_is_no_smaller_coin_the_tax_is_in_whole_units(currency: str, amount: str, *, agrees: bool) -> None:
    row = Tax(rate=money("21"), base=money("202"), amount=money(amount))
    document = replace(SPANISH, currency=currency, totals=Totals(gross=money("244")), lines=(), taxes=(row,))
    assert ("tax_mismatch" in found(document)) is not agrees


def test_the_recargo_of_a_row_is_judged_too() -> None:
    row = Tax(
        rate=money("21"), base=money("100.00"), amount=money("21.00"), surcharge_rate=money("5.2"), surcharge_amount=money("5.20")
    )  # fmt: skip
    document = replace(SPANISH, totals=Totals(tax=money("26.20"), gross=money("126.20")), lines=(), taxes=(row,))
    assert found(document) == {}
    wrong = replace(document, taxes=(replace(row, surcharge_amount=money("6.20")),), totals=Totals(gross=money("1")))
    assert [(f.code, f.field) for f in findings(wrong)] == [("tax_mismatch", "taxes.0.surcharge_amount")]


def test_the_rows_make_the_tax() -> None:
    document = replace(SPANISH, totals=Totals(tax=money("63.00"), gross=money("263.00")), lines=())
    assert found(document) == {"sum_mismatch": Severity.LOOK}


def test_many_rows_lose_half_a_cent_each() -> None:
    row = Tax(tax_code="IVA", rate=money("21"), base=money("230.83"), amount=money("48.47"))
    totals = Totals(net=money("5770.75"), tax=money("1211.86"), gross=money("6982.61"))
    document = replace(SPANISH, totals=totals, lines=(), taxes=(row,) * 25)
    assert found(document) == {}
    assert found(replace(document, taxes=(row,) * 24)) == {"sum_mismatch": Severity.LOOK}


def test_rows_that_do_not_all_state_an_amount_are_not_summed() -> None:
    document = replace(SPANISH, totals=Totals(tax=money("63.00"), gross=money("263.00")), taxes=(*SPANISH.taxes, Tax()))
    assert found(document) == {}


@pytest.mark.parametrize(
    ("first", "discount", "agrees"),
    [("150.02", None, True), ("150.03", None, False), ("170.00", "20.00", True), ("150.00", "20.00", True)],
)
def test_the_lines_make_the_net(first: str, discount: str | None, *, agrees: bool) -> None:
    totals = replace(SPANISH.totals, discount=money(discount) if discount else None)
    document = replace(SPANISH, totals=totals, lines=(Line(net_amount=money(first)), SPANISH.lines[1]))
    assert found(document) == ({} if agrees else {"lines_mismatch": Severity.LOOK})


def test_lines_without_amounts_are_not_summed() -> None:
    assert found(replace(SPANISH, lines=(*SPANISH.lines, Line(description="Portes pagados")))) == {}


RETENTION = replace(
    ECUADORIAN,
    doc_type=DocumentType.WITHHOLDING,
    taxes=(),
    totals=Totals(withholding=money("4.00")),
    withholdings=(
        Withholding(tax_code="RENTA", rate=money("2"), base=money("50.00"), amount=money("1.00")),
        Withholding(tax_code="IVA", rate=money("30"), base=money("10.00"), amount=money("3.00")),
    ),
)


def test_what_is_withheld_is_the_sum_of_its_rows() -> None:
    assert found(RETENTION) == {}
    assert found(replace(RETENTION, totals=Totals(withholding=money("5.00")))) == {"totals_mismatch": Severity.BLOCKS}


def test_a_row_of_withholding_is_base_times_rate() -> None:
    rows = (replace(RETENTION.withholdings[0], amount=money("1.50")), RETENTION.withholdings[1])
    wrong = replace(RETENTION, withholdings=rows, totals=Totals(withholding=money("4.50")))
    assert found(wrong) == {"tax_mismatch": Severity.LOOK}


def test_on_an_invoice_a_sum_of_withholdings_that_fails_needs_a_look() -> None:
    row = Withholding(tax_code="IRPF", rate=money("15"), base=money("200.00"), amount=money("30.00"))
    totals = replace(SPANISH.totals, withholding=money("33.00"), payable=money("209.00"))
    assert found(replace(SPANISH, withholdings=(row,), totals=totals)) == {"sum_mismatch": Severity.LOOK}


def _statement(closing: str, *amounts: str | None) -> Statement:
    entries = tuple(
        BankEntry(booking_date=SPANISH.issue_date, amount=None if amount is None else money(amount))
        for amount in amounts
    )
    return Statement(opening_balance=money("10.00"), closing_balance=money(closing), entries=entries)


@pytest.mark.parametrize(
    ("statement", "agrees"),
    [
        (_statement("12.50", "5.00", "-2.50"), True),
        (_statement("12.51", "5.00", "-2.50"), False),
        (_statement("10.00"), True),
        (_statement("11.00"), False),
        (replace(_statement("99.00"), opening_balance=None), True),
    ],
)
def test_opening_and_movements_make_closing(statement: Statement, *, agrees: bool) -> None:
    document = replace(SPANISH, doc_type=DocumentType.BANK_STATEMENT, supplier=Party(), statement=statement)
    codes = found(replace(document, totals=Totals(), taxes=(), lines=()))
    assert codes == ({} if agrees else {"balance_mismatch": Severity.BLOCKS})


@pytest.mark.parametrize(("closing", "agrees"), [("15.00", True), ("12.50", True), ("17.50", False)])
def test_entries_that_are_only_announced_need_not_be_in_the_balance(closing: str, *, agrees: bool) -> None:
    booked, announced = _statement(closing, "5.00", "-2.50").entries
    statement = replace(_statement(closing), entries=(booked, replace(announced, status="PDNG")))
    document = replace(SPANISH, doc_type=DocumentType.BANK_STATEMENT, supplier=Party(), statement=statement)
    codes = found(replace(document, totals=Totals(), taxes=(), lines=()))
    assert codes == ({} if agrees else {"balance_mismatch": Severity.BLOCKS})


def test_amounts_beyond_all_measure_are_compared_too() -> None:
    assert "totals_mismatch" in found(with_totals(SPANISH, net="1e40", gross="1", payable=None))
