from __future__ import annotations

from decimal import Decimal

import pytest

from app.modules.imports.mapping.bank_preamble import complete_preamble, find_currency, find_iban, read_preamble

IBAN = "ES9121000418450200051332"


@pytest.mark.parametrize(
    "printed",
    [
        IBAN,
        "IBAN: ES91 2100 0418 4502 0005 1332",
        "Cuenta ES91-2100-0418-4502-0005-1332 EUR",
        "2100 0418 45 0200051332",
        "2100 0418 4502 00051332",
        "2100 0418 4502 0005 1332",
    ],
)
def test_an_account_whose_check_digits_hold_is_found_however_it_is_printed(printed: str) -> None:
    assert find_iban(printed) == IBAN


def test_an_account_whose_check_digits_fail_is_none() -> None:
    assert find_iban("ES9221000418450200051332") is None
    assert find_iban("ES92 2100 0418 4502 0005 1332") is None
    assert find_iban("2100 0418 46 0200051332") is None


def test_a_currency_is_found_only_when_it_is_one() -> None:
    assert find_currency("IMPORTE (€)") == "EUR"
    assert find_currency("Monto ($)") == "USD"
    assert find_currency("Valor (R$)") == "BRL"
    assert find_currency("Monto MX$") is None
    assert find_currency("Dólares") == "USD"
    assert find_currency("EUR / USD") is None
    assert find_currency("NEUROLOGÍA") is None


def test_labels_and_values_are_read_in_one_cell_or_two() -> None:
    found = read_preamble(
        [
            ("Titular", "Talleres Inventados SL"),
            ("Cta. Ahorros: 2201234567",),
            ("Moneda", None, "Dólares"),
            ("Saldo inicial", Decimal("10.50")),
            ("Saldo final:", "1.234,00"),
            ("Período: 01/02/2024 - 29/02/2024",),
        ]
    )
    assert (found.holder, found.account_number, found.currency) == ("Talleres Inventados SL", "2201234567", "USD")
    assert (found.opening, found.closing) == (Decimal("10.50"), "1.234,00")
    assert (found.period_start, found.period_end) == ("01/02/2024", "29/02/2024")


def test_balances_and_days_of_a_download_are_read_in_english() -> None:
    found = read_preamble(
        [
            ("Download start date : 01/04/2024", "Download end date : 02/04/2024"),
            ("Balance at end of period", None, "+310,70"),
            ("Balance at start of period", None, "+300,00"),
        ]
    )
    assert (found.period_start, found.period_end) == ("01/04/2024", "02/04/2024")
    assert (found.opening, found.closing) == ("+300,00", "+310,70")


def test_a_span_of_days_is_the_period_whatever_its_label() -> None:
    found = read_preamble([("Selección:", "Desde 01/04/2026 hasta 10/06/2026"), ("Abonos:", "del mes")])
    assert (found.period_start, found.period_end) == ("01/04/2026", "10/06/2026")


def test_a_currency_is_any_that_its_label_says_or_that_of_a_balance() -> None:
    assert read_preamble([("MONEDA: GTQ", "ALIAS: EUR")]).currency == "GTQ"
    assert read_preamble([("Saldo:", None, "2.150,50 EUR")]).currency == "EUR"


def test_a_currency_alone_in_a_cell_is_the_accounts() -> None:
    assert read_preamble([("Account: 2201234567", ": EUR")]).currency == "EUR"
    assert read_preamble([("2201234567", "EUR"), ("2201234568", "USD")]).currency is None


def test_a_label_and_a_number_with_nothing_between_are_told_apart() -> None:
    assert read_preamble([("Cuenta corriente 2201234567",)]).account_number == "2201234567"


def test_a_title_is_no_holder() -> None:
    assert read_preamble([("Extracto de movimientos",), ("Tipo de cuenta", "Ahorros")]).holder is None


def test_another_table_completes_what_this_one_leaves_open_and_no_more() -> None:
    above = [("Cuenta", IBAN), ("Titular", "Talleres Inventados SL"), ("Saldo inicial", "5,00")]
    found = complete_preamble(read_preamble([]), above)
    assert (found.iban, found.holder, found.opening) == (IBAN, "Talleres Inventados SL", None)
    own = complete_preamble(read_preamble([("Cuenta: 2201234567",)]), above)
    assert (own.iban, own.account_number) == (None, "2201234567")
