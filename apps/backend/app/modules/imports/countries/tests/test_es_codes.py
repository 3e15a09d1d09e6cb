"""QR codes of Spanish invoices: what they state, and what is none of theirs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.modules.imports.countries.es_codes import crc8, read_ticketbai, read_verifactu

AEAT = "https://www2.agenciatributaria.gob.es/wlpl/TIKE-CONT"
QUERY = "nif=B29423548&numserie=F%2F26%26118&fecha=04-05-2026&importe=242.00"


def make_identifier(day: str = "040526", signature: str = "aB3+/xYz90QwE") -> str:
    body = f"TBAI-B29423548-{day}-{signature}-"
    return f"{body}{crc8(body):03}"


def make_address(host: str = "https://batuz.eus/QRTBAI/") -> str:
    address = f"{host}?id={make_identifier()}&s=F26&nf=118&i=242.00".replace("+", "%2B")
    return f"{address}&cr={crc8(address):03}"


def test_a_verifactu_address_states_supplier_number_day_and_total() -> None:
    code = read_verifactu(f"{AEAT}/ValidarQR?{QUERY}&idioma=es")
    assert code is not None
    assert code.name == "verifactu"
    assert code.fields == {
        "supplier.tax_id": "B29423548",
        "invoice_number": "F/26&118",
        "issue_date": "2026-05-04",
        "totals.gross": "242.00",
    }


def test_the_address_of_a_system_that_does_not_send_is_told_apart() -> None:
    code = read_verifactu(f"{AEAT}/ValidarQRNoVerifactu?{QUERY}")
    assert code is not None
    assert code.name == "verifactu_no_verificable"


def test_the_test_host_is_the_test_environment() -> None:
    code = read_verifactu(f"https://prewww2.aeat.es/wlpl/TIKE-CONT/ValidarQR?{QUERY}")
    assert code is not None
    assert code.fields["environment"] == "test"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "https://",
        "http://[",
        f"https://example.org/wlpl/TIKE-CONT/ValidarQR?{QUERY}",
        f"https://agenciatributaria.gob.es.example.org/wlpl/TIKE-CONT/ValidarQR?{QUERY}",
        f"{AEAT}/Otra?{QUERY}",
        f"{AEAT}/ValidarQR?{QUERY.replace('B29423548', 'B29423549')}",
        f"{AEAT}/ValidarQR?{QUERY.replace('04-05-2026', '2026-05-04')}",
        f"{AEAT}/ValidarQR?{QUERY.replace('04-05-2026', '31-02-2026')}",
        f"{AEAT}/ValidarQR?{QUERY.replace('242.00', '2.4200')}",
        f"{AEAT}/ValidarQR?{QUERY.replace('F%2F26%26118', '')}",
    ],
)
def test_what_is_no_verifactu_address_is_refused(text: str) -> None:
    assert read_verifactu(text) is None


def test_the_crc_is_that_of_the_published_examples() -> None:
    assert crc8("TBAI-00000006Y-251019-btFpwP8dcLGAF-") == 237


def test_a_ticketbai_identifier_states_supplier_and_day() -> None:
    code = read_ticketbai(make_identifier())
    assert code is not None
    assert code.fields == {"supplier.tax_id": "B29423548", "issue_date": "2026-05-04"}


def test_a_ticketbai_address_states_series_number_and_total_too() -> None:
    code = read_ticketbai(make_address())
    assert code is not None
    assert code.name == "ticketbai"
    assert code.fields == {
        "supplier.tax_id": "B29423548",
        "issue_date": "2026-05-04",
        "invoice_series": "F26",
        "invoice_number": "118",
        "totals.gross": "242.00",
    }


def test_an_address_whose_crc_fails_proves_only_its_identifier() -> None:
    code = read_ticketbai(make_address().replace("242.00", "243.00"))
    assert code is not None
    assert set(code.fields) == {"supplier.tax_id", "issue_date"}


def test_a_test_address_of_the_province_is_the_test_environment() -> None:
    code = read_ticketbai(make_address("https://tbai.prep.gipuzkoa.eus/qr/"))
    assert code is not None
    assert code.fields["environment"] == "test"


@pytest.mark.parametrize(
    "text",
    [
        make_identifier()[:-3] + f"{(int(make_identifier()[-3:]) + 1) % 256:03}",
        make_identifier(day="310226"),
        make_identifier(signature="short"),
        make_address("https://example.org/qr/"),
        make_address().replace("B29423548", "B29423549"),
    ],
)
def test_what_is_no_ticketbai_code_is_refused(text: str) -> None:
    assert read_ticketbai(text) is None


@given(
    st.text()
    | st.text().map(lambda tail: f"https://batuz.eus/?id={tail}")
    | st.text().map(lambda tail: f"{AEAT}{tail}")
)
def test_any_text_has_an_answer(text: str) -> None:
    assert read_verifactu(text) is None
    assert read_ticketbai(text) is None
