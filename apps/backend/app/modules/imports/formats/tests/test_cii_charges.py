"""Allowances, charges and freight of a Cross Industry Invoice, and how much its sums may be off, by its profile."""

from __future__ import annotations

import pytest

from app.modules.imports.formats.tests.cii_invoices import EN_16931, EXTENDED, change, freight, invoice, line, said

_TEN = line() * 10


@pytest.mark.parametrize(
    ("profile", "gross", "findings"),
    [
        (EXTENDED, "119.10", ()),
        (EXTENDED, "118.90", ()),
        (EXTENDED, "119.11", ("totals_mismatch",)),
        (EN_16931, "119.05", ()),
        (EN_16931, "119.06", ("totals_mismatch",)),
    ],
)
def test_in_extended_the_gross_may_miss_a_cent_a_line(profile: str, gross: str, findings: tuple[str, ...]) -> None:
    assert said(invoice("100.00", "19.00", gross, profile=profile, lines=_TEN)) == findings


def test_in_extended_each_allowance_charge_and_freight_may_lose_a_cent_too() -> None:
    more = change("5.00", charge=False) + change("3.00", charge=True) + freight("2.00")
    sums = (
        "<ram:ChargeTotalAmount>5.00</ram:ChargeTotalAmount><ram:AllowanceTotalAmount>5.00</ram:AllowanceTotalAmount>"
    )
    whole = {"profile": EXTENDED, "lines": _TEN, "settled": more, "sums": sums}
    assert said(invoice("100.00", "19.00", "119.13", **whole)) == ()
    assert said(invoice("100.00", "19.00", "119.14", **whole)) == ("totals_mismatch",)
    assert said(invoice("100.13", "19.02", "119.15", line_total="100.00", **whole)) == ()
    assert said(invoice("100.14", "19.03", "119.17", line_total="100.00", **whole)) == ("totals_mismatch",)


@pytest.mark.parametrize(
    ("net", "gross", "findings"),
    [("100.10", "119.10", ()), ("100.11", "119.11", ("totals_mismatch", "bases_mismatch"))],
)
def test_in_extended_the_net_may_miss_the_bases_as_it_may_the_lines(
    net: str, gross: str, findings: tuple[str, ...]
) -> None:
    whole = {"profile": EXTENDED, "lines": _TEN, "line_total": "100.00"}
    assert said(invoice(net, "19.00", gross, base="100.00", **whole)) == findings


@pytest.mark.parametrize(
    ("counted", "charge", "agrees"),
    [
        ("<ram:ChargeTotalAmount>15.00</ram:ChargeTotalAmount>", "15.00", True),
        ("", "15.00", True),
        ("", "14.00", False),
    ],
)
def test_freight_is_a_charge_or_stands_beside_them(counted: str, charge: str, *, agrees: bool) -> None:
    more = {"profile": EXTENDED, "lines": _TEN, "sums": counted, "line_total": "100.00"}
    found = said(invoice("115.00", "21.85", "136.85", settled=freight(charge), **more))
    assert ("totals_mismatch" not in found) is agrees


def test_allowances_whose_sum_is_not_stated_are_summed() -> None:
    whole = {"lines": _TEN, "line_total": "100.00"}
    assert said(invoice("90.00", "17.10", "107.10", settled=change("10.00", charge=False), **whole)) == ()
    assert (
        said(invoice("90.00", "17.10", "107.10", settled=change("10.00", charge=True), **whole))[0] == "totals_mismatch"
    )


@pytest.mark.parametrize(("due", "findings"), [("126.00", ()), ("119.00", ()), ("130.00", ("totals_mismatch",))])
def test_what_is_collected_for_others_is_to_be_paid_beside_the_gross(due: str, findings: tuple[str, ...]) -> None:
    more = (
        "<ram:SpecifiedFinancialAdjustment><ram:Reason>Kurtaxe</ram:Reason>"
        "<ram:ActualAmount>7.00</ram:ActualAmount></ram:SpecifiedFinancialAdjustment>"
    )
    assert said(invoice("100.00", "19.00", "119.00", profile=EXTENDED, settled=more, due=due)) == findings


def test_a_discount_for_paying_soon_changes_no_total() -> None:
    more = (
        "<ram:SpecifiedTradePaymentTerms><ram:ApplicableTradePaymentDiscountTerms>"
        "<ram:CalculationPercent>2</ram:CalculationPercent><ram:ActualDiscountAmount>2.38</ram:ActualDiscountAmount>"
        "</ram:ApplicableTradePaymentDiscountTerms></ram:SpecifiedTradePaymentTerms>"
    )
    assert said(invoice("100.00", "19.00", "119.00", profile=EXTENDED, settled=more)) == ()
    assert said(invoice("100.00", "19.00", "116.62", profile=EXTENDED, settled=more)) == ("totals_mismatch",)


def test_rounding_is_between_the_gross_and_what_is_due_alone() -> None:
    rounded = "<ram:RoundingAmount>0.20</ram:RoundingAmount>"
    assert said(invoice("100.00", "19.00", "119.00", sums=rounded, due="119.20")) == ()
    assert said(invoice("100.00", "19.00", "119.20", profile=EXTENDED, sums=rounded, due="119.20")) == (
        "totals_mismatch",
    )
