"""Amounts of SRI vouchers: what issuers lawfully count in, how they round, and what contradicts itself."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.modules.imports.formats.tests.sri_vouchers import detail, factura, retencion, said, tax, vouchers

ZERO = tax(percent="0", rate="0", value="0.00")


def test_a_factura_in_order_has_no_findings() -> None:
    assert said(factura()) == set()


@pytest.mark.parametrize("gross", ["100.00", "115.00"])
def test_iva_given_back_at_once_is_counted_in_or_shown_beside(gross: str) -> None:
    row = tax() + "<valorDevolucionIva>15.00</valorDevolucionIva>"
    assert said(factura(row, gross=gross)) == set()


def test_what_an_export_costs_is_counted_in() -> None:
    costs = "<fleteInternacional>150.00</fleteInternacional><seguroInternacional>30.00</seguroInternacional>"
    assert said(factura(ZERO, gross="280.00", details=(detail("100.00", ZERO),), info=costs)) == set()


@pytest.mark.parametrize(
    ("net", "value", "lines"),
    [
        ("1.20", "0.00", [("0.03", "0.00")] * 40),
        ("30.90", "4.50", [("1.03", "0.15")] * 30),
        ("30.90", "4.80", [("1.03", "0.16")] * 30),
        ("30.60", "4.50", [("1.02", "0.15")] * 30),
    ],
)
def test_iva_may_be_rounded_in_each_line(net: str, value: str, lines: list[tuple[str, str]]) -> None:
    details = tuple(detail(base, tax(base=base, value=amount)) for base, amount in lines)
    gross = f"{Decimal(net) + Decimal(value):f}"
    found = said(factura(tax(base=net, value=value), net=net, gross=gross, details=details))
    assert "totals_mismatch" not in found
    assert "line_taxes_mismatch" not in found


def test_lines_that_are_wrong_themselves_prove_no_iva() -> None:
    details = (detail("100.00", tax(value="9.00")),)
    found = said(factura(tax(value="9.00"), gross="109.00", details=details))
    assert found == {"totals_mismatch", "line_taxes_mismatch"}


@pytest.mark.parametrize(("rate", "codes"), [("15", set()), ("15.00", set()), ("12", {"line_taxes_mismatch"})])
def test_each_line_bears_the_iva_that_it_states(rate: str, codes: set[str]) -> None:
    assert said(factura(details=(detail("100.00", tax(rate=rate)),))) == codes


@pytest.mark.parametrize(
    ("quantity", "price", "discount", "agrees"),
    [
        ("3", "50.00", "", False),
        ("3", "50.00", "<descuento>50.00</descuento>", True),
        ("3", "50.00", "<descuento>40.00</descuento>", False),
        ("2", "50.00", "<descuento>40.00</descuento>", True),
        ("3", "33.33", "<descuento>0.00</descuento>", True),
    ],
)
def test_quantity_times_price_less_the_discount_is_the_amount_of_a_line(
    quantity: str, price: str, discount: str, *, agrees: bool
) -> None:
    stated = f"<cantidad>{quantity}</cantidad><precioUnitario>{price}</precioUnitario>{discount}"
    line = detail("100.00", tax()).replace("<cantidad>1</cantidad><precioUnitario>100.00</precioUnitario>", stated)
    assert said(factura(details=(line,))) == (set() if agrees else {"line_amount_mismatch"})


@pytest.mark.parametrize(
    ("voucher", "codes"),
    [
        (factura(tax(), tax(), gross="130.00"), {"bases_mismatch", "line_taxes_mismatch"}),
        (factura(tax(base="50.00", value="7.50"), gross="107.50"), {"bases_mismatch", "line_taxes_mismatch"}),
        (factura(ZERO, gross="100.00"), {"line_taxes_mismatch"}),
    ],
    ids=["twice", "half", "of another rate"],
)
def test_iva_of_something_else_than_what_was_sold_asks_for_a_look(voucher: str, codes: set[str]) -> None:
    assert said(voucher) == codes


def test_ice_is_part_of_the_base_of_the_iva() -> None:
    ice, iva = tax("3", "3072", rate="10", value="10.00"), tax(base="110.00", value="16.50")
    assert said(factura(ice, iva, gross="126.50", details=(detail("100.00", ice, iva),))) == set()
    assert said(factura(ice, iva, gross="126.50", details=(detail("100.00", ice, tax()),))) == set()


ICE = tax("3", "3031", base="100.00", rate="7.22", value="5.00")
WITH_ICE = tax(base="105.00", value="15.75")


@pytest.mark.parametrize(
    ("summed", "codes"),
    [("5.00", set()), ("5.02", set()), ("9.00", {"line_taxes_mismatch"})],
)
def test_ice_is_that_of_the_details_whatever_its_tarifa_is_of(summed: str, codes: set[str]) -> None:
    row = tax("3", "3031", base="100.00", rate=None, value=summed)
    gross = f"{Decimal('115.75') + Decimal(summed):f}"
    found = said(factura(WITH_ICE, row, gross=gross, details=(detail("100.00", WITH_ICE, ICE),)))
    assert found - {"bases_mismatch"} == codes


def test_ice_that_no_detail_states_is_left_open() -> None:
    row = tax("3", "3031", base="100.00", rate=None, value="5.00")
    assert said(factura(WITH_ICE, row, gross="120.75", details=(detail("100.00", WITH_ICE),))) == set()


PAGO = "<pago><formaPago>20</formaPago><total>{}</total></pago>"


@pytest.mark.parametrize(
    ("amounts", "more", "codes"),
    [
        (["115.00"], "", set()),
        (["100.00", "15.00"], "", set()),
        (["115.05"], "", set()),
        (["115.00", "115.00"], "", {"payments_mismatch"}),
        (["100.00"], "", {"payments_mismatch"}),
        (["0.00"], "", set()),
        (["103.75"], "<valorRetIva>4.50</valorRetIva><valorRetRenta>6.75</valorRetRenta>", set()),
        (["110.50"], "<valorRetIva>4.50</valorRetIva><valorRetRenta>6.75</valorRetRenta>", set()),
    ],
)
def test_the_forms_of_payment_make_the_total_less_what_is_withheld(
    amounts: list[str], more: str, codes: set[str]
) -> None:
    pagos = f"<pagos>{''.join(PAGO.format(amount) for amount in amounts)}</pagos>"
    assert said(factura(info=pagos + more)) == codes


def test_withholdings_on_sales_to_come_and_a_discount_in_the_taxes_are_counted_into_the_total() -> None:
    # The figures of the ficha técnica's own factura of fuel (anexo 3, version 1.1.0).
    iva = tax(percent="2", base="68.19", rate=None, value="7.58", more="<descuentoAdicional>5.00</descuentoAdicional>")
    ice = tax("3", "3072", base="64.94", rate=None, value="3.25")
    line = detail(
        "64.94",
        tax(percent="2", base="68.19", rate="12", value="8.18"),
        tax("3", "3072", base="64.94", rate="5", value="3.25"),
    )
    ahead = "".join(
        f"<retencion><codigo>4</codigo><valor>{value}</valor></retencion>" for value in ("0.13", "0.19", "2.00")
    )
    text = factura(iva, ice, net="64.94", gross="73.09", details=(line,), info=f"<pagos>{PAGO.format('73.09')}</pagos>")
    found = said(text.replace("</factura>", f"<retenciones>{ahead}</retenciones></factura>"))
    assert found & {"totals_mismatch", "payments_mismatch", "lines_mismatch"} == set()


def test_a_discount_of_the_whole_factura_lowers_the_base() -> None:
    row = tax(base="90.00", value="13.50", more="<descuentoAdicional>10.00</descuentoAdicional>")
    assert said(factura(row, net="90.00", gross="103.50")) == set()


def test_many_further_taxes_are_compared_in_no_time() -> None:
    rows = [tax("3", str(3000 + n), base="1.00", rate="1", value="0.01") for n in range(60)]
    assert "totals_mismatch" in said(factura(*rows, tax(base="7.00", value="1.05")))


def test_a_differentiated_rate_is_the_one_of_its_lines() -> None:
    details = (detail("100.00", tax(percent="8", rate="8", value="8.00")),)
    [document] = vouchers(factura(tax(percent="8", rate=None, value="8.00"), gross="108.00", details=details))
    assert document.taxes[0].rate == Decimal(8)
    assert document.evidence["taxes.0.rate"].path == "/factura/detalles/detalle/impuestos/impuesto/tarifa"
    wrong = factura(tax(percent="8", rate=None, value="80.00"), gross="180.00", details=details)
    assert said(wrong) == {"totals_mismatch", "line_taxes_mismatch"}


def test_lines_of_two_rates_leave_it_open() -> None:
    details = tuple(detail("50.00", tax(percent="8", base="50.00", rate=rate, value="4.00")) for rate in ("8", "10"))
    [document] = vouchers(factura(tax(percent="8", rate=None, value="8.00"), gross="108.00", details=details))
    assert document.taxes[0].rate is None


@pytest.mark.parametrize(
    ("text", "currency"),
    [("$", "USD"), ("DOLARES", "USD"), ("U.S.D.", "USD"), ("EURO", "EUR"), ("€", "EUR"), ("COP", "COP"), ("SUCRES", None)],
)  # fmt: skip
def test_the_currency_is_free_text(text: str, currency: str | None) -> None:
    voucher = factura().replace("</importeTotal>", f"</importeTotal><moneda>{text}</moneda>")
    assert vouchers(voucher)[0].currency == currency


@pytest.mark.parametrize(
    "row", [("100000.00", "33.33", "33333.33"), ("1000.00", "1.75", "17.50"), ("10.00", "1.75", "0.18")]
)
def test_a_percentage_may_be_a_rounded_one(row: tuple[str, str, str]) -> None:
    assert said(retencion(row)) == set()


@pytest.mark.parametrize("row", [("25000.00", "1.50", "371.25"), ("1000.00", "30", "310.00")])
def test_a_row_that_withholds_something_else_asks_for_a_look(row: tuple[str, str, str]) -> None:
    assert said(retencion(row)) == {"withheld_mismatch"}


@pytest.mark.parametrize("scale", ["compraCajBanano", "dividendos"])
def test_a_row_by_a_scale_has_an_effective_percentage(scale: str) -> None:
    assert said(retencion(("25000.00", "1.50", "371.25"), more=f"<{scale}/>")) == set()


@pytest.mark.parametrize(("kind", "number"), [("06", "0912345679"), ("08", "1234567890123")])
def test_a_passport_or_a_foreign_number_is_no_cedula(kind: str, number: str) -> None:
    assert vouchers(factura(buyer=(kind, number)))[0].buyer.tax_id_type == "foreign"
    assert vouchers(factura(buyer=("05", number)))[0].buyer.tax_id_type is None
